"""The connector of feeds in front of a practice web: what runs over a list tell, and what they remember.

Tests of one feed have their fixtures from here: `running, web, heard = running_web(), a_web(), a_listening()`.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from abroad_places import HOME, NEWS, OTHER, lead, reader
from http_places import Clock

from config.settings import Connection
from connectors.abroad import Abroad
from connectors.attention import Mention
from connectors.base import Ear, Since
from connectors.errors import TryLater
from connectors.feeds import Feeds
from connectors.http import Client, client
from connectors.identifiers import Identifier
from connectors.records import Aside, Page
from connectors.sightings import Tracked
from sandbox.feeds import RSS, Item, rss
from sandbox.web import Page as WebPage
from sandbox.web import PracticeWeb, practice_web

NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
SAID = datetime(2026, 9, 1, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BLOG = "blog.example.org"
DOI = "10.5555/one"
OURS = (Identifier("doi", DOI), Identifier("doi", "10.5555/two"), Identifier("url", "https://repo.example.org/7"))


def article(*dois: str, head: str = "", title: str = "Tides turn") -> WebPage:
    """A page that names these DOIs."""
    links = "".join(f'<p>See <a href="https://doi.org/{doi}">the study</a>.' for doi in dois)
    html = f"<!doctype html><html><head><title>{title}</title>{head}</head><body><p>News.{links}</body></html>"
    return WebPage(html.encode())


@dataclass
class Listening:
    """A connection; `clock` is that of `abroad`, `notes` what it remembers, `told` what it told and did not undo."""

    abroad: Abroad
    path: Path
    clock: Clock
    now: datetime = NOW
    at_once: int = 1
    cursor: str | None = None
    notes: dict[str, str] = field(default_factory=dict)
    told: dict[str, Mention] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)

    def lists(self, *lines: str, head: str = "feed,source,outlet,name,country,tier") -> None:
        self.path.write_text("\n".join((head, *lines)) + "\n")

    @property
    def connector(self) -> Feeds:
        settings = Connection(name="feeds", kind="feeds", path=self.path, people=False, at_once=self.at_once)
        return Feeds(settings, a_client(settings))

    @property
    def ear(self) -> Ear:
        return Ear(
            tracked=Tracked(OURS),
            abroad=self.abroad,
            noted=lambda name: self.notes.get(name, ""),
            told=lambda keys: {key: self.told[key].targets for key in keys if key in self.told},
            told_by=lambda *_: (),
        )

    def pages(self, *, bookmark: str | None = None) -> Iterator[Page]:
        """Those of a run, each taken in as the house does."""
        self.asides = []
        for page in self.connector.listen(Since(now=self.now, cursor=self.cursor, bookmark=bookmark), self.ear):
            self.cursor = page.done.cursor if page.done else self.cursor
            self._take(page.mentions)
            self.asides += page.asides
            self.notes |= page.notes
            self.notes = {name: text for name, text in self.notes.items() if text}
            yield page

    def run(self, *, later: timedelta = timedelta(0)) -> list[Mention]:
        """A run, some time after the last one; what it tells, deletions too."""
        self.now += later
        self.clock.now += max(later.total_seconds(), 0)
        told = list[Mention]()
        with suppress(TryLater):  # as it says where none of the feeds could be read
            for page in self.pages():
                told += page.mentions
        return told

    def again(self, key: str) -> Mention | None:
        return self.connector.again(key, self.told[key].url if key in self.told else key, self.ear)

    def _take(self, mentions: Iterable[Mention]) -> None:
        for mention in mentions:
            if mention.deleted:
                self.told.pop(mention.key, None)
            else:
                self.told[mention.key] = mention


def a_client(settings: Connection) -> Client:
    return client(settings, sleep=Clock().sleep)


def running_web() -> Any:
    """A fixture: a practice web, once for a module."""

    @pytest.fixture(scope="module")
    def running() -> Iterator[PracticeWeb]:
        with practice_web() as web:
            yield web

    return running


def a_web() -> Any:
    """A fixture: the same for one test, as empty as at the beginning, and all names lead there."""

    @pytest.fixture
    def web(running: PracticeWeb, monkeypatch: pytest.MonkeyPatch) -> PracticeWeb:
        lead(monkeypatch, {NEWS: [HOME], OTHER: [HOME], BLOG: [HOME], HOME: [HOME]})
        running.clear()
        return running

    return web


def a_listening() -> Any:
    """A fixture: a connection whose list has one feed, that of a newspaper."""

    @pytest.fixture
    def heard(web: PracticeWeb, tmp_path: Path) -> Iterator[Listening]:
        clock = Clock()
        with reader(web, clock) as abroad:
            listening = Listening(abroad, tmp_path / "feeds.csv", clock)
            listening.lists(f"{web.url('/feed', NEWS)},news,courier,The Courier,GB,2")
            yield listening

    return heard


def tell(web: PracticeWeb, *items: Item, **more: str) -> None:
    """The feed has these entries now."""
    web.put("/feed", WebPage(rss(items, **more), RSS))


def item(web: PracticeWeb, path: str = "/tides", **told: object) -> Item:
    """An entry that leads to this path."""
    return Item(**{"link": web.url(path, NEWS), "published": SAID, **told})  # type: ignore[arg-type]


def key(web: PracticeWeb, path: str = "/tides") -> str:
    """That of the mention of an article at this path."""
    return web.url(path, NEWS).replace("http:", "https:")
