"""A folder that badges are dropped into, as the conformance suite drives it.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.server import Asked

FILE = "badges.csv"
NOT_READ = "what is dropped is not read"
READING = (
    "reads", "truncated", "cut short", "last page empty", "page again", "empty list", "shuffled", "repeated",
    "server error once",
)  # fmt: skip
ANSWERS = ("server error", "too many requests", "login ended", "answer lost", "requests")


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:
    """One folder until the block ends."""
    drop = folder / "drop"
    drop.mkdir()
    yield Practised(drop)


class Practised:
    """A folder, and somebody who looks what lies in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: Mapping[str, str | int | bool] = {"path": str(folder), "field": FILE}
        self.secrets: Mapping[str, str] = {}
        self.lacks: Mapping[str, str] = {
            **dict.fromkeys(READING, NOT_READ),
            **dict.fromkeys(ANSWERS, "a folder gives no answers"),
            "writes": "a file has no items",
            "notices": "a file tells of all badges at once",
            "login": "a folder needs no login",
            "forgets": "a folder keeps what is put into it",
            "edited meanwhile": "the file is Ringmark's own",
        }
        self._seen: list[tuple[int, int]] = []

    def at(self, moment: datetime) -> None:
        """A folder has no clock of its own."""

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """Nobody is told of people by themselves."""

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """A folder knows nothing but what is put into it."""

    def remove(self, number: int) -> None:
        """As little of what is deleted."""

    def fault(self, name: str) -> None:
        """There is none."""
        raise KeyError(name)

    def mend(self) -> None:
        """And so nothing to mend."""

    @property
    def requests(self) -> Sequence[Asked]:
        """Nobody asks."""
        return ()

    def changes(self) -> int:
        """How many files were seen to have the name, one after the other."""
        file = self.folder / FILE
        if file.exists():
            now = (file.stat().st_ino, file.stat().st_mtime_ns)
            if now not in self._seen[-1:]:
                self._seen.append(now)
        return len(self._seen)

    def showing(self) -> Mapping[str, int | None]:
        """What a reader of the file finds."""
        file = self.folder / FILE
        if not file.exists():
            return {}
        with file.open(newline="", encoding="utf-8") as lines:
            try:
                return {row["doi"]: int(row["score"]) for row in csv.DictReader(lines)}
            except KeyError:
                return {}

    def ids(self) -> Sequence[str]:
        """A file has no notices."""
        return ()
