"""What the cache of badges keeps: never too much, nothing of another mark, nothing that has closed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House

from badges.answers import MINUTES, Answers
from badges.app import Site
from badges.kept import OWN, Kept
from scoring.rules import load
from sync import store

ANSWERS = Answers(secure=False)
MARK, LATER = (1, "7"), (1, "8")


def answer(size: int = 10) -> Any:
    return ANSWERS.make("json", b"x" * size, cache=MINUTES)


def test_what_was_kept_is_given_until_the_store_moves_on() -> None:
    kept, one = Kept(), answer()
    kept.put((b"/a", b""), one, MARK, 100)

    assert kept.get((b"/a", b""), MARK, 99) is one
    assert kept.get((b"/a", b""), MARK, 100) is None  # it has closed
    assert kept.get((b"/a", b""), LATER, 99) is None
    assert kept.get((b"/a", b""), MARK, 99) is None  # gone for good
    assert (len(kept), kept.size) == (0, 0)


def test_an_answer_of_an_older_mark_is_not_given_at_a_newer_one() -> None:
    kept = Kept()
    kept.put((b"/new", b""), answer(), LATER, 100)
    kept.put((b"/slow", b""), answer(), MARK, 100)

    assert kept.get((b"/slow", b""), LATER, 1) is None
    assert kept.get((b"/new", b""), LATER, 1) is None


def test_it_never_holds_more_than_it_may() -> None:
    few, small = Kept(most=3), Kept(most_bytes=3 * (OWN + 100))
    for number in range(10):
        few.put((b"/%d" % number, b""), answer(), MARK, 100)
        small.put((b"/%d" % number, b""), answer(90), MARK, 100)
    small.put((b"/huge", b""), answer(100_000), MARK, 100)

    assert len(few) == len(small) == 3
    assert [few.get((b"/%d" % number, b""), MARK, 1) is not None for number in (6, 7, 8, 9)] == [
        False,
        True,
        True,
        True,
    ]
    assert small.size <= 3 * (OWN + 100)


def test_the_same_path_is_kept_once() -> None:
    kept = Kept()
    for _ in range(5):
        kept.put((b"/a", b""), answer(), MARK, 100)

    assert len(kept) == 1
    assert kept.size == 10 + 2 + OWN


@pytest.fixture
def site(scored: House) -> Iterator[Site]:
    house = store.open_store(stores.url(scored.folder), key_file=Path("none"), create=False)
    site = Site(house, name="University of Example", base_url="http://127.0.0.1:8000", rules=load, clock=store.now)
    yield site
    site.close()
    house.engine.dispose()


def ask(site: Site, path: bytes) -> int:
    """The status of one answer, without a network between."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nobody reads what was sent with a request")

    scope = {
        "type": "http",
        "method": "GET",
        "path": path.decode(),
        "raw_path": path,
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(site(scope, receive, send))
    return int(sent[0]["status"])


def test_what_is_not_there_is_not_kept_and_what_is_there_is(site: Site) -> None:
    paths = [b"/badge/doi/10.5555/nowhere.json", b"/badge/doi/10.5555/example.50040.json"]

    statuses = [ask(site, path) for path in paths * 2]

    assert statuses == [404, 200, 404, 200]
    assert (site.counts.hits, site.counts.misses) == (1, 3)


def test_every_route_is_told(site: Site) -> None:
    """So that a test of all doors cannot miss one."""
    told = {getattr(route, "path", "") for route in site.routes}

    badges = {f"{path}.{form}" for path in ("/badge", "/badge/{scheme}/{id:path}") for form in ("svg", "png", "json")}
    assert badges | {"/", "/health", "/ready", "/lookup", "/outputs/{output}", "/{scheme}/{id:path}"} <= told


def test_a_mistake_of_ours_is_logged_by_its_place_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a secret title")

    monkeypatch.setattr(site.hot, "find", broken)
    monkeypatch.setattr(store, "first", broken)

    statuses = [ask(site, path) for path in (b"/badge/doi/10.5555/secret.svg", b"/doi/10.5555/secret")]

    assert statuses == [500, 500]
    assert [record.message for record in caplog.records] == ["a request broke"] * 2
    assert "secret" not in str([record.__dict__ for record in caplog.records])
