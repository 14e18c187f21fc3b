"""One line of a file: an article, as GDELT 2.1 describes it in 27 columns parted by tabs, without quotes.

The last column looks like XML and is none: `&` stands as it is, and lists are parted by `;`, which addresses may have
too. Lines are UTF-8, but for some that are Latin-1.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.gdelt.quarters import STAMP
from connectors.texts import one_line

COLUMNS = 27
DATE, COLLECTION, ADDRESS, EXTRAS = 1, 2, 4, 26
WEB = b"1"  # the collection of what has an address; the others are broadcasts and papers
LONGEST_TITLE = 300  # characters
MOST_LINKS = 5000  # of one page; the menus of the largest sites have hundreds
OLDEST = timedelta(days=366)  # by which a page may say that it is older than when GDELT saw it

_MOMENT = re.compile(r"[12][0-9]{13}", re.ASCII)
_PART = re.compile(r";(?=(?:https?:)?//)", re.IGNORECASE)


class OddLineError(ValueError):
    """The line is no article in this form; the text says why."""


@dataclass(frozen=True, slots=True)
class Article:
    """The columns that are read, as they stand in the line."""

    date: bytes
    address: bytes
    extras: bytes

    @property
    def links(self) -> list[str]:
        """The addresses that the page links to, menus and all; none where the list breaks off."""
        told = _between(self.extras, b"PAGE_LINKS")
        parts = _PART.split(_text(told), maxsplit=MOST_LINKS)[:MOST_LINKS] if told else []
        return [each.strip().replace("&amp;", "&") for each in parts]

    @property
    def url(self) -> str:
        """Its own address, as told."""
        return _text(self.address).strip()

    @property
    def title(self) -> str:
        """On one line; empty where there is none."""
        return one_line(html.unescape(_text(_between(self.extras, b"PAGE_TITLE"))))[:LONGEST_TITLE].strip()

    @property
    def at(self) -> datetime:
        """When it was published, as the page says; else when GDELT saw it, which is also what is taken where the page
        says that it is from later, or from more than a year before. Raises `OddLineError` where GDELT says neither."""
        seen = _moment(_text(self.date))
        if seen is None:
            raise OddLineError("it does not say when it was seen")
        said = _moment(_text(_between(self.extras, b"PAGE_PRECISEPUBTIMESTAMP")))
        return said if said and seen - OLDEST <= said <= seen else seen


def article(line: bytes) -> Article | None:
    """The article of a line; None where it has no links, or no address of its own. Raises `OddLineError`."""
    cells = line.rstrip(b"\r\n").split(b"\t")
    if len(cells) != COLUMNS:
        raise OddLineError(f"it has {len(cells)} columns, and not {COLUMNS}")
    if cells[COLLECTION] != WEB or b"<PAGE_LINKS>" not in cells[EXTRAS]:
        return None
    return Article(cells[DATE], cells[ADDRESS], cells[EXTRAS])


def _between(extras: bytes, name: bytes) -> bytes:
    """What stands in the first element of a name."""
    _, found, rest = extras.partition(b"<%s>" % name)
    inner, closed, _ = rest.partition(b"</%s>" % name)
    return inner if found and closed else b""


def _text(told: bytes) -> str:
    try:
        return told.decode()
    except UnicodeDecodeError:
        return told.decode("latin-1")


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=UTC) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None
