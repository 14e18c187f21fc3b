"""Sources that fail are left alone for a while, each time longer, by what runs by itself; a person may try at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from conftest import House
from small_source import Small, World, keys, registered

from config.load import load
from config.settings import Connection, Settings
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http import Client
from sync import steps, store
from sync.store import Store

MINUTE = 60 * 1_000_000
DAY = 24 * 60 * MINUTE


def ready(home: store.Store, settings: Settings, *, now: int) -> list[str]:
    """The connections that are neither paused nor resting."""
    active = [name for name in steps.readable(settings) if store.state(home, name) == "active"]
    return [name for name in active if not store.rests(home, name, now=now)]


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    return registered(monkeypatch, house).add(*keys(*range(4)))


@contextmanager
def opened(house: House) -> Iterator[tuple[Store, Settings]]:
    """The store of a house, as the daemon has it."""
    settings = load(house.file)
    home = steps.open_house(settings)
    try:
        yield home, settings
    finally:
        home.engine.dispose()


def now(house: House) -> int:
    """What the house takes for the time."""
    return store.now() + house.later


def fail(house: House, world: World, error: Exception | None) -> int:
    """Pull once, with an error from the source; how many microseconds it rests then."""

    def broken(_: int) -> None:
        if error:
            raise error

    world.before = broken
    house.run("pull", "small")
    with opened(house) as (home, settings):
        until = store.rests(home, "small", now=now(house))
        assert ready(home, settings, now=now(house)) == ([] if until else ["small"])
        assert ready(home, settings, now=until or now(house)) == ["small"]
    return max(until - now(house), 0)


def shown(house: House) -> dict[str, Any]:
    """What `connection list` says of the source."""
    (row,) = house.json("connection", "list")["connections"]
    return dict(row)


@pytest.mark.parametrize("error", [NotAllowed("no"), NotUnderstood("what"), KeyError("a title")])
def test_a_source_that_fails_rests_for_a_while(house: House, world: World, error: Exception) -> None:
    assert round(fail(house, world, error) / MINUTE) == 5


@pytest.mark.parametrize("error", [NotAllowed("the key file may not be read"), KeyError("a title")])
def test_a_source_that_cannot_even_begin_has_a_failed_run_and_rests(
    house: House, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    class Unmade(Small):
        def __init__(self, settings: Connection, client: Client) -> None:
            super().__init__(settings, client)
            raise error

    registered(monkeypatch, house, Unmade)

    ran = house.run("pull", "small")

    run = shown(house)["last_run"]
    assert (ran.code, run["outcome"], run["asked"]) == (1, "failed", "everything")
    assert ("key file" in run["why"]) == ("connector broke" not in run["why"])
    assert shown(house)["failures"] == 1
    with opened(house) as (home, settings):
        assert ready(home, settings, now=now(house)) == []


def test_a_source_that_goes_on_failing_rests_ever_longer_and_a_day_in_the_end(house: House, world: World) -> None:
    rests = []
    for _ in range(6):
        rests.append(round(fail(house, world, TryLater("busy")) / MINUTE))
        house.later += rests[-1] * MINUTE

    assert rests == [5, 10, 20, 40, 24 * 60, 24 * 60]
    assert shown(house)["failures"] == 6


def test_what_the_source_asks_for_is_the_least_and_a_day_the_most(house: House, world: World) -> None:
    assert round(fail(house, world, TryLater("busy", after=3600)) / MINUTE) == 60
    assert round(fail(house, world, TryLater("busy", after=30)) / MINUTE) == 10
    assert round(fail(house, world, TryLater("busy", after=1_000_000)) / MINUTE) == 24 * 60


def test_a_success_ends_the_rest(house: House, world: World) -> None:
    fail(house, world, TryLater("busy"))
    assert shown(house)["rest"].endswith("failed 1 time")

    assert fail(house, world, None) == 0

    row = shown(house)
    assert (row["failures"], row["rests_until"], row["rest"], row["alarm"]) == (0, None, None, None)
    assert round(fail(house, world, TryLater("busy")) / MINUTE) == 5


def test_a_source_that_failed_often_is_shown_as_paused_by_itself(house: House, world: World) -> None:
    for _ in range(5):
        fail(house, world, TryLater("busy"))

    row, words = shown(house), house.ok("status")

    assert row["state"] == "active"
    assert row["rest"].startswith("paused by itself after 5 failures in a row; tried again at 20")
    assert "small: paused by itself after 5 failures" in words
    assert "`ringmark pull small` tries at once" in words
    assert any("paused by itself" in alarm for alarm in house.json("status")["alarms"])


def test_a_person_need_not_wait(house: House, world: World) -> None:
    """Neither who names the source, nor who pulls all of them, nor who runs all steps."""
    for verb in (("pull", "small"), ("pull",), ("sync",)):
        fail(house, world, TryLater("busy"))
        world.before = lambda _: None

        house.ok(*verb)

        assert shown(house)["rests_until"] is None


def test_resume_ends_a_rest(house: House, world: World) -> None:
    for _ in range(6):
        fail(house, world, TryLater("busy"))

    house.ok("connection", "resume", "small")

    with opened(house) as (home, settings):
        assert ready(home, settings, now=now(house)) == ["small"]
    assert round(fail(house, world, TryLater("busy")) / MINUTE) == 5


@pytest.mark.usefixtures("world")
def test_what_is_paused_by_a_person_is_not_ready(house: House) -> None:
    house.ok("connection", "pause", "small")

    with opened(house) as (home, settings):
        assert ready(home, settings, now=now(house)) == []


def test_a_rest_that_a_wrong_clock_began_is_none(house: House, world: World) -> None:
    house.later = 3650 * DAY
    fail(house, world, TryLater("busy"))
    assert shown(house)["rest"]

    house.later = 0

    assert shown(house)["rest"] is None
    with opened(house) as (home, settings):
        assert ready(home, settings, now=now(house)) == ["small"]


def test_a_listing_that_is_not_complete_is_an_alarm_and_no_failure(house: House, world: World) -> None:
    world.incomplete = "a repeated next link"

    assert house.run("pull").code == 3

    row = shown(house)
    assert (row["failures"], row["rest"], row["alarm"]) == (0, None, "a repeated next link")


def test_what_goes_wrong_after_many_pages_leaves_the_bookmark_and_one_that_is_refused_does_not(
    house: House, world: World
) -> None:
    def breaks(page: int) -> None:
        if page == 1:
            raise TryLater("busy")

    world.before = breaks
    house.run("pull")
    for error in (TryLater("down"), NotAllowed("no"), KeyError("?"), NotUnderstood("no such page"), None):
        fail(house, world, error)

    assert [since.bookmark for since in world.since] == [None, "1", "1", "1", "1", None]


def test_a_bookmark_is_good_for_a_day(house: House, world: World) -> None:
    def breaks(page: int) -> None:
        if page == 1:
            raise TryLater("busy")

    world.before = breaks
    house.run("pull")
    house.later = DAY + MINUTE
    house.run("pull")
    house.later -= 2 * DAY
    house.run("pull")

    assert [since.bookmark for since in world.since] == [None, None, None]


def test_each_kind_of_listing_goes_on_from_its_own_bookmark(house: House, world: World) -> None:
    """A listing of everything that takes long is not begun anew because a change was read in between."""

    def breaks(page: int) -> None:
        if page == 1:
            raise TryLater("busy")

    house.ok("pull")
    world.before = breaks
    house.run("pull", "--full")
    world.delta = tuple(world.items.values())
    house.run("pull")
    world.before = lambda _: None

    house.ok("pull")
    house.ok("pull", "--full")

    begun = [(since.cursor, since.bookmark) for since in world.since]
    assert begun == [(None, None), (None, None), ("c1", None), ("c1", "1"), (None, "1")]
    assert house.json("status")["waits_for_accept"] == []


def test_a_bookmark_among_changes_since_another_cursor_is_not_used(house: House, world: World) -> None:
    def breaks(page: int) -> None:
        if page == 1:
            raise TryLater("busy")

    house.ok("pull")
    world.delta, world.before, world.cursor = tuple(world.items.values()), breaks, "c2"
    house.run("pull")
    house.stored("UPDATE connection SET cursor = 'c1a' WHERE name = 'small'")
    world.before = lambda _: None

    house.ok("pull")

    assert [(since.cursor, since.bookmark) for since in world.since] == [(None, None), ("c1", None), ("c1a", None)]
