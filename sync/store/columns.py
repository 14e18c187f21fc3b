"""Whole columns out of the store as Arrow, three million rows a second, read by a process of its own.

ADBC brings its own copy of SQLite. Two copies in one process break each other's locks, because closing any handle on
a file drops all POSIX locks that the process holds on it (sqlite.org/howtocorrupt.html, 2.2.1). So the one that reads
columns runs as a child, and hands them over through a pipe.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from sync.store.database import Store, StoreError

CHILD = Path(__file__).with_name("hand_over.py")


def columns(store: Store, statements: Sequence[str]) -> list[pa.Table]:
    """The results of SELECT statements as tables, all from one snapshot."""
    command = [sys.executable, "-I", str(CHILD), str(store.engine.url.database), *statements]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:  # noqa: S603 - ourselves
        assert child.stdout is not None  # noqa: S101 - it was asked for
        assert child.stderr is not None  # noqa: S101
        try:
            tables = [pa.ipc.open_stream(child.stdout).read_all() for _ in statements]
        except pa.ArrowInvalid as error:
            words = child.stderr.read().decode(errors="replace").strip().splitlines()
            raise StoreError(f"{store.engine.url.database}: {words[-1] if words else 'could not be read'}") from error
    if child.returncode:  # a stream that breaks off between two parts looks like one that has ended
        raise StoreError(f"{store.engine.url.database}: could not be read to the end")
    return tables
