"""Pure's persons and organisations as the records of the house.

Somebody is current while one of their staff or student associations lasts, as of a day that is told; ended ones stay in
the list. What ends does so by its date, with no other sign, so people are read whole in each pull.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from config.visibility import Visibility
from connectors.documents import Document, objects, text, within
from connectors.identifiers import orcid
from connectors.people_map import PeopleMap
from connectors.pure.dialect import Dialect
from connectors.pure.flags import level, validated
from connectors.pure.values import SHOWN, day, evidence, first, key_of, shown, uri, word
from connectors.records import Aside, Gone, Group, Kind, Person
from connectors.texts import readable_key

ACADEMIC = ("academic",)  # the last part of the staff type's URI that Pure itself comes with
KINDS = ("staff", "student", "honoraryStaff", "visitingScholar")
KEYLESS = "no uuid that can be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """By what persons are read: the day that it is, the staff types (whole URIs, or their last parts) that count as
    academic, and what the institution says of those of whom Pure does not."""

    today: date
    academic: tuple[str, ...] = ACADEMIC
    people_map: PeopleMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """One association with a department. `open` today; `end` is the last day there is, or was."""

    kind: str
    open: bool
    end: date
    unit: str
    staff_type: str
    emails: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person, and the departments that they belong to today."""

    person: Person
    units: tuple[str, ...]


def person(told: object, dialect: Dialect, place: str, reading: Reading) -> Iterator[Profile | Gone | Aside]:
    """A person, and those merged into them. A date that cannot be read makes the person private."""
    key = key_of(told)
    if not key or not isinstance(told, dict):
        yield keyless("person", told, place)
        return
    raw, doubts = dict[str, str](), list[str]()
    levels = [level(told, raw, doubts), validated(told, dialect, raw, doubts, needed=False)]
    associations = [
        _association(kind, each, dialect, reading.today, doubts)
        for kind in KINDS
        for each in _listed(told, dialect.associations(kind), doubts)
    ]
    if associations:
        raw["associations"] = "; ".join(each.said for each in associations)[:SHOWN]
    past = [_past(told, name, reading.today, raw, doubts) for name in ("employeeEndDate", "retirementDate")]
    found = Person(
        key=key,
        name=_name(told, dialect),
        visibility=Visibility.PRIVATE if doubts else min(levels),
        orcid=orcid(text(told.get("orcid"))) if told.get("orcidAuthenticated") is True else None,
        current=False if any(past) else _any(associations, ("staff", "student")),
        academic=_academic(associations, reading.academic),
        student=_any(associations, ("student",)),
        raw=raw,
        doubts=tuple(dict.fromkeys(doubts)),
    )
    emails = [email for each in associations for email in each.emails]
    units = tuple(dict.fromkeys(each.unit for each in associations if each.open and each.unit))
    yield Profile(person=reading.people_map.fill(found, emails=emails), units=units)
    yield from merged("person", told, key)


def group(told: object, place: str) -> Iterator[Group | Gone | Aside]:
    """An organisation, and those merged into it."""
    key = key_of(told)
    if not key or not isinstance(told, dict):
        yield keyless("group", told, place)
        return
    raw, doubts = dict[str, str](), list[str]()
    parents = [key_of(each) for each in _listed(told, "parents", doubts)]
    if "" in parents:
        doubts.append("a parent has no uuid that can be read")
    open_to = level(told, raw, doubts)
    yield Group(
        key=key,
        name=first(told.get("name")),
        visibility=Visibility.PRIVATE if doubts else open_to,
        parents=tuple(dict.fromkeys(filter(None, parents))),
        raw=raw,
        doubts=tuple(doubts),
    )
    yield from merged("group", told, key)


def merged(kind: Kind, told: Document, key: str) -> Iterator[Gone]:
    """The ids of what was merged into this record."""
    lists = (told.get("previousUuids"), within(told, "info", "previousUuids"))
    for each in [each for listed in lists if isinstance(listed, list) for each in listed]:
        old = readable_key(each) if isinstance(each, str) else ""
        if old and old != key:
            yield Gone(kind=kind, key=old, into=key)


def keyless(kind: str, told: object, place: str) -> Aside:
    """What becomes of an entry whose key cannot be read."""
    return Aside(kind=kind, reason=KEYLESS, place=place, evidence=evidence(told))


def staff_types(told: Document, dialect: Dialect) -> Iterator[str]:
    """The URIs of the staff types of a person, for whoever wonders what counts as academic."""
    for each in objects(told.get(dialect.associations("staff"))):
        yield uri(each.get("staffType"))


def academic(staff_type: str, words: Sequence[str]) -> bool:
    """Whether a staff type, by its URI, is among those that count: as a whole, or by its last part."""
    return staff_type in words or staff_type.rpartition("/")[2] in words


def _listed(told: Document, name: str, doubts: list[str]) -> list[Document]:
    """A list of objects that may be left out, but may not be something else."""
    listed = told.get(name)
    found = objects(listed)
    if listed is not None and (not isinstance(listed, list) or len(found) < len(listed)):
        doubts.append(f"{name} cannot be read")
    return found


def _association(kind: str, told: Document, dialect: Dialect, today: date, doubts: list[str]) -> Association:
    """One that says neither when it began nor when it ends is not open: absent is no."""
    starts, ends = (within(told, "period", name) for name in ("startDate", "endDate"))
    start, end = day(starts), day(ends)
    readable = (start is not None) == (starts is not None) and (end is not None) == (ends is not None)
    if not readable:
        doubts.append("a date of an association cannot be read")
    begun = start <= today if start else end is not None
    staff_type = uri(told.get("staffType"))
    return Association(
        kind=kind,
        open=readable and begun and (end is None or today <= end),
        end=end or date.max,
        unit=key_of(told.get(dialect.unit)),
        staff_type=staff_type,
        emails=tuple(filter(None, map(_email, objects(told.get("emails"))))),
        said=" ".join(filter(None, (kind, word(told.get("staffType")), _span(starts, ends)))),
    )


def _span(starts: object, ends: object) -> str:
    """What a period says, to its days."""
    return "..".join("" if each is None else shown(each)[:10] for each in (starts, ends))


def _email(told: Document) -> str:
    value = told.get("value")
    return text(value.get("value") if isinstance(value, dict) else value)


def _past(told: Document, name: str, today: date, raw: dict[str, str], doubts: list[str]) -> bool:
    """Whether a last day has passed."""
    value = told.get(name)
    if value is None:
        return False
    raw[name] = shown(value)
    last = day(value)
    if last is None:
        doubts.append(f"{name} is no date")
    return last is None or last < today


def _any(associations: Sequence[Association], kinds: Sequence[str]) -> bool | None:
    """Whether one of the kinds is open; None where there never was any."""
    found = [each.open for each in associations if each.kind in kinds]
    return any(found) if found else None


def _academic(associations: Sequence[Association], words: Sequence[str]) -> bool | None:
    """What the open staff associations say, or those that ended last; None where none tells its type."""
    staff = [each for each in associations if each.kind == "staff"]
    last = max((each.end for each in staff), default=date.max)
    counting = [each for each in staff if each.open] or [each for each in staff if each.end == last]
    types = [each.staff_type for each in counting if each.staff_type]
    return any(academic(each, words) for each in types) if types else None


def _name(told: Document, dialect: Dialect) -> str:
    """Known-as name where there is one, part by part."""
    names = [each.get("name") for each in objects(told.get(dialect.names)) if word(each.get("type")) == "knownas"]
    parts = ((text(within(each, part)) for each in (*names, told.get("name"))) for part in ("firstName", "lastName"))
    return " ".join(filter(None, (next(filter(None, each), "") for each in parts)))
