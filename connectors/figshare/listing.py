"""The list of all articles, page after page, so that nothing is lost while others edit.

Pages by number lose rows: whoever saves an article moves it to the end of the list, and all behind it one place up. So
the next page begins with the second of the last row that was seen, and must have that row again; and no cap on the
number of pages cuts anything. Only where more than a page shares a second are pages counted, and where the list is in
another order than was asked for: then from its beginning.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.figshare.items import Row, key_of, keyless
from connectors.records import Aside

OLDEST = datetime(1970, 1, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)  # `modified_since` may leave out what changed in just that second
MOST_PAGES = 5000  # by number: the largest that the contract has

Ask = Callable[[str, int], list[Any]]


class Broken(Exception):  # noqa: N818 - the list, not the program
    """What was told so far is true, but it is not all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the list to go on: a page of what changed `since`. `counted` where pages are read by number alone."""

    since: str = ""
    page: int = 1
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows that the page before did not have, by their keys, and where the next page is."""

    rows: Mapping[str, Row]
    asides: tuple[Aside, ...]
    next: Place


def walk(ask: Ask, start: Place, begin: str) -> Iterator[Sheet]:
    """All rows from a place on, to the empty page that ends the list. `begin` is where the list as a whole begins.

    Raises `Broken` where a page has nothing new, or not what it must have, and what `ask` raises."""
    place, known = start, frozenset[str]()
    while rows := ask(place.since, place.page):
        keys = frozenset(filter(None, map(key_of, rows)))
        days = [_modified(row) for row in rows]
        if not place.counted and not _ordered(days):
            place, known = Place(since=begin, counted=True), frozenset()
            continue
        again = known & keys
        if known and (not keys - known if place.page > 1 else not again):
            raise Broken(f"page {place.page} of the articles does not go on from the one before; run again")
        following = _next(place, days)
        fresh = {key: row for row in rows if (key := key_of(row)) and key not in again}
        where = f"articles, page {place.page} of what changed since {place.since or 'ever'}"
        asides = tuple(keyless("item", row, where) for row in rows if not key_of(row))
        yield Sheet(rows=fresh, asides=asides, next=following)
        place, known = following, keys
    if known and place.page == 1:
        raise Broken("the list of articles no longer has what it just told; run again")


def stamp(moment: datetime) -> str:
    """A time as the API is asked for it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(text: str) -> datetime | None:
    """A time of the API, which is UTC where it names no zone; None for what is none, or older than any of them."""
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment >= OLDEST else None


def _next(place: Place, days: list[datetime | None]) -> Place:
    last = days[-1]
    if not place.counted and last is not None and (since := _before(last)) > place.since:
        return Place(since=since)
    if place.page >= MOST_PAGES:
        raise Broken(f"the list of articles has more than {MOST_PAGES} pages; raise per_page")
    return Place(since=place.since, page=place.page + 1, counted=place.counted)


def _before(moment: datetime) -> str:
    return stamp(moment.replace(microsecond=0) - SECOND)


def _ordered(days: list[datetime | None]) -> bool:
    told = [day for day in days if day is not None]
    return len(told) == len(days) and told == sorted(told)


def _modified(row: object) -> datetime | None:
    text = row.get("modified_date") if isinstance(row, dict) else None
    return time_of(text) if isinstance(text, str) else None
