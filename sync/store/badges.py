"""Reading badges: the only door for pages, API, export and push. Every reader takes the audience first.

Nothing here reads a table that a source or a score was written to, and a badge whose level has closed is not there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from scoring.context import Context, GroupPlace, SubjectPlace, group_statement, parameters, placed, statement
from scoring.context import context as place
from sync.store.clock import first_day, year_of
from sync.store.rows import rows_in
from sync.tables import FOREVER

Audience = Literal["public", "internal"]
AUDIENCES: tuple[Audience, ...] = ("public", "internal")
MONTH = 2  # a date known at least to the month
PARTS = 2000  # badges whose parts are fetched together while walking over all


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one source brought to a score. `tallied` 1: its mentions are not known, only how many there are."""

    source: int
    mentions: int
    units: int
    millipoints: int
    tallied: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """A version whose attention is in a score; `output` is its public id, 0 where nobody told of a record."""

    identifier: Identifier
    relation: str
    output: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One badge as an audience sees it. `output` is the public id; people and groups are (public id, name), subjects
    (row key, name). `closes_at`: until when all of it may be seen, its names included."""

    audience: Audience
    output: int
    closes_at: int
    visibility: int
    title: str
    type: str
    journal: str
    journal_id: int
    issn: str
    published: str
    day: int
    precision: int
    doi: str
    score: int
    millipoints: int
    basis: str
    rules: str
    version: str
    scored_at: int
    identifiers: tuple[Identifier, ...]
    versions: tuple[ShownVersion, ...]
    people: tuple[tuple[int, str], ...]
    groups: tuple[tuple[int, str], ...]
    subjects: tuple[tuple[int, str], ...]
    breakdown: tuple[Part, ...]


def find(db: Database, audience: Audience, wanted: Identifier | int, *, now: int) -> Shown | None:
    """The badge of an output, by identifier or public id; None when there is none, for whatever reason."""
    asked: dict[str, object] = {"audience": audience, "now": now}
    if isinstance(wanted, int):
        rows = db.execute(text(_BY_PUBLIC_ID), {**asked, "id": wanted}).fetchmany(1)
    else:
        asked |= {"scheme": wanted.scheme, "value": wanted.value}
        rows = db.execute(text(_BY_IDENTIFIER), asked).fetchmany(1)
    return next(whole(db, audience, rows, now), None)


def first(db: Database, audience: Audience, wanted: Iterable[Identifier | int], *, now: int) -> Shown | None:
    """The first badge that is there, of those that a request may mean."""
    return next(filter(None, (find(db, audience, each, now=now) for each in wanted)), None)


def several(
    db: Database, audience: Audience, wanted: Collection[Identifier | int], *, now: int
) -> dict[Identifier | int, Shown]:
    """The badges of many outputs, each by what it was asked for by; the same as `find` for each."""
    keys: dict[Identifier | int, int] = {}
    by_scheme: dict[str, list[str]] = defaultdict(list)
    for each in wanted:
        if isinstance(each, Identifier):
            by_scheme[each.scheme].append(each.value)
    numbers = [each for each in wanted if isinstance(each, int)]
    for row in rows_in(db, _KEYS_BY_PUBLIC_ID, numbers, audience=audience):
        keys[row.public_id] = row.output_id
    for scheme, values in by_scheme.items():
        for row in rows_in(db, _KEYS_BY_IDENTIFIER, values, audience=audience, scheme=scheme, now=now):
            keys.setdefault(Identifier(scheme, row.value), row.output_id)
    rows = rows_in(db, _BY_KEYS, set(keys.values()), audience=audience, now=now)
    found = dict(zip((row.output_id for row in rows), whole(db, audience, rows, now), strict=True))
    return {each: found[key] for each, key in keys.items() if key in found}


def walk(db: Database, audience: Audience, *, now: int) -> Iterator[Shown]:
    """All badges, by DOI, then public id; outputs without a DOI come first."""
    asked = {"audience": audience, "now": now}
    rows = db.execute(text(_ALL), asked, execution_options={"stream_results": True})
    while part := rows.fetchmany(PARTS):
        yield from whole(db, audience, part, now)


class Titled(NamedTuple):
    """What an output is called."""

    doi: str
    title: str


def titles(db: Database, audience: Audience, *, now: int) -> dict[int, Titled]:
    """Every output that an audience sees, by public id, and nothing more of it than that."""
    sql = "SELECT public_id, doi, title FROM badge WHERE audience = :audience AND closes_at > :now"
    rows = db.execute(text(sql), {"audience": audience, "now": now})
    return {row.public_id: Titled(row.doi, row.title) for row in rows}


def count(db: Database, audience: Audience, *, now: int) -> int:
    """How many badges an audience sees."""
    sql = "SELECT count(*) FROM badge WHERE audience = :audience AND closes_at > :now"
    return int(db.execute(text(sql), {"audience": audience, "now": now}).scalar_one())


def scored_by(db: Database, audience: Audience, rules: str, *, now: int) -> bool:
    """Whether a badge that an audience sees has its score by the rule set of that name."""
    asked = {"audience": audience, "rules": rules, "now": now}
    return bool(db.execute(text(_SCORED_BY), asked).scalar_one())


def context(db: Database, shown: Shown, *, now: int) -> Context:
    """Rank and percentile of a badge among the public outputs of this installation, as if it were one of them. Of its
    groups those are told of that the public may see."""
    inside = find(db, "public", shown.output, now=now) is not None
    precise = shown.precision >= MONTH
    asked = parameters(
        millipoints=shown.millipoints,
        journal=shown.journal_id,
        type_=shown.type,
        day=shown.day,
        precise=precise,
    )
    row = db.execute(text(_POPULATION + statement()), {**asked, "now": now}).one()
    return place(
        row,
        journal=shown.journal_id,
        type_=shown.type,
        precise=precise,
        inside=inside,
        groups=_groups(db, shown, now),
        subjects=_subjects(db, shown, now),
    )


def _groups(db: Database, shown: Shown, now: int) -> Iterator[GroupPlace]:
    """In the order of the badge; a group that is in no public badge is not told of."""
    asked = {"output": shown.output, "output_millipoints": shown.millipoints, "now": now}
    rows = rows_in(db, _MEMBERS + group_statement(), [group for group, _ in shown.groups], **asked)
    found = {row.grp: row for row in rows}
    for group, name in shown.groups:
        if row := found.get(group):
            yield GroupPlace(group=group, name=name, place=placed(row.members, row.higher, inside=bool(row.inside)))


def _subjects(db: Database, shown: Shown, now: int) -> Iterator[SubjectPlace]:
    """In alphabetical order; nothing for an output without a date."""
    if not shown.precision:
        return
    year = year_of(shown.day)
    first, last = (first_day(f"{year:04}-{day}")[0] for day in ("01-01", "12-31"))
    asked = {"output": shown.output, "output_millipoints": shown.millipoints, "now": now, "first": first, "last": last}
    rows = rows_in(db, _FIELD + group_statement(), [subject for subject, _ in shown.subjects], **asked)
    found = {row.grp: (row.members, row.higher, bool(row.inside)) for row in rows}
    for subject, name in shown.subjects:
        members, higher, inside = found.get(subject, (0, 0, False))
        yield SubjectPlace(name=name, year=year, place=placed(members, higher, inside=inside))


def whole(db: Database, audience: Audience, rows: Any, now: int) -> Iterator[Shown]:
    """Badges with their parts, asked for together."""
    parts: dict[str, dict[int, list[Any]]] = {}
    ids = [row.output_id for row in rows]
    for table, (rest, order) in _PARTS.items():
        parts[table] = defaultdict(list)
        sql = f"SELECT * FROM {table} WHERE audience = :audience AND output_id IN :values {rest}"
        for part in sorted(rows_in(db, sql, ids, audience=audience, now=now), key=attrgetter(*order)):
            parts[table][part.output_id].append(part)
    for row in rows:
        told = {name: getattr(row, name) for name in _COLUMNS}
        named = (*parts["badge_person"][row.output_id], *parts["badge_group"][row.output_id])
        yield Shown(
            audience=audience,
            output=row.public_id,
            closes_at=min(row.closes_at, *(p.closes_at for p in named), FOREVER),
            **told,
            identifiers=tuple(Identifier(p.scheme, p.value) for p in parts["badge_identifier"][row.output_id]),
            versions=tuple(
                ShownVersion(identifier=Identifier(p.scheme, p.value), relation=p.relation, output=p.version)
                for p in parts["badge_version"][row.output_id]
            ),
            people=tuple((p.person, p.name) for p in parts["badge_person"][row.output_id]),
            groups=tuple((p.group_id, p.name) for p in parts["badge_group"][row.output_id]),
            subjects=tuple((p.subject_id, p.name) for p in parts["badge_subject"][row.output_id]),
            breakdown=tuple(
                Part(
                    source=p.source_id, mentions=p.mentions, units=p.units, millipoints=p.millipoints, tallied=p.tallied
                )
                for p in parts["badge_source"][row.output_id]
            ),
        )


_COLUMNS = (
    "visibility",
    "title",
    "type",
    "journal",
    "journal_id",
    "issn",
    "published",
    "day",
    "precision",
    "doi",
    "score",
    "millipoints",
    "basis",
    "rules",
    "version",
    "scored_at",
)
# Each with the rest of its question, and what its rows are sorted by: here, since SQLite would else read whole indexes
# that have the order.
_PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "badge_identifier": ("", ("scheme", "value")),
    "badge_version": ("", ("scheme", "value")),
    "badge_person": ("AND closes_at > :now", ("name", "person")),
    "badge_group": ("AND closes_at > :now", ("name", "group_id")),
    "badge_subject": ("", ("name",)),
    "badge_source": ("", ("source_id",)),
}
_BY_PUBLIC_ID = "SELECT * FROM badge WHERE audience = :audience AND public_id = :id AND closes_at > :now"
_BY_IDENTIFIER = """
SELECT b.* FROM badge_identifier i CROSS JOIN badge b ON b.audience = i.audience AND b.output_id = i.output_id
WHERE i.audience = :audience AND i.scheme = :scheme AND i.value = :value AND b.closes_at > :now ORDER BY i.output_id
"""
_KEYS_BY_PUBLIC_ID = "SELECT public_id, output_id FROM badge WHERE audience = :audience AND public_id IN :values"
_KEYS_BY_IDENTIFIER = """
SELECT i.value, i.output_id
FROM badge_identifier i CROSS JOIN badge b ON b.audience = i.audience AND b.output_id = i.output_id
WHERE i.audience = :audience AND i.scheme = :scheme AND i.value IN :values AND b.closes_at > :now ORDER BY i.output_id
"""
_BY_KEYS = "SELECT * FROM badge WHERE audience = :audience AND output_id IN :values AND closes_at > :now"
_ALL = "SELECT * FROM badge WHERE audience = :audience AND closes_at > :now ORDER BY doi, public_id"
_SCORED_BY = "SELECT EXISTS (SELECT 1 FROM badge WHERE audience = :audience AND rules = :rules AND closes_at > :now)"
_POPULATION = """
WITH population AS NOT MATERIALIZED (
  SELECT millipoints, journal_id AS journal, type, day, CASE WHEN precision >= 2 THEN 1 ELSE 0 END AS precise
  FROM badge WHERE audience = 'public' AND closes_at > :now
)
"""
# From the groups to their badges: SQLite would else begin with all badges.
_MEMBERS = """
WITH members AS NOT MATERIALIZED (
  SELECT g.group_id AS grp, b.millipoints, CASE WHEN b.public_id = :output THEN 1 ELSE 0 END AS own
  FROM badge_group g CROSS JOIN badge b ON b.audience = g.audience AND b.output_id = g.output_id
  WHERE g.audience = 'public' AND g.group_id IN :values AND g.closes_at > :now AND b.closes_at > :now
)
"""
_FIELD = """
WITH members AS NOT MATERIALIZED (
  SELECT s.subject_id AS grp, b.millipoints, CASE WHEN b.public_id = :output THEN 1 ELSE 0 END AS own
  FROM badge_subject s CROSS JOIN badge b ON b.audience = s.audience AND b.output_id = s.output_id
  WHERE s.audience = 'public' AND s.subject_id IN :values AND b.closes_at > :now
    AND b.precision >= 1 AND b.day >= :first AND b.day <= :last
)
"""
