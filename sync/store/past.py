"""What was done lately for each connection: what a schedule goes by, so that it outlives its process."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.connections import rests
from sync.store.database import Store
from sync.store.rows import as_json, rows_in
from sync.store.runs import Outcome

ENOUGH = 12  # runs that are looked back upon


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a connection; `ended_at` is 0 while it stands as running."""

    id: int
    full: bool
    began_at: int
    ended_at: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """One connection: its last pulls, the newest first, its last complete listing, its last push. `unread`: the store
    was restored, and awaits its levels. `rests`: it failed, and is left alone for a while. `doubted`: its last complete
    listing held something back, and was the first to do so."""

    active: bool
    unread: bool = False
    rests: bool = False
    doubted: bool = False
    pulls: tuple[Run, ...] = ()
    full: Run | None = None
    push: Run | None = None


def lately(store: Store, name: str, *, now: int) -> Lately | None:
    """What was done for a connection; None where the store has none of that name."""
    rest = rests(store, name, now=now)
    with store.read() as db:
        known = db.execute(text("SELECT * FROM connection WHERE name = :name"), {"name": name}).one_or_none()
        if known is None:
            return None
        full = _runs(db, _COMPLETE, known.id, 2)
        return Lately(
            active=known.state == "active",
            unread=bool(known.unread),
            rests=bool(rest),
            doubted=[run.outcome == "held" for run in full] in ([True], [True, False]),
            pulls=_runs(db, _PULLS, known.id, ENOUGH),
            full=next(iter(full), None),
            push=next(iter(_runs(db, _PUSHES, known.id, 1)), None),
        )


def heard(store: Store, run: int, at: int) -> None:
    """Note what the source's own clock said at the end of a run: it was read by then, whatever ours says."""
    with store.write() as db:
        counts = json.loads(db.execute(text("SELECT counts FROM run WHERE id = :run"), {"run": run}).scalar_one())
        told = {"counts": as_json({**counts, "heard": at}), "run": run}
        db.execute(text("UPDATE run SET counts = :counts WHERE id = :run"), told)


def read_since(store: Store, names: Collection[str]) -> int:
    """Since when each of these connections has been read again; 0 where one never was. A run that went on from a
    bookmark does not count, for what came before that was read earlier."""
    with store.read() as db:
        rows = rows_in(db, _READ, names, went_on="%bookmark")
    found = {row.name: min(row.began_at, json.loads(row.counts).get("heard", row.began_at)) for row in rows}
    return min((found.get(name, 0) for name in names), default=0)


def ever_scored(store: Store) -> bool:
    """Whether a score was ever made here."""
    with store.read() as db:
        return db.execute(text("SELECT 1 FROM score LIMIT 1")).scalar() is not None


def keeps(store: Store) -> dict[str, int]:
    """The least level that is stored of each connection, of those that were removed too."""
    with store.read() as db:
        return {row.name: int(row.keep) for row in db.execute(text("SELECT name, keep FROM connection"))}


def _runs(db: Database, sql: str, connection: int, most: int) -> tuple[Run, ...]:
    rows = db.execute(text(sql), {"connection": connection, "most": most})
    return tuple(
        Run(
            id=row.id,
            full=row.asked.startswith("everything"),
            began_at=row.began_at,
            ended_at=row.ended_at,
            outcome=row.outcome,
        )
        for row in rows
    )


_RUNS = "SELECT id, asked, began_at, ended_at, outcome FROM run WHERE connection_id = :connection"
_NEWEST = "ORDER BY id DESC LIMIT :most"
_PULLS = f"{_RUNS} AND step = 'pull' {_NEWEST}"
_COMPLETE = f"{_RUNS} AND step = 'pull' AND asked LIKE 'everything%' AND outcome IN ('done', 'held') {_NEWEST}"
_PUSHES = f"{_RUNS} AND step = 'push' {_NEWEST}"
_READ = """
SELECT c.name, r.began_at, r.counts FROM connection c JOIN run r ON r.id = (
  SELECT max(l.id) FROM run l
  WHERE l.connection_id = c.id AND l.step = 'pull' AND l.outcome = 'done' AND l.asked NOT LIKE :went_on)
WHERE c.name IN :values
"""
