"""The example connector, broken in one way each where it reads: what the conformance suite must find."""

# ruff: noqa: ARG002 - what is broken often does not look at what it is given

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import requests
import ringmark_example
from ringmark_example import LISTED, Example, Row

from config.visibility import Visibility
from connectors import (
    ConnectorError,
    Done,
    Gone,
    Item,
    NotAllowed,
    Page,
    Since,
    TryLater,
)

log = logging.getLogger(__name__)
END = Page(done=Done(cursor="2026-06-02T12:00:00+00:00", listed=LISTED))


class ForgetsTheLastPage(Example):
    def outputs(self, following: str, cursor: str, *, full: bool) -> Iterator[Page]:
        *pages, _, end = super().outputs(following, cursor, full=full)
        yield from [*pages, end]


class TellsTheTime(Example):
    def pull(self, since: Since) -> Iterator[Page]:
        for page in super().pull(since):
            yield replace(page, items=tuple(replace(item, raw={"read": str(since.now)}) for item in page.items))


class TellsPeopleOnce(Example):
    def pull(self, since: Since) -> Iterator[Page]:
        for page in super().pull(since):
            yield replace(page, people=() if since.cursor else page.people)


class _From(Example):
    lag: ClassVar[timedelta]

    def first(self, cursor: str | None) -> str:
        moved = datetime.fromisoformat(cursor) + ringmark_example.LAG - self.lag if cursor else None
        return super().first(moved.isoformat() if moved else None)


class ReadsAfterTheCursor(_From):
    lag = timedelta(seconds=-1)


class ReadsFromTheCursor(_From):
    lag = timedelta()


class PassesOverDeletions(Example):
    def page(self, rows: Sequence[Row], bookmark: str | None) -> Page:
        return replace(super().page(rows, bookmark), gone=())


class DeletesForEver(Example):
    gone: ClassVar[set[str]] = set()

    def page(self, rows: Sequence[Row], bookmark: str | None) -> Page:
        self.gone.update(row["id"] for row in rows if row.get("deleted"))
        return super().page([row for row in rows if row["id"] not in self.gone or row.get("deleted")], bookmark)


class PeopleLast(Example):
    def pull(self, since: Since) -> Iterator[Page]:
        people, *pages, end = super().pull(since)
        yield from [*pages, people, end]


class LinksLater(Example):
    def pull(self, since: Since) -> Iterator[Page]:
        *pages, end = super().pull(since)
        yield from [replace(page, authorships=()) for page in pages]
        yield from [Page(authorships=page.authorships) for page in pages]
        yield end


class StopsAtAnEarlierKey(Example):
    def page(self, rows: Sequence[Row], bookmark: str | None) -> Page:
        kept = [row for at, row in enumerate(rows) if at == 0 or int(row["id"]) > int(rows[at - 1]["id"])]
        return super().page(kept, bookmark)

    def confirm(self, kind: Any, key: str) -> Gone | None:
        return Gone(kind=kind, key=key)


class KeysByPlace(Example):
    def item(self, row: Row) -> Item:
        return replace(super().item(row), key=f"{self.place(row)}")

    def page(self, rows: Sequence[Row], bookmark: str | None) -> Page:
        self.order = [row["id"] for row in rows]
        return replace(super().page(rows, bookmark), authorships=())

    def place(self, row: Row) -> int:
        return 100 + self.order.index(row["id"])


class MarksAsRead(Example):
    def item(self, row: Row) -> Item:
        self.client.change("PUT", f"/outputs/{row['id']}/seen", permit=lambda: True, body=b"[]").close()
        return super().item(row)


class _TakesForTheEnd(Example):
    trouble: ClassVar[type[ConnectorError]]

    def pull(self, since: Since) -> Iterator[Page]:
        try:
            yield from super().pull(since)
        except self.trouble:
            yield END


class TakesAnyTroubleForTheEnd(_TakesForTheEnd):
    trouble = ConnectorError


class TakesErrorsForTheEnd(_TakesForTheEnd):
    trouble = TryLater


class TakesRefusalsForTheEnd(_TakesForTheEnd):
    trouble = NotAllowed


class BelievesShortListings(Example):
    def missing(self, last: Row) -> int:
        return 0

    def confirm(self, kind: Any, key: str) -> Gone | None:
        return Gone(kind=kind, key=key)


class BelievesTheCircle(Example):
    def outputs(self, following: str, cursor: str, *, full: bool) -> Iterator[Page]:
        for page in super().outputs(following, cursor, full=full):
            yield END if page.done and page.done.incomplete else page


class TakesEmptyForDeleted(Example):
    def page(self, rows: Sequence[Row], bookmark: str | None) -> Page:
        gone = () if rows else tuple(Gone(kind="item", key=str(number)) for number in range(20))
        return replace(super().page(rows, bookmark), gone=gone)


class AsksAgainAtOnce(Example):
    """By a way of its own, which knows nothing of waiting."""

    def told(self, path: str) -> tuple[Row, datetime]:
        password = self.settings.password.get_secret_value() if self.settings.password else ""
        login = (self.settings.username or "", password)
        while requests.get(f"{self.client.base}{path}", auth=login, timeout=10).status_code == 429:
            pass
        return super().told(path)


class BookmarksAhead(Example):
    """The bookmark of a page is on the page before it."""

    def outputs(self, following: str, cursor: str, *, full: bool) -> Iterator[Page]:
        pages = list(super().outputs(following, cursor, full=full))
        for page, after in zip(pages, [*pages[1:], END], strict=True):
            yield replace(page, bookmark=after.bookmark or page.bookmark)


class GuessesPublic(Example):
    def level(self, row: Row) -> tuple[Visibility, tuple[str, ...]]:
        return (Visibility.PUBLIC, ()) if "level" not in row else super().level(row)


class SaysNothing(Example):
    def level(self, row: Row) -> tuple[Visibility, tuple[str, ...]]:
        return super().level(row)[0], ()


class ReadsUnknownAsInternal(Example):
    def level(self, row: Row) -> tuple[Visibility, tuple[str, ...]]:
        level, doubts = super().level(row)
        return (Visibility.INTERNAL, doubts) if doubts and "level" in row else (level, doubts)


class KeepsByDate(Example):
    kept: ClassVar[dict[str, tuple[str, Item]]] = {}

    def item(self, row: Row) -> Item:
        if self.kept.get(row["id"], ("",))[0] != row["modified"]:
            self.kept[row["id"]] = row["modified"], super().item(row)
        return self.kept[row["id"]][1]


class HidesWhatItRead(Example):
    def raw(self, row: Row) -> dict[str, str]:
        return {}


class TakesHiddenForGone(Example):
    def confirm(self, kind: Any, key: str) -> Gone | None:
        found = super().confirm(kind, key)
        return found and replace(found, hidden=False)


class TakesAnyAnswerForAsBefore(Example):
    def confirm(self, kind: Any, key: str) -> Gone | None:
        if kind == "item":
            with self.client.get(f"/outputs/{key}") as answer:
                if answer.status == 200:
                    return None
        return Gone(kind=kind, key=key)


BROKEN: dict[str, Mapping[type[Example], str]] = {
    "first_pull": {ForgetsTheLastPage: "should see"},
    "second_pull": {TellsTheTime: "changed"},
    "full_and_incremental": {TellsPeopleOnce: "sees", PassesOverDeletions: "should not see"},
    "ties": {ReadsAfterTheCursor: "should not see"},
    "late_rows": {ReadsFromTheCursor: "should not see"},
    "deletions": {PassesOverDeletions: "should not see", DeletesForEver: "should see"},
    "order_of_pages": {PeopleLast: "people", LinksLater: "authorship"},
    "unsorted_rows": {StopsAtAnEarlierKey: "ended as held", KeysByPlace: "when rows are shuffled"},
    "only_reading": {MarksAsRead: "requests that ask to change"},
    "truncated_page": {TakesAnyTroubleForTheEnd: "the cursor"},
    "short_listing": {BelievesShortListings: "vanished"},
    "page_again": {BelievesTheCircle: "ended as done"},
    "empty_list": {TakesEmptyForDeleted: "ended as done"},
    "server_error": {TakesErrorsForTheEnd: "the cursor"},
    "too_many_requests": {AsksAgainAtOnce: "were waited"},
    "ended_login": {TakesRefusalsForTheEnd: "ended as held"},
    "killed_pull": {BookmarksAhead: "should see"},
    "no_level": {GuessesPublic: "should not see", SaysNothing: "should be reported"},
    "unknown_level": {ReadsUnknownAsInternal: "should not see", SaysNothing: "should be reported"},
    "level_without_date": {KeepsByDate: "without a date"},
    "every_record": {ReadsUnknownAsInternal: "in doubt", HidesWhatItRead: "raw"},
    "hidden_since": {TakesAnyAnswerForAsBefore: "all is as before", TakesHiddenForGone: "they are gone"},
}
"""By check: who breaks it, and words of what the suite says then."""
