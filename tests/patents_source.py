"""A connector in front of a file of patents, and a house that remembers as much as it needs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from config.settings import Connection
from connectors.abroad import Abroad
from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.http import client
from connectors.identifiers import Identifier
from connectors.patents import Patents
from connectors.records import Aside, Done
from connectors.sightings import Tracked
from sandbox.patents import JOINED, Cites, write

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE, TWO, PMID = Identifier("doi", "10.5555/one"), Identifier("doi", "10.5555/two"), Identifier("pmid", "30000001")


@dataclass
class Reading:
    """`mentions` are those that stand, by key; `notes` what the connector remembers."""

    path: Path
    cursor: str | None = None
    mentions: dict[str, Mention] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    done: Done | None = None
    tracked: tuple[Identifier, ...] = (ONE, TWO, PMID)

    def connector(self) -> Patents:
        settings = Connection(name="patents", kind="patents", path=self.path)
        return Patents(settings, client(settings))

    def run(self, rows: Iterable[Cites] | None = None, columns: Sequence[str] = JOINED) -> list[Mention]:
        """What one run tells, of other rows where there are any."""
        if rows is not None:
            write(self.path, rows, columns)
        since = Since(cursor=self.cursor, memory=self.cursor, now=NOW)
        fresh: list[Mention] = []
        self.asides = []
        with self.connector() as connector:
            for page in connector.listen(since, self._ear()):
                fresh += page.mentions
                self.asides += page.asides
                for each in page.mentions:
                    self.mentions.pop(each.key, None)
                    self.mentions |= {} if each.deleted else {each.key: each}
                self.notes |= page.notes
                if page.done:
                    self.done = page.done
                    self.cursor = page.done.cursor or self.cursor
                    break
        return fresh

    def _ear(self) -> Ear:
        def told(keys: Iterable[str]) -> dict[str, tuple[Identifier, ...]]:
            return {key: self.mentions[key].targets for key in keys if key in self.mentions}

        noted = self.notes.get
        return Ear(
            tracked=Tracked(self.tracked),
            abroad=cast(Abroad, None),
            noted=lambda name: noted(name, ""),
            told=told,
            told_by=lambda *_: (),
        )


def cites(number: int | str = 10494607, doi: str = "10.5555/one", **told: str) -> Cites:
    """A patent of the United States that cites the work `one`, unless told otherwise."""
    patent = f"us-{number}-b2" if isinstance(number, int) else number
    return Cites(**{"patent": patent, "doi": doi} | told)
