"""Jobs, each by itself: whatever goes wrong in one of them is said, and ends neither the others nor the daemon. Only a
store that cannot be used does."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb

from config.errors import SettingsError
from connectors.errors import ConnectorError
from sync.daemon.due import steady
from sync.daemon.ending import Ending
from sync.daemon.lease import Keeper
from sync.store import StoreError

log = logging.getLogger(__name__)

LOOK = 0.5  # seconds that it takes to see that there is nothing to do, at most
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0  # seconds before what could not be done is tried again


class Jobs:
    """What runs, what went wrong, and when that is tried again."""

    def __init__(self, keeper: Keeper, ending: Ending) -> None:
        self._keeper, self._ending = keeper, ending
        self._running: dict[str, tuple[float, float]] = {}  # by job: since when, and how long it may take
        self._waits: dict[str, tuple[int, float]] = {}  # by job: how often it failed in a row, until when it waits

    def stop(self) -> bool:
        """Whether to end at the next place where nothing is lost."""
        return self._ending.begun or not self._keeper.held

    def do(self, job: str, act: Callable[[], None], *, longest: float, asked: bool = False) -> None:
        """Do a job that may take so many seconds, unless it has to wait; one that somebody `asked` for has not."""
        if self.stop() or (not asked and steady() < self._waits.get(job, (0, 0.0))[1]):
            return
        self._running[job] = time.monotonic(), longest
        try:
            act()
        except StoreError as error:
            self._failed(job, str(error))
            self._need_store()
        except (SettingsError, ConnectorError) as error:
            self._failed(job, str(error))
        except Exception as error:  # a mistake of ours in one job must not end the others; its words may hold titles
            at = extract_tb(error.__traceback__)[-1]
            self._failed(job, f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}; please report it")
        finally:
            del self._running[job]

    def went(self, job: str, *, well: bool) -> None:
        """Let a job that did not go well wait, each time longer."""
        if well:
            self._waits.pop(job, None)
            return
        failed, _ = self._waits.get(job, (0, 0.0))
        self._waits[job] = failed + 1, steady() + min(FIRST_WAIT * 2 ** min(failed, 10), LONGEST_WAIT)

    def failed(self, job: str) -> bool:
        """Whether a job did not go well the last time."""
        return job in self._waits

    def any(self) -> bool:
        """Whether anything runs."""
        return bool(self._running)

    def busy(self) -> list[str]:
        """The jobs that do more than look."""
        now = time.monotonic()
        return sorted(job for job, (since, _) in self._running.copy().items() if now - since > LOOK)

    def overdue(self) -> list[str]:
        """The jobs that run for longer than they may take."""
        now = time.monotonic()
        return [job for job, (since, longest) in self._running.copy().items() if now - since > longest]

    def _failed(self, job: str, why: str) -> None:
        log.error("a job failed", extra={"job": job, "why": why})
        self.went(job, well=False)

    def _need_store(self) -> None:
        """End where the store cannot be written to at all."""
        try:
            self._keeper.renew()
        except StoreError as error:
            self._ending.fail(str(error))
