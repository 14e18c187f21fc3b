"""One run over a Figshare: all accounts with their profiles, then the articles, all or those that changed.

Accounts are listed whole each time: the list has no date, and a profile that was closed must be found.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Self

from config.visibility import Visibility
from connectors import clock
from connectors.documents import Document
from connectors.errors import NotUnderstood
from connectors.figshare.accounts import Accounts
from connectors.figshare.api import Api, Refused
from connectors.figshare.items import authors, authorship, item, key_of, keyless, several, unread
from connectors.figshare.listing import MOST_PAGES, Broken, Place, Sheet, stamp, walk
from connectors.figshare.people import email, person
from connectors.people_map import PeopleMap
from connectors.records import Aside, Done, Item, Kind, Page, Person

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=5)  # changes may share a stamp, or be stamped before they can be seen
BATCH = 100  # people a page, each of which costs a request
AMISS = 3  # answers one after the other that cannot be read: then it is not the thing, but who answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where an unfinished run goes on among the articles; `began` is the cursor that its end will give."""

    began: str | None
    place: Place

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """None for a bookmark of another make: then everything begins again."""
        try:
            told = json.loads(text or "")
            mark = cls(began=told["began"], place=Place(**told["place"]))
        except (ValueError, TypeError, KeyError):
            return None
        place = mark.place
        shaped = isinstance(mark.began, str | None) and isinstance(place.since, str) and type(place.page) is int
        return mark if shaped else None

    def text(self) -> str:
        return json.dumps(asdict(self))


@dataclass(kw_only=True)
class Run:
    """What is known before the first page. `began` is the API's own clock, and will be the cursor; `people` where they
    are read, `authorships` what their links count as."""

    api: Api
    source: str
    began: datetime | None
    people: bool
    authorships: Visibility
    map: PeopleMap
    amiss: int = field(default=0, init=False)  # answers since the last that could be read

    def pages(self, cursor: str | None, bookmark: str | None, *, again: bool) -> Iterator[Page]:
        """All there is, or what changed since a cursor. Where it is had `again` and the list is empty, that is not
        believed."""
        begin = stamp(clock.read(cursor) - OVERLAP) if cursor else ""
        resumed = Mark.read(bookmark)
        mark = resumed or Mark(began=clock.stamp(self.began), place=Place(since=begin))
        try:
            with Accounts() as accounts:
                if self.people:
                    yield from self._accounts(accounts, again=again)
                if self.people and not resumed:
                    yield from self._people(accounts)
                told = 0
                for sheet in self._sheets(mark.place, begin):
                    told += len(sheet.rows)
                    mark = Mark(began=mark.began, place=sheet.next)
                    if sheet.rows or sheet.asides:
                        yield self._page(sheet, accounts, mark)
            if again and not cursor and not resumed and not told:
                raise Broken("not one article is listed any more; has the account the right to see them?")
        except (Broken, Refused) as error:
            yield Page(done=Done(incomplete=str(error)))
            return
        whole: set[Kind] = {"person"} if self.people else set()
        if not cursor:
            whole |= {"item", "authorship"} if self.people else {"item"}
        yield Page(done=Done(cursor=mark.began, listed=frozenset(whole)))

    def articles(self) -> Iterator[Item]:
        """The first ones, for who wants to see how they are."""
        sheet = next(walk(self.api.articles, Place(), ""), None)
        for row in sheet.rows.values() if sheet else ():
            yield from (
                told for told in self._item(row, self._told(self.api.article, key_of(row))) if isinstance(told, Item)
            )

    def profiles(self, most: int) -> Iterator[Person]:
        """The first people."""
        for row in [row for row in self.api.accounts(1) if key_of(row)][:most]:
            yield self._person([row])

    def _sheets(self, place: Place, begin: str) -> Iterator[Sheet]:
        """The list from a bookmark on; from its beginning where the API refuses the bookmark."""
        sheets = walk(self.api.articles, place, begin)
        try:
            first = next(sheets, None)
        except Refused:
            if place == Place(since=begin):
                raise
            log.info("the bookmark was refused; the listing begins again", extra={"source": self.source})
            sheets = walk(self.api.articles, Place(since=begin), begin)
            first = next(sheets, None)
        if first:
            yield first
        yield from sheets

    def _accounts(self, accounts: Accounts, *, again: bool) -> Iterator[Page]:
        """All accounts onto disk; only what has no id comes out."""
        for page in range(1, MOST_PAGES + 1):
            rows = self.api.accounts(page)
            if not rows:
                if again and page == 1:
                    raise Broken("not one account is listed any more; has the account the right to see them?")
                return
            if asides := tuple(keyless("person", row, f"accounts, page {page}") for row in rows if not key_of(row)):
                yield Page(asides=asides)
            if not accounts.add(row for row in rows if key_of(row)) and not asides:
                raise Broken(f"page {page} of the accounts has nothing new; run again")
        raise Broken(f"the list of accounts has more than {MOST_PAGES} pages; raise per_page")

    def _people(self, accounts: Accounts) -> Iterator[Page]:
        batch: list[Person] = []
        for rows in accounts.all():
            batch.append(self._person(rows))
            if len(batch) == BATCH:
                yield Page(people=tuple(batch))
                batch = []
        if batch:
            yield Page(people=tuple(batch))

    def _person(self, rows: list[Document]) -> Person:
        profile = self._told(self.api.user, key_of(rows[0]))
        told = person(rows, profile if isinstance(profile, Mapping) else None)
        return self.map.fill(told, emails=[address for row in rows for address in email(row)])

    def _page(self, sheet: Sheet, accounts: Accounts, mark: Mark) -> Page:
        views = {key: self._told(self.api.article, key) for key in sheet.rows}
        records = [told for key, row in sheet.rows.items() for told in self._item(row, views[key])]
        links = [
            authorship(key, account, position, self.authorships)
            for key, view in views.items()
            for position, author in enumerate(authors(view), start=1)
            for account in accounts.of(author)
        ]
        return Page.of((*sheet.asides, *records, *links), bookmark=mark.text())

    def _item(self, row: Document, view: object) -> Iterator[Item | Aside]:
        key = key_of(row)
        if isinstance(view, NotUnderstood):
            yield unread(key, "what everybody is told of it cannot be read")
        else:
            yield from item(row, view, self._versions(key) if several(view) else (), f"/articles/{key}")

    def _versions(self, key: str) -> list[object]:
        """Earlier ones are a help for who counts attention, and no reason to leave the article out."""
        try:
            return self.api.versions(key)
        except NotUnderstood:
            log.info("the versions of an article cannot be read", extra={"source": self.source})
            return []

    def _told(self, ask: Callable[[str], object], key: str) -> object:
        """What is told of one thing, or why that cannot be read."""
        try:
            told = ask(key)
        except NotUnderstood as error:
            self.amiss += 1
            if self.amiss == AMISS:
                raise
            return error
        self.amiss = 0
        return told
