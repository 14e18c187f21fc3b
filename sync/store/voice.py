"""Share of voice: how often the outputs of several sides were mentioned, period by period, as an audience may know it.

Counted is only what an audience's badges lead to, and of each output what was told of itself: what came to its score by
way of other versions counts for those, where they have badges of their own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.badges import Audience
from sync.store.rows import as_json, insert, is_postgresql, measured
from sync.store.search import Search, asked, condition
from sync.store.words import pieces

Measure = Literal["mentions", "outputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What was counted, each list in the order of the sides: `counts` for each period, `sources` for each source that
    was heard at all. Of outputs that were mentioned, `totals` are no sums: one of March and May is one output.

    `outputs` have badges, `shared` of them are on several sides; `together` is the total where nothing counts twice."""

    counts: list[list[int]]
    sources: dict[int, list[int]]
    totals: list[int]
    together: int
    outputs: list[int]
    shared: int


def voices(
    db: Database,
    audience: Audience,
    sides: Sequence[Search],
    begins: Sequence[int],
    until: int,
    *,
    measure: Measure,
    sources: Collection[int],
    now: int,
) -> Voices:
    """Count what the outputs that `sides` find have got, from the first of the instants at which periods begin to
    before `until`; by all sources where none is named. Texts are looked for in titles and journals, never in names."""
    _lay_out(db, audience, sides, begins, now)
    within = {"since": begins[0], "until": until, "now": now, "sources": _listed(db, sources)}
    counts = [[0] * len(sides) for _ in begins]
    heard: dict[int, list[int]] = {}
    totals, together = [0] * len(sides), 0
    places = {begin: place for place, begin in enumerate(begins)}
    for row in db.exec_driver_sql(_statement(db, measure, among=bool(sources)), within):
        if row.kind == "period":
            counts[places[row.what]][row.side] = row.n
        elif row.kind == "source":
            heard.setdefault(row.what, [0] * len(sides))[row.side] = row.n
        elif row.kind == "side":
            totals[row.side] = row.n
        else:
            together = row.n
    owned = {row.side: row.n for row in db.exec_driver_sql(_OWNED)}
    return Voices(
        counts=counts,
        sources=heard,
        totals=totals,
        together=together,
        outputs=[owned.get(place, 0) for place in range(len(sides))],
        shared=int(db.exec_driver_sql(_SHARED).scalar_one()),
    )


def _lay_out(db: Database, audience: Audience, sides: Sequence[Search], begins: Sequence[int], now: int) -> None:
    """Temporary tables: whose outputs they are, and when periods begin."""
    for table, columns in _LAID_OUT.items():
        db.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        db.exec_driver_sql(f"CREATE TEMPORARY TABLE {table} ({columns}) WITHOUT ROWID")
    for place, side in enumerate(sides):
        found = condition(db, audience, side, now=now)
        if side.text:
            rows = db.execute(text(f"{_SPOKEN} {found.sql}"), found.values)
            own = [(row.output_id, place) for row in rows if _says(side.text, row.title, row.journal, row.issn)]
            insert(db, "side_output", ("output_id", "side"), own)
        else:
            db.execute(text(f"{_OF_SIDE} {found.sql}"), {**found.values, "side": place})
    db.exec_driver_sql("INSERT INTO period (begins) VALUES (:begins)", [{"begins": begin} for begin in begins])
    for table in _LAID_OUT:
        measured(db, table)


def _says(wanted: str, *told: str) -> bool:
    """Whether an output's own texts say what is looked for. A search finds outputs by the names of their people too;
    counting by those would be to compare people, which nothing here does."""
    whole, beginning, phrases = asked(wanted)
    words = f" {pieces(*told)} "
    return all(f" {word} " in words for word in whole) and all(f" {each}" in words for each in (*beginning, *phrases))


def _listed(db: Database, values: Collection[int]) -> object:
    return list(values) if is_postgresql(db) else as_json(list(values))


def _statement(db: Database, measure: Measure, *, among: bool) -> str:
    some = "= ANY (:sources)" if is_postgresql(db) else "IN (SELECT value FROM json_each(:sources))"
    return _COUNTED.format(
        among=f"AND k.source_id {some}" if among else "",
        thing="k.output_id" if measure == "outputs" else _TOLD_ONCE,
        also=", k.output_id" if measure == "outputs" else "",
        many="count(DISTINCT thing)" if measure == "outputs" else "count(*)",
    )


_LAID_OUT = {
    "side_output": "output_id BIGINT, side BIGINT, PRIMARY KEY (output_id, side)",
    "period": "begins BIGINT PRIMARY KEY",
}
_SPOKEN = "SELECT b.output_id, b.title, b.journal, b.issn FROM badge b WHERE"
_OF_SIDE = "INSERT INTO side_output (output_id, side) SELECT b.output_id, :side FROM badge b WHERE"
# Same source and same canonical URL is one mention, the earlier kept; a page belongs to one source.
_TOLD_ONCE = "CASE WHEN k.page_id <> 0 THEN -k.page_id ELSE k.mention_id END"
# A mention that is not told elsewhere has its one time, so of those what is out of the range can be left out at once.
_COUNTED = f"""
WITH told AS MATERIALIZED (
  SELECT s.side, k.source_id, {{thing}} AS thing, min(k.occurred_at) AS at
  FROM side_output s CROSS JOIN mark k ON k.output_id = s.output_id
  WHERE k.taken_at < 0 AND k.occurred_at <= :now AND k.occurred_at < :until
    AND (k.twin = 1 OR k.occurred_at >= :since) {{among}}
  GROUP BY s.side, k.source_id, {_TOLD_ONCE}{{also}} HAVING min(k.occurred_at) >= :since
)
SELECT 'period' AS kind, side, (SELECT max(p.begins) FROM period p WHERE p.begins <= told.at) AS what, {{many}} AS n
FROM told GROUP BY 2, 3
UNION ALL SELECT 'source', side, source_id, {{many}} FROM told GROUP BY 2, 3
UNION ALL SELECT 'side', side, 0, {{many}} FROM told GROUP BY 2
UNION ALL SELECT 'all', 0, 0, count(DISTINCT thing) FROM told
"""
_OWNED = "SELECT side, count(*) AS n FROM side_output GROUP BY side"
_SHARED = """
SELECT count(*) FROM (SELECT output_id FROM side_output GROUP BY output_id HAVING count(*) > 1) AS several
"""
