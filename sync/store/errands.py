"""Errands: what somebody asks the daemon to do out of its turn, which may take long, and what came of it.

The daemon does them one at a time for each subject; whoever asked looks here. What had begun when its process ended is
begun again, since every step can be.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import DAY
from sync.store.rows import as_json

Verb = Literal["pull", "full", "score", "push", "check", "withdraw"]
VERBS: tuple[Verb, ...] = get_args(Verb)
KEPT = 90 * DAY  # after its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """`subject` is a connection, or empty where the verb needs none. Times are 0 where they have not come; `outcome` is
    that of the step, empty until then; `told` is what else is to be said, such as `why` or `findings`."""

    id: int
    verb: Verb
    subject: str
    by: str
    asked_at: int
    begun_at: int
    ended_at: int
    outcome: str
    told: dict[str, Any]


def ask(db: Database, verb: Verb, subject: str, *, by: str, now: int) -> int:
    """Ask for it; where the same waits already, that is it. Its number."""
    told = {"verb": verb, "subject": subject, "by": by, "now": now}
    waiting = db.execute(text(_WAITING), told).scalar()
    return int(waiting if waiting is not None else db.execute(text(_ASK), told).scalar_one())


def next_(db: Database) -> list[Errand]:
    """What waits to be done, or had begun when its process ended, oldest first."""
    return [_errand(row) for row in db.execute(text("SELECT * FROM errand WHERE ended_at = 0 ORDER BY id"))]


def listed(db: Database, *, most: int, subject: str = "") -> list[Errand]:
    """The newest, newest first; of one connection where one is named."""
    return [_errand(row) for row in db.execute(text(_NEWEST), {"most": most, "subject": subject})]


def last(db: Database, verb: Verb, subject: str) -> Errand | None:
    """The newest of its kind that is done."""
    row = db.execute(text(_LAST), {"verb": verb, "subject": subject}).one_or_none()
    return _errand(row) if row else None


def one(db: Database, id_: int) -> Errand | None:
    """An errand by its number."""
    row = db.execute(text("SELECT * FROM errand WHERE id = :id"), {"id": id_}).one_or_none()
    return _errand(row) if row else None


def begin(db: Database, id_: int, *, now: int) -> int:
    """Somebody has set about it: how often that was so, 0 where it is over."""
    found = one(db, id_)
    if found is None or found.ended_at:
        return 0
    times = int(found.told.get("begun", 0)) + 1
    told = {"id": id_, "now": now, "told": as_json({"begun": times})}
    db.execute(text("UPDATE errand SET begun_at = :now, told = :told WHERE id = :id"), told)
    return times


def put_back(db: Database, id_: int) -> None:
    """It was left before its end, which was asked for: it waits as if nobody had set about it."""
    db.execute(text("UPDATE errand SET begun_at = 0, told = '{}' WHERE id = :id AND ended_at = 0"), {"id": id_})


def end(db: Database, id_: int, outcome: str, *, now: int, **told: object) -> None:
    """It is done, or is not to be done."""
    db.execute(text(_END), {"id": id_, "now": now, "outcome": outcome, "told": as_json(told)})


def expire(db: Database, *, now: int) -> None:
    """Drop what was done long ago."""
    db.execute(text("DELETE FROM errand WHERE ended_at > 0 AND ended_at < :old"), {"old": now - KEPT})


def _errand(row: Any) -> Errand:
    return Errand(
        id=row.id,
        verb=row.verb,
        subject=row.subject,
        by=row.actor,
        asked_at=row.asked_at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        told=json.loads(row.told),
    )


_NEWEST = "SELECT * FROM errand WHERE :subject IN ('', subject) ORDER BY id DESC LIMIT :most"
_LAST = """
SELECT * FROM errand WHERE verb = :verb AND subject = :subject AND ended_at > 0 ORDER BY id DESC LIMIT 1
"""
_WAITING = "SELECT id FROM errand WHERE verb = :verb AND subject = :subject AND begun_at = 0 AND ended_at = 0"
_ASK = "INSERT INTO errand (verb, subject, actor, asked_at) VALUES (:verb, :subject, :by, :now) RETURNING id"
_END = "UPDATE errand SET ended_at = :now, outcome = :outcome, told = :told WHERE id = :id"
