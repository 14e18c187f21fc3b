"""What the daemon does: the steps, one connection at a time, where they are due."""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict

from config.settings import Settings
from sync import alarms, push, steps, store, watch
from sync.daemon import asked
from sync.daemon.due import Ages, due
from sync.daemon.errands import Errands, Task
from sync.daemon.jobs import Jobs
from sync.daemon.logs import since, step
from sync.daemon.targets import Targets
from sync.store import Store

log = logging.getLogger(__name__)

HOUR = 3600.0
SCORE_LONGEST = 6 * HOUR
SLACK = HOUR  # beyond the deadline of a connection, for what is done here with what it told


class Work:
    """The steps. `settings` are those of now; `wake` lets a job, or the jobs of a kind, look at once."""

    def __init__(self, house: Store, settings: Settings, jobs: Jobs, *, seed: str) -> None:
        self.house, self.settings, self.jobs = house, settings, jobs
        self.wake: Callable[[str], None] = lambda _: None
        self._seed = seed
        self._ages = Ages(store.now)
        self._targets = Targets(house)
        self._errands = Errands(house)
        self._unread: set[str] = set()

    def look_for_errands(self) -> None:
        """See what somebody asked for."""
        self.jobs.do("errands", lambda: self._errands.look(self.settings, self.wake), longest=HOUR)

    def pull(self, name: str) -> None:
        """Read a connection, where that is due or was asked for."""
        self._do_at("pull", name, self._pull)

    def push(self, name: str) -> None:
        """Withdraw from a connection, and write to it, where anything is due or that was asked for."""
        self._do_at("push", name, self._push)

    def check(self, name: str) -> None:
        """Ask a connection whether it will do, where that was asked for."""
        self._do_at("check", name, self._check)

    def score(self) -> None:
        """Score what has changed, or whose time has come, and publish it."""
        waits = self._errands.waits("score")
        self.jobs.do("score", lambda: self._score(self.settings), longest=SCORE_LONGEST, asked=waits)

    def tidy(self) -> None:
        """What the store needs once a day."""
        self.jobs.do("tidy", self._tidy, longest=HOUR)

    def alarms(self) -> None:
        """Tell somebody what they should look at."""
        self.jobs.do("alarms", self._alarms, longest=HOUR)

    def watch(self) -> None:
        """Write to readers who watch something."""
        self.jobs.do("watch", lambda: self._watch(self.settings), longest=HOUR)

    def _do_at(self, kind: str, name: str, act: Callable[[str, Settings, Task], None]) -> None:
        """Do a job of one connection, and what was asked of it."""
        job, settings = f"{kind} {name}", self.settings
        if name not in settings.connections:
            return

        def work() -> None:
            with self._errands.at_work(job) as task:
                act(name, settings, task)

        self.jobs.do(job, work, longest=self._longest(name), asked=self._errands.waits(job))

    def _longest(self, name: str) -> float:
        return self.settings.connections[name].deadline.total_seconds() + SLACK

    def _stop(self, name: str) -> Callable[[], bool]:
        return lambda: self.jobs.stop() or name not in self.settings.connections

    def _pull(self, name: str, settings: Settings, task: Task) -> None:
        lately = store.lately(self.house, name, now=store.now())
        wanted = lately and due(settings.connections[name], lately, self._ages, now=store.now(), seed=self._seed)
        if task.verb:
            wanted = "everything" if task.verb == "full" else "changes"
        if not wanted:
            return
        began = time.monotonic()
        (result,) = steps.pull(
            self.house,
            settings,
            [name],
            full=wanted == "everything",
            clock=store.now,
            progress=lambda *_: None,
            stop=self._stop(name),
        )
        counted = result.counted
        told = {"seen": counted.seen, "changed": counted.changed, "gone": counted.deleted, "set_aside": counted.aside}
        step("pulled", name, result.outcome, result.why, {"asked": wanted, **told}, began)
        self.jobs.went(f"pull {name}", well=result.run > 0 or result.outcome == "stopped")
        task.ended(result.outcome, run=result.run, why=result.why, **counted.counts())
        self.wake("score")

    def _score(self, settings: Settings) -> None:
        with self._errands.at_work("score") as task:
            self._score_for(settings, task)

    def _score_for(self, settings: Settings, task: Task) -> None:
        unread = set() if task.verb or store.ever_scored(self.house) else self._not_read(settings)
        if unread and not self._unread:
            log.info("the first score waits until every source was read", extra={"sources": sorted(unread)})
        self._unread = unread
        if unread:
            return
        began = time.monotonic()
        done = steps.score(self.house, settings, full=False, clock=store.now, progress=lambda *_: None)
        if done.outputs:
            told = {"outputs": done.outputs, "changed": done.changed, "badges": done.badges}
            log.info("scored", extra={**told, "seconds": since(began)})
            self.wake("push")
        task.ended("done", outputs=done.outputs, changed=done.changed, badges=done.badges)

    def _not_read(self, settings: Settings) -> set[str]:
        """The sources that have not had their turn yet: the very first scores would show what they may close."""
        unread = set()
        for name in steps.readable(settings):
            asked, lately = settings.connections[name], store.lately(self.house, name, now=store.now())
            if lately is None or not lately.active or asked.pull.text == asked.full.text == "manual":
                continue
            tried = any(run.outcome not in ("running", "stopped") for run in lately.pulls)
            if not tried and not self.jobs.failed(f"pull {name}"):
                unread.add(name)
        return unread

    def _push(self, name: str, settings: Settings, task: Task) -> None:
        if task.errand and task.verb == "withdraw":
            asked.withdraw(self.house, settings, name, task, by=task.errand.by, stop=self._stop(name))
            return
        stands = self._targets.stands(settings, name)
        if not (task.verb or self._targets.due(name, stands)):
            return
        began = time.monotonic()
        (report,) = push.push(
            self.house,
            settings,
            [name],
            attended=False,
            dry_run=False,
            clock=store.now,
            told=lambda *_: None,
            stop=self._stop(name),
        )
        counts = {what: count for what, count in report.counts.items() if count}
        step("pushed", name, report.outcome, report.why, counts, began)
        self.jobs.went(f"push {name}", well=report.outcome not in ("failed", "incomplete"))
        if report.outcome in ("done", "held"):
            self._targets.done(settings, name, stands)
        task.ended(report.outcome, run=report.run, why=report.why, **counts)

    def _check(self, name: str, settings: Settings, task: Task) -> None:
        if task.verb:
            asked.check(self.house, settings, name, task, stop=self._stop(name))

    def _tidy(self) -> None:
        began = time.monotonic()
        dropped = store.tidy(self.house, now=store.now())
        log.info("tidied", extra={"runs_dropped": dropped, "seconds": since(began)})

    def _alarms(self) -> None:
        found = alarms.look(self.house, self.settings, clock=store.now)
        for way, sent in found.sent.items():
            log.info("alarms told", extra={"way": way, "alarms": sent.alarms, "arrived": sent.arrived})

    def _watch(self, settings: Settings) -> None:
        done = watch.send(self.house, settings, clock=store.now, stop=self.jobs.stop)
        if done != watch.Sent():
            log.log(logging.WARNING if done.why else logging.INFO, "readers written to", extra=asdict(done))
        self.jobs.went("watch", well=not done.why)
