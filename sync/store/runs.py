"""Runs: one row for each time a step was done for a connection, and how it ended."""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.rows import as_json

Outcome = Literal["running", "done", "incomplete", "held", "failed", "stopped"]


def start(db: Database, connection: int, step: str, *, now: int) -> int:
    """Open a run; one of the same step that still stands as running has ended with its process."""
    asked = {"id": connection, "step": step, "now": now}
    db.execute(text(_STOP), asked)
    return int(db.execute(text(_START), asked).scalar_one())


def finish(db: Database, run: int, outcome: Outcome, why: str, counts: Mapping[str, int], *, now: int) -> None:
    """Close a run."""
    db.execute(text(_FINISH), {"now": now, "outcome": outcome, "why": why, "counts": as_json(dict(counts)), "run": run})


_STOP = """
UPDATE run SET outcome = 'stopped', ended_at = :now, why = 'the process ended before the run did'
WHERE connection_id = :id AND step = :step AND outcome = 'running'
"""
_START = "INSERT INTO run (connection_id, step, began_at) VALUES (:id, :step, :now) RETURNING id"
_FINISH = "UPDATE run SET ended_at = :now, outcome = :outcome, why = :why, counts = :counts WHERE id = :run"
