"""A source of a kind of its own, small enough that a test says page by page what it tells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pytest
from conftest import House

from config.visibility import Visibility
from connectors import Gone, Identifier, Item, Manifest, Page, Pulls, Since
from connectors.records import Aside, Done, Kind, Person
from sync import registry

SETTINGS = '[connections.small]\nkind = "small"\nrequire_author = false\n'


@dataclass
class World:
    """What the source holds, and how it behaves. A page is a few items, its bookmark the number of the next."""

    items: dict[str, Item] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    size: int = 2
    total: int | None = None
    cursor: str = "c1"
    listed: frozenset[Kind] = frozenset({"person", "item"})
    asides: tuple[Aside, ...] = ()
    gone: tuple[Gone, ...] = ()
    still: set[str] = field(default_factory=set)  # keys that are there when asked for, listed or not
    before: Callable[[int], None] = lambda _: None  # called with the number of each page, before it comes
    asking: Callable[[str], None] = lambda _: None  # called with each key that is asked about
    asked: list[str] = field(default_factory=list)
    since: list[Since] = field(default_factory=list)
    delta: tuple[Item, ...] = ()
    incomplete: str = ""

    def add(self, *keys: str, level: Visibility = Visibility.PUBLIC) -> "World":
        """Tell items, each with a DOI of its own."""
        self.items |= {key: item(key, level) for key in keys}
        return self

    def pull(self, since: Since) -> Iterator[Page]:
        """Everything, or where it is asked for what changed, in pages."""
        self.since.append(since)
        told = list(self.delta if since.cursor else self.items.values())
        first = int(since.bookmark or 0)
        for number, start in enumerate(range(0, len(told), self.size)):
            if number < first:
                continue
            self.before(number)
            items = tuple(told[start : start + self.size])
            people = tuple(self.people.values()) if not number else ()
            asides = self.asides if not number else ()
            yield Page(people=people, items=items, asides=asides, bookmark=str(number + 1), total=self.total)
        self.before(-1)
        listed: frozenset[Kind] = frozenset() if since.cursor else self.listed
        yield Page(gone=self.gone, done=Done(cursor=self.cursor, listed=listed, incomplete=self.incomplete))

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Whether one thing is still there."""
        self.asked.append(key)
        self.asking(key)
        return None if key in self.still else Gone(kind=kind, key=key)


class Small(Pulls):
    """One such source."""

    manifest: ClassVar[Manifest] = Manifest(
        kind="small", incremental=True, people=True, visibility=frozenset({"people", "outputs"}), needs_url=False
    )
    world: ClassVar[World]

    def pull(self, since: Since) -> Iterator[Page]:
        """As the world says."""
        return self.world.pull(since)

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """As the world says."""
        return self.world.confirm(kind, key)


def registered(monkeypatch: pytest.MonkeyPatch, house: House, kind: type[Small] = Small, **more: Any) -> World:
    """A house whose one connection is such a source."""
    world = World(**more)
    monkeypatch.setattr(kind, "world", world, raising=False)
    known = {**registry.kinds(), "small": kind}
    monkeypatch.setattr(registry, "kinds", lambda: known)
    house.write(SETTINGS)
    return world


def item(key: str, level: Visibility = Visibility.PUBLIC, **more: Any) -> Item:
    """An item as it is told."""
    told = Item(
        key=key,
        title=f"Work {key}",
        type="other",
        visibility=level,
        identifiers=(Identifier("doi", f"10.5555/{key}"),),
        raw={"level": level.word},
    )
    return replace(told, **more)


def keys(*numbers: int) -> list[str]:
    """Keys in the order of their numbers."""
    return [f"k{number:04}" for number in numbers]
