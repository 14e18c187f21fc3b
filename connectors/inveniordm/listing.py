"""All records of a listing in the order in which they were changed, without gaps, however long it is.

Pages with numbers would have them: a record that is changed meanwhile moves to the end, and what comes after it moves
up by one, from a page that is still to come to one that was read. And nobody gets beyond the first 10,000. So only
first pages are asked for, each from the moment on at which the last one ended, and what comes twice is told twice.
Where a whole page has one moment, all records of that moment are read by numbers, and counted.

Moments are thousandths of seconds, which is what the index keeps of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.errors import NotUnderstood
from connectors.inveniordm.items import key_of
from connectors.inveniordm.rest import Rest

WINDOW = 10_000  # rows of one query; InvenioRDM refuses pages beyond with status 400
TICK = timedelta(milliseconds=1)
TRIES = 3  # for the records of one moment to hold still


class Unproven(NotUnderstood):
    """What came is true, but nobody knows whether it is all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page as it came; `after` is where to go on once it is stored, None where no row says when it was changed."""

    rows: tuple[object, ...]
    total: int
    after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One listing of an InvenioRDM, in pages of `size`; a smaller limit of the server is kept to in silence."""

    rest: Rest
    path: str
    size: int

    def sheets(self, since: datetime | None) -> Iterator[Sheet]:
        """What was changed since a moment, or all of it. Raises `Unproven` where rows may have been missed."""
        here, certain = since, False
        while True:
            sheet = self._ask(here)
            if certain and not sheet.rows:
                raise Unproven(f"GET {self.path}: what was listed a moment ago is not any more; pull again")
            yield sheet
            if len(_keys(sheet)) >= sheet.total:
                return
            if sheet.after is None:
                raise Unproven(f"GET {self.path}: no row says when it was changed, so nothing can be read in order")
            certain = sheet.after != here
            if certain:
                here = sheet.after
            else:
                yield from self._moment(sheet.after)
                here = sheet.after + TICK

    def _moment(self, here: datetime) -> Iterator[Sheet]:
        """All records of one moment, by numbered pages, until their number and what came agree and hold still."""
        for _ in range(TRIES):
            page, keys, totals, most = 1, set[object](), set[int](), 1
            while True:
                sheet = self._ask(here, here, page)
                yield sheet
                new = _keys(sheet) - keys
                keys |= new
                totals.add(sheet.total)
                most = max(most, len(sheet.rows))
                if not new or len(keys) >= sheet.total:
                    break
                page += 1
                if page * most > WINDOW:
                    raise Unproven(f"GET {self.path}: more than {WINDOW} records were changed in one moment")
            if totals == {len(keys)}:
                return
        raise Unproven(f"GET {self.path}: the records of one moment were told {TRIES} times, and never all; pull again")

    def _ask(self, since: datetime | None, until: datetime | None = None, page: int = 1) -> Sheet:
        asked = {"sort": "updated-asc", "size": str(self.size), "page": str(page), "allversions": "true"}
        if since:
            asked["q"] = f"updated:[{_stamp(since)} TO {_stamp(until) if until else '*'}]"
        rows, total = self.rest.page(self.path, asked)
        if total and not rows and page == 1:
            raise Unproven(f"GET {self.path}: {total} records are told, and none comes; is the index being rebuilt?")
        moments = [moment for row in rows if (moment := _moment_of(row))]
        outside = any(moment < (since or moment) or moment > (until or moment) for moment in moments)
        if outside or moments != sorted(moments):
            raise Unproven(f"GET {self.path}: the rows are not those that were asked for, or in another order")
        after = moments[-1] if moments else None
        return Sheet(rows=tuple(rows), total=total, after=after)


def floor(moment: datetime) -> datetime:
    """What the index keeps of a moment."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _stamp(moment: datetime) -> str:
    """As the query language reads it: without an offset, whose signs would mean something else."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")


def _moment_of(row: object) -> datetime | None:
    text = row.get("updated") if isinstance(row, dict) else None
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return floor(moment.astimezone(UTC)) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _keys(sheet: Sheet) -> set[object]:
    """The different records of a page; one without a key is different from all others."""
    return {key_of(row) or at for at, row in enumerate(sheet.rows)}
