"""A connector on a practice Figshare, and what the tests of it share.

Those that read it whole have their fixture from here: `server = a_server()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from http_places import Clock
from pydantic import SecretStr

from config.settings import Connection
from config.visibility import Visibility
from connectors.base import Since
from connectors.figshare import Figshare
from connectors.http import client
from connectors.records import Done, Item, Page, Person
from sandbox.figshare import PracticeFigshare, practice_figshare
from sandbox.figshare.holdings import Account, Article

PRIVATE, INTERNAL, PUBLIC = Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC
NOW = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
ANN = Account(id=11, user=2011, first_name="Ann", last_name="Harbourmaster")
IVY = Account(id=12, user=2012, first_name="Ivy", last_name="Lighthouse", public=False)
TIDES = Article(id=7001, title="Tide tables", doi="10.5555/figshare.7001", version=2, authors=(2011, 9999))
"""A data set of two authors, one of them from elsewhere, in its second version."""
HIDDEN = Article(id=7002, title="Smuggled goods", doi="10.5555/figshare.7002", authors=(2011,), published=False)
CURSOR = "2026-06-01T00:00:00+00:00"

OPEN = {
    "id": 7001,
    "title": "Tide tables",
    "is_public": True,
    "status": "public",
    "is_embargoed": False,
    "embargo_type": "file",
    "is_confidential": False,
}
"""What everybody is told of an article that nothing closes."""


def a_server() -> Any:
    """A fixture: a Figshare of two people, an article and one that nobody published."""

    @pytest.fixture
    def server() -> Iterator[PracticeFigshare]:
        with practice_figshare() as running:
            running.holdings.clock = lambda: NOW
            running.holdings.keep(ANN, IVY, TIDES, HIDDEN)
            yield running

    return server


def settings(server: PracticeFigshare, **more: object) -> Connection:
    given: dict[str, object] = {
        "name": "figshare",
        "kind": "figshare",
        "url": server.url,
        "token": SecretStr(server.token),
        "people": True,
        "assume": {"authorships": PUBLIC},
        "pace": 0.0,
    }
    return Connection(**{**given, **more})  # type: ignore[arg-type]


@contextmanager
def connected(server: PracticeFigshare, **more: object) -> Iterator[Figshare]:
    """Waits take no time; `more` are other settings."""
    clock, found = Clock(), settings(server, **more)
    token = Figshare.manifest.token
    with Figshare(found, client(found, token=token, sleep=clock.sleep, clock=clock)) as source:
        yield source


def pulled(server: PracticeFigshare, since: Since | None = None, **more: object) -> list[Page]:
    """The pages of one pull."""
    with connected(server, **more) as source:
        return list(source.pull(since or Since(now=NOW)))


def items(pages: list[Page]) -> dict[str, Item]:
    return {item.key: item for page in pages for item in page.items}


def people(pages: list[Page]) -> dict[str, Person]:
    return {person.key: person for page in pages for person in page.people}


def end(pages: list[Page]) -> Done:
    *before, last = pages
    assert all(page.done is None for page in before)
    assert last.done is not None
    return last.done


def asked(server: PracticeFigshare) -> list[str]:
    """Path and query of what was asked, below the API."""
    return [f"{one.path.removeprefix('/v2')}{'?' * bool(one.query)}{one.query}" for one in server.requests]
