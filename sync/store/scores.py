"""Between the store and the scoring room: narrow integers out, scores in, badges published.

Permission plays no part in a score; it is read when the badge is written.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import pyarrow as pa
from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring import engine, spark
from scoring.rules import RuleSet
from sync.store import ahead, mentions, settle, speakers, unread
from sync.store.badges import Shown
from sync.store.database import Store
from sync.store.publish import publish
from sync.store.rows import change_in, chunks, many, rows_in
from sync.store.settle import next_turn

Engine = Literal["duckdb", "spark"]
AT_ONCE = 10_000  # outputs written and published in one transaction


@dataclass(slots=True)
class Scored:
    """What a score run did."""

    outputs: int = 0
    changed: int = 0
    badges: int = 0


def score(
    store: Store,
    rules: RuleSet,
    *,
    full: bool,
    now: int,
    progress: Callable[[int, int], None],
    by: Engine = "duckdb",
) -> Scored:
    """Score what was wished for, or everything, and publish; a wish made meanwhile stays for the next run.

    Everything is scored anew when the rule set in force is not the one that the stored scores were made with.
    Raises `EngineError` where the engine is not there."""
    with store.write() as db:
        if unread.awaited(db):
            return Scored()  # nothing may show, and all that is wished for stays wished for
        full = full or _other_rules(db, rules)
        _wish_moved(db, rules)
        ahead.mend(store, db, now=now)
        turn = next_turn(db)
        mentions.wish_due(db, turn, now)
        sql = "SELECT id FROM output WHERE live = 1" if full else "SELECT output_id FROM dirty WHERE turn <= :turn"
        ids = [int(row[0]) for row in db.execute(text(sql), {"turn": turn} if not full else {})]
    done = Scored(outputs=len(ids))
    if ids:
        result = _compute(store, rules, _MARKS_NOW, full=full, turn=turn, now=now, by=by)
        scores, parts = _points(result), _parts(result)
        for some in chunks(sorted(ids), AT_ONCE):
            _write(store, rules, some, scores, parts, done, turn=turn, now=now)
            progress(done.badges, len(ids))
    if full:
        with store.write() as db:
            db.execute(text("DELETE FROM dirty WHERE turn <= :turn"), {"turn": turn})
    return done


def relations(store: Store, *, now: int) -> list[pa.Table]:
    """All that the score reads of the store, whoever may see it: marks, with the public ids of outputs; outlets;
    accounts."""
    return store.backend.columns((_MARKS_OUT.format(now=now), _OUTLETS, _ACCOUNTS))


def held(store: Store) -> int:
    """How many marks there are."""
    with store.read() as db:
        return int(db.exec_driver_sql("SELECT count(*) FROM mark").scalar_one())


def compute(store: Store, rules: RuleSet, *, now: int, by: Engine = "duckdb") -> dict[int, int]:
    """Millipoints of every output with a mention, by public id, as of an instant; nothing is written."""
    with store.read() as db:
        public = dict(map(tuple, db.exec_driver_sql("SELECT id, public_id FROM output").fetchall()))
    scores = _points(_compute(store, rules, _MARKS, full=True, turn=0, now=now, by=by))
    return {public[id_]: points for id_, (points, _) in scores.items() if id_ in public}


def ledger(db: Database, shown: Shown, rules: RuleSet, *, now: int) -> list[dict[str, Any]]:
    """Every standing mention of an output with what it counted for: the middle of the one expression, for one output.

    It takes a badge, so that nobody can ask for the ledger of what no audience may see."""
    id_ = db.execute(text("SELECT id FROM output WHERE public_id = :id"), {"id": shown.output}).scalar_one()
    marks, outlets, accounts = (
        arrow(db, sql.format(now=now), output=id_) for sql in (_MARKS_OF_ONE, _OUTLETS_OF_ONE, _ACCOUNTS_OF_ONE)
    )
    with _duck() as duck:
        lines = engine.ledger(marks, outlets, accounts, rules, now=now, connection=duck).to_pylist()
    told = {row.id: row for row in rows_in(db, _MENTIONS, [line["mention"] for line in lines])}
    return [{**line, "told": told[line["mention"]]} for line in lines]


def _compute(
    store: Store, rules: RuleSet, marks: str, *, full: bool, turn: int, now: int, by: Engine = "duckdb"
) -> engine.Scores:
    """Score everything, or what was wished for up to a turn, by `marks` as they are or were."""
    told = marks.format(now=now)
    if full:
        found, outlets, accounts = store.backend.columns((told, _OUTLETS, _ACCOUNTS))
    else:
        with store.read() as db:
            found = arrow(db, told + _WISHED, turn=turn)
            outlets, accounts = (arrow(db, sql, turn=turn) for sql in (_OUTLETS + _SPEAKING, _ACCOUNTS + _POSTING))
    if by == "spark":
        return spark.score(found, outlets, accounts, rules, now=now)
    with _duck() as duck:
        return engine.score(found, outlets, accounts, rules, now=now, connection=duck)


@contextmanager
def _duck() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory that is silent: its own progress bar would stand in the middle of a JSON document."""
    with duckdb.connect() as duck:
        duck.execute("SET enable_progress_bar = false")
        yield duck


def _points(result: engine.Scores) -> dict[int, tuple[int, int]]:
    """Per output its millipoints and score."""
    told = [result.scored.column(name).to_pylist() for name in ("output", "millipoints", "score")]
    return {output: (points, shown) for output, points, shown in zip(*told, strict=True)}


def _parts(result: engine.Scores) -> dict[int, list[dict[str, int]]]:
    """Per output its parts by source."""
    parts: dict[int, list[dict[str, int]]] = {}
    for part in result.by_source.to_pylist():
        parts.setdefault(part["output"], []).append(part)
    return parts


def _write(
    store: Store,
    rules: RuleSet,
    ids: list[int],
    scores: dict[int, tuple[int, int]],
    parts: dict[int, list[dict[str, int]]],
    done: Scored,
    *,
    turn: int,
    now: int,
) -> None:
    with store.write() as db:
        living = {row.id for row in rows_in(db, "SELECT id FROM output WHERE id IN :values", ids)}
        before = {row.output_id: row for row in rows_in(db, "SELECT * FROM score WHERE output_id IN :values", living)}
        rows = [
            {
                "output": id_,
                "points": scores.get(id_, (0, 0))[0],
                "score": scores.get(id_, (0, 0))[1],
                "now": now,
                "basis": "mentions" if id_ in scores else "none",
                "rules": rules.name,
                "version": rules.version,
            }
            for id_ in sorted(living)
        ]
        changes = [_change(row, before.get(row["output"])) for row in rows]
        many(db, _SCORE, rows)
        change_in(db, "DELETE FROM score_source WHERE output_id IN :values", living)
        many(db, _SCORE_SOURCE, [part for id_ in sorted(living) for part in parts.get(id_, ())])
        many(db, _HISTORY, [change for change in changes if change is not None])
        done.changed += sum(change is not None for change in changes)
        done.badges += publish(db, living, now=now)
        change_in(db, "DELETE FROM dirty WHERE turn <= :turn AND output_id IN :values", living, turn=turn)


def _change(row: dict[str, Any], before: Any) -> dict[str, Any] | None:
    """A line of history: what readers are told speaks of mentions and rules only."""
    other_rules = before is not None and (before.rules, before.version) != (row["rules"], row["version"])
    if before is not None and before.millipoints == row["points"] and not other_rules:
        return None
    if before is None and not row["points"]:
        return None
    reason = "rules" if other_rules else "mentions"
    return {**row, "before": 0 if before is None else before.millipoints, "reason": reason}


def _other_rules(db: Database, rules: RuleSet) -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM score WHERE rules <> :name OR version <> :version)"
    return bool(db.execute(text(sql), {"name": rules.name, "version": rules.version}).scalar())


def _wish_moved(db: Database, rules: RuleSet) -> None:
    """Ask for a new score of what was said by accounts whose factor is another one now."""
    before, after = arrow(db, _MOVED_FROM), arrow(db, _MOVED_TO)
    if before.num_rows:
        with _duck() as duck:
            old, new = (
                dict(zip(*engine.factors(table, rules, connection=duck).to_pydict().values(), strict=True))
                for table in (before, after)
            )
        settle.wish(db, speakers.spoken_of(db, "account_id", [id_ for id_ in old if old[id_] != new[id_] and id_ >= 0]))
        db.execute(text("DELETE FROM account_moved"))


def arrow(db: Database, sql: str, **asked: object) -> pa.Table:
    """The integers that a statement selects, read through the store's own connection."""
    rows = db.execute(text(sql), asked)
    names = list(rows.keys())
    told = list(zip(*rows.fetchall(), strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, told, strict=True)})


_MARKS = """
SELECT output_id AS output, mention_id AS mention, source_id AS source, unit_id AS unit, account_id AS account,
  outlet_id AS outlet, occurred_at AS occurred, known_at AS known, taken_at AS taken, repost, page_id AS url, twin
FROM mark
"""
# What is stored now is known now, and taken back now, whatever a clock that was ahead has written beside it.
_MARKS_NOW = _MARKS.replace(
    "known_at AS known, taken_at AS taken",
    "CASE WHEN known_at > {now} THEN {now} ELSE known_at END AS known, "
    "CASE WHEN taken_at > {now} THEN {now} ELSE taken_at END AS taken",
)
_MARKS_OUT = f"""
SELECT o.public_id AS output, mention, source, unit, account, outlet, occurred, known, taken, repost, url, twin
FROM ({_MARKS_NOW}) m JOIN output o ON o.id = m.output WHERE o.live = 1
"""
_OUTLETS = "SELECT id AS outlet, tier, reach FROM outlet"
_ACCOUNTS = "SELECT id AS account, followers, posts, share FROM account"
_WISHED = "WHERE output_id IN (SELECT output_id FROM dirty WHERE turn <= :turn)"
_SPEAKING = f" WHERE id IN (SELECT outlet_id FROM mark {_WISHED})"
_POSTING = f" WHERE id IN (SELECT account_id FROM mark {_WISHED})"
_MARKS_OF_ONE = _MARKS_NOW + "WHERE output_id = :output"
_OUTLETS_OF_ONE = _OUTLETS + " WHERE id IN (SELECT outlet_id FROM mark WHERE output_id = :output)"
_ACCOUNTS_OF_ONE = _ACCOUNTS + " WHERE id IN (SELECT account_id FROM mark WHERE output_id = :output)"
_MENTIONS = """
SELECT m.id, m.public_id, m.url, m.occurred_at, coalesce(u.name, 'unknown') AS unit
FROM mention m LEFT JOIN unit u ON u.id = m.unit_id
WHERE m.id IN :values
"""
_SCORE = """
INSERT INTO score (output_id, millipoints, score, basis, rules, version, scored_at)
VALUES (:output, :points, :score, :basis, :rules, :version, :now)
ON CONFLICT (output_id) DO UPDATE SET millipoints = excluded.millipoints, score = excluded.score,
  basis = excluded.basis, rules = excluded.rules, version = excluded.version, scored_at = excluded.scored_at
"""
_SCORE_SOURCE = """
INSERT INTO score_source (output_id, source_id, mentions, units, millipoints)
VALUES (:output, :source, :mentions, :units, :millipoints)
"""
_HISTORY = """
INSERT INTO score_change (output_id, at, before, after, rules, version, reason)
VALUES (:output, :now, :before, :points, :rules, :version, :reason)
"""
_MOVED_FROM = "SELECT account_id AS account, followers, posts, share FROM account_moved"
_MOVED_TO = (
    "SELECT id AS account, followers, posts, share FROM account WHERE id IN (SELECT account_id FROM account_moved)"
)
