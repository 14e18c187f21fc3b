"""Runs: one row for each time a step was done for a connection: what was asked, how far it came, and how it ended.

What is counted is counted in the transaction that does it, so a run that was killed says truly how far it came. Beside
the counts of `Applied` a row keeps `at`, when it last did something, and `told`, when its source first said how many
records will come and how many had been seen by then: from there on its rate is known.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import stamp
from sync.store.database import Store, StoreError
from sync.store.rows import as_json
from sync.store.turns import turn

Outcome = Literal["running", "done", "incomplete", "held", "failed", "stopped"]

Left = dict[Literal["least", "most"], int]

SECOND = 1_000_000
LONG_ENOUGH = 10 * SECOND  # a rate over less is chance
DIED = "the process ended before the run did"


def start(db: Database, connection: int, step: str, asked: str, counts: Mapping[str, int], *, now: int) -> int:
    """Open a run; one of the same step that still stands as running has ended with its process."""
    for row in list(db.execute(text(_RUNNING), {"id": connection, "step": step})):
        finish(db, row.id, "stopped", DIED, now=json.loads(row.counts).get("at", row.began_at))
    told = {"id": connection, "step": step, "asked": asked, "now": now, "counts": as_json({**counts, "at": now})}
    return int(db.execute(text(_START), told).scalar_one())


def count(db: Database, run: int, done: Mapping[str, int], *, expected: int = 0, now: int) -> dict[str, int]:
    """Add to what a run has done; its counts so far. `expected` are all the records that the source says will come, 0
    where it does not. Raises `StoreError` for a run that has ended: somebody thought this process dead (its turn may be
    lost with a session, its machine may have slept), and went on in its place."""
    row = db.execute(text("SELECT counts, expected, outcome FROM run WHERE id = :run"), {"run": run}).one()
    if row.outcome != "running":
        raise StoreError(f"run {run}: another process has gone on in its place; nothing more of it is stored")
    counts: dict[str, Any] = json.loads(row.counts)
    for name, number in done.items():
        counts[name] = counts.get(name, 0) + number
    counts["at"] = now
    if expected and not row.expected:
        counts["told"] = [now, counts["seen"]]
    told = {"counts": as_json(counts), "expected": expected or row.expected, "run": run}
    db.execute(text("UPDATE run SET counts = :counts, expected = :expected WHERE id = :run"), told)
    return counts


def finish(db: Database, run: int, outcome: Outcome, why: str, *, now: int) -> None:
    """Close a run."""
    asked = {"now": now, "outcome": outcome, "why": why, "run": run}
    db.execute(text("UPDATE run SET ended_at = :now, outcome = :outcome, why = :why WHERE id = :run"), asked)


def last(db: Database, connection: int, *, now: int, step: str = "") -> dict[str, Any] | None:
    """The newest run of a connection; of one step where it is named."""
    sql = _NEWEST_OF_STEP if step else _NEWEST
    row = db.execute(text(sql), {"id": connection, "most": 1, **({"step": step} if step else {})}).first()
    return None if row is None else _told(db, row, now)


def listed(store: Store, name: str, *, most: int, now: int) -> list[dict[str, Any]]:
    """The runs of a connection, newest first."""
    with store.read() as db:
        id_ = db.execute(text("SELECT id FROM connection WHERE name = :name"), {"name": name}).scalar()
        found = [_told(db, row, now) for row in db.execute(text(_NEWEST), {"id": id_, "most": most}).fetchall()]
    for run in found:
        close_dead(store, name, run)
    return found


def close_dead(store: Store, name: str, run: dict[str, Any]) -> bool:
    """Say of a run that stands as running while nobody is at work that it ended with its process; whether it did."""
    if run["outcome"] != "running":
        return False
    with turn(store, name if run["step"] != "push" else f"{name}-push") as free:
        if free:
            took = datetime.fromisoformat(run["last_at"]) - datetime.fromisoformat(run["began_at"])
            run |= {"outcome": "stopped", "why": DIED, "seconds": max(took // timedelta(seconds=1), 0), "left": None}
    return free


def last_complete(store: Store, name: str, kind: Literal["everything", "changes"]) -> int | None:
    """When the last complete pull of a kind ended; None for never."""
    with store.read() as db:
        id_ = db.execute(text("SELECT id FROM connection WHERE name = :name"), {"name": name}).scalar()
        row = db.execute(text(_COMPLETE), {"id": id_, "step": "pull", "kind": f"{kind}%"}).first()
    return None if row is None else int(row.ended_at)


def _told(db: Database, row: Any, now: int) -> dict[str, Any]:
    """One run, for scripts and tables. `expected` and the seconds that are `left` are None where nobody knows."""
    counts: dict[str, Any] = json.loads(row.counts)
    at, since = counts.pop("at", row.began_at), counts.pop("told", (row.began_at, 0))
    counts.pop("heard", None)
    running = row.outcome == "running"
    until = now if running else row.ended_at
    return {
        "id": row.id,
        "step": row.step,
        "asked": row.asked or None,
        "began_at": stamp(row.began_at),
        "outcome": row.outcome,
        "last_at": stamp(at),
        "ended_at": stamp(row.ended_at) if row.ended_at else None,
        "seconds": max(until - row.began_at, 0) // SECOND,
        "why": row.why or None,
        "expected": row.expected or None,
        **counts,
        "left": _left(db, row, counts, since, at, now) if running else None,
    }


def _left(db: Database, row: Any, counts: Mapping[str, int], told: tuple[int, int], at: int, now: int) -> Left | None:
    """The seconds that a run may still take: at its own rate until it last did something and until now, and at that of
    the last complete run of its kind.

    Where the source does not tell how many records will come, as many as came then. None for a run that has seen more
    than that, or of whose rate nothing is known."""
    kind = row.asked.split(",")[0].split(" ")[0]
    last = db.execute(text(_COMPLETE), {"id": row.connection_id, "step": row.step, "kind": f"{kind}%"}).first()
    then: dict[str, int] = json.loads(last.counts) if last else {}
    began, seen_then = told
    seen = counts.get("seen", 0) - seen_then
    rates = [seen / (until - began) for until in (at, now) if now - began >= LONG_ENOUGH and until > began]
    if last and last.ended_at > last.began_at:
        rates.append(then.get("seen", 0) / (last.ended_at - last.began_at))
    rates = [rate * SECOND for rate in rates if rate > 0]
    rest = (row.expected or _all(then)) - _all(counts)
    return {"least": round(rest / max(rates)), "most": round(rest / min(rates))} if rates and rest > 0 else None


def _all(counts: Mapping[str, int]) -> int:
    """How many records a listing has seen, in all its runs."""
    return counts.get("before", 0) + counts.get("seen", 0)


_RUNNING = """
SELECT id, began_at, counts FROM run WHERE connection_id = :id AND step = :step AND outcome = 'running'
"""
_START = """
INSERT INTO run (connection_id, step, asked, began_at, counts) VALUES (:id, :step, :asked, :now, :counts) RETURNING id
"""
_NEWEST = "SELECT * FROM run WHERE connection_id = :id ORDER BY id DESC LIMIT :most"
_NEWEST_OF_STEP = "SELECT * FROM run WHERE connection_id = :id AND step = :step ORDER BY id DESC LIMIT :most"
_COMPLETE = """
SELECT began_at, ended_at, counts FROM run
WHERE connection_id = :id AND step = :step AND outcome IN ('done', 'held') AND asked LIKE :kind
ORDER BY id DESC LIMIT 1
"""
