"""Connectors of services that are asked who spoke, at their practice services.

Tests of many of them have their fixtures from here: `running, servers = running_services(), all_services()`.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from http_places import Clock

from config.settings import Connection
from connectors import Asks, Heard, Identifier
from connectors.altmetric_api import AltmetricApi
from connectors.datacite_events import DataCiteEvents
from connectors.hackernews import HackerNews
from connectors.http import client
from connectors.mendeley import Mendeley
from connectors.overton import Overton
from connectors.pubpeer import PubPeer
from connectors.stackexchange import StackExchange
from connectors.x import X
from connectors.youtube import YouTube
from sandbox.answerers import Act, Name, PracticeAnswerer, practice_answerer
from sandbox.answerers.practice import SECRETS, SETTINGS
from sandbox.server import serving

KINDS: dict[Name, type[Asks]] = {
    "hackernews": HackerNews,
    "mendeley": Mendeley,
    "pubpeer": PubPeer,
    "stackexchange": StackExchange,
    "youtube": YouTube,
    "overton": Overton,
    "datacite_events": DataCiteEvents,
    "altmetric_api": AltmetricApi,
    "x": X,
}
SPEAK = (  # of which single mentions are told
    "hackernews", "pubpeer", "stackexchange", "youtube", "datacite_events", "overton", "x",
)  # fmt: skip
DOI = Identifier("doi", "10.5555/tides.1")
WHEN = datetime(2026, 5, 1, 10, 30, tzinfo=UTC)


def doi(value: str) -> Identifier:
    return Identifier("doi", value)


def running_services() -> Any:
    """A fixture: all of them, running once for a module, by their names."""

    @pytest.fixture(scope="module")
    def running() -> Iterator[dict[Name, PracticeAnswerer]]:
        servers = {name: PracticeAnswerer(name) for name in KINDS}
        with ExitStack() as stack:
            for server in servers.values():
                stack.enter_context(serving(server))
            yield servers

    return running


def all_services() -> Any:
    """A fixture: the same for one test; they know nothing yet, and fail in nothing."""

    @pytest.fixture
    def servers(running: dict[Name, PracticeAnswerer]) -> dict[Name, PracticeAnswerer]:
        for server in running.values():
            server.known = type(server.known)()
            server.faults.clear()
            server.refused.clear()
            server.requests.clear()
            server.spoil = lambda body: body
        return running

    return servers


def connection(server: PracticeAnswerer, **more: Any) -> Connection:
    """Its settings, as the practice service wants them."""
    keys: dict[str, Any] = {"url": server.url, "pace": 0, **SETTINGS.get(server.name, {})}
    if secret := SECRETS.get(server.name):
        keys[secret] = server.known.key
    return Connection(name="x", kind=server.name, **{**keys, **more})


@contextmanager
def talking(server: PracticeAnswerer, **more: Any) -> Iterator[tuple[Asks, Clock]]:
    """A connector that asks it, and the clock by which it waits."""
    kind, clock, settings = KINDS[server.name], Clock(), connection(server, **more)
    manifest = kind.manifest
    opened = client(
        settings, token=manifest.token, basic=not manifest.own_login, pace=0, sleep=clock.sleep, clock=clock
    )
    with kind(settings, opened) as connector:
        yield connector, clock


def ask(connector: Asks, *about: Identifier) -> list[Heard]:
    """What is heard of some, asked as the house asks: as many at a time as the kind allows."""
    size = connector.manifest.at_a_time
    told = [
        each
        for start in range(0, len(about), size)
        for each in connector.ask(about[start : start + size], permit=lambda: True)
    ]
    assert all(isinstance(each, Heard) for each in told)
    return told  # type: ignore[return-value]


@contextmanager
def answerer(name: Name, *acts: Act) -> Iterator[tuple[Asks, PracticeAnswerer]]:
    """A service that knows some acts, and a connector that asks it."""
    with practice_answerer(name) as server:
        server.known.acts = {act.number: act for act in acts}
        with talking(server) as (connector, _):
            yield connector, server


def act(number: int = 1, of: Identifier = DOI, **told: Any) -> Act:
    return Act(**{"number": number, "doi": of.value, "at": WHEN, **told})
