"""Between the store and the scoring room: narrow integers out, scores in, badges published.

Permission plays no part in a score; it is read when the badge is written.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from scoring import engine, spark
from scoring.folder import TOLD
from scoring.rules import RuleSet
from sync.store import ahead, changes, facts, look, mentions, settle, speakers, unread, versions
from sync.store.arrow import arrow, duck
from sync.store.badges import Shown
from sync.store.database import Store
from sync.store.publish import publish
from sync.store.rows import change_in, chunks, many, rows_in
from sync.store.versions import Rolls

Engine = Literal["duckdb", "spark"]
Brought = dict[int, dict[int, int]]  # by public id: what each source brings, in thousandths

T = TypeVar("T")

# Facts in `meta`: when what had been wished for was last scored, and whether versions counted then.
SCORED, ROLLED_UP = "scored_at", "rolled_up"
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


class _Asked(NamedTuple):
    """How the store is asked for what was said, and for those who said it, as of an instant `{now}`."""

    marks: str
    tallies: str
    accounts: str

    def at(self, now: int) -> "_Asked":
        """For one instant."""
        return _Asked(*(sql.format(now=now) for sql in self))


class _Made(NamedTuple):
    """What a run has worked out, by the keys of scores, and the versions it went by."""

    totals: Mapping[int, Total]
    parts: Mapping[int, list[dict[str, int]]]
    rolled: Rolls
    roll_up: bool


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
    roll_up: bool = True,
) -> Scored:
    """Score what was wished for, or everything, and publish; a wish made meanwhile stays for the next run. `roll_up`:
    the attention of other versions counts too.

    Everything is scored anew when the rule set in force is not the one that the stored scores were made with, or when
    versions count now and did not, or the other way round. Where nothing was wished for and nothing comes out
    differently, nothing is written. Raises `EngineError` where the engine is not there."""
    look.look(store, rules, full=full, now=now)
    with store.write() as db:
        if unread.awaited(db):
            return Scored()  # nothing may show, and all that is wished for stays wished for
        switched = _fact(db, ROLLED_UP, "1") != str(int(roll_up))
        full = full or switched or _other_rules(db, rules)
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
        result = _compute(store, rules, _AS_STORED, rolled, full=full, turn=turn, now=now, by=by)
        made = _Made(_totals(result), _parts(result), rolled, roll_up)
        for some in chunks(sorted(ids), AT_ONCE):
            _write(store, rules, some, made, done, turn=turn, now=now)
            progress(done.badges, len(ids))
    if waiting or switched:
        with store.write() as db:
            if full:
                db.execute(text("DELETE FROM dirty WHERE turn <= :turn"), {"turn": turn})
            db.execute(text(_NOTED), {"name": SCORED, "value": str(now)})
            db.execute(text(_NOTED), {"name": ROLLED_UP, "value": str(int(roll_up))})
    return done


def relations(store: Store, *, now: int, roll_up: bool = True) -> dict[str, pa.Table]:
    """All that the score reads of the store, whoever may see it, with the public ids of outputs. Of versions those
    count that the public sees."""
    public, rolled = _everything(store, now=now, roll_up=roll_up)
    told = _columns(store, _AS_STORED, rolled, full=True, turn=0, now=now)
    return {name: _outside(table, public) if "output" in table.column_names else table for name, table in told.items()}


def _outside(table: pa.Table, public: Mapping[int, int]) -> pa.Table:
    """The rows of living outputs, under their public ids; those of insiders' scores are not among them."""
    keys = pa.array(sorted(public), pa.int64())
    ids = pa.array([public[key] for key in sorted(public)], pa.int64())
    living = table.filter(pc.is_in(table.column("output"), value_set=keys))
    outputs = pc.take(ids, pc.index_in(living.column("output"), value_set=keys))
    return living.set_column(living.column_names.index("output"), "output", outputs)


def held(store: Store) -> int:
    """How many marks there are."""
    with store.read() as db:
        return int(db.exec_driver_sql("SELECT count(*) FROM mark").scalar_one())


def compute(
    store: Store, rules: RuleSet, *, now: int, today: int, by: Engine = "duckdb", roll_up: bool = True
) -> dict[int, Total]:
    """The score of every output with a mention or a count, by public id, as of an instant, and as insiders see it
    today; nothing is written."""
    public, rolled = _everything(store, now=today, roll_up=roll_up)
    return _inside(_totals(_compute(store, rules, _AS_KNOWN, rolled, full=True, turn=0, now=now, by=by)), public)


def trial(
    store: Store, rules: Sequence[RuleSet], *, now: int, progress: Callable[[int], None], roll_up: bool = True
) -> list[Brought]:
    """What each source would bring to every output that has a mention or a count, by each of several rule sets, from
    one reading and as insiders see it; nothing is written. `progress` is told how many rule sets are done."""
    public, rolled = _everything(store, now=now, roll_up=roll_up)
    told = _columns(store, _AS_STORED, rolled, full=True, turn=0, now=now)
    found = []
    for done, each in enumerate(rules):
        progress(done)
        with duck() as opened:
            parts = _parts(engine.score(**told, rules=each, now=now, connection=opened))
        brought = {key: {part["source"]: part["millipoints"] for part in told} for key, told in parts.items()}
        found.append(_inside(brought, public))
    return found


def ledger(db: Database, shown: Shown, rules: RuleSet, *, now: int) -> Ledger:
    """Every standing mention of an output, and every count, with what it counted for: the middle of the one expression,
    for one output. `under` of a mention is the identifier that it came by.

    It takes a badge, so that nobody can ask for the ledger of what no audience may see."""
    key = db.execute(text(_KEY), {"id": shown.output, "audience": shown.audience}).scalar_one()
    rolled = versions.stored(db, [abs(key)])
    chosen = {key: rolled[key]} if key in rolled else {}
    told = _of_some(db, _AS_STORED.at(now), chosen, "WHERE output_id = :output", output=key)
    with duck() as opened:
        counts = engine.tally_ledger(**told, rules=rules, now=now, connection=opened).to_pylist()
        told.pop("tallies")
        lines = engine.ledger(**told, rules=rules, now=now, connection=opened).to_pylist()
    mentioned = [line["mention"] for line in lines]
    rows = {row.id: row for row in rows_in(db, _MENTIONS, mentioned)}
    under = _under(db, shown, abs(key), mentioned)
    return Ledger(
        [{**line, "told": rows[line["mention"]], "under": under.get(line["mention"])} for line in lines], counts
    )


def _under(db: Database, shown: Shown, output: int, mentions_: Collection[int]) -> dict[int, Identifier]:
    """By which identifier each mention came to an output: its own, else one of a version that this audience sees."""
    theirs = {
        Identifier(row.scheme, row.value)
        for row in db.execute(text(_OF_VERSIONS), {"audience": shown.audience, "output": output})
    }
    rank = dict.fromkeys(theirs, 0) | dict.fromkeys(shown.identifiers, -1)
    best: dict[int, tuple[int, Identifier]] = {}
    for row in rows_in(db, _TARGETS, mentions_):
        named = Identifier(row.scheme, row.value)
        if named in rank:
            told = (rank[named], named)
            best[row.mention_id] = min(best.get(row.mention_id, told), told)
    return {mention: named for mention, (_, named) in best.items()}


def _everything(store: Store, *, now: int, roll_up: bool) -> tuple[dict[int, int], Rolls]:
    """The public ids of all living outputs, and the versions that count for them."""
    with store.read() as db:
        rows = db.exec_driver_sql("SELECT id, public_id FROM output WHERE live = 1")
        public = {int(row.id): int(row.public_id) for row in rows}
        return public, versions.rolls(store, db, public, now=now) if roll_up else {}


def _inside(by_key: Mapping[int, T], public: Mapping[int, int]) -> dict[int, T]:
    """By public id, as insiders see it: theirs stands under the negative key, where it is another one."""
    return {public[abs(key)]: by_key[key] for key in sorted(by_key, reverse=True) if abs(key) in public}


def _compute(
    store: Store,
    rules: RuleSet,
    asked: _Asked,
    rolled: Rolls,
    *,
    full: bool,
    turn: int,
    now: int,
    by: Engine = "duckdb",
) -> engine.Scores:
    """Score everything, or what was wished for up to a turn, by marks and tallies as they are or were."""
    told = _columns(store, asked, rolled, full=full, turn=turn, now=now)
    if by == "spark":
        return spark.score(**told, rules=rules, now=now)
    with duck() as opened:
        return engine.score(**told, rules=rules, now=now, connection=opened)


def _columns(store: Store, asked: _Asked, rolled: Rolls, *, full: bool, turn: int, now: int) -> dict[str, pa.Table]:
    """All that the score reads, by the names that it has there."""
    asked = asked.at(now)
    with store.read() as db:
        if not full:
            return _of_some(db, asked, rolled, _WISHED, turn=turn)
        if look.few(db):
            return _of_some(db, asked, rolled, "")
    columns = store.backend.columns((asked.marks, facts.OUTLETS, asked.accounts, _SIGNS, asked.tallies))
    told = dict(zip(TOLD, columns, strict=True))
    if rolled:
        with store.read() as db:
            told |= _with_versions(db, asked, rolled, told)
    return told


def _of_some(db: Database, asked: _Asked, rolled: Rolls, which: str, **values: int) -> dict[str, pa.Table]:
    """The same for some outputs, of which `which` is the condition."""
    versions.lay_out(db, rolled)
    speaking = f"{facts.OUTLETS} WHERE o.id IN ({_SPOKE.format(column='outlet_id', which=which)})"
    posting = f"{asked.accounts} WHERE c.id IN ({_SPOKE.format(column='account_id', which=which)})"
    statements = (asked.marks + which, speaking, posting, _SIGNS + which, asked.tallies + which)
    told = dict(zip(TOLD, (arrow(db, sql, **values) for sql in statements), strict=True))
    return told | _with_versions(db, asked, rolled, told)


def _with_versions(db: Database, asked: _Asked, rolled: Rolls, told: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Behind what outputs have themselves, what counts for them by way of versions."""
    versions.lay_out(db, rolled)
    by_way = {
        "marks": asked.marks.replace("FROM mark", "FROM rolled_mark"),
        "signs": _SIGNS_OF_VERSIONS,
        "tallies": asked.tallies.replace(_OWN_NUMBERS, _NUMBERS_OF_VERSIONS),
    }
    return {name: pa.concat_tables([told[name], arrow(db, sql)]) for name, sql in by_way.items()}


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
        lines = [line for each in told if (line := changes.change(rules, *each))]
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


def _fact(db: Database, name: str, unless: str) -> str:
    return str(db.execute(text("SELECT value FROM meta WHERE name = :name"), {"name": name}).scalar() or unless)


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
_WISH = """
INSERT INTO dirty (output_id, turn) SELECT id, :turn FROM output WHERE id IN :values
ON CONFLICT (output_id) DO NOTHING
"""
_SIGNS = "SELECT output_id AS output, mention_id AS mention, sign FROM sign "
_SIGNS_OF_VERSIONS = """
SELECT DISTINCT r.score_key AS output, s.mention_id AS mention, s.sign
FROM rolled r JOIN sign s ON s.output_id = r.version_id
"""
_OWN_NUMBERS = """
JOIN item_identifier n ON n.identifier_id = t.identifier_id AND n.counts = 1
JOIN item i ON i.id = n.item_id AND i.state = 1
"""
_NUMBERS_OF_VERSIONS = """
JOIN (
  SELECT r.score_key AS output_id, n.identifier_id FROM rolled r
  JOIN item v ON v.output_id = r.version_id AND v.state = 1
  JOIN item_identifier n ON n.item_id = v.id AND n.counts = 1
  UNION SELECT r.score_key, r.identifier_id FROM rolled r WHERE r.version_id = 0
) AS i ON i.identifier_id = t.identifier_id
"""
_TALLIES = f"""
SELECT i.output_id AS output, t.source_id AS source, t.units, t.told_at AS known FROM tally t {_OWN_NUMBERS}
"""
_TALLIES_NOW = _TALLIES.replace(
    "t.told_at AS known", "CASE WHEN t.told_at > {now} THEN {now} ELSE t.told_at END AS known"
)
_AS_KNOWN = _Asked(_MARKS, _TALLIES, facts.ACCOUNTS_THEN)
_AS_STORED = _Asked(_MARKS_NOW, _TALLIES_NOW, facts.ACCOUNTS)
_WISHED = "WHERE output_id IN (SELECT output_id FROM dirty WHERE turn <= :turn)"
_SPOKE = "SELECT {column} FROM mark {which} UNION SELECT {column} FROM rolled_mark"
_KEY = """
SELECT coalesce(s.output_id, o.id) FROM output o
LEFT JOIN score s ON s.output_id = -o.id AND :audience = 'internal' WHERE o.public_id = :id
"""
_OF_VERSIONS = """
SELECT scheme, value FROM badge_version WHERE audience = :audience AND output_id = :output
UNION
SELECT i.scheme, i.value FROM badge_version v JOIN badge b ON b.audience = v.audience AND b.public_id = v.version
JOIN badge_identifier i ON i.audience = b.audience AND i.output_id = b.output_id
WHERE v.audience = :audience AND v.output_id = :output
"""
_TARGETS = """
SELECT t.mention_id, d.scheme, d.value FROM mention_target t JOIN identifier d ON d.id = t.identifier_id
WHERE t.mention_id IN :values
"""
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
_NOTED = "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_MOVED_FROM = "SELECT account_id AS account, followers, posts, share FROM account_moved"
_MOVED_TO = f"{facts.ACCOUNTS} WHERE c.id IN (SELECT account_id FROM account_moved)"
