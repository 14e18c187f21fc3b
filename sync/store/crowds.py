"""What an output is compared with, in numbers: how many outputs, their points together, how many are above and below.

Always among the public outputs of this installation, and by the populations of scoring/context.sql, which says what
`similar age` is. What counts all of them is read once and may be kept for as long as the store's mark stands and none
of them has closed; what counts few of them is asked of the indexes of the badges.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring.context import AGE_DAYS
from sync.store.badges import MONTH, Shown
from sync.tables import FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Outputs beside one of them: `millipoints` is what they have together, `higher` and `lower` how many have more and
    less than the one."""

    count: int
    millipoints: int
    higher: int
    lower: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowds:
    """None where there is no such population: no journal, or a date coarser than a month."""

    all: Crowd
    journal: Crowd | None
    similar_age: Crowd | None
    similar_age_journal: Crowd | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Everyone:
    """The points of all public outputs, in order, and how many have at most as many. `closes_at`: until when all of
    them are public."""

    points: Sequence[int]
    upto: Sequence[int]
    total: int
    closes_at: int

    def beside(self, millipoints: int) -> Crowd:
        """All of them, beside one that has so many points."""
        count = self.upto[-1] if self.upto else 0
        below, among = (cut(self.points, millipoints) for cut in (bisect_left, bisect_right))
        return Crowd(
            count=count,
            millipoints=self.total,
            higher=count - self._first(among),
            lower=self._first(below),
        )

    def _first(self, place: int) -> int:
        return self.upto[place - 1] if place else 0


def everyone(db: Database, *, now: int) -> Everyone:
    """All public outputs by their points, from the index alone."""
    rows = db.execute(text(_EVERYONE), {"now": now}).fetchall()
    return Everyone(
        points=[row.millipoints for row in rows],
        upto=list(accumulate(row.outputs for row in rows)),
        total=sum(row.millipoints * row.outputs for row in rows),
        closes_at=min((row.closes_at for row in rows), default=FOREVER),
    )


def crowds(db: Database, all_: Everyone, shown: Shown, *, now: int) -> Crowds:
    """Those that a public badge is compared with; `all_` was read at the same mark of the store."""
    asked = {"now": now, "points": shown.millipoints, "journal": shown.journal_id}
    asked |= {"first": shown.day - AGE_DAYS, "last": shown.day + AGE_DAYS}

    def some(which: str, *, there: bool) -> Crowd | None:
        if not there:
            return None
        row = db.execute(text(_SOME + which), asked).one()
        return Crowd(count=row[0], millipoints=int(row[1]), higher=row[2], lower=row[3])

    precise = shown.precision >= MONTH
    return Crowds(
        all=all_.beside(shown.millipoints),
        journal=some(_JOURNAL, there=bool(shown.journal_id)),
        similar_age=some(_AGE, there=precise),
        similar_age_journal=some(_JOURNAL + _AGE, there=precise and bool(shown.journal_id)),
    )


_EVERYONE = """
SELECT millipoints, count(*) AS outputs, min(closes_at) AS closes_at FROM badge
WHERE audience = 'public' AND closes_at > :now GROUP BY millipoints ORDER BY millipoints
"""
_SOME = """
SELECT count(*), coalesce(sum(millipoints), 0), count(CASE WHEN millipoints > :points THEN 1 END),
  count(CASE WHEN millipoints < :points THEN 1 END)
FROM badge WHERE audience = 'public' AND closes_at > :now
"""
_JOURNAL = " AND journal_id = :journal"
_AGE = f" AND precision >= {MONTH} AND day BETWEEN :first AND :last"
