"""When a connection is due: arithmetic, under clocks that are set, machines that sleep, and sources that fail."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.schedule import Schedule
from config.settings import Connection
from sync.daemon.due import Ages, Due, due, due_after, jitter
from sync.daemon.timetable import Every
from sync.store import Lately, Outcome, PastRun

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
YEAR = 365 * DAY


class World:
    """A connection, what the store knows of its runs, and two clocks: one on the wall, which is set, and one that
    nobody sets."""

    def __init__(self, pull: str = "3h", full: str = "30d", at: datetime = NOON) -> None:
        self.connection = Connection(name="x", kind="files", path="x", pull=pull, full=full)  # type: ignore[arg-type]
        self.wall, self.steady = at.timestamp(), 1000.0
        self.pulls: list[PastRun] = []
        self.more: dict[str, Any] = {}
        self.start()

    def start(self) -> None:
        """The daemon begins anew, and remembers nothing."""
        self.ages = Ages(self.now, lambda: self.steady)

    def now(self) -> int:
        return round(self.wall * 1e6)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds

    def set(self, seconds: float) -> None:
        """Somebody sets the clock on the wall."""
        self.wall += seconds

    def ran(self, outcome: Outcome = "done", *, full: bool = False, took: float = 0.0) -> None:
        began = self.now()
        self.passes(took)
        ended = 0 if outcome == "running" else self.now()
        run = PastRun(id=len(self.pulls) + 1, full=full, began_at=began, ended_at=ended, outcome=outcome)
        self.pulls.insert(0, run)

    def due(self) -> Due | None:
        full = next((run for run in self.pulls if run.full and run.outcome in ("done", "held")), None)
        lately = Lately(**{"active": True, "pulls": tuple(self.pulls[:12]), "full": full, **self.more})
        return due(self.connection, lately, self.ages, now=self.now(), seed="house")

    def waits(self, most: float = 40 * DAY, step: float = MINUTE) -> float:
        """Seconds until something is due."""
        for passed in range(int(most / step)):
            if self.due():
                return passed * step
            self.passes(step)
        return float("inf")


def test_what_was_never_read_is_read_in_full_at_once() -> None:
    assert World().due() == "everything"
    assert World(full="manual").due() == "changes"
    assert World(pull="manual", full="manual").due() is None


def test_a_listing_that_held_something_back_gets_a_second_look_before_its_badges_hide() -> None:
    world = World(pull="manual")
    world.ran("held", full=True)
    world.more = {"doubted": True}

    assert world.waits() == 20 * HOUR
    world.ran("held", full=True)
    world.more = {"doubted": False}
    assert 30 * DAY <= world.waits() < 31 * DAY

    by_hand = World(full="manual")
    by_hand.ran("held", full=True)
    by_hand.more = {"doubted": True}
    assert by_hand.waits() == pytest.approx(3 * HOUR, abs=10 * MINUTE)  # for the changes, as ever
    assert by_hand.due() == "changes"


def test_an_interval_counts_from_the_end_of_the_last_run_and_a_restart_changes_nothing() -> None:
    world = World()
    world.ran(full=True, took=HOUR)
    world.passes(2 * HOUR)
    world.start()

    assert 1 * HOUR <= world.waits() <= 1 * HOUR + 10 * MINUTE
    assert world.due() == "changes"


def test_a_full_listing_counts_for_both_when_both_are_due() -> None:
    world = World()
    world.ran(full=True)
    world.passes(40 * DAY)
    world.ran()
    world.passes(4 * HOUR)

    assert world.due() == "everything"


def test_a_machine_that_slept_for_days_runs_once() -> None:
    world = World(pull="1h", full="manual")
    world.ran()
    world.passes(2 * DAY)
    assert world.due() == "changes"
    world.ran()

    assert world.due() is None


@settings(deadline=None)
@given(st.floats(-YEAR, YEAR), st.floats(0, 2.9 * HOUR), st.booleans())
def test_a_clock_that_is_set_neither_hurries_nor_delays(jump: float, before: float, restart: bool) -> None:
    """After a restart the store's times are all there is: a clock that was wrong may cost one run, or a delay of one
    interval."""
    world = World(full="manual")
    world.ran()
    assert world.due() is None
    world.passes(before)
    world.set(jump)
    if restart:
        world.start()

    waited = world.waits(most=8 * HOUR)
    if not restart:
        assert 3 * HOUR - MINUTE <= before + waited <= 3 * HOUR + 10 * MINUTE
    assert waited <= 3 * HOUR + 10 * MINUTE
    world.ran()
    assert world.due() is None, "no hammering"


@pytest.mark.parametrize("schedule", ["3h", "0 3 * * *"])
def test_a_run_that_the_store_remembers_from_the_future_is_not_believed(schedule: str) -> None:
    """A daemon that is restarted every day would otherwise wait for a year."""
    world = World(schedule, schedule)
    world.ran(full=True)
    world.set(-YEAR)
    world.start()
    assert world.due() == "everything"
    world.ran(full=True)

    assert world.due() is None


def test_a_crontab_line_is_in_utc_whatever_the_time_zone_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the night of 2026-10-25 the clocks of Berlin show the hour from two to three twice; in that of 2026-03-29 they
    do not show it at all."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        for day in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)):
            world = World("30 1 * * *", "manual", day)
            world.ran(full=True)
            found = []
            for _ in range(3):
                world.waits()
                found.append(datetime.fromtimestamp(world.wall, UTC))
                world.ran()
            nights = [day.replace(hour=1, minute=30) + timedelta(days=days) for days in (1, 2, 3)]
            late = [at - night for at, night in zip(found, nights, strict=True)]
            assert timedelta() <= min(late) <= max(late) <= timedelta(minutes=5)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_times_of_a_crontab_line_that_were_missed_run_once_and_one_never_read_waits_for_its_time() -> None:
    world = World("0 3 * * *", "30d")
    assert world.due() is None
    assert 15 * HOUR <= world.waits() <= 15 * HOUR + 6 * MINUTE
    assert world.due() == "everything", "a full listing keeps to the times of the pulls"
    world.ran(full=True, took=HOUR)

    world.passes(10 * DAY)
    assert world.due() == "changes"
    world.ran()
    assert world.due() is None


@pytest.mark.parametrize("ahead", [HOUR, YEAR])
def test_a_crontab_line_is_kept_after_the_clock_was_set_back(ahead: float) -> None:
    world = World("0 3 * * *", "manual")
    world.ran(full=True)
    world.passes(HOUR)
    assert world.due() is None
    world.set(-ahead)

    assert world.waits() <= DAY + 6 * MINUTE


def test_jitter_is_a_share_of_the_interval_and_some_minutes_at_most() -> None:
    now = int(NOON.timestamp() * 1e6)
    late = {
        text: [jitter(Schedule.read(text), seed=str(seed), now=now) for seed in range(200)]
        for text in ("1m", "3h", "30d", "0 3 * * *", "manual")
    }

    assert max(late["1m"]) <= 3
    assert max(late["3h"]) <= 300 < max(late["3h"]) * 1.2
    assert len({round(each) for each in late["3h"]}) > 100, "houses do not come together"
    assert max(late["30d"] + late["0 3 * * *"]) <= 300
    assert set(late["manual"]) == {0.0}
    assert late["3h"][7] == jitter(Schedule.read("3h"), seed="7", now=now)


def test_a_run_that_was_stopped_goes_on_at_once_but_not_when_it_takes_the_process_down_each_time() -> None:
    world = World()
    world.ran("stopped", full=True, took=MINUTE)
    assert world.due() == "everything"
    world.ran("stopped", full=True)
    assert world.waits() == MINUTE
    world.ran("running", full=True)
    assert world.waits() == 2 * MINUTE
    for _ in range(9):
        world.ran("stopped", full=True)

    assert world.waits() == HOUR


def test_a_source_that_failed_is_tried_again_when_its_rest_is_over_not_when_its_time_comes() -> None:
    world = World("30d", "90d")
    world.ran(full=True)
    world.ran("failed")
    world.more = {"rests": True}
    assert world.waits(most=DAY) == float("inf")
    world.more = {}

    assert world.due() == "changes"
    world.more = {"active": False}
    assert world.due() is None, "paused"


def test_a_full_listing_that_fails_again_and_again_lets_changes_through() -> None:
    world = World()
    asked = []
    for _ in range(6):
        world.waits()
        asked.append(world.due())
        world.ran("failed", full=asked[-1] == "everything")

    assert asked == ["everything"] * 3 + ["changes"] + ["everything"] * 2


def test_a_listing_that_never_comes_to_its_end_is_not_asked_for_more_than_once_a_day() -> None:
    world = World()
    asked: list[tuple[float, Due | None]] = []
    while world.steady < 1000 + 2 * DAY:
        world.waits()
        asked.append((world.steady, world.due()))
        full = asked[-1][1] == "everything"
        world.ran("incomplete" if full else "done", full=full)

    full = [at for at, what in asked if what == "everything"]
    assert min(later - earlier for earlier, later in pairwise(full)) >= DAY
    assert len(asked) > 12


def test_what_a_restored_store_awaits_is_read_in_full_whatever_the_schedule_says() -> None:
    world = World("manual", "manual")
    world.ran(full=True)
    world.passes(DAY)
    world.more = {"unread": True}
    assert world.due() == "everything"
    world.ran("incomplete", full=True)

    assert 10 * MINUTE < world.waits() < HOUR


@pytest.mark.parametrize("jump", [0.0, 5.0, YEAR, 3000 * YEAR])
def test_the_trigger_counts_from_now_however_long_ago_it_was(jump: float) -> None:
    now = NOON + timedelta(seconds=jump)

    assert Every(5.0).get_next_fire_time(NOON, now) == now + timedelta(seconds=5)


def _times(line: str, at: datetime, days: int) -> Iterator[datetime]:
    """The minutes that a crontab line of plain numbers names."""
    minute, hour = (int(part) for part in line.split()[:2])
    for day in range(days):
        yield at.replace(hour=hour, minute=minute) + timedelta(days=day)


@settings(deadline=None)
@given(st.integers(0, 59), st.integers(0, 23), st.floats(0, 5 * DAY))
def test_a_daily_time_is_due_exactly_when_one_lies_between(minute: int, hour: int, age: float) -> None:
    line = f"{minute} {hour} * * *"
    times: Sequence[datetime] = list(_times(line, NOON - timedelta(days=6), 8))
    lies = any(NOON - timedelta(seconds=age) <= at <= NOON for at in times)

    assert due_after(Schedule.read(line), age, now=int(NOON.timestamp() * 1e6)) == lies
