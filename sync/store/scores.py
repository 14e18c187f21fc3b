"""Between the store and the scoring room: narrow integers out, scores in, badges published.

Permission plays no part in a score; it is read when the badge is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import pyarrow as pa
from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring import engine, spark
from scoring.folder import TOLD
from scoring.rules import RuleSet
from sync.store import ahead, changes, facts, look, mentions, settle, speakers, unread
from sync.store.arrow import arrow, duck
from sync.store.badges import Shown
from sync.store.database import Store
from sync.store.publish import publish
from sync.store.rows import change_in, chunks, many, rows_in

Engine = Literal["duckdb", "spark"]
Brought = dict[int, dict[int, int]]  # by public id: what each source brings, in thousandths

SCORED = "scored_at"  # a fact in `meta`: when what had been wished for was last scored
AT_ONCE = 10_000  # outputs written and published in one transaction


@dataclass(slots=True)
class Scored:
    """What a score run did."""

    outputs: int = 0
    changed: int = 0
    badges: int = 0


class Total(NamedTuple):
    """The score of one output. `basis`: counts where a count brought any of it, mentions, or none."""

    millipoints: int
    score: int
    basis: str


NO_SCORE = Total(0, 0, "none")


class Ledger(NamedTuple):
    """Lines of mentions, and of counts; those of a source that has both are there too, with 0 points."""

    mentions: list[dict[str, Any]]
    counts: list[dict[str, Any]]


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

    Everything is scored anew when the rule set in force is not the one that the stored scores were made with. Where
    nothing was wished for and nothing comes out differently, nothing is written. Raises `EngineError` where the engine
    is not there."""
    look.look(store, rules, full=full, now=now)
    with store.write() as db:
        if unread.awaited(db):
            return Scored()  # nothing may show, and all that is wished for stays wished for
        full = full or _other_rules(db, rules)
        wish_moved(db, rules)
        ahead.mend(store, db, now=now)
        turn = settle.last_turn(db)
        mentions.wish_due(db, turn, now)
        sql = "SELECT id FROM output WHERE live = 1" if full else "SELECT output_id FROM dirty WHERE turn <= :turn"
        ids = [int(row[0]) for row in db.execute(text(sql), {"turn": turn} if not full else {})]
        waiting = bool(db.execute(text("SELECT EXISTS (SELECT 1 FROM dirty)")).scalar())
    done = Scored(outputs=len(ids))
    if ids:
        result = _compute(store, rules, _AS_STORED, full=full, turn=turn, now=now, by=by)
        scores, parts = _totals(result), _parts(result)
        for some in chunks(sorted(ids), AT_ONCE):
            _write(store, rules, some, scores, parts, done, turn=turn, now=now)
            progress(done.badges, len(ids))
    if waiting:
        with store.write() as db:
            if full:
                db.execute(text("DELETE FROM dirty WHERE turn <= :turn"), {"turn": turn})
            db.execute(text(_NOTED), {"name": SCORED, "at": str(now)})
    return done


def relations(store: Store, *, now: int) -> dict[str, pa.Table]:
    """All that the score reads of the store, whoever may see it, with the public ids of outputs."""
    marks, signs, tallies = (sql.format(now=now) for sql in (_MARKS_OUT, _SIGNS_OUT, _TALLIES_OUT))
    asked = (marks, facts.OUTLETS, facts.ACCOUNTS, signs, tallies)
    return dict(zip(TOLD, store.backend.columns(asked), strict=True))


def held(store: Store) -> int:
    """How many marks there are."""
    with store.read() as db:
        return int(db.exec_driver_sql("SELECT count(*) FROM mark").scalar_one())


def compute(store: Store, rules: RuleSet, *, now: int, by: Engine = "duckdb") -> dict[int, Total]:
    """The score of every output with a mention or a count, by public id, as of an instant; nothing is written."""
    with store.read() as db:
        public = dict(map(tuple, db.exec_driver_sql("SELECT id, public_id FROM output").fetchall()))
    scores = _totals(_compute(store, rules, _AS_KNOWN, full=True, turn=0, now=now, by=by))
    return {public[id_]: total for id_, total in scores.items() if id_ in public}


def trial(store: Store, rules: Sequence[RuleSet], *, now: int, progress: Callable[[int], None]) -> list[Brought]:
    """What each source would bring to every output that has a mention or a count, by each of several rule sets, from
    one reading; nothing is written. `progress` is told how many rule sets are done."""
    with store.read() as db:
        public = dict(map(tuple, db.exec_driver_sql("SELECT id, public_id FROM output").fetchall()))
    told = _columns(store, _AS_STORED, full=True, turn=0, now=now)
    found = []
    for done, each in enumerate(rules):
        progress(done)
        with duck() as opened:
            parts = _parts(engine.score(**told, rules=each, now=now, connection=opened))
        found.append(
            {
                public[id_]: {part["source"]: part["millipoints"] for part in brought}
                for id_, brought in parts.items()
                if id_ in public
            }
        )
    return found


def ledger(db: Database, shown: Shown, rules: RuleSet, *, now: int) -> Ledger:
    """Every standing mention of an output, and every count, with what it counted for: the middle of the one expression,
    for one output.

    It takes a badge, so that nobody can ask for the ledger of what no audience may see."""
    id_ = db.execute(text("SELECT id FROM output WHERE public_id = :id"), {"id": shown.output}).scalar_one()
    told = {name: arrow(db, sql.format(now=now), output=id_) for name, sql in _OF_ONE.items()}
    with duck() as opened:
        counts = engine.tally_ledger(**told, rules=rules, now=now, connection=opened).to_pylist()
        told.pop("tallies")
        lines = engine.ledger(**told, rules=rules, now=now, connection=opened).to_pylist()
    told = {row.id: row for row in rows_in(db, _MENTIONS, [line["mention"] for line in lines])}
    return Ledger([{**line, "told": told[line["mention"]]} for line in lines], counts)


def _compute(
    store: Store,
    rules: RuleSet,
    attention: tuple[str, str],
    *,
    full: bool,
    turn: int,
    now: int,
    by: Engine = "duckdb",
) -> engine.Scores:
    """Score everything, or what was wished for up to a turn, by marks and tallies as they are or were."""
    told = _columns(store, attention, full=full, turn=turn, now=now)
    if by == "spark":
        return spark.score(**told, rules=rules, now=now)
    with duck() as opened:
        return engine.score(**told, rules=rules, now=now, connection=opened)


def _columns(store: Store, attention: tuple[str, str], *, full: bool, turn: int, now: int) -> dict[str, pa.Table]:
    """All that the score reads, by the names that it has there."""
    marks, tallies = (sql.format(now=now) for sql in attention)
    if full:
        columns = store.backend.columns((marks, facts.OUTLETS, facts.ACCOUNTS, _SIGNS, tallies))
    else:
        with store.read() as db:
            asked = (marks + _WISHED, _SPEAKING, _POSTING, _SIGNS + _WISHED, tallies + _WISHED)
            columns = [arrow(db, sql, turn=turn) for sql in asked]
    return dict(zip(TOLD, columns, strict=True))


def _totals(result: engine.Scores) -> dict[int, Total]:
    """Per output its score."""
    told = [result.scored.column(name).to_pylist() for name in ("output", "millipoints", "score", "tallied")]
    return {
        output: Total(points, shown, "counts" if tallied else "mentions")
        for output, points, shown, tallied in zip(*told, strict=True)
    }


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
    scores: dict[int, Total],
    parts: dict[int, list[dict[str, int]]],
    done: Scored,
    *,
    turn: int,
    now: int,
) -> None:
    with store.write() as db:
        living = {row.id for row in rows_in(db, "SELECT id FROM output WHERE id IN :values", ids)}
        before = {row.output_id: row for row in rows_in(db, "SELECT * FROM score WHERE output_id IN :values", living)}
        old = changes.stored_parts(db, living)
        rows = [
            {
                "output": id_,
                "points": scores.get(id_, NO_SCORE).millipoints,
                "score": scores.get(id_, NO_SCORE).score,
                "now": now,
                "basis": scores.get(id_, NO_SCORE).basis,
                "rules": rules.name,
                "version": rules.version,
            }
            for id_ in sorted(living)
        ]
        told = [(row, before.get(row["output"]), old[row["output"]], parts.get(row["output"], ())) for row in rows]
        told = [each for each in told if changes.differs(*each)]
        lines = [line for each in told if (line := changes.change(rules, *each))]
        many(db, _SCORE, [row for row, *_ in told])
        change_in(db, "DELETE FROM score_source WHERE output_id IN :values", [row["output"] for row, *_ in told])
        many(db, _SCORE_SOURCE, [part for *_, new in told for part in new])
        many(db, _HISTORY, lines)
        done.changed += len(lines)
        done.badges += publish(db, living, now=now)
        change_in(db, "DELETE FROM dirty WHERE turn <= :turn AND output_id IN :values", living, turn=turn)


def _other_rules(db: Database, rules: RuleSet) -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM score WHERE rules <> :name OR version <> :version)"
    return bool(db.execute(text(sql), {"name": rules.name, "version": rules.version}).scalar())


def wish_moved(db: Database, rules: RuleSet) -> int:
    """Ask for a new score of what was said by accounts whose factor is another one now; how many outputs that are."""
    before, after = arrow(db, _MOVED_FROM), arrow(db, _MOVED_TO)
    if not before.num_rows:
        return 0
    with duck() as opened:
        old, new = (
            {row["account"]: row["factor"] for row in engine.factors(table, rules, connection=opened).to_pylist()}
            for table in (before, after)
        )
    concerned = speakers.spoken_of(db, "account_id", [id_ for id_ in old if old[id_] != new[id_] and id_ >= 0])
    settle.wish(db, concerned)
    db.execute(text("DELETE FROM account_moved"))
    return len(concerned)


def factor(db: Database, account: int, rules: RuleSet) -> dict[str, int]:
    """The factor of one account and the three it is made of, in thousandths; for administrators."""
    with duck() as opened:
        told = arrow(db, f"{facts.ACCOUNTS} WHERE c.id = :account", account=account)
        rows = engine.factors(told, rules, connection=opened).to_pylist()
    (row,) = [row for row in rows if row["account"] == account]
    return {name: int(value) for name, value in row.items() if name != "account"}


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
_SIGNS = "SELECT output_id AS output, mention_id AS mention, sign FROM sign "
_TALLIES = """
SELECT i.output_id AS output, t.source_id AS source, t.units, t.told_at AS known
FROM tally t JOIN item_identifier n ON n.identifier_id = t.identifier_id AND n.counts = 1
JOIN item i ON i.id = n.item_id AND i.state = 1
"""
_TALLIES_NOW = _TALLIES.replace(
    "t.told_at AS known", "CASE WHEN t.told_at > {now} THEN {now} ELSE t.told_at END AS known"
)
_AS_KNOWN, _AS_STORED = (_MARKS, _TALLIES), (_MARKS_NOW, _TALLIES_NOW)
_OUT = "SELECT o.public_id AS output, {columns} FROM ({told}) m JOIN output o ON o.id = m.output WHERE o.live = 1"
_MARKS_OUT = _OUT.format(
    columns="mention, source, unit, account, outlet, occurred, known, taken, repost, url, twin", told=_MARKS_NOW
)
_SIGNS_OUT = _OUT.format(columns="mention, sign", told=_SIGNS)
_TALLIES_OUT = _OUT.format(columns="source, units, known", told=_TALLIES_NOW)
_WISHED = "WHERE output_id IN (SELECT output_id FROM dirty WHERE turn <= :turn)"
_SPEAKING = f"{facts.OUTLETS} WHERE o.id IN (SELECT outlet_id FROM mark {_WISHED})"
_POSTING = f"{facts.ACCOUNTS} WHERE c.id IN (SELECT account_id FROM mark {_WISHED})"
_OF_ONE = {
    "marks": _MARKS_NOW + "WHERE output_id = :output",
    "outlets": f"{facts.OUTLETS} WHERE o.id IN (SELECT outlet_id FROM mark WHERE output_id = :output)",
    "accounts": f"{facts.ACCOUNTS} WHERE c.id IN (SELECT account_id FROM mark WHERE output_id = :output)",
    "signs": _SIGNS + "WHERE output_id = :output",
    "tallies": _TALLIES_NOW + "WHERE i.output_id = :output",
}
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
INSERT INTO score_source (output_id, source_id, mentions, units, millipoints, tallied)
VALUES (:output, :source, :mentions, :units, :millipoints, :tallied)
"""
_HISTORY = """
INSERT INTO score_change (output_id, at, before, after, rules, version, reason)
VALUES (:output, :now, :before, :points, :rules, :version, :reason)
"""
_NOTED = "INSERT INTO meta (name, value) VALUES (:name, :at) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_MOVED_FROM = "SELECT account_id AS account, followers, posts, share FROM account_moved"
_MOVED_TO = f"{facts.ACCOUNTS} WHERE c.id IN (SELECT account_id FROM account_moved)"
