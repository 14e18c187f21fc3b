"""A score run: what was wished for is worked out, written with its history, and published.

Permission decides which versions count in a score (`versions.rolls`), and is asked again when the badge is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from scoring import engine
from scoring.compared import digest
from scoring.rules import RuleSet
from sync.store import ahead, changes, facts, look, mentions, settle, speakers, unread, versions
from sync.store.arrow import arrow, duck
from sync.store.attention import AS_STORED
from sync.store.database import Store
from sync.store.noted import note, noted
from sync.store.publish import publish
from sync.store.rows import change_in, chunks, many, rows_in
from sync.store.versions import Rolls
from sync.store.worked_out import NO_SCORE, Engine, Total, parts, results, totals

# Facts in `meta`: when what had been wished for was last scored, whether versions counted then, and the hash of the
# rule set that everything was last scored by, whose file may be edited under the same name and version.
SCORED, ROLLED_UP, SCORED_BY = "scored_at", "rolled_up", "scored_by"
AT_ONCE = 10_000  # outputs written and published in one transaction


@dataclass(slots=True)
class Scored:
    """What a score run did."""

    outputs: int = 0
    changed: int = 0
    badges: int = 0


class _Made(NamedTuple):
    """What a run has worked out, by the keys of scores, and the versions it went by."""

    totals: Mapping[int, Total]
    parts: Mapping[int, list[dict[str, int]]]
    rolled: Rolls
    roll_up: bool
    edited: bool


def score(
    store: Store,
    rules: RuleSet,
    *,
    full: bool,
    now: int,
    progress: Callable[[int, int], None],
    by: Engine = "duckdb",
    roll_up: bool = True,
) -> Scored:
    """Score what was wished for, or everything, and publish; a wish made meanwhile stays for the next run. `roll_up`:
    the attention of other versions counts too.

    Everything is scored anew when the rule set in force is not the one that the stored scores were made with, by name,
    version or any constant, or when versions count now and did not, or the other way round. Where nothing was wished
    for and nothing comes out differently, nothing is written. Raises `EngineError` where the engine is not there."""
    look.look(store, rules, full=full, now=now)
    with store.write() as db:
        if unread.awaited(db):
            return Scored()  # nothing may show, and all that is wished for stays wished for
        switched = (noted(db, ROLLED_UP) or "1") != str(int(roll_up))
        mark, known = digest(rules), noted(db, SCORED_BY)
        edited = known not in (None, mark)
        full = full or switched or edited or _other_rules(db, rules)
        wish_moved(db, rules)
        ahead.mend(store, db, now=now)
        turn = settle.last_turn(db)
        mentions.wish_due(db, turn, now)
        if roll_up:
            _wish_versions(db, turn, now)
        sql = "SELECT id FROM output WHERE live = 1" if full else "SELECT output_id FROM dirty WHERE turn <= :turn"
        ids = [int(row[0]) for row in db.execute(text(sql), {"turn": turn} if not full else {})]
        waiting = bool(db.execute(text("SELECT EXISTS (SELECT 1 FROM dirty)")).scalar())
        rolled = versions.rolls(store, db, ids, now=now) if roll_up else {}
    done = Scored(outputs=len(ids))
    if ids:
        result = results(store, rules, AS_STORED, rolled, full=full, turn=turn, now=now, by=by)
        made = _Made(totals(result), parts(result), rolled, roll_up, edited)
        for some in chunks(sorted(ids), AT_ONCE):
            _write(store, rules, some, made, done, turn=turn, now=now)
            progress(done.badges, len(ids))
    if waiting or switched or known != mark:
        with store.write() as db:
            if full:
                db.execute(text("DELETE FROM dirty WHERE turn <= :turn"), {"turn": turn})
            note(db, SCORED, now)
            note(db, ROLLED_UP, int(roll_up))
            note(db, SCORED_BY, mark)
    return done


def _write(store: Store, rules: RuleSet, ids: list[int], made: _Made, done: Scored, *, turn: int, now: int) -> None:
    with store.write() as db:
        living = {row.id for row in rows_in(db, "SELECT id FROM output WHERE id IN :values", ids)}
        living -= _overtaken(store, db, living, made, now)
        keys = [key for id_ in sorted(living) for key in (id_, -id_) if key > 0 or key in made.rolled]
        before = {row.output_id: row for row in rows_in(db, "SELECT * FROM score WHERE output_id IN :values", keys)}
        old = changes.stored_parts(db, keys)
        rows = [
            {
                "output": key,
                "points": made.totals.get(key, NO_SCORE).millipoints,
                "score": made.totals.get(key, NO_SCORE).score,
                "now": now,
                "basis": made.totals.get(key, NO_SCORE).basis,
                "rules": rules.name,
                "version": rules.version,
            }
            for key in keys
        ]
        told = [(row, before.get(row["output"]), old[row["output"]], made.parts.get(row["output"], ())) for row in rows]
        told = [each for each in told if changes.differs(*each)]
        lines = [line for each in told if (line := changes.change(rules, *each, edited=made.edited))]
        many(db, _SCORE, [row for row, *_ in told])
        change_in(db, "DELETE FROM score_source WHERE output_id IN :values", [row["output"] for row, *_ in told])
        many(db, _SCORE_SOURCE, [part for *_, new in told for part in new])
        many(db, _HISTORY, lines)
        versions.keep(db, living, made.rolled)
        done.changed += len({abs(line["output"]) for line in lines})
        done.badges += publish(db, living, now=now)
        change_in(db, "DELETE FROM dirty WHERE turn <= :turn AND output_id IN :values", living, turn=turn)


def _overtaken(store: Store, db: Database, living: set[int], made: _Made, now: int) -> set[int]:
    """The outputs whose versions are others by now than this run went by: they wait for the next."""
    if not made.roll_up:
        return set()
    today = versions.rolls(store, db, living, now=now)
    moved = {abs(key) for key in today.keys() | made.rolled.keys() if today.get(key) != made.rolled.get(key)} & living
    if moved:
        settle.wish(db, moved)
    return moved


def _wish_versions(db: Database, turn: int, now: int) -> None:
    """Ask for a new score, in this run, of what takes in what is to be scored, and of what took in what has closed."""
    waiting = [row[0] for row in db.execute(text("SELECT output_id FROM dirty WHERE turn <= :turn"), {"turn": turn})]
    change_in(db, _WISH, versions.above(db, waiting) | versions.closed(db, now=now), turn=turn)


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


_WISH = """
INSERT INTO dirty (output_id, turn) SELECT id, :turn FROM output WHERE id IN :values
ON CONFLICT (output_id) DO NOTHING
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
_MOVED_FROM = "SELECT account_id AS account, followers, posts, share FROM account_moved"
_MOVED_TO = f"{facts.ACCOUNTS} WHERE c.id IN (SELECT account_id FROM account_moved)"
