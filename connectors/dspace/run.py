"""One run over a DSpace: everything, or what changed. People first where they are told of, then outputs with their
authorships.

Changes are found by the search, whose index knows when an item was last modified; where it does not, by OAI-PMH, which
names them by their handles; and where that cannot be relied on either, everything is read. Who may see an item is no
part of that: policies change, and embargoes end, without a new date, so these are read again with everything.
"""

import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from config.visibility import Visibility
from connectors import clock
from connectors.dspace.access import Access, Judge
from connectors.dspace.mark import ITEMS, PEOPLE, Cursor, Mark
from connectors.dspace.oai import Changed, Oai
from connectors.dspace.ranges import EVERYTHING, Listing
from connectors.dspace.records import ENTITY, PRIVATE, Rules, is_output, is_person, keyless, output, person
from connectors.dspace.search import Row
from connectors.errors import ConnectorError, NotUnderstood
from connectors.oai_pmh.harvest import BEFORE_ALL
from connectors.records import Aside, Authorship, Done, Gone, Item, Kind, Page, Person, Record

log = logging.getLogger(__name__)

PERSONS = f"{ENTITY}:Person"
DATED = "lastModified:[* TO *]"
OVERLAP = timedelta(hours=1)  # the index lags behind, also by a batch of imports
# The index of OAI-PMH is made by cron, in DSpace's own example each midnight, and that may take hours: what changed
# just after it began is named more than a day later.
OAI_OVERLAP = timedelta(days=2)
STEP = 20  # items of a page, where each is asked for
FEW = 4  # ranges of which one item is chosen, by which to tell whether OAI is up to date
NO_PEOPLE = "none"  # in a cursor: people were not told of
UNSEEN = Access(visibility=PRIVATE, raw={}, doubts=("it was found, and may not be seen",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is known before the first page. `began` is the server's own clock, and will be the cursor."""

    listing: Listing
    oai: Oai
    judge: Judge
    rules: Rules
    source: str
    began: datetime | None

    @property
    def people(self) -> str:
        """How people are read, for the cursor."""
        return f"by{self.rules.people_map.digest}" if self.rules.people else NO_PEOPLE

    def everything(self, bookmark: str | None, *, again: bool = False, quiet: bool = False) -> Iterator[Page]:
        """All there is, from a bookmark on where there is one. When it was had before, and not one item is left, that
        is not believed. `quiet`: that everything is read was said already."""
        mark = self._mark(bookmark, "")
        if mark.stage == PEOPLE and self.rules.people:
            mark = yield from self._people(mark, PERSONS)
        if mark.stage == PEOPLE:
            mark = mark.at(ITEMS, 0)
        mark = yield from self._items(mark, EVERYTHING)
        listed: frozenset[Kind] = frozenset({"person", "item"} if self.rules.people else {"item"})
        if again and not mark.total:
            yield Page(done=Done(incomplete="the search finds no item any more; is its index being made anew?"))
        elif mark.short:
            yield Page(done=Done(incomplete="the search gave fewer items than it told of; its index may be changing"))
        else:
            yield Page(done=Done(cursor=self._cursor(mark, quiet=quiet), listed=listed))

    def changes(self, cursor: Cursor, bookmark: str | None) -> Iterator[Page]:
        """What changed since a cursor; and all people, where the map of who is current is another than it was."""
        if cursor.oai:
            yield from self._named(cursor, bookmark)
            return
        if not self.is_dated():  # any more: what changed would seem to be nothing
            yield from self.everything(bookmark, again=True)
            return
        mark = self._mark(bookmark, cursor.since)
        changed = f"lastModified:[{clock.read(cursor.since) - OVERLAP:%Y-%m-%dT%H:%M:%SZ} TO *]"
        if mark.stage == PEOPLE and self.rules.people:
            query = f"{PERSONS} AND {changed}" if cursor.people == self.people else PERSONS
            mark = yield from self._people(mark, query)
        if mark.stage == PEOPLE:
            mark = mark.at(ITEMS, 0)
        mark = yield from self._items(mark, changed)
        if mark.short:
            yield Page(done=Done(incomplete="the search gave fewer changes than it told of; its index may be changing"))
        else:
            yield Page(done=Done(cursor=self._next(mark)))

    def access(self, row: Row) -> Access:
        """Who may see what a row tells of."""
        return UNSEEN if row.item is None else self.judge.access(row.item, row.key)

    def person(self, row: Row) -> Person:
        """The person of a row."""
        return person(row, self.access(row), self.rules)

    def output(self, row: Row) -> Iterator[Item | Authorship | Aside]:
        """The output of a row, with its links to people."""
        return output(row, self.access(row), self.rules)

    def is_dated(self) -> bool:
        """Whether the index knows of each item when it was last modified."""
        try:
            return self.listing.total(DATED) >= self.listing.total(EVERYTHING)
        except NotUnderstood:
            return False

    def unnamed(self) -> str:
        """Why OAI cannot be relied on to name what changed; empty where it can: where it names the item that changed
        last of some that did not change just now, by a handle that leads there. An index that nobody makes anew answers
        as one that is."""
        try:
            for when, witness in self._witnesses():
                if not self.oai.names(witness.handle, when):
                    return f"its index does not have what changed before the last {OAI_OVERLAP.days} days"
                found = self.judge.resolved(witness.handle)
                return "" if found and found.key == witness.key else "handles do not lead to their items"
        except ConnectorError as error:
            return _why(error)
        return "no item can tell whether its index is made anew"

    def _witnesses(self) -> Iterator[tuple[datetime, Row]]:
        """Items that OAI has to name, with the date of each, the last changed first."""
        latest = self.began - OAI_OVERLAP if self.began else BEFORE_ALL
        rows = [row for part in islice(self.listing.parts(EVERYTHING), FEW) for row in part.rows if is_output(row.item)]
        settled = [(when, row) for row in rows if (when := row.changed) and when < latest]
        for when, row in sorted(settled, key=lambda one: one[0], reverse=True)[:STEP]:
            if row.handle and self.access(row).visibility == Visibility.PUBLIC:
                yield when, row

    def _named(self, cursor: Cursor, bookmark: str | None) -> Iterator[Page]:
        """What OAI names since a cursor, each as REST tells it; everything where it cannot be relied on. All people,
        since the list has them among the items, and who are few."""
        with Changed() as changed:
            try:
                yield from self._told(cursor, bookmark, changed)
                return
            except _Unnamed as error:
                facts = {"source": self.source, "why": str(error)}
        log.warning("OAI does not tell what changed; everything is read", extra=facts)
        yield from self.everything(bookmark, again=True, quiet=True)

    def _told(self, cursor: Cursor, bookmark: str | None, changed: Changed) -> Iterator[Page]:
        if why := self.unnamed():
            raise _Unnamed(why)
        with _naming():
            total = self.oai.keep(changed, clock.read(cursor.since) - OAI_OVERLAP)
        since = cursor.text()
        mark = self._mark(bookmark, since)
        if mark.stage == PEOPLE and self.rules.people:
            mark = yield from self._people(mark, PERSONS)
        mark = mark.at(ITEMS, total)
        while handles := changed.after(mark.after, STEP):
            with _naming():
                found = [self.judge.resolved(handle) for handle in handles]
            mark = replace(mark, after=handles[-1])
            rows = [row for row in found if row]
            page = self._page(rows, place=f"{self.oai.address}, up to {mark.after}", whole=False)
            yield replace(page, bookmark=mark.text(), total=mark.total)
        if mark.short:
            yield Page(done=Done(incomplete="the search gave fewer people than it told of; its index may be changing"))
        else:
            yield Page(done=Done(cursor=self._next(mark, self.oai.address)))

    def _people(self, mark: Mark, query: str) -> Generator[Page, None, Mark]:
        mark = self._begun(mark, query)
        for part in self.listing.parts(query, mark.start):
            rows = [row for row in part.rows if row.of_an_item]
            people = tuple(self.person(row) for row in rows if row.key and is_person(row.item))
            asides = tuple(keyless(row, part.place) for row in rows if not row.key)
            mark = replace(mark, seen=mark.seen + len(part.rows), short=mark.short or part.short)
            mark = self._ended(mark, query).at(ITEMS, 0) if part.next is None else replace(mark, start=part.next)
            yield Page(people=people, asides=asides, bookmark=mark.text())
        return mark

    def _items(self, mark: Mark, query: str) -> Generator[Page, None, Mark]:
        mark = self._begun(mark, query)
        for part in self.listing.parts(query, mark.start):
            page = self._page(part.rows, place=part.place, whole=not mark.since)
            mark = replace(mark, seen=mark.seen + len(part.rows), short=mark.short or part.short)
            if part.next is not None:
                mark = replace(mark, start=part.next)
            yield replace(page, bookmark=mark.text() if part.next is not None else None, total=mark.total)
        return self._ended(mark, query)

    def _page(self, found: Iterable[Row], *, place: str, whole: bool) -> Page:
        """The outputs of some rows. What was an output, and has become something else, is told by its changes alone."""
        records: list[Record] = []
        for row in found:
            if not row.of_an_item:
                continue
            if not row.key:
                records.append(keyless(row, place))
            elif is_output(row.item):
                records += self.output(row)
            elif not whole:
                records.append(Gone(kind="item", key=row.key))
        return Page.of(records)

    def _begun(self, mark: Mark, query: str) -> Mark:
        return mark if mark.start else mark.at(mark.stage, self.listing.total(query))

    def _ended(self, mark: Mark, query: str) -> Mark:
        """Whether all came: each item that was there from the beginning to the end did, unless the search is wrong."""
        least = min(mark.total, self.listing.total(query))
        return replace(mark, short=mark.short or mark.seen < least)

    def _mark(self, bookmark: str | None, since: str) -> Mark:
        known = Mark.read(bookmark, since, self.people)
        return known or Mark(since=since, people=self.people, began=clock.stamp(self.began) or "")

    def _cursor(self, mark: Mark, *, quiet: bool) -> str | None:
        """None where what changes could not be asked for: then the next pull reads everything too."""
        if mark.began and self.is_dated():
            return self._next(mark)
        why = self.unnamed() if mark.began else "it does not tell the time"
        if not why:
            return self._next(mark, self.oai.address)
        if not quiet:
            facts = {"source": self.source, "why": why}
            log.warning("changes cannot be asked for; every pull reads everything", extra=facts)
        return None

    def _next(self, mark: Mark, oai: str = "") -> str | None:
        return Cursor(mark.began, self.people, oai).text() if mark.began else None


class _Unnamed(Exception):  # noqa: N818 - never leaves the run
    """OAI cannot be relied on."""


@contextmanager
def _naming() -> Iterator[None]:
    try:
        yield
    except ConnectorError as error:
        raise _Unnamed(_why(error)) from None


def _why(error: ConnectorError) -> str:
    """Without the mend, which is for a connection that is nothing but OAI."""
    return str(error).partition("; ")[0]
