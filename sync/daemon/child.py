"""`ringmark serve` beside the daemon: started, started again when it dies, and gone with the daemon however that ends.

The child reads from a pipe whose other end only the daemon has, and ends when that closes: the kernel closes it also
for a process that was killed."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0  # seconds before it is started again; doubled each time
SETTLED = 60.0  # seconds after which it counts as running well
LAST = 10.0  # seconds that it has to end

log = logging.getLogger(__name__)


class Child:
    """One `ringmark serve` of a settings file. Its output goes where ours goes."""

    def __init__(self, file: Path) -> None:
        self._command = [sys.executable, "-P", "-c", "from sync.daemon.child import main; main()"]
        self._command += ["--config", str(file), "serve"]
        self._process: subprocess.Popen[bytes] | None = None
        self._delay, self._started, self._next = FIRST_DELAY, 0.0, 0.0

    def look(self) -> None:
        """Start it where it does not run and its time has come."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            settled = now - self._started > SETTLED
            self._later(
                now, FIRST_DELAY if settled else self._delay, f"serve has ended with {self._process.returncode}"
            )
            self._forget()
        if self._process is None and now >= self._next:
            try:
                self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - ourselves
            except OSError as error:
                self._later(now, self._delay, f"serve could not be started: {error.strerror}")
                return
            self._started = now
            log.info("serve started", extra={"pid": self._process.pid})

    def restart(self) -> None:
        """Start it anew, with the settings of now."""
        self.end()
        self._delay, self._next = FIRST_DELAY, 0.0
        self.look()

    def end(self) -> None:
        """End it: requests in hand are finished."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(LAST)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._forget()

    def _later(self, now: float, delay: float, why: str) -> None:
        self._next, self._delay = now + delay, min(delay * 2, LONGEST_DELAY)
        log.warning(why, extra={"again_in": delay})

    def _forget(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None


def main() -> None:
    """What the child runs: a verb, which ends when standard input does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from sync.cli import main as verb

    verb()


def _end_with_parent() -> None:
    while os.read(0, 1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)
