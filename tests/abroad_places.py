"""A reader of strangers' pages in front of the practice web, and names that lead there.

Its tests have their fixtures from here, each for a module, which has a `web`:
`clock, abroad = a_clock(), a_reader(NEWS)`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from socket import EAI_NONAME, gaierror
from typing import Any

import pytest
from http_places import Clock

from connectors.abroad import Abroad, Fetched, door
from sandbox.web import PracticeWeb

AGENT = "Ringmark/9 (+https://ringmark.example.edu; mailto:library@example.edu)"
HOME = "127.0.0.1"
NEWS = "news.example.org"
OTHER = "other.example.org"


@contextmanager
def reader(web: PracticeWeb, clock: Clock | None = None, **more: object) -> Iterator[Abroad]:
    """Asks that web, and nothing else on this machine. Time passes only in sleep."""
    clock = clock or Clock()
    given = {"at_home": [(HOME, web.port)], "sleep": clock.sleep, "clock": clock}
    made = Abroad(AGENT, **{**given, **more})
    try:
        yield made
    finally:
        made.close()


def a_clock() -> Any:
    """A fixture: the time of a reader."""

    @pytest.fixture
    def clock() -> Clock:
        return Clock()

    return clock


def a_reader(*names: str, **more: object) -> Any:
    """A fixture: the reader of the `web` of a module, by its `clock`; where there are names, all lead there."""

    @pytest.fixture
    def abroad(web: PracticeWeb, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Abroad]:
        if names:
            lead(monkeypatch, {name: [HOME] for name in names})
        with reader(web, clock, **more) as abroad:
            yield abroad

    return abroad


def read(abroad: Abroad, url: str, **more: object) -> Fetched:
    return abroad.fetch(url, **{"accept": "text/html", "most_bytes": 1024 * 1024, **more})


def lead(monkeypatch: pytest.MonkeyPatch, names: Mapping[str, Sequence[str]]) -> list[str]:
    """Instead of the DNS; any other name is not found. What was looked up, in order."""
    looked_up: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        looked_up.append(host)
        if host not in names:
            raise gaierror(EAI_NONAME, "not known")
        return list(names[host])

    monkeypatch.setattr(door, "resolve", resolve)
    return looked_up
