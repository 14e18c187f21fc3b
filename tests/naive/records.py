"""What the naive model remembers of sources, and when two things are one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from config.visibility import Visibility

PRIVATE, INTERNAL, PUBLIC = Visibility


@dataclass
class Told:
    """A record with its vote, which may be lower than the record's own: earlier pages of the run vote with it."""

    source: "Source"
    record: Any
    level: Visibility
    closes: datetime | None

    def vote(self, now):
        return PRIVATE if self.closes is not None and self.closes <= now else self.level


@dataclass
class Vote(Told):
    """What is left of a record that is gone or was forgotten. `into` is the key it was merged into."""

    into: str | None = None
    marks: frozenset = frozenset()
    person_marks: frozenset = frozenset()


@dataclass
class Source:
    """One connection as the settings have it, with what it told and the votes without records."""

    name: str
    people: bool
    require_author: bool
    keep: Visibility
    removed: bool = False  # no longer in the settings: it only votes
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    vetoes: dict[tuple[str, str], Vote] = field(default_factory=dict)
    left: dict[tuple[str, str], Vote] = field(default_factory=dict)

    def of(self, kind):
        return {key: each for (its, key), each in self.told.items() if its == kind}


def all_say(person, flag):
    told = [getattr(each.record, flag) for each in told_of(person).values()]
    stated = [value for value in told if value is not None]
    return bool(stated) and all(stated)


def joining(item):
    """The identifiers that may join: an ISBN only of a whole book."""
    return {str(each) for each in item.identifiers if each.scheme != "isbn" or item.type == "book"}


def doi(item):
    return next((each.value for each in item.identifiers if each.scheme == "doi"), None)


def told_of(thing):
    """The records that were told and not taken back."""
    return {one: each for one, each in thing.items() if not isinstance(each, Vote)}


def here_of(thing):
    """Those of sources that are still in the settings; the others only vote."""
    return {one: each for one, each in told_of(thing).items() if not each.source.removed}


def less_open(told, rest, now):
    """Whether a vote is less open than all of the rest, now or once its time has come."""
    closing = [told.closes] if told.closes else []
    return any(told.vote(at) < min((each.vote(at) for each in rest), default=PUBLIC) for at in [now, *closing])


def marks(name, kind, record):
    known = joining(record) if kind == "item" else {record.orcid} - {None} if kind == "person" else set()
    return frozenset({("key", name, record.key)} | known)


def all_marks(kind, thing):
    return frozenset().union(*(marks(name, kind, each.record) for (name, _), each in thing.items()))


def touches(some, others):
    """Whether marks of outputs meet; where both name DOIs, these decide, since nothing joins what differs there."""
    dois = [{mark for mark in each if isinstance(mark, str) and mark.startswith("doi:")} for each in (some, others)]
    keys = [{mark for mark in each if isinstance(mark, tuple)} for each in (some, others)]
    if keys[0] & keys[1]:
        return True
    return bool(dois[0] & dois[1]) if all(dois) else bool(some & others)


def classes(things, names_of):
    """The things in sets: those that share a name, directly or through others, are together."""
    left, found = dict(things), []
    while left:
        group, names = set(), set()
        new = {next(iter(left))}
        while new:
            group |= new
            names = names.union(*(names_of(left.pop(one)) for one in new))
            new = {one for one, each in left.items() if names_of(each) & names}
        found.append(group)
    return found
