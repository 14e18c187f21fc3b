"""A connector in front of the practice GDELT, what it listens with, and what it tells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from config.settings import Connection
from connectors.abroad import Abroad
from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.gdelt import Gdelt
from connectors.http import client
from connectors.identifiers import Identifier
from connectors.records import Aside, Page
from connectors.sightings import Tracked
from sandbox.gdelt import QUARTER, PracticeGdelt, Row

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ONE, TWO = Identifier("doi", "10.5555/one"), Identifier("doi", "10.5555/two")
PAGE = Identifier("url", "https://repository.example.edu/handle/7")
LINK = "https://doi.org/10.5555/one"
OUTLET = "https://courier.example"


@dataclass
class Listening:
    """One who remembers what was told: `mentions` by key, and `cursor` and `bookmark` as the house would."""

    server: PracticeGdelt
    tracked: tuple[Identifier, ...] = (ONE, TWO, PAGE)
    cursor: str | None = None
    bookmark: str | None = None
    mentions: dict[str, Mention] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    abroad: Abroad | None = None

    def connector(self) -> Gdelt:
        settings = Connection(name="gdelt", kind="gdelt", url=self.server.url, pace=0)
        return Gdelt(settings, client(settings, sleep=self.slept.append))

    def ear(self) -> Ear:
        def told(keys: Iterable[str]) -> dict[str, tuple[Identifier, ...]]:
            return {key: self.mentions[key].targets for key in keys if key in self.mentions}

        return Ear(
            tracked=Tracked(self.tracked),
            abroad=cast(Abroad, self.abroad),
            noted=lambda _: "",
            told=told,
            told_by=lambda *_: (),
        )

    def run(self, *, now: datetime = NOW, memory: str | None = None) -> list[Mention]:
        """What one run tells; what it raises leaves the bookmark."""
        since = Since(cursor=self.cursor, bookmark=self.bookmark, memory=memory or self.cursor, now=now)
        fresh: list[Mention] = []
        self.pages, self.asides = [], []
        with self.connector() as connector:
            for page in connector.listen(since, self.ear()):
                self.pages.append(page)
                fresh += page.mentions
                self.mentions |= {each.key: each for each in page.mentions}
                self.asides += page.asides
                self.bookmark = page.bookmark or self.bookmark
                if page.done:
                    self.cursor, self.bookmark = page.done.cursor, None
        return fresh

    def caught_up(self) -> "Listening":
        """As if it had read everything before the newest quarter."""
        stamp = f"{self.server.newest - QUARTER:%Y%m%d%H%M%S}"
        self.cursor = f'{{"English": "{stamp}", "translated": "{stamp}"}}'
        return self

    def asked(self) -> list[str]:
        """The files that were read."""
        return [each.path.rpartition("/")[2] for each in self.server.requests if each.path.endswith(".zip")]


def story(number: int | str = 1, *links: str, outlet: str = OUTLET, **told: Any) -> Row:
    """An article that links to the work `one`, unless told otherwise."""
    return Row(**{"url": f"{outlet}/story/{number}", "links": links or (LINK,), "title": f"Story {number}"} | told)
