"""One run over an Elements: everything, or what changed. People and groups first, then outputs with all authorships.

Everything: users, groups, members, one sweep of all relationships onto disk, publications with theirs.
Changes: the same order, but relationships are asked for per publication, and every publication of a person or
relationship that changed is read again, since the effective level of a link moves without a date of its own. Where
these are very many, only the links themselves are told, as the listings of their people have just told them.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote

from config.settings import Assume
from connectors import clock
from connectors.elements.flags import key_of, keyless
from connectors.elements.items import Rules, item
from connectors.elements.mark import GROUPS, ITEMS, PEOPLE, Mark
from connectors.elements.records import authorship, deleted, group, person
from connectors.elements.spool import Spool
from connectors.elements.walk import INDEX, Sheet, one, walk
from connectors.elements.xml import Missing, Refused, Version
from connectors.http import Client
from connectors.records import Aside, Authorship, Done, Gone, Group, Item, Kind, Members, Page, Person, Record
from connectors.xml import Element

log = logging.getLogger(__name__)

FULL, REFERENCE = 25, 1000  # the largest page of each detail since v4.6
DELETED = 100  # entries a page of the feeds of deletions, whose limit is nowhere stated
MANY = 1000  # publications to read again one by one; above it, a run would take longer than that of everything
OVERLAP = timedelta(minutes=5)  # changes may share a stamp, or be stamped before they can be seen
AFFECTED_SINCE = (5, 0)  # from here on; before, `modified-since` meant what `affected-since` means
GROUPS_ARE_OBJECTS = (6, 0)
UNORDERED = (5, 0)  # before, pages of objects are only stable when ordered by id


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is known before the first page. `types` are names and ids of the relationships that count, `query` asks for
    them; `began` is the source's own clock, and will be the cursor."""

    client: Client
    source: str
    version: Version
    began: datetime | None
    types: frozenset[str]
    query: str
    rules: Rules
    assume: Assume
    per_page: int | None = None

    def everything(self, bookmark: str | None, *, again: bool = False) -> Iterator[Page]:
        """All there is, from a bookmark on where there is one. When it is had `again` and not one relationship is left,
        that is not believed: nobody would have written anything."""
        mark = Mark.read(bookmark) or Mark(began=clock.stamp(self.began))
        if mark.stage == PEOPLE:
            for sheet in self._resumed(self.users, mark.query):
                mark = replace(mark, told=mark.told + _count(sheet.records, Person))
                mark = mark.at(GROUPS) if sheet.next is None else mark.at(PEOPLE, sheet.next)
                yield Page.of(sheet.records, bookmark=mark.text())
        if mark.stage == GROUPS:
            groups = yield from self._groups()
            mark = replace(mark.at(ITEMS), groups=groups is not None, told=mark.told + (groups or 0))
            yield Page(bookmark=mark.text())
        with Spool() as spool:
            yield from self._sweep(spool)
            if again and not len(spool):
                yield Page(done=Done(incomplete=f"GET /relationships: none is listed any more: {INDEX}"))
                return
            for sheet in self._resumed(self.publications, mark.query):
                if not mark.total and not mark.query and sheet.head.total:  # later pages may tell what is left
                    mark = replace(mark, total=mark.told + len(spool) + sheet.head.total)
                mark = mark.at(ITEMS, sheet.here if sheet.next is None else sheet.next)
                links = spool.of(record.key for record in sheet.records if isinstance(record, Item))
                yield Page.of((*sheet.records, *links), bookmark=mark.text(), total=mark.total)
            for batch in spool.rest():
                yield Page.of(batch, bookmark=mark.text(), total=mark.total)
        listed: set[Kind] = {"person", "item", "authorship"}
        yield Page(done=Done(cursor=mark.began, listed=frozenset(listed | {"group"} if mark.groups else listed)))

    def changes(self, cursor: str, bookmark: str | None = None) -> Iterator[Page]:
        """What changed since a cursor. Groups have no changes to ask for, and are listed whole.

        A bookmark stands among the publications, each of which costs a request of its own; what comes before them is
        read anew."""
        mark = Mark.read(bookmark) or Mark(began=clock.stamp(self.began))
        when = (clock.read(cursor) - OVERLAP).isoformat()
        since = {"affected-since" if self.version >= AFFECTED_SINCE else "modified-since": when}
        people, told = list[str](), set[str]()
        for users in walk(self.client, "/users", {**since, **self._objects()}, self._person):
            people += [record.key for record in users.records if isinstance(record, Person)]
            told |= {record.key for record in users.records if isinstance(record, Gone)}
            yield Page.of(users.records)
        groups = yield from self._groups()
        yield from self._deleted("/deleted/users", "person", when, told)
        with Spool() as touched:
            for key in people:
                yield from self._touch(touched, _path("/users", key, "/relationships"), self._references(), person=key)
            changed = {"types": self.query, "modified-since": when, **self._references()}
            yield from self._touch(touched, "/relationships", changed)
            told = yield from self._changed({**since, "ever-approved": "true", **self._objects()}, touched, mark)
        yield from self._deleted("/deleted/publications", "item", when, told, certain=not mark.query)
        yield from self._deleted("/relationships/deleted", "authorship", when, set())
        listed: frozenset[Kind] = frozenset() if groups is None else frozenset({"group"})
        yield Page(done=Done(cursor=mark.began, listed=listed))

    def _changed(self, query: Mapping[str, str], touched: Spool, mark: Mark) -> Generator[Page, None, set[str]]:
        """The publications that changed, then those whose links may have; the keys of all that were told of."""
        told = set[str]()
        listing = partial(walk, self.client, "/publications", query, self._item)
        for sheet in self._resumed(lambda start: listing(start=start), mark.query):
            keys = {record.key for record in sheet.records if isinstance(record, Item | Gone)}
            touched.of(keys)
            told |= keys
            mark = mark.at(ITEMS, sheet.here if sheet.next is None else sheet.next)
            yield Page.of(self._with_links(sheet.records), bookmark=mark.text())
        if len(left := touched.left()) > MANY:
            for links in touched.rest():
                yield Page.of(links)
            return told
        for batch in _batches(left, int(self._size(FULL))):
            records = self._again(batch)
            told |= {record.key for record in records if isinstance(record, Gone)}
            yield Page.of(self._with_links(records))
        return told

    def users(self, start: str = "") -> Iterator[Sheet[Record]]:
        """All users, or from a query on."""
        return walk(self.client, "/users", self._objects(), self._person, start=start)

    def publications(self, start: str = "") -> Iterator[Sheet[Record]]:
        """All publications that anybody approved, or from a query on."""
        query = {"ever-approved": "true", **self._objects()}
        return walk(self.client, "/publications", query, self._item, start=start)

    def links(self) -> Iterator[Sheet[Record]]:
        """All relationships that count."""
        return walk(self.client, "/relationships", {"types": self.query, **self._references()}, self._link)

    def _person(self, entry: Element, version: Version, place: str) -> Iterator[Record]:
        return person(entry, version, place, self.assume.people)

    def _group(self, entry: Element, version: Version, place: str) -> Iterator[Record]:
        return group(entry, version, place, self.assume.groups)

    def _item(self, entry: Element, version: Version, place: str) -> Iterator[Record]:
        return item(entry, version, place, self.rules)

    def _link(self, entry: Element, _: Version, place: str, *, item: str = "", person: str = "") -> Iterator[Record]:
        return authorship(entry, place, self.types, item=item, person=person)

    def _size(self, limit: int) -> str:
        return str(min(limit, self.per_page or limit))

    def _objects(self) -> dict[str, str]:
        order = {"order-by": "id"} if self.version < UNORDERED else {}
        return {"detail": "full", "per-page": self._size(FULL), **order}

    def _references(self) -> dict[str, str]:
        return {"per-page": self._size(REFERENCE)}

    def _resumed(self, listing: Callable[[str], Iterator[Sheet[Record]]], start: str) -> Iterator[Sheet[Record]]:
        """A listing from a bookmark on; from its beginning when the source refuses the bookmark."""
        sheets = listing(start)
        try:
            first = next(sheets)
        except Refused:
            if not start:
                raise
            log.info("the bookmark was refused; the listing begins again", extra={"source": self.source})
            sheets = listing("")
            first = next(sheets)
        yield first
        yield from sheets

    def _groups(self) -> Generator[Page, None, int | None]:
        """All groups, then the direct members of each; how many there are, None where the source has no such thing."""
        query = {"detail": "full", "per-page": self._size(FULL)} if self.version >= GROUPS_ARE_OBJECTS else {}
        keys = list[str]()
        try:
            for sheet in walk(self.client, "/groups", query, self._group):
                keys += [record.key for record in sheet.records if isinstance(record, Group)]
                yield Page.of(sheet.records)
        except Missing:
            log.warning("the source offers no groups", extra={"source": self.source})
            return None
        for key in dict.fromkeys(keys):
            query = {"groups": key, "group-membership": "explicit", "detail": "ref", **self._references()}
            found = [one for sheet in walk(self.client, "/users", query, _member) for one in sheet.records]
            people = tuple(dict.fromkeys(one for one in found if isinstance(one, str)))
            asides = tuple(one for one in found if isinstance(one, Aside))
            yield Page(members=(Members(group=key, people=people),), asides=asides)
        return len(keys)

    def _sweep(self, spool: Spool) -> Iterator[Page]:
        """All relationships onto disk; only what could not be read comes out."""
        for sheet in self.links():
            spool.add(record for record in sheet.records if isinstance(record, Authorship))
            yield from _asides(sheet.records)

    def _touch(self, touched: Spool, path: str, query: Mapping[str, str], *, person: str = "") -> Iterator[Page]:
        """Some relationships onto disk, to know their publications."""
        try:
            for sheet in walk(self.client, path, query, partial(self._link, person=person)):
                touched.add(record for record in sheet.records if isinstance(record, Authorship))
                yield from _asides(sheet.records)
        except Missing:
            if not person:
                raise
            # The person went while we were reading; the next run hears of it.

    def _with_links(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records, each item with all its authorships; where there are none to be had, it is asked for itself."""
        for record in records:
            if not isinstance(record, Item):
                yield record
                continue
            path, read = _path("/publications", record.key, "/relationships"), partial(self._link, item=record.key)
            try:
                sheets = list(walk(self.client, path, self._references(), read))
            except Missing:  # it went since, or nobody's name is on it
                again = list(self._single(record.key))
                yield from [one for one in again if isinstance(one, Gone) and one.key == record.key] or again
                continue
            yield record
            for sheet in sheets:
                yield from sheet.records

    def _again(self, keys: list[str]) -> list[Record]:
        """Publications by their ids; what the listing leaves out is asked for singly, to know what became of it.

        Only one page is asked for, and what is not wanted is dropped: a source may pass over `ids` and list all."""
        query = {"ids": ",".join(keys), "detail": "full", "per-page": self._size(FULL)}
        try:
            told = one(self.client, "/publications", query, self._item).records
        except Refused:
            told = ()
        wanted = (record for record in told if isinstance(record, Item | Gone))
        records: list[Record] = [record for record in wanted if {record.key, _into(record)} & {*keys}]
        came = {record.key for record in records if isinstance(record, Item | Gone)}
        for key in keys:
            if key not in came:
                records += self._single(key)
        return records

    def _single(self, key: str) -> Iterator[Record]:
        try:
            records = one(self.client, _path("/publications", key), {"detail": "full"}, self._item).records
        except Missing:
            yield Gone(kind="item", key=key)
            return
        yield from records
        survivor = next((record.key for record in records if isinstance(record, Item)), key)
        if survivor != key:
            yield Gone(kind="item", key=key, into=survivor)

    def _deleted(self, path: str, kind: Kind, when: str, told: set[str], *, certain: bool = True) -> Iterator[Page]:
        """A feed of deletions, without what the run has told of already: a merge says more than a deletion. Where
        another run has told of some, it is not `certain` what is left, and each publication is asked for itself."""
        query = {"deleted-since": when, "per-page": self._size(DELETED)}
        try:
            for sheet in walk(self.client, path, query, partial(_gone, kind=kind)):
                new = [record for record in sheet.records if not isinstance(record, Gone) or record.key not in told]
                yield Page.of(new if certain else self._with_links(self._sure(new)))
        except Missing:
            log.warning("the source has no such feed of deletions", extra={"source": self.source, "path": path})

    def _sure(self, records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            if isinstance(record, Gone):
                yield from self._single(record.key)
            else:
                yield record


def _count(records: Iterable[Record], kind: type[Record]) -> int:
    return sum(isinstance(record, kind) for record in records)


def _asides(records: Iterable[Record]) -> Iterator[Page]:
    if asides := tuple(record for record in records if isinstance(record, Aside)):
        yield Page(asides=asides)


def _member(user: Element, _: Version, place: str) -> Iterator[str | Aside]:
    yield key_of(user, "user") or keyless("person", user, place)


def _gone(entry: Element, _: Version, place: str, *, kind: Kind) -> Iterator[Record]:
    return deleted(entry, kind, place)


def _into(record: Record) -> str | None:
    return record.into if isinstance(record, Gone) else None


def _batches(keys: list[str], size: int) -> Iterator[list[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _path(place: str, key: str, part: str = "") -> str:
    return f"{place}/{quote(key, safe='')}{part}"
