"""What has come of a listing, on disk: memory stays flat however many records there are.

SQLite's unnamed database is a private temporary file that is gone when it is closed, or when the process dies.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Self

from connectors.errors import TryLater

CACHE = -4096  # KiB of pages that SQLite keeps in memory


class Spool:
    """Keys by the name of a listing, and pairs of group and person. Raises `TryLater` when the disk is full."""

    def __init__(self) -> None:
        # A pull is used by one thread, but whoever drops it may be another.
        self._store = sqlite3.connect("", check_same_thread=False)
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute(f"PRAGMA cache_size = {CACHE}")
        self._store.execute("CREATE TABLE came (listing TEXT, key TEXT, PRIMARY KEY (listing, key)) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def add(self, listing: str, keys: Iterable[str]) -> list[str]:
        """Those of the keys that had not come before."""
        return [key for key in keys if self._write("INSERT OR IGNORE INTO came VALUES (?, ?)", (listing, key))]

    def drop(self, listing: str) -> None:
        """Forget what has come of a listing."""
        self._write("DELETE FROM came WHERE listing = ?", (listing,))

    def count(self, listing: str) -> int:
        """How many have come."""
        return int(self._store.execute("SELECT count(*) FROM came WHERE listing = ?", (listing,)).fetchone()[0])

    def has(self, listing: str, key: str) -> bool:
        """Whether a key has come."""
        found = "SELECT 1 FROM came WHERE listing = ? AND key = ?"
        return self._store.execute(found, (listing, key)).fetchone() is not None

    def keys(self, listing: str) -> Iterator[str]:
        """All of them, in order."""
        for (key,) in self._store.execute("SELECT key FROM came WHERE listing = ? ORDER BY key", (listing,)):
            yield key

    def _write(self, statement: str, values: tuple[str, ...]) -> int:
        try:
            return self._store.execute(statement, values).rowcount
        except sqlite3.OperationalError as error:
            raise TryLater(f"ids cannot be kept for a while ({error}); empty the temporary folder") from None
