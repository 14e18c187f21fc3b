"""Commands as processes that are stopped at numbered points, from the side of the one who stops them."""

import time
from collections.abc import Collection, Sequence
from multiprocessing import forkserver, get_context
from pathlib import Path

import interleaving_child
import pytest
from conftest import PASSWORD
from interleaving_child import PLAIN, Terms

CONTEXT = get_context("forkserver")
LOADED_BEFORE = ["duckdb", "pytest", "interleaving_child", "interleaving_loaded"]
LIMIT = 100.0  # seconds of silence after which a command hangs


def prepare() -> None:
    """Start the process that has everything loaded, and of which all others are made: it has no threads."""
    CONTEXT.set_forkserver_preload(LOADED_BEFORE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        forkserver.ensure_running()


class Hangs(Exception):  # noqa: N818 - it is what the command does
    """A command that says nothing for longer than it may."""


class Process:
    """One command, running. It stops at the points of the numbers in `stops`; `points` are those it came to.

    `code` is how it ended, -9 when it was killed, and `statements` how many it made in SQL, when it lived to tell."""

    def __init__(
        self,
        config: Path,
        words: Sequence[str],
        stops: Collection[int] = (),
        without: Sequence[str] = (),
        terms: Terms = PLAIN,
    ):
        self.points: list[str] = []
        self.said = {"out": "", "err": ""}
        self.code: int | None = None
        self.statements = 0
        self._waits = False
        self._line, theirs = CONTEXT.Pipe()
        asked = (theirs, ["--config", str(config), *words], stops, without, terms)
        self._process = CONTEXT.Process(target=interleaving_child.run, args=asked, daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def ended(self) -> bool:
        """Whether nothing of it is there any more."""
        return self._line.closed

    def on(self) -> str:
        """Let it go on to where it stops next; the point, or nothing when it has ended."""
        if self._waits:
            self._line.send("on")
        self._waits = False
        while not self._waits and self.code is None:
            self._hear()
        return self.points[-1] if self._waits else ""

    def reach(self, point: str) -> None:
        """Wait until it has come to a point at which it does not stop."""
        while point not in self.points:
            self._hear()

    def say(self, beginning: str) -> str:
        """Wait until it has said something."""
        while beginning not in self.said["out"]:
            self._hear()
        return self.said["out"]

    def wait(self, limit: float = LIMIT) -> int:
        """Let it go on to whatever end; how it ended. Raises `Hangs`."""
        while self.code is None:
            if self._waits:
                self._line.send("on")
                self._waits = False
            self._hear(limit)
        code = self.code
        self.close()
        return code

    def last(self, seconds: float) -> int | None:
        """Kill it after so many seconds, unless it has ended by then; how it ended, nothing when it was killed."""
        end = time.monotonic() + seconds
        while self.code is None and self._line.poll(max(0.0, end - time.monotonic())):
            self._hear()
        self.close()
        return self.code

    def end(self) -> None:
        """Let it go on to a good end."""
        while self.on():
            pass
        assert (self.code, self.said["err"]) == (0, ""), self.said
        assert PASSWORD not in self.said["out"]
        self.close()

    def close(self) -> None:
        """Kill it where it is (SIGKILL), if it still is."""
        if self.ended:
            return
        self._process.kill()
        self._process.join()
        self._process.close()
        self._line.close()

    def _hear(self, limit: float = LIMIT) -> None:
        if not self._line.poll(limit):
            raise Hangs(f"nothing was heard for {limit:.0f} s; so far: {self.points[-1:]} {self.said}")
        try:
            told = self._line.recv()
        except EOFError:  # it died without a word
            if self.code is not None:
                raise
            self._process.join()
            self.code = self._process.exitcode
            return
        match told:
            case "at", point, waits:
                self.points.append(point)
                self._waits = waits
            case "ended", code, statements:
                self.code, self.statements = code, statements
            case name, text:
                self.said[name] += text
