"""Exports of the Altmetric Explorer: a CSV with a row for each output and a column for each source, of any year.

The columns are in `explorer_columns.py`. Exports come as UTF-8 with or without a mark, as UTF-16 from spreadsheets, and
in the code pages of Western Europe; cells are parted by commas, else by tabs or semicolons.
"""

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from connectors.counted import Counted, targets, units
from connectors.errors import NotUnderstood
from connectors.explorer_columns import COUNTS, IDENTIFIERS, IGNORED, SCORE, TEXTS, TYPES
from connectors.identifiers import Identifier, normalise
from connectors.published import issns, written
from connectors.records import Aside
from connectors.texts import one_line

PART = 1 << 20  # bytes looked at together
PARTED = re.compile(r"[,;\s]+")
WHOLE = ("doi", "url", "urn")  # may hold what parts the others in their cell
EVIDENCE = 200  # characters of a cell
KNOWN = {*COUNTS, *IDENTIFIERS, *TEXTS, *IGNORED, SCORE}


class Export:
    """An export that is open. `unknown` are columns that no table of ours has; iterating gives its rows."""

    def __init__(self, rows: "_Rows", place: str) -> None:
        """Raises `NotUnderstood` where the header is not that of an export."""
        header = next(rows, [])
        self._rows, self._place = rows, place
        self._names = [one_line(name.replace("\ufeff", "")) for name in header]
        self._columns = [name.casefold() for name in self._names]
        self.unknown = tuple(name for name in self._names if name and name.casefold() not in KNOWN)
        for wanted, such in ((IDENTIFIERS, "an identifier, such as DOI"), (COUNTS, "counts, such as News mentions")):
            if not set(self._columns) & set(wanted):
                raise NotUnderstood(f"{place}: has no column of {such}; is it an export of the Altmetric Explorer?")

    def __iter__(self) -> Iterator[Counted | Aside]:
        """Every row as an output, or set aside with its line and reason."""
        while True:
            try:
                for row in self._rows:
                    if any(cell.strip() for cell in row):
                        yield self._told(row, self._rows.line)
            except csv.Error as error:
                yield self._aside(self._rows.line, f"the row is no CSV: {error}", "")
            else:
                return

    def _told(self, row: list[str], line: int) -> Counted | Aside:
        if len(row) != len(self._columns):
            return self._aside(line, f"has {len(row)} cells where the header has {len(self._columns)}", "")
        counts: dict[str, int] = {}
        wrong: dict[str, str] = {}
        named: dict[Identifier, None] = {}
        texts = dict.fromkeys(TEXTS.values(), "")
        score = None
        for name, column, cell in zip(self._names, self._columns, map(one_line, row), strict=True):
            if column in COUNTS:
                try:
                    number = units(cell)
                except ValueError as error:
                    wrong[f"{name} {error}"] = cell
                    continue
                if number is not None:
                    counts[COUNTS[column]] = max(number, counts.get(COUNTS[column], 0))
            elif column in IDENTIFIERS:
                named.update(dict.fromkeys(_identifiers(IDENTIFIERS[column], cell)))
            elif column in TEXTS:
                texts[TEXTS[column]] = cell
            elif column == SCORE and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", cell):
                score = Decimal(cell)
        kind = TYPES.get(texts["type"].casefold(), texts["type"])
        if wrong:
            return self._aside(line, "; ".join(wrong), "; ".join(cell[:EVIDENCE] for cell in wrong.values()))
        if not targets(tuple(named), kind):
            return self._aside(line, "has no identifier that can be read", "")
        return Counted(
            identifiers=tuple(named),
            units=counts,
            title=texts["title"],
            type=kind,
            journal=texts["journal"],
            issns=issns(PARTED.split(texts["issns"])),
            published=written(texts["published"]),
            score=score,
        )

    def _aside(self, line: int, reason: str, evidence: str) -> Aside:
        return Aside(kind="counts", reason=reason, place=f"{self._place}:{line}", evidence=evidence, keyless=False)


@contextmanager
def export(file: Path) -> Iterator[Export]:
    """Open an export, whatever its encoding and what parts its cells."""
    encoding = encoding_of(file)
    with file.open(encoding=encoding, errors="replace", newline="") as lines:
        header = lines.readline(PART)
        lines.seek(0)
        parts = {mark: _known(header, mark) for mark in (",", "\t", ";")}
        yield Export(_Rows(lines, max(parts, key=lambda mark: parts[mark])), file.name)


def encoding_of(file: Path) -> str:
    """By its mark; without one UTF-16 where every other byte is nothing, UTF-8 where all of it is, else Windows-1252,
    or Latin-1 for bytes that have no meaning there."""
    with file.open("rb") as content:
        start = content.read(4096)
        if start.startswith(BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return "utf-16"
        if start.count(0) > len(start) // 4:
            return "utf-16-le" if start[1:2] == b"\x00" else "utf-16-be"
        for encoding in ("utf-8", "cp1252"):
            content.seek(0)
            decoder = getincrementaldecoder(encoding)()
            try:
                while part := content.read(PART):
                    decoder.decode(part)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
    return "latin-1"


class _Rows:
    """Rows of a CSV that know the line they begin on, since a cell may have several."""

    def __init__(self, lines: Iterator[str], mark: str) -> None:
        self._reader = csv.reader(lines, delimiter=mark)
        self.line = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self.line = self._reader.line_num + 1
        return next(self._reader)


def _known(header: str, mark: str) -> int:
    names = {one_line(name.strip('"\ufeff')).casefold() for name in header.split(mark)}
    return len(names & KNOWN)


def _identifiers(scheme: str, cell: str) -> Iterator[Identifier]:
    for part in (cell,) if scheme in WHOLE else PARTED.split(cell):
        if part and (found := normalise(scheme, part)):
            yield found
