"""The CSV files of the `files` connector as rows: read once, kept sorted by key in a temporary database.

Rows of one key may stand anywhere in a file and vote together, and a file may be larger than memory; so rows go to a
temporary SQLite database, which spills to disk and vanishes with its connection.
"""

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Self

from connectors.records import EVIDENCE, Aside
from connectors.texts import one_line, readable_key

LONGEST_LINE = 1024 * 1024  # characters; a longer one is cut, and its parts have the wrong number of cells

_BYTES = re.compile("[\udc80-\udcff]")  # as `surrogateescape` hands on what is not UTF-8


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


PEOPLE = Table(
    file="people.csv",
    kind="person",
    keys=("person",),
    columns=("name", "orcid", "visibility", "current", "academic", "student"),
)
GROUPS = Table(file="groups.csv", kind="group", keys=("group",), columns=("name", "parents", "visibility"))
MEMBERSHIPS = Table(file="memberships.csv", kind="membership", keys=("group", "person"), columns=())
OUTPUTS = Table(
    file="outputs.csv",
    kind="item",
    keys=("output",),
    columns=(
        *("title", "type", "journal", "issn", "published", "visibility"),
        *("doi", "pmid", "pmcid", "arxiv", "handle", "isbn", "url", "versions", "subjects"),
    ),
)
AUTHORSHIPS = Table(
    file="authorships.csv", kind="authorship", keys=("output", "person"), columns=("visibility", "position")
)
TABLES = (PEOPLE, GROUPS, MEMBERSHIPS, OUTPUTS, AUTHORSHIPS)


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


class Shelf:
    """All rows of a folder, by file and key. Use it as a context: it takes the temporary database away."""

    def __init__(self) -> None:
        self._store = sqlite3.connect("", isolation_level=None)  # an empty name: a private file, deleted on close
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute("CREATE TABLE rows (file, key, second, line, broken, cells)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._store.close()

    def add(self, table: Table, rows: Iterator[Row]) -> None:
        """Keep the rows of one file."""
        first, second = (*table.keys, None)[:2]
        self._store.execute("BEGIN")
        self._store.executemany(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)",
            (
                (table.file, row[first or ""], row[second or ""], row.line, row.broken, json.dumps(row.cells))
                for row in rows
            ),
        )
        self._store.execute("COMMIT")

    def sort(self) -> None:
        """All rows are there."""
        self._store.execute("CREATE INDEX sorted ON rows (file, key, second, line)")

    def by_key(self, table: Table) -> Iterator[list[Row]]:
        """The rows of each key, in the order of the file."""
        return self._groups(
            "SELECT key, second, line, broken, cells FROM rows WHERE file = ? ORDER BY key, second, line", table.file
        )

    def below(self, table: Table, key: str) -> Iterator[list[Row]]:
        """The rows of each key whose first part is `key`."""
        return self._groups(
            "SELECT key, second, line, broken, cells FROM rows WHERE file = ? AND key = ? ORDER BY second, line",
            table.file,
            key,
        )

    def without(self, table: Table, other: Table) -> Iterator[list[Row]]:
        """The rows of each key whose first part is no key of `other`."""
        return self._groups(
            "SELECT key, second, line, broken, cells FROM rows AS r WHERE file = ? AND NOT EXISTS "
            "(SELECT 1 FROM rows AS o WHERE o.file = ? AND o.key = r.key) ORDER BY key, second, line",
            table.file,
            other.file,
        )

    def _groups(self, query: str, *values: str) -> Iterator[list[Row]]:
        for _, rows in groupby(self._store.execute(query, values), key=lambda row: row[:2]):
            yield [Row(line, json.loads(cells), broken) for _, _, line, broken, cells in rows]
