"""One run over a Pure: everything, or what changed. Departments and people first, then outputs with all their links.

Departments and people are listed whole in each run: there are few of them beside the outputs, and who is current
changes by the calendar alone. Of outputs the current API can list the latest changes first; the legacy one has a feed
of changes, which tells deletions too, and counts in days.
"""

import json
import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Self

from config.visibility import Visibility
from connectors import clock
from connectors.documents import Document, objects, text, within
from connectors.errors import NotAllowed, NotUnderstood
from connectors.people_map import PeopleMap
from connectors.pure.dialect import CREATED, MODIFIED, OUTPUTS, PERSONS, Dialect
from connectors.pure.outputs import output, unread
from connectors.pure.people import Profile, Reading, group, keyless, person
from connectors.pure.rest import Forbidden, Rest, Unseen
from connectors.pure.spool import Spool
from connectors.pure.values import key_of, moment
from connectors.pure.walk import Mark, Sheet, Unproven, walk
from connectors.records import Aside, Authorship, Done, Gone, Group, Item, Kind, Members, Page, Record

log = logging.getLogger(__name__)

SIZE = 100  # records a page when the settings are silent; an output may have 150 KB
BATCH = 100  # outputs asked for by their ids, or departments told of, at once
OVERLAP = timedelta(minutes=10)  # changes may share a stamp, or be stamped before they can be seen
DAY = timedelta(days=1)  # the feed of the legacy API begins with a day, which may be that of another time zone
FAMILIES: dict[str, Kind] = {"ResearchOutput": "item", "Person": "person", "Organisation": "group"}
TOUCHED = "touched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Where among the outputs an unfinished listing goes on; `began` is the cursor that its end will give, `groups`
    whether they were listed."""

    began: str | None
    groups: bool
    mark: Mark

    @classmethod
    def read(cls, told: str | None) -> Self | None:
        """None for a bookmark of another make: then everything begins again."""
        try:
            found = json.loads(told or "")
            mark = Mark(**found["mark"])
            known = isinstance(mark.offset, int) and isinstance(mark.came, int)
            mark = replace(mark, again=tuple(mark.again))
            return cls(began=found["began"], groups=found["groups"], mark=mark) if known else None
        except (ValueError, TypeError, KeyError):
            return None

    def text(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is known before the first page; `began` is the source's own clock, and will be the cursor."""

    rest: Rest
    source: str
    began: datetime | None
    reading: Reading
    assumed: Visibility | None
    size: int = SIZE

    def everything(self, bookmark: str | None) -> Iterator[Page]:
        """All there is, from a bookmark on where there is one."""
        with Spool() as spool:
            place = Bookmark.read(bookmark)
            if place is None:
                groups = yield from self._institution(spool)
                place = Bookmark(began=clock.stamp(self.began), groups=groups, mark=Mark())
            for sheet in self._resumed(spool, place.mark):
                place = replace(place, mark=sheet.next or place.mark)
                yield Page.of(self._outputs(sheet), bookmark=place.text(), total=sheet.total)
        listed: set[Kind] = {"person", "item"}
        yield Page(done=Done(cursor=place.began, listed=frozenset(listed | {"group"} if place.groups else listed)))

    def changes(self, cursor: str) -> Iterator[Page]:
        """What changed since a cursor; everything, where this Pure cannot list what changed last first."""
        since = clock.read(cursor)
        orders = self.rest.orderings() if self.rest.dialect.writes else {}
        order = next((orders[name] for name in MODIFIED if name in orders), "")
        if self.rest.dialect.writes and not order:
            log.info("no order by date of change is offered; all is read", extra={"source": self.source})
            yield from self.everything(None)
            return
        with Spool() as spool:
            groups = yield from self._institution(spool)
            if self.rest.dialect.writes:
                yield from self._latest(order, since - OVERLAP, spool)
            else:
                yield from self._fed(since - DAY, spool)
        listed: set[Kind] = {"person"}
        cursor = clock.stamp(self.began) or cursor
        yield Page(done=Done(cursor=cursor, listed=frozenset(listed | {"group"} if groups else listed)))

    def listing(self, path: str, order: str = "") -> Callable[[int, int], Document]:
        """How the pages of a listing are asked for."""

        def ask(offset: int, size: int) -> Document:
            ordered = {"order": order} if order else {}
            return self.rest.get(path, {"size": str(size), "offset": str(offset), **ordered})

        return ask

    def people(self, sheet: Sheet) -> Iterator[Profile | Gone | Aside]:
        """What a page of persons tells."""
        for at, row in sheet.rows:
            yield from person(row, self.rest.dialect, f"{PERSONS}, entry {at}", self.reading)

    def outputs(self, row: object, place: str) -> Iterator[Item | Authorship | Gone | Aside]:
        """What one output tells."""
        return output(row, self.rest.dialect, place, self.assumed)

    def _outputs(self, sheet: Sheet) -> Iterator[Record]:
        for at, row in sheet.rows:
            yield from self.outputs(row, f"{OUTPUTS}, entry {at}")

    def _institution(self, spool: Spool) -> Generator[Page, None, bool]:
        """All departments, all people, and the members of each department; whether departments are to be had."""
        path = self.rest.dialect.organizations
        groups = True
        try:
            for sheet in walk(self.listing(path), path, self.size, spool):
                yield Page.of(one for at, row in sheet.rows for one in group(row, f"{path}, entry {at}"))
        except NotAllowed:
            log.warning("the key may not read organisations, so there are no groups", extra={"source": self.source})
            groups = False
        for sheet in walk(self.listing(PERSONS), PERSONS, self.size, spool):
            told = list[Record]()
            for each in self.people(sheet):
                if not isinstance(each, Profile):
                    told.append(each)
                    continue
                told.append(each.person)
                for unit in each.units:
                    spool.add(f"members of {unit}", [each.person.key])
            yield Page.of(told)
        for batch in _batches(spool.keys(path)) if groups else ():
            yield Page(
                members=tuple(Members(group=key, people=tuple(spool.keys(f"members of {key}"))) for key in batch)
            )
        return groups

    def _resumed(self, spool: Spool, mark: Mark) -> Iterator[Sheet]:
        """All outputs from a mark on; from the first where the listing has moved past it since."""
        orders = self.rest.orderings() if self.rest.dialect.writes else {}
        order = next((orders[name] for name in CREATED if name in orders), "")
        ask = self.listing(OUTPUTS, order)
        sheets = walk(ask, OUTPUTS, self.size, spool, start=mark if mark.offset else None)
        try:
            first = next(sheets)
        except Unproven:
            if not mark.offset:
                raise
            log.info("the listing moved past the bookmark; it begins again", extra={"source": self.source})
            spool.drop(OUTPUTS)
            sheets = walk(ask, OUTPUTS, self.size, spool)
            first = next(sheets)
        yield first
        yield from sheets

    def _latest(self, order: str, since: datetime, spool: Spool) -> Iterator[Page]:
        """The outputs that changed since, the latest first; all, where they do not come in that order. Dates may all be
        the same, so that alone the output that changed longest ago, which must come last, tells which way they come."""

        def ask(offset: int, size: int, by: str = "descending") -> Document:
            question = {"size": size, "offset": offset, "orderings": [order], "orderBy": by}
            return self.rest.search(f"{OUTPUTS}/search", question)

        oldest = {key_of(row) for row in objects(ask(0, 1, "ascending").get("items"))}
        ordered = bool(oldest)
        for sheet in walk(ask, OUTPUTS, self.size, spool):
            yield Page.of(self._outputs(sheet))
            dates = [moment(within(row, "modifiedDate")) for row in sheet.all]
            known = [each for each in dates if each]
            ordered = ordered and len(known) == len(dates) and known == sorted(known, reverse=True)
            ordered = ordered and not oldest & {*map(key_of, sheet.all)}
            if ordered and known and known[-1] < since:
                return

    def _fed(self, since: datetime, spool: Spool) -> Iterator[Page]:
        """What the feed of changes names since a day, each read as it is now. The feed leaves out what we may not see,
        so a page of it may be empty, and only its own word ends it."""
        token = since.date().isoformat()
        seen = set[str]()
        while token not in seen:
            seen.add(token)
            told = self.rest.get(f"/changes/{token}", {})
            yield from self._touch(told, spool)
            more, token = told.get("moreChanges"), text(told.get("resumptionToken"))
            if more is False:
                break
            if more is not True or not token:
                raise NotUnderstood("GET /changes: it does not say whether there are more, or where")
        else:
            raise Unproven("GET /changes: the same token came again; it is tried again later")
        for batch in _batches(spool.keys(TOUCHED)):
            yield self._again(batch)

    def _touch(self, told: Document, spool: Spool) -> Iterator[Page]:
        """Keep what changed; people and departments that were deleted are gone, unless they have just been listed."""
        gone, asides = list[Gone](), list[Aside]()
        places = {"person": PERSONS, "group": self.rest.dialect.organizations}
        changes = told.get("items", [])
        if not isinstance(changes, list) or len(objects(changes)) < len(changes):
            raise NotUnderstood("GET /changes: its items cannot be read")
        for change in objects(changes):
            system = text(change.get("familySystemName")) or text(change.get("family")).rpartition(".")[2]
            kind = FAMILIES.get(system)
            if kind is None:
                continue
            key = key_of(change)
            if not key:
                asides.append(keyless(kind, change, "/changes"))
            elif kind == "item":
                spool.add(TOUCHED, [key])
            elif change.get("changeType") == "DELETE" and not spool.has(places[kind], key):
                gone.append(Gone(kind=kind, key=key))
        if gone or asides:
            yield Page(gone=tuple(gone), asides=tuple(asides))

    def _again(self, keys: list[str]) -> Page:
        """Outputs by their ids; what the listing leaves out is asked for singly, to know what became of it."""
        told = self.rest.search(OUTPUTS, {"uuids": keys, "size": len(keys)})
        rows = {key: row for row in objects(told.get("items")) if (key := key_of(row)) in keys}
        records = [one for key in keys for one in self._single(key, rows.get(key))]
        return Page.of(records)

    def _single(self, key: str, row: Document | None) -> Iterator[Record]:
        try:
            found = row or self.rest.one(OUTPUTS, key, surely=True)
        except Forbidden:
            yield unread(key, "the key may not see the output")
            return
        except Unseen:
            yield Gone(kind="item", key=key, hidden=True)
            return
        if found is None:
            yield Gone(kind="item", key=key)
            return
        yield from self.outputs(found, f"{OUTPUTS}/{key}")
        survivor = key_of(found)
        if survivor and survivor != key:
            yield Gone(kind="item", key=key, into=survivor)


def first_sheet(run: Run, path: str) -> Sheet | None:
    """The first page of a listing, as far as that is to be had."""
    with Spool() as spool:
        return next(walk(run.listing(path), path, run.size, spool), None)


def is_public(kind: Kind, told: Document, dialect: Dialect) -> bool:
    """Whether everybody may see one thing now, as a pull would judge it."""
    if kind == "item":
        found = [one.visibility for one in output(told, dialect, OUTPUTS, None) if isinstance(one, Item)]
    elif kind == "group":
        found = [one.visibility for one in group(told, dialect.organizations) if isinstance(one, Group)]
    else:
        reading = Reading(today=date.max, people_map=PeopleMap({}))  # of no matter for who may be seen
        profiles = person(told, dialect, PERSONS, reading)
        found = [one.person.visibility for one in profiles if isinstance(one, Profile)]
    return found == [Visibility.PUBLIC]


def _batches(keys: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(keys, BATCH)):
        yield batch
