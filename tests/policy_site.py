"""A practice policy site, a reader in front of it, and what the connector is given to listen with.

Its tests have their fixtures from here: `site, listening = a_site(), a_listening()`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from abroad_places import reader
from http_places import Clock

from config.settings import Connection
from connectors import Ear, Identifier, Mention, Page, Since
from connectors.policy import Policy
from connectors.sightings import Tracked
from sandbox.policy import PolicySite
from sandbox.web import practice_web

ONE, TWO = Identifier("doi", "10.5555/one"), Identifier("doi", "10.5555/two")
CITES = '<p>As <a href="https://doi.org/10.5555/one">a study</a> has shown</p>'
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
DATED = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
DAY = timedelta(days=1)


class Listening:
    """The connector over one site; what it notes is kept from run to run, as what it told is."""

    def __init__(self, site: PolicySite, folder: Path) -> None:
        self.site, self.file = site, folder / "policy.csv"
        self.notes: dict[str, str] = {}
        self.told: set[str] = set()
        self.now = NOW
        self.tracked: tuple[Identifier, ...] = (ONE,)
        self.write(f"Example Ministry,policy,{site.sitemap},")

    def write(self, *rows: str, head: str = "source,type,sitemap,only") -> None:
        """The list has these rows."""
        self.file.write_text("\n".join((head, *rows)) + "\n")

    def connector(self) -> Policy:
        settings = Connection(name="x", kind="policy", path=self.file, people=False)
        return Policy(settings, cast(Any, None))

    @contextmanager
    def ear(self) -> Iterator[Ear]:
        with reader(self.site.web, Clock()) as abroad:
            known = Tracked(self.tracked)
            yield Ear(
                tracked=known,
                abroad=abroad,
                noted=lambda name: self.notes.get(name, ""),
                told=self._told,
                told_by=lambda *_: (),
            )

    def listen(self, **since: Any) -> list[Page]:
        """One run."""
        pages = []
        with self.ear() as ear:
            for page in self.connector().listen(Since(now=self.now, **since), ear):
                self.notes |= page.notes
                pages.append(page)
        self.told |= {each.key for each in mentions(pages) if not each.deleted}
        return pages

    def again(self, key: str) -> Mention | None:
        with self.ear() as ear:
            return self.connector().again(key, "", ear)

    def read(self, path: str) -> int:
        """How often a path was asked for so far."""
        return len(self.site.web.visited(path))

    def _told(self, keys: Collection[str]) -> Mapping[str, tuple[Identifier, ...]]:
        return {key: (ONE,) for key in keys if key in self.told}


def a_site() -> Any:
    """A fixture: a site without documents, on a practice web of its own."""

    @pytest.fixture
    def site() -> Iterator[PolicySite]:
        with practice_web() as web:
            yield PolicySite(web)

    return site


def a_listening() -> Any:
    """A fixture: the connector over it, with a list that has nothing else."""

    @pytest.fixture
    def listening(site: PolicySite, tmp_path: Path) -> Listening:
        return Listening(site, tmp_path)

    return listening


def mentions(pages: Iterable[Page]) -> list[Mention]:
    return [each for page in pages for each in page.mentions]


def set_aside(pages: Iterable[Page]) -> list[str]:
    return [each.reason for page in pages for each in page.asides]
