"""What waits for an administrator: runs that hold something back, what that is, and what agreeing would do."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import effects, missing, pushing
from sync.store.database import Store
from sync.store.effects import Effect
from sync.store.targets import Target

Kind = Literal["deletions", "writes", "listing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A run that waits. `records` are those that would be deleted, by kind; `writes` the badges that a push would
    write. A `listing` that was not complete deletes nothing: agreeing forgets the one before, and lists anew."""

    run: int
    connection: str
    kind: Kind
    began_at: int
    why: str
    records: dict[str, int] = field(default_factory=dict)
    writes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One record that would be deleted, as its source told it; `key` is the source's own."""

    kind: str
    key: str
    words: str


def waiting(db: Database) -> list[Decision]:
    """Everything that waits, oldest first."""
    found: list[Decision] = []
    runs = db.execute(text(_RUNS)).fetchall()
    held = missing.waiting(db) if runs else set()  # it goes through all records
    pushes = set(pushing.waiting(db))
    for row in runs:
        about = {"run": row.id, "connection": row.name, "began_at": row.began_at, "why": row.why}
        if row.id in pushes:
            counts = json.loads(row.counts)
            found.append(Decision(**about, kind="writes", writes=counts.get("waiting", 0)))
        elif row.outcome == "held" and row.id in held:
            found.append(Decision(**about, kind="deletions", records=_records(db, row.id)))
        elif row.outcome == "incomplete":
            found.append(Decision(**about, kind="listing"))
    return found


def one(db: Database, run: int) -> Decision | None:
    """What one run holds back; None where that is nothing, or nothing any more."""
    return next((each for each in waiting(db) if each.run == run), None)


def lost(db: Database, run: int, *, most: int) -> list[Lost]:
    """The first records that it would delete, people first."""
    found: list[Lost] = []
    for kind, table in missing.TABLES.items():
        asked = {"run": run, "most": most - len(found)}
        rows = db.execute(text(_LOST.format(table=table, words="title" if kind == "item" else "name")), asked)
        found += [Lost(kind=kind, key=row.key, words=row.words) for row in rows]
    return found


def rehearse(store: Store, run: int, targets: Sequence[Target], *, now: int) -> Effect:
    """What would appear and vanish, and be written and withdrawn; worked out and taken back."""
    with store.write() as db:
        return effects.of_change(db, lambda: missing.accept(store, run), targets, now=now, dry_run=True)


def _records(db: Database, run: int) -> dict[str, int]:
    counts = {
        kind: db.execute(text(_COUNT.format(table=table)), {"run": run}).scalar_one()
        for kind, table in missing.TABLES.items()
    }
    return {kind: count for kind, count in counts.items() if count}


_RUNS = """
SELECT r.id, c.name, r.began_at, r.outcome, r.why, r.counts FROM run r JOIN connection c ON c.id = r.connection_id
WHERE r.outcome = 'held' OR (r.outcome = 'incomplete' AND r.step = 'pull'
  AND r.id = (SELECT max(n.id) FROM run n WHERE n.connection_id = r.connection_id AND n.step = r.step))
ORDER BY r.id
"""
_HELD = "FROM {table} WHERE held_run = :run AND held_run <> 0 AND state = 1"
_COUNT = f"SELECT count(*) {_HELD}"
_LOST = f"SELECT key, {{words}} AS words {_HELD} ORDER BY id LIMIT :most"
