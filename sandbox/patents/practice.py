"""A file of patents as the conformance suite drives it: written anew at every change.

Acts are patents, each citing one paper. The file has one patent of nobody's in it always, so that it is never empty.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.patents import JOINED as COLUMNS
from sandbox.patents import Cites, text, write
from sandbox.practised import NoOutputs
from sandbox.server import Asked

NO_REQUESTS = "a file is read without requests"
NO_PAGES = "a file has no pages"
LACKS = {
    **dict.fromkeys(("requests", "server error", "server error once", "too many requests"), NO_REQUESTS),
    **dict.fromkeys(("last page empty", "page again"), NO_PAGES),
    **dict.fromkeys(("writes", "forgets", "answer lost", "edited meanwhile"), "it takes no badges"),
    **dict.fromkeys(("tells", "notices", "refused"), "it is told of nothing"),
    **dict.fromkeys(("login", "login ended"), "a file needs no credentials of its own"),
    "reads": "it is read for who speaks of outputs, and has none",
    "asks": "it is read whole, and asked about nothing",
    "dates": "it has no listing",
    "cut short": "a file that is cut short is one that breaks off",
    "empty list": "a file without a row that names a paper is not believed",
}
ABLE = {"truncated", "shuffled", "repeated"}
NOBODYS = tuple(
    Cites(patent=f"us-{number}-b2", doi=f"10.5555/nobody.{number}") for number in range(9_000_000, 9_000_050)
)


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:
    """One file."""
    yield Practised(folder / "pcs.csv")


class Practised(NoOutputs):
    """The file, and what stands in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settings: Mapping[str, str | int | bool] = {"path": str(path.resolve())}
        self.secrets: Mapping[str, str] = {}
        self.lacks: Mapping[str, str] = LACKS
        self.wrong: set[str] = set()
        self.acts: dict[int, Cites] = {}
        self._edition = 0
        self._write()

    def at(self, moment: datetime) -> None:
        """A file has no clock."""

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """A patent cites the DOI."""
        self.acts[number] = Cites(patent=f"us-{11_000_000 + number}-b2", doi=of, date=f"{at:%Y-%m-%d}")
        self._write()

    def unsay(self, number: int) -> None:
        """The next edition has no such citation."""
        del self.acts[number]
        self._write()

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        if name not in ABLE:
            raise KeyError(name)
        self.wrong.add(name)
        self._write()

    def mend(self) -> None:
        """The file is whole again, and in order."""
        self.wrong.clear()
        self._write()

    @property
    def requests(self) -> Sequence[Asked]:
        """There are none."""
        return ()

    def changes(self) -> int:
        """Nothing is written into a file."""
        return 0

    def _write(self) -> None:
        rows = [*NOBODYS, *(row for _, row in sorted(self.acts.items()))]
        if "shuffled" in self.wrong:
            rows = rows[::-1]
        rows = [row for row in rows for _ in range(2 if "repeated" in self.wrong else 1)]
        write(self.path, rows)
        if "truncated" in self.wrong:
            whole = text(rows, COLUMNS)
            self.path.write_text(whole[: len(whole) * 2 // 3].rstrip("\n").rpartition(",")[0])
        self._edition += 1  # file systems tell times too coarsely for two editions in a row
        os.utime(self.path, ns=(self._edition * 10**9, self._edition * 10**9))
