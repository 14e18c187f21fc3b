"""The relationships of a whole Elements, waiting on disk for their publications."""

import json
from collections.abc import Iterable, Iterator

from config.visibility import Visibility
from connectors.records import Authorship
from connectors.scratch import Scratch

BATCH = 1000


class Spool(Scratch):
    """Authorships by publication. Raises `TryLater` when the temporary folder is full."""

    def __init__(self) -> None:
        super().__init__(
            "relationships",
            "CREATE TABLE waiting (item TEXT NOT NULL, key TEXT NOT NULL, rest TEXT NOT NULL)",
            "CREATE INDEX by_item ON waiting (item)",
            "CREATE TABLE came (item TEXT PRIMARY KEY) WITHOUT ROWID",
        )

    def __len__(self) -> int:
        return int(self.ask("SELECT count(*) FROM waiting").fetchone()[0])

    def add(self, authorships: Iterable[Authorship]) -> None:
        """Keep them until their publication comes."""
        self.change("INSERT INTO waiting VALUES (?, ?, ?)", ((one.item, one.key, _packed(one)) for one in authorships))

    def of(self, items: Iterable[str]) -> list[Authorship]:
        """All authorships of some publications, which have then come; asked again, the same."""
        keys = list(dict.fromkeys(items))
        self.change("INSERT OR IGNORE INTO came VALUES (?)", ((key,) for key in keys))
        found = "SELECT item, key, rest FROM waiting WHERE item = ? ORDER BY rowid"
        return [_unpacked(*row) for key in keys for row in self.ask(found, key)]

    def left(self) -> list[str]:
        """The publications that never came, in order."""
        found = "SELECT DISTINCT item FROM waiting WHERE item NOT IN (SELECT item FROM came) ORDER BY item"
        return [key for (key,) in self.ask(found)]

    def rest(self) -> Iterator[list[Authorship]]:
        """The authorships of publications that never came, in batches."""
        rows = self.ask("SELECT item, key, rest FROM waiting WHERE item NOT IN (SELECT item FROM came)")
        while batch := rows.fetchmany(BATCH):
            yield [_unpacked(*row) for row in batch]


def _packed(one: Authorship) -> str:
    return json.dumps([one.person, int(one.visibility), dict(one.raw), one.doubts])


def _unpacked(item: str, key: str, rest: str) -> Authorship:
    person, level, raw, doubts = json.loads(rest)
    return Authorship(key=key, item=item, person=person, visibility=Visibility(level), raw=raw, doubts=tuple(doubts))
