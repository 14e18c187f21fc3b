"""The badges of an SQLite file, for `serve`.

The statements go to SQLite directly, on a connection that only reads: a request has no time for more.
"""

import os
import sqlite3
import time
from mmap import PROT_READ, mmap
from pathlib import Path
from typing import Any

from sync.store.backend import StoreError
from sync.store.database import Store
from sync.store.faces import GENERATION, Hot, Mark, questions

LOOKS = 0.001  # seconds between looks at whether the file is still the same; what was committed in it shows at once
PATIENCE = 1.0  # seconds to wait for a lock; in WAL a reader meets one only while the log is being recovered

HEAD = 48  # bytes of the first copy of the head of the index
QUESTIONS = questions("json_group_array", "json_array", "?")


class HotSqlite(Hot):
    """The badges in one file; opened anew where the file was replaced by another."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file = str(Path(str(store.engine.url.database)).absolute())
        self._db: sqlite3.Connection | None = None
        self._opened = 0
        self._is = (0, 0)
        self._looked, self._written_at = 0.0, 0
        self._index: mmap | None = None
        self._seen: tuple[int, bytes] | None = None
        self._mark: Mark = (0, "")
        self.mark()

    def mark(self) -> Mark:
        """SQLite is asked only where something was written since."""
        written_at = self._look()
        seen = (written_at, self._index[:HEAD]) if self._index else None  # first, so that a commit meanwhile shows
        if seen is None or seen != self._seen:
            rows = self._rows(GENERATION, ())
            self._mark, self._seen = (self._opened, rows[0][0] if rows else ""), seen
        return self._mark

    def _row(self, statement: int, values: tuple[object, ...]) -> tuple[int, Any] | None:
        rows = self._rows(QUESTIONS[statement], values)
        return (self._opened, rows[0]) if rows else None

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
            self._is = (0, 0)
            self._index = self._seen = None

    def _look(self) -> int:
        """Open the file, or anew where another has taken its place; when it was last written to."""
        if (moment := time.monotonic()) - self._looked < LOOKS and self._db is not None:
            return self._written_at
        try:
            there = os.stat(self._file)  # noqa: PTH116 - a third of the time that Path takes
            if self._db is None or self._is != (there.st_dev, there.st_ino):
                self._open((there.st_dev, there.st_ino))
        except (OSError, sqlite3.Error) as error:
            raise self._unreadable(error) from error
        self._looked, self._written_at = moment, there.st_mtime_ns
        return self._written_at

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[Any]:
        """All rows at once: a statement that is not read to its end would hold on to an old view of the store."""
        self._look()
        try:
            assert self._db is not None  # noqa: S101 - it was opened
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> StoreError:
        self.close()
        return StoreError(f"{self._file}: cannot be read ({type(error).__name__})")

    def _open(self, file: tuple[int, int]) -> None:
        self.close()
        if self._opened:
            self._store.engine.dispose()  # its connections read the file that was there before
        self._db = sqlite3.connect(
            f"{Path(self._file).as_uri()}?mode=ro",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        self._db.execute("PRAGMA query_only = ON")
        self._db.execute("PRAGMA mmap_size = 8589934592")  # pages are read from memory, without a system call each
        self._db.execute(GENERATION).fetchall()  # which makes the index
        self._index = _index(self._file)
        self._is = file
        self._opened += 1


def _index(file: str) -> mmap | None:
    """The index of the write-ahead log, in memory; None where there is none to be seen.

    Its head holds a counter and checksums that every commit of every process changes, and that every reader of SQLite
    compares to know whether its own view is still of today (sqlite.org/walformat.html, 2.1). Comparing it is a look at
    memory where a question in SQL makes seven system calls. No descriptor is ever closed: that would give up all locks
    that this process holds on the file, SQLite's own among them (fcntl(2))."""
    try:
        _KEPT_OPEN.append(mmap(os.open(f"{file}-shm", os.O_RDONLY), HEAD, prot=PROT_READ))
    except OSError:
        return None
    return _KEPT_OPEN[-1]


_KEPT_OPEN: list[mmap] = []
