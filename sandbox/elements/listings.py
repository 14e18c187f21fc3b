"""Which things a listing of the practice Elements holds, in which order, and how it is cut into pages."""

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sandbox.elements.people import RELATIONSHIP_TYPES
from sandbox.elements.publications import TYPES
from sandbox.elements.queries import Query, fault
from sandbox.institution import Institution
from sandbox.model import Authorship, Output, Person

T = TypeVar("T", Output, Person)
KEPT = 8
"""How many listings are remembered between the requests for their pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of ids, what the answer says of the whole, and the places of other pages as (position, number, href)."""

    ids: Sequence[int]
    results: int
    per_page: int
    places: tuple[tuple[str, int, str], ...]


class Listings:
    """The listings of one institution; each is kept until something in the institution changes."""

    def __init__(self, institution: Institution) -> None:
        self.institution = institution
        self._kept: OrderedDict[object, list[int]] = OrderedDict()

    def publications(self, query: Query) -> list[int]:
        """Ids of the publications asked for, by id; v4.6 puts the last modified first unless it is told otherwise."""

        def find() -> list[int]:
            wanted = _types(query, TYPES)
            approved = query.true("ever-approved")
            groups = self._members(query)
            found: Iterable[Output] = _objects(query, self.institution.outputs)
            if query.has("query"):
                found = _searched(query.get("query"), found)
            found = (o for o in found if not wanted or o.type in wanted)
            found = (o for o in found if approved is None or o.ever_approved is approved)
            if groups is not None:
                found = (o for o in found if any(a.person in groups for a in self.institution.of_output(o.id)))
            return _ordered(query, found)

        return self._keep("publications", query, find)

    def users(self, query: Query) -> list[int]:
        """Ids of the users asked for."""

        def find() -> list[int]:
            groups = self._members(query)
            found: Iterable[Person] = _objects(query, self.institution.people)
            if query.has("username"):
                found = (p for p in found if p.username == query.get("username"))
            if query.has("proprietary-id"):
                found = (p for p in found if p.proprietary_id == query.get("proprietary-id"))
            if groups is not None:
                found = (p for p in found if p.id in groups)
            return _ordered(query, found)

        return self._keep("users", query, find)

    def relationships(self, query: Query, among: Iterable[Authorship] | None = None) -> list[int]:
        """Ids of the relationships asked for: all, or those `among` the ones of one object."""

        def find() -> list[int]:
            wanted = _types(query, {name: number for name, (number, *_) in RELATIONSHIP_TYPES.items()})
            since = query.moment("modified-since")
            ids = query.numbers("ids") if query.has("ids") else None
            links = self.institution.authorships.values() if among is None else among
            return sorted(
                link.id
                for link in links
                if (not wanted or link.type in wanted)
                and (ids is None or link.id in ids)
                and (since is None or link.stamps.modified >= since)
            )

        return find() if among is not None else self._keep("relationships", query, find)

    def deletions(self, query: Query, part: str) -> list[int]:
        """Places in the institution's list of deletions, in the order of their times; a place is the paging token."""
        since = query.moment("deleted-since")
        told = enumerate(self.institution.deletions, start=1)
        return [place for place, d in told if d.part == part and (since is None or d.when >= since)]

    def _members(self, query: Query) -> set[int] | None:
        if not query.has("groups"):
            return None
        if query.get("group-membership") not in {"", "explicit", "implicit"}:
            raise fault("The value of 'group-membership' must be 'explicit' or 'implicit'.")
        explicit = query.get("group-membership") == "explicit"
        return self.institution.members(query.numbers("groups"), explicit=explicit)

    def _keep(self, kind: str, query: Query, find: Callable[[], list[int]]) -> list[int]:
        key = (kind, query.wire.version, query.unpaged(), self.institution.generation)
        if key in self._kept:
            self._kept.move_to_end(key)
        else:
            self._kept[key] = find()
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]


def cut(query: Query, address: str, ids: Sequence[int], next_address: str = "") -> Page:
    """The page of `ids` that was asked for: by number in v4.6, after an id later.

    v5.5 tells the total on every page, v6.13 what is left, and v6.13 tells where to continue even on the last page.
    `next_address` replaces the address in the next link, for the one listing whose link is known to be wrong."""
    per_page = query.per_page()
    this = query.href(address)
    if query.wire.numbered:
        return _numbered(query, address, ids, next_address or address)
    after = query.number("after-id", 0)
    start = bisect_right(ids, after) if query.has("after-id") else 0
    page = ids[start : start + per_page]
    onward = query.href(address, per_page=per_page, after_id=page[-1] if page else after)
    places = [("this", 0, this)]
    if start + per_page < len(ids):
        places.append(("next", 0, onward))
    if not query.wire.atom:
        places.append(("continue-from", 0, onward))
    results = len(ids) if query.wire.atom else len(ids) - start
    return Page(ids=page, results=results, per_page=per_page, places=tuple(places))


def _numbered(query: Query, address: str, ids: Sequence[int], next_address: str) -> Page:
    per_page, number = query.per_page(), query.number("page", 1)
    last = max(1, -(-len(ids) // per_page))
    if number < 1:
        raise fault("The value of 'page' must be 1 or more.")
    places = [("this", number, query.href(address)), ("first", 1, query.href(address, page=None))]
    if 1 < number <= last:
        places.append(("previous", number - 1, query.href(address, page=number - 1)))
    if number < last:
        places.append(("next", number + 1, query.href(next_address, page=number + 1)))
    places.append(("last", last, query.href(address, page=last)))
    page = ids[(number - 1) * per_page : number * per_page]
    return Page(ids=page, results=len(ids), per_page=per_page, places=tuple(places))


def _searched(text: str, outputs: Iterable[Output]) -> list[Output]:
    """What the search index finds for a DOI: it takes words apart, so one that only begins so is found as well."""
    told = re.fullmatch(r'doi="([^"]+)"', text)
    if not told:
        raise fault("The query is not one that this practice system understands.")
    words = told[1].casefold()
    return [each for each in outputs if any(words in record.doi.casefold() for record in each.records)]


def _objects(query: Query, things: dict[int, T]) -> Iterable[T]:
    """Things by id and by time. In 4.x `modified-since` means affected; later it means the thing itself."""
    ids = query.numbers("ids") if query.has("ids") else None
    modified, created = query.moment("modified-since"), query.moment("created-since")
    affected = query.moment("affected-since")
    if not query.wire.affected:
        modified, affected = None, modified
    return [
        thing
        for thing in things.values()
        if (ids is None or thing.id in ids)
        and _since(thing.stamps.modified, modified)
        and _since(thing.stamps.affected, affected)
        and _since(thing.stamps.created, created)
    ]


def _since(moment: datetime, since: datetime | None) -> bool:
    return since is None or moment >= since


def _ordered(query: Query, things: Iterable[T]) -> list[int]:
    if query.has("order-by") and query.get("order-by") != "id":
        raise fault("The value of 'order-by' must be 'id'.")
    if query.wire.numbered and not query.has("order-by"):
        return [thing.id for thing in sorted(things, key=lambda t: (t.stamps.affected, t.id), reverse=True)]
    return sorted(thing.id for thing in things)


def _types(query: Query, known: dict[str, int]) -> frozenset[str]:
    """Names of the types asked for, by name or id; empty for all."""
    if not query.has("types"):
        return frozenset()
    names = {str(number): name for name, number in known.items()} | {name: name for name in known}
    asked = query.get("types").split(",")
    if unknown := [word for word in asked if word not in names]:
        raise fault(f"The type '{unknown[0]}' does not exist.")
    return frozenset(names[word] for word in asked)
