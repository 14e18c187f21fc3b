"""What a practice Pure holds: frozen records, replaced when they change, and the journal of their changes.

Words of visibility and workflow are told as they stand here, also ones that Pure does not have; None is not told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import RLock
from typing import Literal, TypeVar
from uuid import UUID, uuid5

SPACE = UUID("0b1f9c1e-0000-4000-8000-000000000000")
BORN = datetime(2026, 1, 1, 12, tzinfo=UTC)
ATTENTION = "/dk/atira/pure/links/researchoutput/attention"
LINK_TYPES = (ATTENTION, "/dk/atira/pure/links/researchoutput/scopuspublication")
STAFF = "/dk/atira/pure/person/personstafftype/"
ARTICLE = "contributiontojournal/article"

Family = Literal["ResearchOutput", "Person", "Organisation"]
Told = bool | str | None
"""A flag as it is told; a text stands for one that nobody understands."""


def made(kind: str, number: int) -> str:
    """The uuid of the thing of a kind with a number, always the same."""
    return str(uuid5(SPACE, f"{kind} {number}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A department."""

    number: int
    name: str = "Department of Harbours"
    visibility: str | None = "FREE"
    parents: tuple[int, ...] = ()
    created: datetime = BORN
    modified: datetime = BORN
    version: int = 1
    previous: tuple[str, ...] = ()

    @property
    def uuid(self) -> str:
        return made("unit", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """Of a person with a department, from a day to another, if there is one."""

    kind: Literal["staff", "student", "honoraryStaff", "visitingScholar"] = "staff"
    start: date | None = date(2020, 1, 1)
    end: date | None = None
    staff_type: str = f"{STAFF}academic"
    unit: int = 1
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the institution."""

    number: int
    first_name: str = "Ann"
    last_name: str = "Example"
    known_as: str = ""
    visibility: str | None = "FREE"
    workflow: str | None = None
    orcid: str = ""
    confirmed: bool = False
    associations: tuple[Association, ...] = (Association(),)
    employed_until: date | None = None
    retired: date | None = None
    created: datetime = BORN
    modified: datetime = BORN
    version: int = 1
    previous: tuple[str, ...] = ()

    @property
    def uuid(self) -> str:
        return made("person", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Of an output; `person` is the number of somebody of the institution, None for somebody from elsewhere."""

    person: int | None = None
    association_hidden: Told = False
    hidden: Told = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of an output."""

    url: str
    type: str
    alias: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doi:
    """An electronic version with a DOI."""

    value: str
    version: str = "publishersversion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A research output. `type` are the last two parts of its URI, `custom` its custom fields, each a text."""

    number: int
    title: str = "Tide tables"
    subtitle: str = ""
    type: str = ARTICLE
    visibility: str | None = "FREE"
    workflow: str | None = "approved"
    confidential: bool = False
    contributors: tuple[Contributor, ...] = ()
    dois: tuple[Doi, ...] = ()
    links: tuple[Link, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    isbns: tuple[str, ...] = ()
    published: tuple[int, ...] = (2026, 1)
    created: datetime = BORN
    modified: datetime = BORN
    version: int = 1
    previous: tuple[str, ...] = ()

    @property
    def uuid(self) -> str:
        return made("output", self.number)


Thing = Output | Person | Unit
SomeThing = TypeVar("SomeThing", bound=Thing)
FAMILIES: dict[type[Thing], Family] = {Output: "ResearchOutput", Person: "Person", Unit: "Organisation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the legacy journal; `seen` False: of content that the key may not see, which is left out."""

    day: date
    type: Literal["CREATE", "UPDATE", "DELETE"]
    family: Family
    uuid: str
    version: int
    seen: bool = True


@dataclass(slots=True)
class Holdings:
    """All of it, by uuid; who changes it from outside holds `lock`. `merged` leads from an old uuid to the one that is
    left. `clock` stamps what is put. `sees_confidential` is the right of the key; `withheld` are the uuids of what it
    may not read, and is told so when it asks for one by itself."""

    outputs: dict[str, Output] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    journal: list[Change] = field(default_factory=list)
    fields: set[str] = field(default_factory=lambda: {"attention"})
    sees_confidential: bool = False
    withheld: set[str] = field(default_factory=set)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lock: RLock = field(default_factory=RLock)

    def put(self, *things: Thing, dated: bool = True) -> None:
        """Something is there from now on, new or changed; with `dated` False its dates and version stay."""
        with self.lock:
            for thing in things:
                shelf = self._shelf(thing)
                known = shelf.get(thing.uuid)
                now = self.clock()
                created = known.created if known else now
                modified = now if dated or not known else known.modified
                version = (known.version if known else 0) + dated
                shelf[thing.uuid] = replace(thing, created=created, modified=modified, version=version)
                if dated:
                    self._note("UPDATE" if known else "CREATE", shelf[thing.uuid])

    def remove(self, thing: Thing) -> None:
        """Something is deleted."""
        with self.lock:
            self._note("DELETE", self._shelf(thing).pop(thing.uuid))

    def merge(self, lost: SomeThing, kept: SomeThing) -> None:
        """One thing becomes part of another of its kind."""
        with self.lock:
            self.remove(lost)
            self.merged[lost.uuid] = kept.uuid
            left = self._shelf(kept)[kept.uuid]
            self.put(replace(left, previous=(*left.previous, lost.uuid)))

    def visible(self, things: dict[str, SomeThing]) -> list[SomeThing]:
        """Those that the key may see; nothing tells of the others."""
        with self.lock:
            seen = [each for each in things.values() if self.sees_confidential or each.visibility != "CONFIDENTIAL"]
            return [each for each in seen if each.uuid not in self.withheld]

    def _shelf(self, thing: SomeThing) -> dict[str, SomeThing]:
        shelves = {Output: self.outputs, Person: self.persons, Unit: self.units}
        return shelves[type(thing)]  # type: ignore[return-value]  # that of its own kind

    def _note(self, what: Literal["CREATE", "UPDATE", "DELETE"], thing: Thing) -> None:
        seen = self.sees_confidential or thing.visibility != "CONFIDENTIAL"
        day, family = self.clock().date(), FAMILIES[type(thing)]
        told = Change(day=day, type=what, family=family, uuid=thing.uuid, version=thing.version, seen=seen)
        self.journal.append(told)
