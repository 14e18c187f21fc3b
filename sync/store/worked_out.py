"""Working scores out from the store without writing any: for a run, by other rules, as of another day, elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from scoring import engine, spark
from scoring.rules import RuleSet
from sync.store import versions
from sync.store.arrow import duck
from sync.store.attention import AS_KNOWN, AS_STORED, Asked, columns
from sync.store.badges import Audience
from sync.store.database import Store
from sync.store.versions import Rolls

Engine = Literal["duckdb", "spark"]
Brought = dict[int, dict[int, int]]  # by public id: what each source brings, in thousandths

T = TypeVar("T")


class Total(NamedTuple):
    """The score of one output. `basis`: counts where a count brought any of it, mentions, or none."""

    millipoints: int
    score: int
    basis: str


NO_SCORE = Total(0, 0, "none")


def compute(
    store: Store,
    audience: Audience,
    rules: RuleSet,
    *,
    now: int,
    today: int,
    by: Engine = "duckdb",
    roll_up: bool = True,
) -> dict[int, Total]:
    """The score of every output with a mention or a count, by public id, as of an instant, from the versions that an
    audience sees today; nothing is written. Whether it sees the output itself is asked of the badges."""
    public, rolled = _everything(store, now=today, roll_up=roll_up)
    scores = totals(results(store, rules, AS_KNOWN, rolled, full=True, turn=0, now=now, by=by))
    return _for(audience, scores, public)


def trial(
    store: Store,
    audience: Audience,
    rules: Sequence[RuleSet],
    *,
    now: int,
    progress: Callable[[int], None],
    roll_up: bool = True,
) -> list[Brought]:
    """What each source would bring to every output that has a mention or a count, by each of several rule sets, from
    one reading and for one audience, as in `compute`. `progress` is told how many rule sets are done."""
    public, rolled = _everything(store, now=now, roll_up=roll_up)
    told = columns(store, AS_STORED, rolled, full=True, turn=0, now=now)
    found = []
    for done, each in enumerate(rules):
        progress(done)
        with duck() as opened:
            found_parts = parts(engine.score(**told, rules=each, now=now, connection=opened))
        brought = {key: {part["source"]: part["millipoints"] for part in told} for key, told in found_parts.items()}
        found.append(_for(audience, brought, public))
    return found


def relations(store: Store, *, now: int, roll_up: bool = True) -> dict[str, pa.Table]:
    """All that the score reads of the store, whoever may see it, with the public ids of outputs. Of versions those
    count that the public sees."""
    public, rolled = _everything(store, now=now, roll_up=roll_up)
    told = columns(store, AS_STORED, rolled, full=True, turn=0, now=now)
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


def results(
    store: Store,
    rules: RuleSet,
    asked: Asked,
    rolled: Rolls,
    *,
    full: bool,
    turn: int,
    now: int,
    by: Engine = "duckdb",
) -> engine.Scores:
    """Score everything, or what was wished for up to a turn, by marks and tallies as they are or were."""
    told = columns(store, asked, rolled, full=full, turn=turn, now=now)
    if by == "spark":
        return spark.score(**told, rules=rules, now=now)
    with duck() as opened:
        return engine.score(**told, rules=rules, now=now, connection=opened)


def totals(result: engine.Scores) -> dict[int, Total]:
    """Per output its score."""
    told = [result.scored.column(name).to_pylist() for name in ("output", "millipoints", "score", "tallied")]
    return {
        output: Total(points, shown, "counts" if tallied else "mentions")
        for output, points, shown, tallied in zip(*told, strict=True)
    }


def parts(result: engine.Scores) -> dict[int, list[dict[str, int]]]:
    """Per output its parts by source."""
    found: dict[int, list[dict[str, int]]] = {}
    for part in result.by_source.to_pylist():
        found.setdefault(part["output"], []).append(part)
    return found


def _everything(store: Store, *, now: int, roll_up: bool) -> tuple[dict[int, int], Rolls]:
    """The public ids of all living outputs, and the versions that count for them."""
    with store.read() as db:
        rows = db.exec_driver_sql("SELECT id, public_id FROM output WHERE live = 1")
        public = {int(row.id): int(row.public_id) for row in rows}
        return public, versions.rolls(store, db, public, now=now) if roll_up else {}


def _for(audience: Audience, by_key: Mapping[int, T], public: Mapping[int, int]) -> dict[int, T]:
    """By public id, as an audience sees it: what insiders see stands under the negative key, where it is another."""
    keys = sorted((key for key in by_key if key > 0 or audience == "internal"), reverse=True)
    return {public[abs(key)]: by_key[key] for key in keys if abs(key) in public}
