"""The accounts of a Figshare, waiting on disk for their profiles and for the articles that name them as authors."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Self

from connectors.documents import Document
from connectors.errors import TryLater
from connectors.figshare.items import key_of, number_of

KEPT = ("id", "user_id", "first_name", "last_name", "email", "active", "orcid_id")  # not what its storage holds by now
CACHE = -4096  # KiB of pages that SQLite keeps in memory


class Accounts:
    """Accounts by id and by user. Raises `TryLater` when the temporary folder is full."""

    def __init__(self) -> None:
        # A pull is used by one thread, but whoever drops it may be another. The unnamed database is a private temporary
        # file that is gone when it is closed, or when the process dies.
        self._store = sqlite3.connect("", check_same_thread=False)
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute(f"PRAGMA cache_size = {CACHE}")
        self._store.execute("CREATE TABLE account (key INTEGER, user TEXT, row TEXT, PRIMARY KEY (key, row))")
        self._store.execute("CREATE INDEX by_user ON account (user)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def add(self, rows: Iterable[Document]) -> int:
        """Keep some; how many were not there yet."""
        before = self._store.total_changes
        told = ((int(key_of(row)), number_of(row.get("user_id")), _packed(row)) for row in rows)
        try:
            self._store.executemany("INSERT OR IGNORE INTO account VALUES (?, ?, ?)", told)
        except sqlite3.OperationalError as error:
            raise TryLater(f"accounts cannot be kept for a while ({error}); empty the temporary folder") from None
        return self._store.total_changes - before

    def all(self) -> Iterator[list[Document]]:
        """Every account, in the order of the ids: all the rows that tell of it."""
        rows = self._store.execute("SELECT key, row FROM account ORDER BY key, row")
        for _, told in groupby(rows, key=lambda pair: pair[0]):
            yield [json.loads(row) for _, row in told]

    def of(self, user: str) -> list[str]:
        """The keys of the accounts of a user; none for somebody from elsewhere."""
        found = self._store.execute("SELECT DISTINCT key FROM account WHERE user = ? ORDER BY key", (user,))
        return [str(key) for (key,) in found]


def _packed(row: Document) -> str:
    return json.dumps({name: row[name] for name in KEPT if name in row})
