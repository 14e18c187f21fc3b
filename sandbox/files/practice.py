"""A folder of files as the conformance suite drives it: written anew at every change.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.server import Asked

NO_REQUESTS = "a folder is read without requests"
NO_PAGES = "a folder has no pages; the file READY proves that it is whole"
READ_ONLY = "a folder of files takes no badges"
LACKS = {
    **dict.fromkeys(("requests", "server error", "server error once", "too many requests", "login ended"), NO_REQUESTS),
    **dict.fromkeys(("last page empty", "page again"), NO_PAGES),
    **dict.fromkeys(("writes", "forgets", "answer lost", "edited meanwhile"), READ_ONLY),
    "cut short": "a file that is cut short is one that breaks off",
    "login": "a folder needs no credentials of its own",
    "dates": "every pull reads the whole folder",
}
ABLE = {"truncated", "empty list", "shuffled", "repeated"}
PEOPLE = "person,name,visibility,current"
OUTPUTS = "output,title,type,visibility,doi"
LINKS = "output,person,visibility,position"

Rows = list[tuple[object, ...]]


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:
    """One folder."""
    yield Practised(folder)


class Practised:
    """The folder, and what stands in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: Mapping[str, str | int | bool] = {"path": str(folder)}
        self.secrets: Mapping[str, str] = {}
        self.lacks: Mapping[str, str] = LACKS
        self.wrong: set[str] = set()
        self.people: dict[int, tuple[object, ...]] = {}
        self.outputs: dict[int, tuple[object, ...]] = {}
        self.links: dict[int, Rows] = {}

    def at(self, moment: datetime) -> None:
        """A folder has no clock."""

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """A row of `people.csv`."""
        self.people[number] = (f"p{number}", name, level, "true" if current else "false")
        self._write()

    def output(
        self,
        number: int,
        *,
        title: str,
        doi: str,
        level: str,
        authors: Mapping[int, str],
        dated: bool = True,  # noqa: ARG002 - nothing in a folder has a date
    ) -> None:
        """A row of `outputs.csv`, and one of `authorships.csv` for each author."""
        self.outputs[number] = (f"o{number}", title, "journal-article", level, doi)
        self.links[number] = [(f"o{number}", f"p{person}", told, 1) for person, told in authors.items()]
        self._write()

    def remove(self, number: int) -> None:
        """The rows are not there any more."""
        del self.outputs[number], self.links[number]
        self._write()

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        if name not in ABLE:
            raise KeyError(name)
        self.wrong.add(name)
        self._write()

    def mend(self) -> None:
        """The files are whole again, and in order."""
        self.wrong.clear()
        self._write()

    @property
    def requests(self) -> Sequence[Asked]:
        """There are none."""
        return ()

    def changes(self) -> int:
        """Nothing is written into a folder."""
        return 0

    def _write(self) -> None:
        outputs = self._bent([row for _, row in sorted(self.outputs.items())])
        people = self._bent([row for _, row in sorted(self.people.items())])
        links = self._bent([row for _, rows in sorted(self.links.items()) for row in rows])
        _table(self.folder / "people.csv", PEOPLE, people)
        _table(self.folder / "outputs.csv", OUTPUTS, [] if "empty list" in self.wrong else outputs)
        _table(self.folder / "authorships.csv", LINKS, links)
        ready = self.folder / "READY"
        ready.unlink(missing_ok=True)
        if "truncated" in self.wrong:
            ready.write_text(f"people.csv,{len(people)}\noutputs.csv,{len(outputs)}\n", encoding="utf-8")
            text = (self.folder / "outputs.csv").read_text(encoding="utf-8")
            (self.folder / "outputs.csv").write_text(text[: len(text) // 2], encoding="utf-8")

    def _bent(self, rows: Rows) -> Rows:
        if "shuffled" in self.wrong:
            rows = rows[::-1]
        return [row for row in rows for _ in range(2 if "repeated" in self.wrong else 1)]


def _table(file: Path, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened_file:
        writer = csv.writer(opened_file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
