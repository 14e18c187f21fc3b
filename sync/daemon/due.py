"""When a connection is to be read: arithmetic over what the store remembers of its runs, and nothing else.

A run is as old as the store says when it is first seen here; from then on its age is counted by a clock that nobody
sets. So clocks that are put right, forward or back, neither hurry nor delay anything, and restarts skip nothing.
"""

import time
from collections.abc import Callable, Collection, Hashable
from datetime import UTC, timedelta
from functools import lru_cache
from itertools import takewhile
from random import Random
from typing import Literal

from apscheduler.triggers.cron import CronTrigger

from config.schedule import Schedule
from config.settings import Connection
from sync import store
from sync.store import Lately, PastRun

Due = Literal["changes", "everything"]

SECOND = 1_000_000  # microseconds
DAY = 86_400.0  # seconds, as all below
JITTER = 0.05  # of the interval
MOST_JITTER = 300.0
SKEW = 60.0  # how far ahead of our clock a time may lie and still be believed
UNREAD_WAIT = 900.0  # between attempts to read what a restored store awaits
SECOND_LOOK = 20 * 3600.0  # at what was held back: people had most of a day to decide, and no badge has hidden yet
FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0  # between runs that ended with their process
IN_A_ROW = 3  # full listings that failed, after which changes are asked for once


def steady() -> float:
    """Seconds of a clock that nobody sets and that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Ages:
    """How long ago things were, for one process. `now` is the store's clock, in microseconds."""

    def __init__(self, now: Callable[[], int], steady: Callable[[], float] = steady) -> None:
        self._now, self._steady = now, steady
        self._seen: dict[str, tuple[Hashable, float]] = {}  # by what it is about: which one, and when it was, steadily

    def of(self, about: str, which: Hashable, at: int) -> float:
        """Seconds since `at`; endless where that has yet to come, for then a clock was wrong and tells nothing."""
        if about not in self._seen or self._seen[about][0] != which:
            ago = (self._now() - at) / SECOND
            self._seen[about] = which, -float("inf") if ago < -SKEW else self._steady() - max(ago, 0.0)
        return self._steady() - self._seen[about][1]

    def known(self, about: str) -> float:
        """Seconds since it was asked for the first time."""
        return self.of(f"{about}, known", 0, self._now())


def due(connection: Connection, lately: Lately, ages: Ages, *, now: int, seed: str) -> Due | None:
    """What to ask a connection for now, if anything. Of two that are due, everything contains the changes.

    Where `pull` has the times of a crontab line and `full` an interval, full listings keep to those times too."""
    if not lately.active or lately.rests:
        return None
    if lately.pulls and _age(ages, f"{connection.name} ended", lately.pulls[0]) < _wait(lately.pulls):
        return None
    changes = _changes(connection, lately, ages, now, seed)
    may = changes or lately.unread or not (connection.pull.cron and connection.full.every)
    if may and _full(connection, lately, ages, now, seed):
        return "everything"
    return "changes" if changes else None


def due_after(schedule: Schedule, age: float | None, *, now: int, late: float = 0.0) -> bool:
    """Whether a schedule asks for something again that was done `age` seconds ago, None for never; `late` are the
    seconds by which it is put off."""
    if schedule.every:
        return age is None or age >= schedule.every.total_seconds() + late
    if not schedule.cron or age is None:
        return False
    if age == float("inf"):
        return True
    moment = store.moment(now)
    time_ = _crontab(schedule.cron).get_next_fire_time(None, moment - timedelta(seconds=age))
    return time_ is not None and time_ + timedelta(seconds=late) <= moment


def jitter(schedule: Schedule, *, seed: str, now: int) -> float:
    """Seconds by which to be late, a share of the interval, so that many houses do not come at the same second; the
    same for the same seed."""
    length = schedule.every or timedelta()
    if schedule.cron:
        first = _crontab(schedule.cron).get_next_fire_time(None, store.moment(now))
        second = first and _crontab(schedule.cron).get_next_fire_time(first, first)
        length = second - first if first and second else length
    return Random(seed).uniform(0.0, min(length.total_seconds() * JITTER, MOST_JITTER))  # noqa: S311 - no secret


def _changes(connection: Connection, lately: Lately, ages: Ages, now: int, seed: str) -> bool:
    """What did not come to its end goes on, or is tried again, without waiting for its next time."""
    if lately.pulls and lately.pulls[0].outcome in ("running", "stopped", "failed"):
        return connection.pull.text != "manual"
    last = lately.pulls[0] if lately.pulls else None
    return _due(connection.pull, f"{connection.name} pull", last, ages, now, seed)


def _full(connection: Connection, lately: Lately, ages: Ages, now: int, seed: str) -> bool:
    """Whether a full listing is due. One that failed is, until several in a row did; one whose listing the source did
    not bring to an end waits for a day; one that held something back is followed by a second look."""
    if lately.unread:
        return not lately.pulls or _age(ages, f"{connection.name} ended", lately.pulls[0]) >= UNREAD_WAIT
    about = f"{connection.name} full"
    if not (_doubted(connection, lately, about, ages) or _due(connection.full, about, lately.full, ages, now, seed)):
        return False
    tried = next((run for run in lately.pulls if run.full), None)
    if tried is not None and tried.outcome == "incomplete":
        pause = min(DAY, connection.full.every.total_seconds() if connection.full.every else DAY)
        return _age(ages, f"{connection.name} tried", tried) >= pause
    in_vain = sum(1 for _ in takewhile(lambda run: run.full and run.outcome == "failed", lately.pulls))
    return in_vain < IN_A_ROW or connection.pull.text == "manual"


def _doubted(connection: Connection, lately: Lately, about: str, ages: Ages) -> bool:
    """Whether it is time for a second look at what the last full listing has held back."""
    full = lately.full if lately.doubted and connection.full.text != "manual" else None
    return full is not None and _age(ages, about, full) >= SECOND_LOOK


def _due(schedule: Schedule, about: str, last: PastRun | None, ages: Ages, now: int, seed: str) -> bool:
    """An interval counts from the end of the last run; the times of a crontab line are looked for since it began, or
    since we know of it."""
    if last is None:
        return due_after(schedule, ages.known(about) if schedule.cron else None, now=now)
    age = ages.of(f"{about}, began", last.id, last.began_at) if schedule.cron else _age(ages, about, last)
    return due_after(schedule, age, now=now, late=jitter(schedule, seed=f"{seed} {about} {last.id}", now=now))


def _age(ages: Ages, about: str, run: PastRun) -> float:
    return ages.of(about, (run.id, run.ended_at), run.ended_at or run.began_at)


def _wait(pulls: Collection[PastRun]) -> float:
    """How long to leave a connection alone whose pulls ended with their process several times in a row: the first goes
    on at once, but what brings the process down each time must not keep it from everything else."""
    count = sum(1 for _ in takewhile(lambda run: run.outcome in ("running", "stopped"), pulls))
    return 0.0 if count < 2 else min(FIRST_WAIT * 2 ** (count - 2), LONGEST_WAIT)


@lru_cache(maxsize=100)
def _crontab(line: str) -> CronTrigger:
    return CronTrigger.from_crontab(line, timezone=UTC)
