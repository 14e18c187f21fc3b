"""One run over a DSpace: everything, or what changed. People first where they are told of, then outputs with their
authorships.

Changes are found by the index, which knows when an item was last modified. Who may see an item is no part of that:
policies change, and embargoes end, without a new date, so these are read again with everything.
"""

import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from connectors.dspace.access import Access, Judge
from connectors.dspace.mark import ITEMS, PEOPLE, Cursor, Mark
from connectors.dspace.ranges import EVERYTHING, Listing
from connectors.dspace.records import ENTITY, PRIVATE, Rules, is_output, is_person, keyless, output, person
from connectors.dspace.search import Row
from connectors.errors import NotUnderstood
from connectors.records import Aside, Authorship, Done, Gone, Item, Kind, Page, Person

log = logging.getLogger(__name__)

PERSONS = f"{ENTITY}:Person"
DATED = "lastModified:[* TO *]"
OVERLAP = timedelta(hours=1)  # the index lags behind, also by a batch of imports
NO_PEOPLE = "none"  # in a cursor: people were not told of
UNSEEN = Access(visibility=PRIVATE, raw={}, doubts=("it was found, and may not be seen",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is known before the first page. `began` is the server's own clock, and will be the cursor."""

    listing: Listing
    judge: Judge
    rules: Rules
    source: str
    began: datetime | None

    @property
    def people(self) -> str:
        """How people are read, for the cursor."""
        return f"by{self.rules.people_map.digest}" if self.rules.people else NO_PEOPLE

    def everything(self, bookmark: str | None, *, again: bool = False) -> Iterator[Page]:
        """All there is, from a bookmark on where there is one. When it was had before, and not one item is left, that
        is not believed."""
        mark = Mark.read(bookmark, "") or Mark(since="", began=self._stamp())
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
            yield Page(done=Done(cursor=self._cursor(mark), listed=listed))

    def changes(self, cursor: Cursor, bookmark: str | None) -> Iterator[Page]:
        """What changed since a cursor; and all people, where the map of who is current is another than it was."""
        mark = Mark.read(bookmark, cursor.since) or Mark(since=cursor.since, began=self._stamp())
        since = (datetime.fromisoformat(cursor.since) - OVERLAP).astimezone(UTC)
        changed = f"lastModified:[{since:%Y-%m-%dT%H:%M:%SZ} TO *]"
        if mark.stage == PEOPLE and self.rules.people:
            query = f"{PERSONS} AND {changed}" if cursor.people == self.people else PERSONS
            mark = yield from self._people(mark, query)
        if mark.stage == PEOPLE:
            mark = mark.at(ITEMS, 0)
        mark = yield from self._items(mark, changed)
        if mark.short:
            yield Page(done=Done(incomplete="the search gave fewer changes than it told of; its index may be changing"))
        else:
            yield Page(done=Done(cursor=Cursor(mark.began, self.people).text() if mark.began else None))

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
            rows = [row for row in part.rows if row.of_an_item]
            records = [record for row in rows if row.key and is_output(row.item) for record in self.output(row)]
            # What was an output, and has become something else, is told by its changes alone.
            others = [row.key for row in rows if row.key and not is_output(row.item)] if mark.since else []
            asides = [keyless(row, part.place) for row in rows if not row.key]
            mark = replace(mark, seen=mark.seen + len(part.rows), short=mark.short or part.short)
            if part.next is not None:
                mark = replace(mark, start=part.next)
            yield Page(
                items=tuple(one for one in records if isinstance(one, Item)),
                authorships=tuple(one for one in records if isinstance(one, Authorship)),
                gone=tuple(Gone(kind="item", key=key) for key in others),
                asides=(*asides, *(one for one in records if isinstance(one, Aside))),
                bookmark=mark.text() if part.next is not None else None,
                total=mark.total,
            )
        return self._ended(mark, query)

    def _begun(self, mark: Mark, query: str) -> Mark:
        return mark if mark.start else mark.at(mark.stage, self.listing.total(query))

    def _ended(self, mark: Mark, query: str) -> Mark:
        """Whether all came: each item that was there from the beginning to the end did, unless the search is wrong."""
        least = min(mark.total, self.listing.total(query))
        return replace(mark, short=mark.short or mark.seen < least)

    def _stamp(self) -> str:
        return self.began.isoformat() if self.began else ""

    def _cursor(self, mark: Mark) -> str | None:
        """None where what changes could not be asked for: then the next pull reads everything too."""
        if mark.began and self.is_dated():
            return Cursor(mark.began, self.people).text()
        log.warning("changes cannot be asked for; every pull reads everything", extra={"source": self.source})
        return None
