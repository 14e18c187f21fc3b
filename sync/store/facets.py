"""How many outputs of a search are of each type, journal, group, source and year.

Each is counted within the rest of the search: what it would find without that facet's own choice. To count what
everybody finds, SQLite needs only the ends of ranges of its indexes; so where a search finds most of it, the others are
counted and taken away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring.rules import SOURCES
from sync.store.badges import Audience
from sync.store.clock import year_of
from sync.store.search import Condition, Search, condition
from sync.tables import FOREVER

Facet = Literal["type", "journal", "group", "source", "year"]
FACETS: tuple[Facet, ...] = get_args(Facet)
TOP = 20  # journals and groups; what a search has chosen is there in any case

Counts = Counter[str]  # by what the query of an address has


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet as the query of an address has it, what it is called, and for how many outputs it stands."""

    value: str
    label: str
    count: int


Facets = Mapping[Facet, tuple[Choice, ...]]
"""The most frequent choices first, years the newest first."""


def facets(db: Database, audience: Audience, search: Search, *, now: int) -> tuple[int, Facets]:
    """How many outputs a search finds, and the choices that would narrow or change it."""
    counted = _Counting(db, audience, now)
    found = counted.total(search)
    told: dict[Facet, Counts] = {}
    for rest, some in _rests(search).items():
        told |= counted.by(rest, some, found if rest == search else counted.total(rest))
    return found, {each: tuple(_choices(db, audience, each, told[each], search, now)) for each in FACETS}


def _rests(search: Search) -> Mapping[Search, list[Facet]]:
    """The searches that facets are counted within, and the facets of each."""
    whole = replace(search, sort="score", after=())
    years = len(search.since) == 4 and search.since == search.until
    rest: Mapping[Facet, Search] = {
        "type": replace(whole, types=()),
        "journal": replace(whole, journal=0),
        "group": replace(whole, group=0),
        "source": replace(whole, sources=()),
        "year": replace(whole, since="", until="") if years else whole,
    }
    found: dict[Search, list[Facet]] = {}
    for facet, each in rest.items():
        found.setdefault(each, []).append(facet)
    return found


class _Counting:
    """Counts for one audience, as of one instant."""

    def __init__(self, db: Database, audience: Audience, now: int) -> None:
        self.db, self.audience, self.now = db, audience, now
        asked = {"audience": audience, "now": now}
        self.seen = sum(int(db.execute(text(sql), asked).scalar_one()) for sql in _SEEN)

    def total(self, search: Search) -> int:
        asked = self._asked(search)
        if not asked.chosen:
            return self.seen
        if asked.alone:  # the index has every badge once
            closed = f"SELECT count(*) FROM badge b WHERE {_CLOSED} AND {asked.chosen}"
            return self._number(f"SELECT count(*) FROM ({asked.alone}) AS f", asked) - self._number(closed, asked)
        return self._number(f"SELECT count(*) FROM badge b WHERE {asked.sql}", asked)

    def _number(self, sql: str, asked: Condition) -> int:
        return int(self.db.execute(text(sql), asked.values).scalar_one())

    def by(self, search: Search, some: Iterable[Facet], found: int) -> Mapping[Facet, Counts]:
        """The counts of some facets within a search that finds so many."""
        asked = self._asked(search)
        if asked.chosen and 2 * found <= self.seen:
            return self._each(asked.sql, asked.values, some)
        less = self._each(asked.others, asked.values, some) if asked.chosen else {each: Counts() for each in some}
        return {each: self.of_all(each) - less[each] for each in some}

    def _asked(self, search: Search) -> Condition:
        return condition(self.db, self.audience, search, now=self.now)

    def _each(self, where: str, values: Mapping[str, object], some: Iterable[Facet]) -> Mapping[Facet, Counts]:
        told = {each: Counts() for each in some}
        sql = _HITS.format(where=where) + " UNION ALL ".join(_WITHIN[each] for each in some)
        for facet, value, number in self.db.execute(text(sql), values):
            told[facet][_year(value) if facet == "year" else value] += number
        return told

    def of_all(self, facet: Facet) -> Counts:
        """The same of everything."""
        asked = {"audience": self.audience, "now": self.now}
        if facet == "year":
            told = self._years()
        else:
            told = Counts({value: number for value, number in self.db.execute(text(_ALL[facet]), asked) if number})
        return told - self._each(_CLOSED, asked, [facet])[facet]

    def _years(self) -> Counts:
        asked = {"audience": self.audience}
        row = self.db.execute(text(_SPAN), asked).one()
        if row.first is None:
            return Counts()
        told = Counts()
        for year in range(year_of(row.first), year_of(row.last) + 1):
            days = {"first": _day(year, 1, 1), "last": _day(year, 12, 31)}
            told[str(year)] = int(self.db.execute(text(_OF_YEAR), asked | days).scalar_one())
        told["1970"] -= int(self.db.execute(text(_UNDATED), asked).scalar_one())
        return +told


def counts(db: Database, audience: Audience, facet: Facet, *, now: int) -> Counts:
    """For how many outputs each value of a facet stands, of all that an audience sees."""
    return _Counting(db, audience, now).of_all(facet)


def named(db: Database, audience: Audience, facet: Facet, id_: int, *, now: int) -> str | None:
    """What a journal or group is called, by its number; None where no badge that an audience sees has it."""
    asked = {"audience": audience, "id": id_, "now": now}
    found: str | None = db.execute(text(_NAMES[facet]), asked).scalar()
    return found


def _year(day: str) -> str:
    return str(year_of(int(day)))


def _day(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days


def _choices(
    db: Database, audience: Audience, facet: Facet, counts: Counts, search: Search, now: int
) -> Iterable[Choice]:
    """The choices of a facet with what they are called; journals and groups by a badge that the audience sees."""
    if facet == "year":
        return (Choice(year, year, counts[year]) for year in sorted(counts, key=int, reverse=True))
    chosen = {"journal": search.journal, "group": search.group}.get(facet, 0)
    top = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    if facet in _NAMES:
        top = [each for place, each in enumerate(top) if place < TOP or each[0] == str(chosen)]
        return (Choice(value, named(db, audience, facet, int(value), now=now) or "", number) for value, number in top)
    if facet == "source":
        return (Choice(SOURCE_NAMES[int(value)], SOURCE_NAMES[int(value)], number) for value, number in top)
    return (Choice(value, value, number) for value, number in top if value)


SOURCE_NAMES = {number: name for name, number in SOURCES.items()}
_CLOSED = f"b.audience = :audience AND b.closes_at <= :now AND b.closes_at < {FOREVER}"
_SEEN = (
    "SELECT count(*) FROM badge WHERE audience = :audience",
    f"SELECT -count(*) FROM badge b WHERE {_CLOSED}",
)
_HITS = """
WITH hits AS MATERIALIZED (
  SELECT b.output_id, b.type, b.journal_id, b.day, b.precision FROM badge b WHERE {where}
)
"""
_WITHIN: Mapping[Facet, str] = {
    "type": "SELECT 'type' AS facet, type AS value, count(*) AS number FROM hits GROUP BY type",
    "journal": """
SELECT 'journal' AS facet, CAST(journal_id AS TEXT) AS value, count(*) AS number FROM hits
WHERE journal_id <> 0 GROUP BY journal_id""",
    "group": """
SELECT 'group' AS facet, CAST(g.group_id AS TEXT) AS value, count(*) AS number
FROM hits h CROSS JOIN badge_group g ON g.audience = :audience AND g.output_id = h.output_id
WHERE g.closes_at > :now GROUP BY g.group_id""",
    "source": """
SELECT 'source' AS facet, CAST(s.source_id AS TEXT) AS value, count(*) AS number
FROM hits h CROSS JOIN badge_source s ON s.audience = :audience AND s.output_id = h.output_id
WHERE s.mentions > 0 GROUP BY s.source_id""",
    "year": "SELECT 'year' AS facet, CAST(day AS TEXT) AS value, count(*) AS number FROM hits "
    "WHERE precision > 0 GROUP BY day",
}
# From one value of an index to the next, and the range of each: badges that have closed are still in it.
_STEPS = """
WITH RECURSIVE value (x) AS (
  SELECT min({column}) FROM {table} WHERE audience = :audience
  UNION ALL SELECT (SELECT min({column}) FROM {table} WHERE audience = :audience AND {column} > v.x)
  FROM value v WHERE v.x IS NOT NULL)
SELECT CAST(x AS TEXT) AS value,
  (SELECT count(*) FROM {table} WHERE audience = :audience AND {column} = x {rest}) AS number
FROM value WHERE x IS NOT NULL {but}
"""
_ALL: Mapping[Facet, str] = {
    "type": _STEPS.format(table="badge", column="type", rest="", but=""),
    "journal": _STEPS.format(table="badge", column="journal_id", rest="", but="AND x <> 0"),
    "group": _STEPS.format(table="badge_group", column="group_id", rest="AND closes_at > :now", but=""),
    "source": _STEPS.format(table="badge_source", column="source_id", rest="AND mentions > 0", but=""),
}
_SPAN = "SELECT min(day) AS first, max(day) AS last FROM badge WHERE audience = :audience"
_OF_YEAR = "SELECT count(*) FROM badge WHERE audience = :audience AND day >= :first AND day <= :last"
_UNDATED = "SELECT count(*) FROM badge WHERE audience = :audience AND day = 0 AND precision = 0"
_NAMES: Mapping[Facet, str] = {
    "journal": """
SELECT b.journal FROM badge b WHERE b.audience = :audience AND b.journal_id = :id AND +b.closes_at > :now
ORDER BY b.journal_id, b.day, b.precision, b.millipoints LIMIT 1""",
    "group": """
SELECT g.name FROM badge_group g CROSS JOIN badge b ON b.audience = g.audience AND b.output_id = g.output_id
WHERE g.audience = :audience AND g.group_id = :id AND g.closes_at > :now AND b.closes_at > :now LIMIT 1""",
}
