"""What is asked to stop ends after the page, or the item, in hand; the next one goes on from there."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import House
from naive.elements import WIRES, serve, small
from push_library import Library, opened
from small_source import SETTINGS, World, keys, registered
from test_killed_process import start

from config.load import load
from sandbox.faults import Fault
from sync import push, steps, store
from sync.cli import say
from sync.steps import STOPPED, Pulled


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    return registered(monkeypatch, house).add(*keys(*range(6)))


def pull(house: House, stop: Callable[[], bool], *, full: bool = False) -> list[Pulled]:
    """Pull every connection, as the daemon does."""
    settings = load(house.file)
    home = steps.open_house(settings)
    try:
        return steps.pull(
            home,
            settings,
            steps.readable(settings),
            full=full,
            clock=store.now,
            progress=lambda *_: None,
            stop=stop,
        )
    finally:
        home.engine.dispose()


def test_a_pull_that_is_asked_to_stop_ends_after_the_page_in_hand(house: House, world: World) -> None:
    pages: list[int] = []
    world.before = pages.append

    (stopped,) = pull(house, lambda: len(pages) == 2)
    between = house.json("connection", "list")["connections"][0]
    house.ok("pull")

    assert (stopped.outcome, stopped.why, stopped.counted.seen) == ("stopped", STOPPED, 4)
    assert (between["items"], between["cursor"], between["failures"]) == (4, None, 0)
    assert (between["alarm"], between["rest"], between["unfinished"]) == (None, None, True)
    assert between["last_run"]["outcome"] == "stopped"
    assert [since.bookmark for since in world.since] == [None, "2"]
    assert house.json("connection", "list")["connections"][0]["items"] == 6


def test_nothing_is_swept_by_a_pull_that_is_asked_to_stop(house: House, world: World) -> None:
    house.ok("pull")
    pages: list[int] = []
    world.before = pages.append
    del world.items["k0005"]

    pull(house, lambda: len(pages) == 2, full=True)

    assert house.json("connection", "list")["connections"][0]["items"] == 6
    assert world.asked == []


def test_those_that_had_not_begun_do_not(house: House, world: World) -> None:
    house.write(SETTINGS + SETTINGS.replace(".small]", ".other]"))
    pages: list[int] = []
    world.before = pages.append

    first, second = pull(house, lambda: len(pages) == 1)

    assert (first.outcome, second.outcome, second.run) == ("stopped", "stopped", 0)
    assert len(world.since) == 1


def test_what_was_confirmed_before_the_stop_is_kept_and_not_asked_again(house: House, world: World) -> None:
    world.add(*keys(*range(100))).size = 50
    house.ok("pull")
    there, gone = "k0010", ["k0011", "k0012", "k0013"]
    for key in (there, *gone):
        del world.items[key]
    world.still = {there}

    (stopped,) = pull(house, lambda: len(world.asked) == 3, full=True)
    left = house.json("connection", "list")["connections"][0]
    house.ok("pull", "--full")

    assert (stopped.outcome, stopped.counted.deleted, left["items"]) == ("stopped", 2, 98)
    assert world.asked == [there, *gone]
    assert house.json("connection", "list")["connections"][0]["items"] == 97
    assert left["last_run"]["deleted"] == 2


def test_a_wait_ends_when_the_pull_is_asked_to_stop(house: House) -> None:
    """And it is no failure: the source was only patient with us."""
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url)
        patience = Fault("too many requests", address=r"/publications\?", retry_after="250")
        server.faults.append(patience)

        (stopped,) = pull(house, lambda: patience.times == 0)

    assert (stopped.outcome, stopped.why) == ("stopped", STOPPED)
    row = house.json("connection", "list")["connections"][0]
    assert (row["failures"], row["rest"], row["alarm"], row["people"] > 0) == (0, None, None, True)


def test_ctrl_c_ends_all_steps(house: House) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(Fault("slow", address=r"/publications\?.*after-id=5003", seconds=0.5))
        process = start(house, "sync")
        while not any(fault.times == 0 for fault in server.faults):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, STOPPED in out, "scored" in out) == (3, True, False)
    assert err == "ending after the page in hand; Ctrl-C again ends at once\n"
    row = house.json("connection", "list")["connections"][0]
    assert (row["unfinished"], row["last_run"]["outcome"]) == (True, "stopped")


def test_a_second_ctrl_c_ends_at_once_and_the_first_is_forgotten_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with say.stoppable() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path) as library:
        yield library


def test_a_push_that_is_asked_to_stop_ends_with_the_request_in_hand(library: Library) -> None:
    """What came of that is read by the next one."""
    settings = load(library.house.file)
    home = steps.open_house(settings)
    try:
        (report,) = push.push(
            home,
            settings,
            ["library"],
            attended=True,
            dry_run=False,
            clock=store.now,
            told=lambda *_: None,
            stop=lambda: len(library.server.writes) == 1,
        )
    finally:
        home.engine.dispose()

    assert (report.outcome, report.counts["failed"], len(library.server.writes)) == ("stopped", 0, 1)
    rest = library.push()
    assert (rest["written"] + rest["equal"], len(library.server.writes), library.stands()["pushed"]["in_doubt"]) == (
        2,
        2,
        0,
    )
