"""What a run puts down for a while, on disk: memory stays flat however much it is.

SQLite's unnamed database is a private temporary file that is gone when it is closed, or when the process dies.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Self

from connectors.errors import TryLater

CACHE = -4096  # KiB of pages that SQLite keeps in memory


class Scratch:
    """Tables made by `statements`. `what` is kept there, for the message when the temporary folder is full."""

    def __init__(self, what: str, *statements: str) -> None:
        self._what = what
        # A pull is used by one thread, but whoever drops it may be another.
        self._store = sqlite3.connect("", check_same_thread=False)
        for statement in ("PRAGMA journal_mode = OFF", f"PRAGMA cache_size = {CACHE}", *statements):
            self._store.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the disk back."""
        self._store.close()

    def ask(self, sql: str, *values: object) -> sqlite3.Cursor:
        """The rows of a query."""
        return self._store.execute(sql, values)

    def change(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """One statement for each of the rows; how many rows of the table it changed. Raises `TryLater` when the disk is
        full."""
        try:
            return max(self._store.executemany(sql, rows).rowcount, 0)
        except sqlite3.OperationalError as error:
            raise TryLater(f"{self._what} cannot be kept for a while ({error}); empty the temporary folder") from None
