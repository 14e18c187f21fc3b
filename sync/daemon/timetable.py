"""When the jobs look: APScheduler, and what its clock cannot do by itself.

A job looks every few seconds or minutes, and whether there is something to do the store says. So nothing depends on
when a job looked last, and none looks twice at once.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.debug import DebugExecutor
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from config.settings import Settings
from sync import push, steps
from sync.daemon.due import steady
from sync.daemon.work import Work

log = logging.getLogger(__name__)

PULL_LOOKS, PUSH_LOOKS, SCORE_LOOKS, ALARM_LOOKS, WATCH_LOOKS = 5.0, 60.0, 60.0, 60.0, 30.0  # seconds
ERRAND_LOOKS = 1.0
DAY = 86_400.0
BEATS = 5.0  # seconds between signs of life of the scheduler itself
SILENT = 60.0  # seconds without one, after which it does not live
AT_ONCE = 4  # connections that are pulled, pushed to, and checked, at the same time
ALONE = ("score", "tidy", "alarms", "watch", "errands")
JUMP = 2.0  # seconds by which a clock may be put right without anybody minding


class Every(BaseTrigger):  # type: ignore[misc]
    """So many seconds after now. APScheduler's own counts from the time before, and would make up for each second by
    which a clock was put forward."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:  # noqa: ARG002
        return now + timedelta(seconds=self.seconds)


class Timetable:
    """The jobs that there are by the settings, and when they look."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._beat = time.monotonic()
        self._ahead = _ahead()
        kinds = {"pull": AT_ONCE, "push": AT_ONCE, "check": AT_ONCE, **dict.fromkeys(ALONE, 1)}
        executors = {kind: ThreadPoolExecutor(most) for kind, most in kinds.items()}
        self._scheduler = BackgroundScheduler(
            executors={**executors, "beat": DebugExecutor()},  # which runs in the scheduler's own thread
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone=UTC,
        )
        work.wake = self.wake

    def start(self, settings: Settings) -> None:
        """Begin with everything at once; what is not due waits for its time."""
        self._add("beat", self._live, BEATS)
        self._add("score", self._work.score, SCORE_LOOKS)
        self._add("tidy", self._work.tidy, DAY)
        self._add("alarms", self._work.alarms, ALARM_LOOKS)
        self._add("watch", self._work.watch, WATCH_LOOKS)
        self._add("errands", self._work.look_for_errands, ERRAND_LOOKS)
        self.arrange(settings)
        self._scheduler.start()

    def arrange(self, settings: Settings) -> None:
        """Have the jobs of these settings; those that there are already keep their time."""
        wanted: dict[str, tuple[Callable[[str], None], str, float]] = {
            **{f"pull {name}": (self._work.pull, name, PULL_LOOKS) for name in steps.pullable(settings)},
            **{f"push {name}": (self._work.push, name, PUSH_LOOKS) for name in push.names(settings)},
            **{f"check {name}": (self._work.check, name, DAY) for name in settings.connections},  # when asked to
        }
        there = {job.id for job in self._scheduler.get_jobs() if " " in job.id}
        for name in there - wanted.keys():
            self._scheduler.remove_job(name)
        for name in wanted.keys() - there:
            act, connection, seconds = wanted[name]
            self._add(name, act, seconds, connection)

    def wake(self, which: str) -> None:
        """Let a job, or the jobs of a kind, look now, where they do not already."""
        self._look(lambda job: which in (job, job.split()[0]))

    def watch(self) -> bool:
        """Whether the scheduler lives, and no job hangs. Where a clock was put right, everything looks."""
        ahead = _ahead()
        if abs(ahead - self._ahead) > JUMP:
            log.warning("the clock was set", extra={"by_seconds": round(ahead - self._ahead, 1)})
            self._look(lambda _: True)
        self._ahead = ahead
        return time.monotonic() - self._beat < SILENT and not self._work.jobs.overdue()

    def stop(self) -> None:
        """Begin nothing any more; what has begun is not waited for."""
        self._scheduler.shutdown(wait=False)

    def _add(self, name: str, act: Callable[..., None], seconds: float, *given: str) -> None:
        now = datetime.now(UTC)
        kind = name.split()[0]
        self._scheduler.add_job(act, Every(seconds), given, id=name, executor=kind, next_run_time=now)

    def _look(self, which: Callable[[str], bool]) -> None:
        for job in self._scheduler.get_jobs():
            if which(job.id):
                try:
                    job.modify(next_run_time=datetime.now(UTC))
                except JobLookupError:
                    continue  # it was taken out in this moment

    def _live(self) -> None:
        self._beat = time.monotonic()


def _ahead() -> float:
    """By how much the clock on the wall is ahead of the one that nobody sets."""
    return time.time() - steady()
