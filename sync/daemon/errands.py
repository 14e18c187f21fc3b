"""What somebody asked for out of its turn: looked for every second, and given to the job that does such things anyway.

So a pull that was asked for and one that is due are never at work at once, and both keep to the same turns and lease.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from traceback import extract_tb

from config.errors import SettingsError
from config.settings import Settings
from connectors.errors import ConnectorError
from sync import push, steps, store
from sync.store import Store, StoreError
from sync.store.errands import Errand, Verb

log = logging.getLogger(__name__)

GRACE = 15_000_000  # microseconds in which a connection that was just written to the settings is taken up
OFTEN = 3  # times that the process may end under an errand before it is left
DIED = f"the process ended under it {OFTEN} times; look at the log of the daemon, then ask again"

_JOBS: dict[Verb, str] = {  # what is asked for, and the job that does it
    "pull": "pull",
    "full": "pull",
    "push": "push",
    "withdraw": "push",
    "check": "check",
    "score": "score",
}


class Task:
    """An errand in hand; one of nobody where the job looks by itself, whose end nobody waits for."""

    def __init__(self, house: Store, errand: Errand | None) -> None:
        self._house, self.errand = house, errand

    @property
    def verb(self) -> Verb | None:
        """What was asked for; None where nothing was."""
        return self.errand.verb if self.errand else None

    def ended(self, outcome: str, **told: object) -> None:
        """How it ended; what had to stop before its end waits for the next daemon."""
        if self.errand is None:
            return
        with self._house.write() as db:
            if outcome == "stopped":
                store.errands.put_back(db, self.errand.id)
            else:
                store.errands.end(db, self.errand.id, outcome, now=store.now(), **told)
        log.info("errand", extra={"errand": self.errand.id, "verb": self.errand.verb, "outcome": outcome})


class Errands:
    """What waits, by the job that is to do it. `wake` lets a job look at once."""

    def __init__(self, house: Store) -> None:
        self._house = house
        self._lock = Lock()
        self._waiting: dict[str, Errand] = {}  # the oldest of each job
        self._in_hand: set[int] = set()

    def look(self, settings: Settings, wake: Callable[[str], None]) -> None:
        """See what waits, and let those who can do it know."""
        with self._house.read() as db:
            found = store.errands.next_(db)
        if not found and not self._waiting:
            return
        waiting: dict[str, Errand] = {}
        for errand in found:
            job = _job(errand)
            if reason := _impossible(settings, errand):
                self._leave(errand, reason)
            elif errand.id not in self._in_hand and _known(settings, errand):
                waiting.setdefault(job, errand)
        with self._lock:
            self._waiting = waiting
        for job in waiting:
            wake(job)

    def waits(self, job: str) -> bool:
        """Whether something was asked of a job."""
        return job in self._waiting

    @contextmanager
    def at_work(self, job: str) -> Iterator[Task]:
        """What was asked of a job, until its end. What goes wrong meanwhile ends the errand too."""
        errand = self._take(job)
        task = Task(self._house, errand)
        try:
            yield task
        except (SettingsError, ConnectorError) as error:
            task.ended("failed", why=str(error))
            raise
        except StoreError:
            raise  # it is begun again when the store can be used
        except Exception as error:  # its words may hold titles
            at = extract_tb(error.__traceback__)[-1]
            task.ended("failed", why=f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}")
            raise
        finally:
            if errand:
                self._in_hand.discard(errand.id)

    def _take(self, job: str) -> Errand | None:
        with self._lock:
            errand = self._waiting.pop(job, None)
            if errand is None:
                return None
            self._in_hand.add(errand.id)
        times = 0
        try:
            with self._house.write() as db:
                times = store.errands.begin(db, errand.id, now=store.now())
                if times > OFTEN:
                    store.errands.end(db, errand.id, "failed", now=store.now(), why=DIED)
        finally:
            if not 0 < times <= OFTEN:  # it was done since it was seen, is not to be tried any more, or cannot be noted
                self._in_hand.discard(errand.id)
        return errand if 0 < times <= OFTEN else None

    def _leave(self, errand: Errand, why: str) -> None:
        with self._house.write() as db:
            store.errands.end(db, errand.id, "failed", now=store.now(), why=why)
        log.warning("errand left", extra={"errand": errand.id, "verb": errand.verb, "why": why})


def _job(errand: Errand) -> str:
    return f"{_JOBS[errand.verb]} {errand.subject}".strip()


def _known(settings: Settings, errand: Errand) -> bool:
    return errand.verb == "score" or errand.subject in settings.connections


def _impossible(settings: Settings, errand: Errand) -> str:
    """Why nobody can do it by these settings; empty where somebody can, or may soon."""
    if not _known(settings, errand):
        lately = abs(store.now() - errand.asked_at) < GRACE
        return "" if lately else f"{errand.subject}: no longer in {settings.file.name}"
    can = {"pull": steps.readable, "push": push.names}.get(_JOBS[errand.verb])
    if can and errand.subject not in can(settings):
        kind = settings.connections[errand.subject].kind
        return f"{errand.subject}: a {kind} connection is not {'read' if can is steps.readable else 'written to'}"
    return ""
