"""The relationships of a whole Elements, waiting on disk for their publications: memory stays flat however many.

SQLite's unnamed database is a private temporary file that is gone when it is closed, or when the process dies.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Self

from config.visibility import Visibility
from connectors.errors import TryLater
from connectors.records import Authorship

CACHE = -8192  # KiB of pages that SQLite keeps in memory
BATCH = 1000


class Spool:
    """Authorships by publication. Raises `TryLater` when the temporary folder is full."""

    def __init__(self) -> None:
        # A pull is used by one thread, but whoever drops it may be another.
        self._store = sqlite3.connect("", check_same_thread=False)
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute(f"PRAGMA cache_size = {CACHE}")
        self._store.execute("CREATE TABLE waiting (item TEXT NOT NULL, key TEXT NOT NULL, rest TEXT NOT NULL)")
        self._store.execute("CREATE INDEX by_item ON waiting (item)")
        self._store.execute("CREATE TABLE came (item TEXT PRIMARY KEY) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def __len__(self) -> int:
        return int(self._store.execute("SELECT count(*) FROM waiting").fetchone()[0])

    def add(self, authorships: Iterable[Authorship]) -> None:
        """Keep them until their publication comes."""
        self._write("INSERT INTO waiting VALUES (?, ?, ?)", ((one.item, one.key, _packed(one)) for one in authorships))

    def of(self, items: Iterable[str]) -> list[Authorship]:
        """All authorships of some publications, which have then come; asked again, the same."""
        keys = list(dict.fromkeys(items))
        self._write("INSERT OR IGNORE INTO came VALUES (?)", ((key,) for key in keys))
        found = "SELECT item, key, rest FROM waiting WHERE item = ? ORDER BY rowid"
        return [_unpacked(*row) for key in keys for row in self._store.execute(found, (key,))]

    def left(self) -> list[str]:
        """The publications that never came, in order."""
        found = "SELECT DISTINCT item FROM waiting WHERE item NOT IN (SELECT item FROM came) ORDER BY item"
        return [key for (key,) in self._store.execute(found)]

    def rest(self) -> Iterator[list[Authorship]]:
        """The authorships of publications that never came, in batches."""
        rows = self._store.execute("SELECT item, key, rest FROM waiting WHERE item NOT IN (SELECT item FROM came)")
        while batch := rows.fetchmany(BATCH):
            yield [_unpacked(*row) for row in batch]

    def _write(self, statement: str, rows: Iterator[tuple[str, ...]]) -> None:
        try:
            self._store.executemany(statement, rows)
        except sqlite3.OperationalError as error:
            raise TryLater(f"relationships cannot be kept for a while ({error}); empty the temporary folder") from None


def _packed(one: Authorship) -> str:
    return json.dumps([one.person, int(one.visibility), dict(one.raw), one.doubts])


def _unpacked(item: str, key: str, rest: str) -> Authorship:
    person, level, raw, doubts = json.loads(rest)
    return Authorship(key=key, item=item, person=person, visibility=Visibility(level), raw=raw, doubts=tuple(doubts))
