"""What the head of a page says of it: what it is called, and when it was published."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from connectors import published
from connectors.markup import parsed
from connectors.texts import one_line

LONGEST = 500  # characters of a title
TITLES = ("og:title", "citation_title", "dc.title")
DATES = ("article:published_time", "citation_publication_date", "dc.date", "date")


@dataclass(frozen=True, slots=True)
class Head:
    """The title on one line, and the date or time in ISO 8601; empty where nothing of the kind is said."""

    title: str
    published: str


def head_of(html: str) -> Head:
    """By the tags that say it; a title also by the one that browsers show."""
    root = parsed(html)
    told: dict[str, str] = {}
    for each in root.iter("meta"):
        name = (each.get("property") or each.get("name") or "").strip().lower()
        told.setdefault(name, one_line(each.get("content", "")))
    shown = one_line(next((each.text or "" for each in root.iter("title")), ""))
    title = next(filter(None, map(told.get, TITLES)), shown)
    return Head(title[:LONGEST], next(filter(None, map(_iso, map(told.get, DATES))), ""))


def _iso(told: str | None) -> str:
    """A time, or as much of a date as can be read; the first of the tags that has one counts."""
    with suppress(ValueError):
        if told and 10 < len(told) < LONGEST:
            return datetime.fromisoformat(told.upper()).isoformat()
    return published.written((told or "").replace("/", "-"))
