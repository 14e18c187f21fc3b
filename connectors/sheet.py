"""Lists that are kept as CSV: one file as rows, each checked as it is read."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from connectors.errors import NotUnderstood
from connectors.records import EVIDENCE, Aside
from connectors.texts import one_line, readable_key

LARGEST = 64 * 1024 * 1024  # bytes of a file that is read whole: a few hundred thousand rows
LONGEST_LINE = 1024 * 1024  # characters; a longer one is cut, and its parts have the wrong number of cells

_BYTES = re.compile("[\udc80-\udcff]")  # as `surrogateescape` hands on what is not UTF-8


def kept(path: Path, called: str) -> str:
    """The text of a small file that an administrator keeps; `called` is the setting that names it. Raises
    `NotUnderstood` where it cannot be read, is too large to be kept by hand, or no text."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise NotUnderstood(f"{called} {path} cannot be read ({error.strerror})") from None
    if len(body) > LARGEST:
        raise NotUnderstood(f"{called} {path} is larger than {LARGEST >> 20} MB")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotUnderstood(f"{called} {path} is not UTF-8") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One kind of file: its name, what a row is, the columns that are its key, and the others."""

    file: str
    kind: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on, and its cells by column. `broken` says why nothing in it is
    believed but its key. A cell of a column that the file does not have is empty, and the column is not in `cells`."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    broken: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class UnreadableTableError(ValueError):
    """The file as a whole cannot be read: no row of it means what it seems to."""


class Sheet:
    """One CSV file, open: `unknown` are the columns that are not read. Raises `UnreadableTableError` for its header."""

    def __init__(self, path: Path, table: Table) -> None:
        self.table = table
        self._text = path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
        try:
            self._line = ""
            self._reader = csv.reader(self._lines(), strict=True)
            self._columns = self._header()
        except BaseException:  # whatever it was: nobody else will close the file
            self._text.close()
            raise
        known = {*table.keys, *table.columns}
        self.unknown = tuple(one_line(name)[:80] for name in self._columns if name and name not in known)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._text.close()

    def rows(self) -> Iterator[Row | Aside]:
        """Every row below the header that is not blank; set aside where it lacks a key or has too many or few cells."""
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield self._aside(line, f"the row is no CSV: {error}", [self._line])
                continue
            if cells:
                yield self._row(line, cells)

    def _lines(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_LINE):
            self._line = line
            yield line

    def _header(self) -> list[str]:
        file = self.table.file
        try:
            names = [name.strip().lower() for name in next((row for row in self._reader if row), [])]
        except csv.Error as error:
            raise UnreadableTableError(f"the header of {file} is no CSV: {error}") from None
        if not names:
            return []
        missing = [name for name in self.table.keys if name not in names]
        if missing:
            raise UnreadableTableError(f"{file} has no column {missing[0]}; its first row must name the columns")
        twice = [name for name in (*self.table.keys, *self.table.columns) if names.count(name) > 1]
        if twice:
            raise UnreadableTableError(f"{file} names the column {twice[0]} twice")
        return names

    def _row(self, line: int, cells: list[str]) -> Row | Aside:
        broken = "the row is not UTF-8" if any(_BYTES.search(cell) for cell in cells) else ""
        told = dict(zip(self._columns, cells, strict=False))
        if len(cells) != len(self._columns):
            broken = f"the row has {len(cells)} cells, the header {len(self._columns)}"
            told = {name: told.get(name, "") for name in self.table.keys}
            if "visibility" not in self.table.columns:  # it could not be voted private
                return self._aside(line, broken, cells)
        for name in self.table.keys:
            told[name] = readable_key(told[name])
            if not told[name]:
                return self._aside(line, broken or f"{name} is missing or not readable", cells)
        known = {name: told[name] for name in self.table.keys}
        known |= {name: one_line(_BYTES.sub("\ufffd", told[name])) for name in self.table.columns if name in told}
        return Row(line, known, broken=broken)

    def _aside(self, line: int, reason: str, cells: list[str]) -> Aside:
        evidence = _BYTES.sub("\ufffd", ",".join(cells))[:EVIDENCE]
        return Aside(kind=self.table.kind, reason=reason, place=f"{self.table.file}:{line}", evidence=evidence)
