"""Who is current, academic or a student, told by the institution in a CSV, for systems that cannot say.

Columns: at least one of `id` (the system's own id of the person), `orcid` and `email`; and any of `current`, `academic`
and `student`, each `true` or `false`. A map only fills what the system leaves open. Several rows that name the same
person vote together: one `false` is no.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Self

from connectors.errors import NotUnderstood
from connectors.identifiers import orcid
from connectors.records import Person
from connectors.sheet import kept

NAMED = ("id", "orcid", "email")
FLAGS = ("current", "academic", "student")
WORDS = {"true": True, "false": False}


class Flags(NamedTuple):
    """What a map says of somebody; None where it says nothing."""

    current: bool | None = None
    academic: bool | None = None
    student: bool | None = None


@dataclass(frozen=True, slots=True)
class PeopleMap:
    """One map. `digest` changes with its content, so that people are read again when it does; empty for no map."""

    named: Mapping[tuple[str, str], Flags]
    digest: str = ""

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """The map of the settings; one that says nothing where there is none.

        Raises `NotUnderstood`, with the line, for a file that cannot be read as a whole: half a map would let people
        vanish, or show, who should not."""
        if path is None:
            return cls({})
        text = kept(path, "people_map")
        return cls(_named(path, text), sha256(text.encode()).hexdigest()[:16])

    def fill(self, person: Person, *, emails: Iterable[str] = ()) -> Person:
        """A person with what the map says of the flags that the system has left open."""
        marks = [("id", person.key), ("orcid", person.orcid or ""), *(("email", _email(each)) for each in emails)]
        said = [self.named[mark] for mark in marks if mark in self.named]
        if not said:
            return person
        told = _together(said)
        return replace(
            person,
            current=told.current if person.current is None else person.current,
            academic=told.academic if person.academic is None else person.academic,
            student=told.student if person.student is None else person.student,
        )


def _named(path: Path, text: str) -> dict[tuple[str, str], Flags]:
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    said: dict[tuple[str, str], list[Flags]] = defaultdict(list)
    try:
        columns = [each.strip().casefold() for each in next(table, [])]
        _check(path, columns)
        for row in table:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(columns):
                raise NotUnderstood(
                    f"people_map {path}, line {table.line_num}: {len(row)} cells for {len(columns)} columns"
                )
            cells = dict(zip(columns, map(str.strip, row), strict=True))
            flags = Flags(*(_flag(path, table.line_num, name, cells.get(name, "")) for name in FLAGS))
            for mark in _marks(path, table.line_num, cells):
                said[mark].append(flags)
    except csv.Error as error:
        raise NotUnderstood(f"people_map {path}, line {table.line_num}: {error}") from None
    return {mark: _together(flags) for mark, flags in said.items()}


def _check(path: Path, columns: list[str]) -> None:
    known = (*NAMED, *FLAGS)
    strange = next((at for at, column in enumerate(columns, 1) if column not in known), None)
    if strange:  # without a header it is somebody's name or address, which is told to nobody
        raise NotUnderstood(f"people_map {path}: column {strange} has no known name; the known are {', '.join(known)}")
    if len(columns) != len(set(columns)):
        raise NotUnderstood(f"people_map {path}: a column stands there twice")
    if not set(columns) & set(NAMED) or not set(columns) & set(FLAGS):
        raise NotUnderstood(f"people_map {path}: needs a column of {', '.join(NAMED)}, and one of {', '.join(FLAGS)}")


def _marks(path: Path, line: int, cells: Mapping[str, str]) -> list[tuple[str, str]]:
    told = {name: cells[name] for name in NAMED if cells.get(name)}
    if not told:
        raise NotUnderstood(f"people_map {path}, line {line}: names nobody")
    if "orcid" in told:
        found = orcid(told["orcid"])
        if found is None:
            raise NotUnderstood(f"people_map {path}, line {line}: the orcid is none")
        told["orcid"] = found
    if "email" in told:
        told["email"] = _email(told["email"])
    return list(told.items())


def _email(text: str) -> str:
    return text.strip().casefold()


def _flag(path: Path, line: int, name: str, cell: str) -> bool | None:
    if not cell:
        return None
    if cell.casefold() not in WORDS:
        raise NotUnderstood(f"people_map {path}, line {line}: {name} is neither true nor false")
    return WORDS[cell.casefold()]


def _together(said: list[Flags]) -> Flags:
    """One no is no; a yes needs somebody who says it."""
    columns = [[each for each in column if each is not None] for column in zip(*said, strict=True)]
    return Flags(*(all(column) if column else None for column in columns))
