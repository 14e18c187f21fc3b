"""Whether a folder of files can be trusted as a full listing, and what stands in it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from connectors.base import Finding
from connectors.files.table import TABLES, Shelf
from connectors.mentions import count_lines
from connectors.records import Aside
from connectors.sheet import Row, Sheet, Table, UnreadableTableError

MENTIONS = "mentions.jsonl"
READY = "READY"
VOTES = ("visibility", "current", "academic", "student")
MOST_ASIDE = 10_000  # rows without a key in one folder; beyond it something is wrong with a whole file


@dataclass(slots=True)
class Listing:
    """What the folder holds: rows by file name, the rows set aside, and why it cannot be trusted, if so."""

    rows: dict[str, int] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    trouble: str = ""


def read(folder: Path, shelf: Shelf) -> Listing:
    """Put every row of the folder on the shelf."""
    listing = Listing()
    for table in TABLES:
        if not (folder / table.file).exists():
            continue
        try:
            with Sheet(folder / table.file, table) as sheet:
                listing.asides += _unread(sheet)
                listing.rows[table.file] = 0
                shelf.add(table, _counted(sheet, listing))
        except UnreadableTableError as error:
            listing.trouble = str(error)
            return listing
    shelf.sort()
    if (folder / MENTIONS).exists():
        with (folder / MENTIONS).open("rb") as file:
            listing.rows[MENTIONS] = count_lines(file)
    return listing


def _unread(sheet: Sheet) -> Iterator[Aside]:
    for name in sheet.unknown:
        reason = f'the column "{name}" is not read; is it misspelt?'
        yield Aside(kind="column", reason=reason, place=f"{sheet.table.file}:1", key=name, keyless=False, stored=True)


def _counted(sheet: Sheet, listing: Listing) -> Iterator[Row]:
    for row in sheet.rows():
        listing.rows[sheet.table.file] += 1
        if isinstance(row, Row):
            yield row
        else:
            listing.asides.append(row)
        if len(listing.asides) > MOST_ASIDE:
            raise UnreadableTableError(
                f"more than {MOST_ASIDE} rows cannot be read; the first is {listing.asides[0].place}"
            )


def not_ready(folder: Path, rows: dict[str, int]) -> str:
    """Why `READY` does not agree with the files; empty when it does or is not there."""
    if not (folder / READY).exists():
        return ""
    lines = (folder / READY).read_text("utf-8-sig", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        file, comma, told = (part.strip() for part in line.partition(","))
        if not line.strip():
            continue
        if not comma or not (told.isascii() and told.isdigit()):
            return f"line {number} of READY is not understood; write people.csv,812"
        if file not in rows:
            return f"READY names {file[:80]}, which is not there"
        if rows[file] != int(told[:18]):
            return f"READY says that {file} has {told[:18]} rows, it has {rows[file]}"
    return ""


def vanished(memory: str | None, rows: dict[str, int]) -> str:
    """Which file of the last complete pull is now missing or empty; empty when all are there."""
    before: dict[str, int] = json.loads(memory) if memory else {}
    for file, count in before.items():
        if file not in rows:
            return f"{file} was there at the last pull and is now missing"
        if count and not rows[file]:
            return f"{file} had {count} rows at the last pull and now has none"
    return ""


def checked(path: Path, table: Table) -> Iterator[Finding]:
    """How many rows a file has, how often each visibility and flag stands in it, and what is not read."""
    if not path.exists():
        yield Finding(ok=True, what=f"{table.file} is not there")
        return
    try:
        with Sheet(path, table) as sheet:
            rows, asides = 0, 0
            votes = {name: Counter[str]() for name in VOTES if name in table.columns}
            for row in sheet.rows():
                rows += 1
                if isinstance(row, Aside):
                    asides += 1
                    continue
                for name, counter in votes.items():
                    counter[row[name].lower()[:40] or "(empty)"] += 1
            unknown = sheet.unknown
    except UnreadableTableError as error:
        yield Finding(
            ok=False, what=str(error), mend="correct the first row, or export the file as comma-separated UTF-8"
        )
        return
    spread = "".join(f"; {name}: {_spread(counter)}" for name, counter in votes.items())
    yield Finding(ok=True, what=f"{table.file} has {rows} rows{spread}")
    if asides:
        yield Finding(ok=False, what=f"{asides} rows of {table.file} cannot be read", mend="see ringmark setaside list")
    for name in unknown:
        yield Finding(ok=False, what=f'the column "{name}" of {table.file} is not read', mend="rename or remove it")


def _spread(counter: Counter[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in counter.most_common(10)) or "-"
