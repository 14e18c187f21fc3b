"""One pull of a connection at a time, over all processes of this machine."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.store.database import Store


@contextmanager
def turn(store: Store, name: str) -> Iterator[bool]:
    """Whether this process may pull the connection now. The lock is the kernel's, so it ends with the process, however
    that ends; the file that carries it stays and means nothing by itself."""
    with Path(f"{store.engine.url.database}-{name}.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
