"""One pull, and one push, of a connection at a time, over all processes that use the store."""

from collections.abc import Iterator
from contextlib import contextmanager

from sync.store.database import Store


@contextmanager
def turn(store: Store, name: str) -> Iterator[bool]:
    """Whether this process may pull the connection now."""
    with store.backend.turn(name) as ours:
        yield ours
