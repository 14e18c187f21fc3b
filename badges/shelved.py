"""All groups as a tree, all journals by their letter, and both as data."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pydantic_core import to_json

from badges.sheet import sheet
from badges.views import plain
from sync.store import Shelf

DEEPEST = 30  # steps of a tree; what is further down begins anew at the top


@dataclass(frozen=True, slots=True)
class Branch:
    """A group with those right below it; `repeated` where they stand below it at another place already."""

    group: Shelf
    below: tuple["Branch", ...]
    repeated: bool = False


def tree(groups: Sequence[Shelf]) -> list[Branch]:
    """Groups below those above them, each at every place it has, and what is below it at the first one alone; so a
    circle ends where it began. One of those in a circle that hangs nowhere stands at the top."""
    below: dict[int, list[Shelf]] = defaultdict(list)
    for each in groups:
        for parent in each.parents:
            below[parent].append(each)
    grown: set[int] = set()

    def branch(group: Shelf, depth: int = 1) -> Branch:
        if group.id in grown or depth == DEEPEST:
            return Branch(group, (), repeated=bool(below[group.id]))
        grown.add(group.id)
        return Branch(group, tuple(branch(each, depth + 1) for each in below[group.id]))

    top = [branch(each) for each in groups if not each.parents]
    return top + [branch(each) for each in groups if each.id not in grown]


def letters(journals: Sequence[Shelf]) -> list[tuple[str, list[Shelf]]]:
    """Journals in their order, by the sign that they begin with."""
    return [(letter, list(some)) for letter, some in groupby(journals, key=lambda each: plain(each.name)[:1].upper())]


def rows(kind: str, shelves: Sequence[Shelf], address: str) -> bytes:
    """As CSV."""
    columns = ("id", "name", "outputs", *(("parents",) if kind == "groups" else ()), "page")
    return sheet(columns, ([entry[name] for name in columns] for entry in _entries(kind, shelves, address))).encode()


def document(kind: str, shelves: Sequence[Shelf], address: str) -> bytes:
    """As JSON."""
    return to_json({kind: _entries(kind, shelves, address)})


def _entries(kind: str, shelves: Sequence[Shelf], address: str) -> list[dict[str, Any]]:
    return [
        {
            "id": str(each.id),
            "name": each.name,
            "outputs": each.outputs,
            **({"parents": [str(parent) for parent in each.parents]} if kind == "groups" else {}),
            "page": f"{address}/{kind}/{each.id}",
        }
        for each in shelves
    ]
