"""What the daemon does: the steps, one connection at a time, where they are due."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict

from config.settings import Settings
from sync import alarms, push, steps, store, watch
from sync.daemon.due import Ages, due
from sync.daemon.jobs import Jobs
from sync.daemon.targets import Targets
from sync.store import Store

log = logging.getLogger(__name__)

HOUR = 3600.0
SCORE_LONGEST = 6 * HOUR
SLACK = HOUR  # beyond the deadline of a connection, for what is done here with what it told


class Work:
    """The steps. `settings` are those of now; `wake` lets the jobs of a kind look at once."""

    def __init__(self, house: Store, settings: Settings, jobs: Jobs, *, seed: str) -> None:
        self.house, self.settings, self.jobs = house, settings, jobs
        self.wake: Callable[[str], None] = lambda _: None
        self._seed = seed
        self._ages = Ages(store.now)
        self._targets = Targets(house)
        self._unread: set[str] = set()

    def pull(self, name: str) -> None:
        """Read a connection, where that is due."""
        if name in self.settings.connections:
            self.jobs.do(f"pull {name}", lambda: self._pull(name, self.settings), longest=self._longest(name))

    def push(self, name: str) -> None:
        """Withdraw from a connection, and write to it, where anything is due."""
        if name in self.settings.connections:
            self.jobs.do(f"push {name}", lambda: self._push(name, self.settings), longest=self._longest(name))

    def score(self) -> None:
        """Score what has changed, or whose time has come, and publish it."""
        self.jobs.do("score", lambda: self._score(self.settings), longest=SCORE_LONGEST)

    def tidy(self) -> None:
        """What the store needs once a day."""
        self.jobs.do("tidy", self._tidy, longest=HOUR)

    def alarms(self) -> None:
        """Tell somebody what they should look at."""
        self.jobs.do("alarms", self._alarms, longest=HOUR)

    def watch(self) -> None:
        """Write to readers who watch something."""
        self.jobs.do("watch", lambda: self._watch(self.settings), longest=HOUR)

    def _longest(self, name: str) -> float:
        return self.settings.connections[name].deadline.total_seconds() + SLACK

    def _stop(self, name: str) -> Callable[[], bool]:
        return lambda: self.jobs.stop() or name not in self.settings.connections

    def _pull(self, name: str, settings: Settings) -> None:
        lately = store.lately(self.house, name, now=store.now())
        asked = lately and due(settings.connections[name], lately, self._ages, now=store.now(), seed=self._seed)
        if not asked:
            return
        began = time.monotonic()
        (result,) = steps.pull(
            self.house,
            settings,
            [name],
            full=asked == "everything",
            clock=store.now,
            progress=lambda *_: None,
            stop=self._stop(name),
        )
        counted = result.counted
        told = {"seen": counted.seen, "changed": counted.changed, "gone": counted.deleted, "set_aside": counted.aside}
        _say("pulled", name, result.outcome, result.why, {"asked": asked, **told}, began)
        self.jobs.went(f"pull {name}", well=result.run > 0 or result.outcome == "stopped")
        self.wake("score")

    def _score(self, settings: Settings) -> None:
        unread = set() if store.ever_scored(self.house) else self._not_read(settings)
        if unread and not self._unread:
            log.info("the first score waits until every source was read", extra={"sources": sorted(unread)})
        self._unread = unread
        if unread:
            return
        began = time.monotonic()
        done = steps.score(self.house, settings, full=False, clock=store.now, progress=lambda *_: None)
        if done.outputs:
            told = {"outputs": done.outputs, "changed": done.changed, "badges": done.badges}
            log.info("scored", extra={**told, "seconds": _since(began)})
            self.wake("push")

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

    def _push(self, name: str, settings: Settings) -> None:
        stands = self._targets.stands(settings, name)
        if not self._targets.due(name, stands):
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
        _say("pushed", name, report.outcome, report.why, counts, began)
        self.jobs.went(f"push {name}", well=report.outcome not in ("failed", "incomplete"))
        if report.outcome in ("done", "held"):
            self._targets.done(settings, name, stands)

    def _tidy(self) -> None:
        began = time.monotonic()
        dropped = store.tidy(self.house, now=store.now())
        log.info("tidied", extra={"runs_dropped": dropped, "seconds": _since(began)})

    def _alarms(self) -> None:
        found = alarms.look(self.house, self.settings, clock=store.now)
        for way, sent in found.sent.items():
            log.info("alarms told", extra={"way": way, "alarms": sent.alarms, "arrived": sent.arrived})

    def _watch(self, settings: Settings) -> None:
        done = watch.send(self.house, settings, clock=store.now, stop=self.jobs.stop)
        if done != watch.Sent():
            log.log(logging.WARNING if done.why else logging.INFO, "readers written to", extra=asdict(done))
        self.jobs.went("watch", well=not done.why)


def _say(what: str, source: str, outcome: str, why: str, counts: Mapping[str, object], began: float) -> None:
    """One line for a step of one connection."""
    told = {"source": source, "outcome": outcome, **counts, "seconds": _since(began), **({"why": why} if why else {})}
    log.log(logging.INFO if outcome in ("done", "stopped") else logging.WARNING, what, extra=told)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)
