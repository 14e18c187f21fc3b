"""A search as the query of an address: read from whatever was sent, written in one way only, and so saved as a URL.

What is not understood is left out, and what is as it would be anyway is not written.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from badges.wanted import number
from connectors.identifiers import parse
from connectors.texts import one_line
from scoring.rules import SOURCES
from sync.store import SORTS, Search

LONGEST = 8192  # bytes of a query; longer ones are not looked at
LONGEST_TEXT = 200
MOST = 30  # values of one name, and a hundred parts in all

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_PLACE = {"score": 3, "newest": 3, "title": 2}  # parts that tell a place in the order


def read(query: bytes) -> Search:
    """What a query asks for."""
    told: dict[str, list[str]] = {}
    for name, value in _pairs(query):
        if value and len(told.setdefault(name, [])) < MOST:
            told[name].append(value)

    def one(name: str) -> str:
        return told.get(name, [""])[0]

    sort = next((each for each in SORTS if each == one("sort")), SORTS[0])
    return Search(
        text=one_line(one("q")[:LONGEST_TEXT]),
        identifier=parse(one("id")),
        types=_set(told.get("type", ())),
        journal=number(one("journal")),
        group=number(one("group")),
        sources=_set(each for each in told.get("source", ()) if each in SOURCES),
        since=_day(one("from")),
        until=_day(one("to")),
        mentioned=one("mentioned") == "1",
        least=number(one("min")[:6]),
        sort=sort,
        after=_place(sort, one("after")),
    )


def written(search: Search) -> str:
    """The query that says the same, without a question mark; empty for a search for everything."""
    pairs = [
        ("q", search.text),
        ("id", str(search.identifier or "")),
        *(("type", each) for each in search.types),
        ("journal", str(search.journal or "")),
        ("group", str(search.group or "")),
        *(("source", each) for each in search.sources),
        ("from", search.since),
        ("to", search.until),
        ("mentioned", "1" if search.mentioned else ""),
        ("min", str(search.least or "")),
        ("sort", search.sort if search.sort != SORTS[0] else ""),
        ("after", "~".join(map(str, search.after))),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


def beginning(search: Search) -> Search:
    """The same from the beginning of its list."""
    return replace(search, after=())


def _pairs(query: bytes) -> list[tuple[str, str]]:
    if len(query) > LONGEST:
        return []
    try:
        return parse_qsl(query.decode("ascii", "replace"), max_num_fields=100)
    except ValueError:
        return []


def _set(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one_line(each[:LONGEST_TEXT]) for each in values} - {""}))


def _day(told: str) -> str:
    found = _DATE.fullmatch(told)
    if found is None:
        return ""
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return ""
    return told


def _place(sort: str, told: str) -> tuple[int | str, ...]:
    *first, last = told[:LONGEST_TEXT].split("~")
    parts: list[int | str] = [one_line(each) for each in first] if sort == "title" else [_whole(each) for each in first]
    parts.append(number(last))
    return tuple(parts) if told and len(parts) == _PLACE[sort] else ()


def _whole(told: str) -> int:
    """A number that may be below zero, as days before 1970 are."""
    return -number(told[1:]) if told[:1] == "-" else number(told)
