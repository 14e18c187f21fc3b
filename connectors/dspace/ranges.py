"""The listing of a DSpace, in ranges of UUIDs that each fit on one page.

Pages move while they are read: rows come and go, and the order of a search is not stable, so that an item may be
missed between two of them. A range is answered at once, and keeps its items whatever happens to others, so nothing can
be missed; and no page is ever far down, which is slow in an index.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.dspace.access import FILES
from connectors.dspace.rest import Rest
from connectors.dspace.search import OBJECTS, Row, Sheet, sheet
from connectors.errors import NotUnderstood, TryLater

LARGEST = 100  # rows of a page; a smaller limit of the server is told with each answer, and kept to
SPACE = 16**8  # UUIDs by their first eight digits
FULL = 0.6  # how much of a page a range is cut to fill, since chance makes some fuller
EVERYTHING = "*:*"
# The search of administrators also finds what is withdrawn or not discoverable; for others it is like any other.
VIEW = "administrativeView"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The rows of one range, each thing once. `next` is where the next range begins, None after the last one. `short`:
    fewer rows came than were told to be there."""

    rows: Sequence[Row]
    next: int | None
    total: int
    short: bool

    @property
    def place(self) -> str:
        """Where its rows stood, for an operator."""
        return f"{OBJECTS}, before range {self.next:08x}" if self.next is not None else f"{OBJECTS}, last range"


class Listing:
    """What one DSpace's search finds, `per_page` rows at a time."""

    def __init__(self, rest: Rest, per_page: int | None) -> None:
        self._rest = rest
        self._size = min(per_page or LARGEST, LARGEST)

    def total(self, query: str) -> int:
        """How many items fit a query now."""
        return self._asked(query, size=1).total

    def between(self, query: str, start: int, end: int) -> int:
        """How many of them have a UUID of a range."""
        return self._asked(f"({query}) AND {_between(start, end)}", size=1).total

    def parts(self, query: str, start: int = 0) -> Iterator[Part]:
        """Everything that fits a query, from a range on. Raises `NotUnderstood` for answers beside the range."""
        at, width = start, SPACE
        while at < SPACE:
            begin, end = at, min(at + width, SPACE)
            found = self._range(query, begin, end)
            if found.total <= self._size:
                yield _part(found, begin, end)
                at = end
            elif end - begin == 1:
                raise NotUnderstood(f"{OBJECTS}: more than a page of items whose UUIDs begin alike")
            width = _width(end - begin, found.total, self._size)

    def _range(self, query: str, start: int, end: int) -> Sheet:
        whole = (start, end) == (0, SPACE)
        found = self._asked(query if whole else f"({query}) AND {_between(start, end)}", size=self._size)
        if found.size:  # a limit of the server's own
            self._size = min(self._size, found.size)
        return found

    def _asked(self, query: str, size: int) -> Sheet:
        """An answer that was given to us: who was logged out meanwhile is answered as anybody would be."""
        asked = {
            "dsoType": "item",
            "query": query,
            "configuration": VIEW,
            "embed": FILES,
            "page": "0",
            "size": str(size),
        }
        for _ in range(2):
            told = self._rest.read(OBJECTS, asked, absent=())
            if told is not None and (not self._rest.ours or self._rest.known()):
                return sheet(told)
        raise TryLater(f"{OBJECTS}: the login did not last as long as one answer; try again later")


def _part(found: Sheet, start: int, end: int) -> Part:
    rows = list({row.key or id(row): row for row in found.rows}.values())
    if any(row.key and not start <= int(row.key[:8], 16) < end for row in rows):
        raise NotUnderstood(f"{OBJECTS}: items came that are not in the range that was asked for")
    return Part(rows=rows, next=end if end < SPACE else None, total=found.total, short=len(rows) < found.total)


def _width(width: int, total: int, size: int) -> int:
    """How wide the next range shall be, when so many things were in one of that width: it grows slowly, since the next
    ones may be fuller."""
    return min(max(int(width * size * FULL / max(total, 1)), 1), 2 * width)


def _between(start: int, end: int) -> str:
    return f"search.resourceid:[{start:08x} TO {end - 1:08x}-ffff-ffff-ffff-ffffffffffff]"
