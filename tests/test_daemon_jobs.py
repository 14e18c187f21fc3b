"""Jobs apart from each other, and when they look, without a process around them."""

import logging
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import stores
from conftest import House
from sqlalchemy import text

from config.load import load
from connectors.errors import TryLater
from sync import store
from sync.daemon import jobs as jobs_
from sync.daemon import timetable as timetable_
from sync.daemon.ending import Ending
from sync.daemon.jobs import Jobs
from sync.daemon.lease import Keeper
from sync.daemon.timetable import Timetable
from sync.daemon.work import Work
from sync.store import Store, StoreError

HOUR = 3600.0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Store]:
    opened = store.open_store(stores.url(tmp_path), key_file=tmp_path / "key")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def keeper(home: Store) -> Iterator[Keeper]:
    held = Keeper(home, store.now)
    yield held
    held.close()


@pytest.fixture
def ending() -> Ending:
    return Ending()


@pytest.fixture
def jobs(keeper: Keeper, ending: Ending) -> Jobs:
    return Jobs(keeper, ending)


@pytest.mark.parametrize("error", [TryLater("no answer"), StoreError("locked"), ZeroDivisionError("A title")])
def test_a_job_that_fails_waits_ever_longer_and_the_others_go_on(
    jobs: Jobs, ending: Ending, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    now, done = 0.0, list[float]()
    monkeypatch.setattr(jobs_, "steady", lambda: now)

    def act() -> None:
        done.append(now)
        raise error

    while now < 2 * HOUR:
        jobs.do("bad", act, longest=HOUR)
        now += 1.0
    others: list[str] = []
    jobs.do("good", lambda: others.append("done"), longest=HOUR)

    gaps = [later - earlier for earlier, later in pairwise(done)]
    assert gaps[:4] == [30, 60, 120, 240]
    assert set(gaps[5:]) == {900}
    assert (others, jobs.any(), ending.begun) == (["done"], False, False)
    assert "A title" not in str([record.__dict__ for record in caplog.records])

    now += HOUR
    jobs.do("bad", lambda: jobs.went("bad", well=True), longest=HOUR)
    assert not jobs.failed("bad")


def test_a_store_that_cannot_be_written_to_ends_the_daemon_with_1(home: Store, jobs: Jobs, ending: Ending) -> None:
    with home.write() as db:
        db.execute(text("ALTER TABLE lease RENAME TO away"))

    def act() -> None:
        raise StoreError("the disk is full")

    jobs.do("pull x", act, longest=HOUR)
    with home.write() as db:
        db.execute(text("ALTER TABLE away RENAME TO lease"))

    assert (ending.begun, ending.code) == (True, 1)
    others: list[str] = []
    jobs.do("good", lambda: others.append("done"), longest=HOUR)
    assert others == [], "nothing begins any more"


def test_a_job_that_hangs_is_overdue_and_only_then(jobs: Jobs) -> None:
    found: list[tuple[bool, list[str], list[str]]] = []
    for longest in (HOUR, -1.0):
        jobs.do("pull x", lambda: found.append((jobs.any(), jobs.busy(), jobs.overdue())), longest=longest)

    assert found == [(True, [], []), (True, [], ["pull x"])]
    assert not jobs.any()


@pytest.mark.parametrize("by", [-365 * 24 * HOUR, -HOUR, HOUR, 365 * 24 * HOUR])
def test_when_the_clock_is_set_every_job_looks_and_goes_on_looking(
    home: Store,
    jobs: Jobs,
    ending: Ending,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    by: float,
) -> None:
    """The day until the next `tidy` counts on the clock that was set."""
    caplog.set_level(logging.INFO)
    timetable = Timetable(Work(home, load(house.write("").file), jobs, seed=""))

    def tidied(times: int) -> bool:
        return [record.message for record in caplog.records].count("tidied") == times

    timetable.start(load(house.file))
    try:
        _wait(lambda: tidied(1))
        assert timetable.watch()
        assert tidied(1)
        real = timetable_.steady
        monkeypatch.setattr(timetable_, "steady", lambda: real() - by)
        timetable.watch()
        _wait(lambda: tidied(2))
        assert timetable.watch()
    finally:
        ending.ask()
        timetable.stop()
        _wait(lambda: not jobs.any())
    assert tidied(2)


def _wait(condition: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < 60
        time.sleep(0.01)
