"""The file as rows: comma- or tab-separated by its header, plain or gzip by its first bytes, read once and in order."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.texts import one_line

LONGEST_LINE = 64 * 1024  # characters
GZIP = b"\x1f\x8b"
NAMES = ("doi", "pmid")  # by which a paper is known here
DATES = ("date", "patent_date")
NEEDED = ("patent", "confscore")
ELSEWHERE = ("oaid", "magid")  # names that no output here has

PLAINLY = (
    "it names papers by {} alone, by which no output here is known: add a column doi, as docs/patents.md shows, or "
    "take an edition that has doi or pmid"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row below the header: its number, and its cells by column; `broken` says why there are none."""

    number: int
    cells: dict[str, str]
    text: str
    broken: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()


class Sheet:
    """Rows of an open file, which is closed with it. `names` are the columns by which papers are named. Raises
    `NotUnderstood` for a header that has none, or not what else is needed."""

    def __init__(self, file: io.BufferedReader, name: str) -> None:
        self._name, self._last = name, ""
        unzipped = gzip.GzipFile(fileobj=file) if file.read(2) == GZIP else file
        file.seek(0)
        self._text = io.TextIOWrapper(io.BufferedReader(unzipped, 1024**2), "utf-8-sig", "replace", newline="")
        self._lines = self._read()
        first = next(self._lines, "")
        tabs = "\t" in first
        self._columns = [each.strip().strip('"').lower() for each in first.split("\t" if tabs else ",")]
        self._reader = csv.reader(
            self._lines,
            delimiter="\t" if tabs else ",",
            quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL,
        )
        self.names = tuple(each for each in NAMES if each in self._columns)
        self._fit()

    def rows(self) -> Iterator[Line]:
        """Every row. Raises `NotUnderstood` where the file breaks off."""
        number = 1
        while True:
            number += 1
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                yield Line(number, {}, self._last, f"it is no row: {error}")
                continue
            if cells is None:
                return
            if len(cells) == len(self._columns):
                yield Line(number, dict(zip(self._columns, cells, strict=True)), self._last)
            elif not self._last.endswith("\n"):
                raise self._broken_off()
            elif cells:
                yield Line(number, {}, self._last, f"it has {len(cells)} cells, and the header {len(self._columns)}")

    def _fit(self) -> None:
        if missing := [each for each in NEEDED if each not in self._columns]:
            raise NotUnderstood(f"{self._name} has no column {missing[0]}; its first row must name the columns")
        if twice := [each for each in (*NEEDED, *NAMES, *DATES) if self._columns.count(each) > 1]:
            raise NotUnderstood(f"{self._name} names the column {twice[0]} twice")
        if not self.names:
            known = [each for each in ELSEWHERE if each in self._columns]
            what = PLAINLY.format(" and ".join(known)) if known else "it has no column doi, and none pmid"
            raise NotUnderstood(f"{self._name}: {what}")

    def _read(self) -> Iterator[str]:
        try:
            while line := self._text.readline(LONGEST_LINE):
                cut = len(line) == LONGEST_LINE and not line.endswith("\n")
                self._last = f"{line}\n" if cut else line
                yield self._last
                while cut:
                    rest = self._text.readline(LONGEST_LINE)
                    cut = len(rest) == LONGEST_LINE and not rest.endswith("\n")
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise self._broken_off() from None

    def _broken_off(self) -> NotUnderstood:
        return NotUnderstood(f"{self._name} breaks off, or is damaged; fetch it again")


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """The file, open. Raises `NotUnderstood` where there is none, `NotAllowed` where it may not be read, and `TryLater`
    where the disk fails, also while it is read."""
    try:
        with path.open("rb") as file:
            yield file
    except (FileNotFoundError, IsADirectoryError):
        raise NotUnderstood(f"{one_line(path.name)} is no file; fetch it, or correct the setting path") from None
    except PermissionError:
        raise NotAllowed(f"{one_line(path.name)} may not be read; give the user that runs Ringmark the right") from None
    except OSError as error:
        raise TryLater(f"{one_line(path.name)} could not be read: {error.strerror}") from None
