"""A running daemon, from the side of who watches it."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import daemon_child
from conftest import PASSWORD, House
from interleaving_process import CONTEXT, prepare

T = TypeVar("T")

LIMIT = 100.0  # seconds after which what was waited for will not come
SERVE = '[serve]\nlisten = "127.0.0.1:0"\noperations = "127.0.0.1:0"\n'


class Daemon:
    """`ringmark daemon` of a house, as a process of its own."""

    def __init__(self, house: House, *words: str, quick: Mapping[str, Any] | None = None, **environment: str):
        prepare()
        self.said = house.folder / f"said.{time.monotonic_ns()}"
        self.said.touch()
        command = ["--config", str(house.file), "daemon", *words]
        given = (command, self.said, environment, quick or {})
        self._process = CONTEXT.Process(target=daemon_child.run, args=given, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process.pid
        return self._process.pid

    @property
    def text(self) -> str:
        """All that it has said."""
        return self.said.read_text()

    def lines(self, what: str = "", **facts: object) -> list[dict[str, Any]]:
        """The lines of its log, those that say `what` and these facts."""
        told = [json.loads(line) for line in self.text.splitlines() if line.startswith("{") and line.endswith("}")]
        return [each for each in told if what in ("", each["what"]) and facts.items() <= each.items()]

    def says(self, what: str, count: int = 1, **facts: object) -> dict[str, Any]:
        """Wait until it has said something so many times; the last of them."""
        return until(lambda: (self.lines(what, **facts)[count - 1 :] or [None])[0], self)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def ended(self) -> int:
        """Wait for its end; the exit code, negative for a signal."""
        self._process.join(LIMIT)
        assert self._process.exitcode is not None, f"it did not end: {self.text}"
        assert PASSWORD not in self.text
        assert "Traceback" not in self.text
        return self._process.exitcode

    def end(self) -> int:
        """Ask it to end; the exit code."""
        self.signal(signal.SIGTERM)
        return self.ended()

    def kill(self) -> None:
        """As kill -9 does, where it still is."""
        self._process.kill()
        self._process.join()


@contextmanager
def daemon(house: House, *words: str, quick: Mapping[str, Any] | None = None, **environment: str) -> Iterator[Daemon]:
    """A daemon that must end well when it is asked to at the end of the block, where it still runs."""
    running = Daemon(house, *words, quick=quick, **environment)
    try:
        yield running
        if running._process.exitcode is None:
            assert running.end() == 0, running.text
    finally:
        running.kill()


def until(condition: Callable[[], T], running: Daemon) -> T:
    """Wait until something is so; what it is."""
    begun = time.monotonic()
    while not (found := condition()):
        assert time.monotonic() - begun < LIMIT, f"that never came; it said {running.text}"
        time.sleep(0.02)
    return found
