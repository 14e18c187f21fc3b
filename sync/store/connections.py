"""Connections, their runs, and where the next one begins."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.settings import Connection
from config.visibility import Visibility
from sync.store import gone, pushing, runs, scopes, settle
from sync.store.clock import DAY, stamp
from sync.store.database import Store
from sync.store.publish import publish
from sync.store.runs import Outcome
from sync.store.scopes import Effect
from sync.store.source import Applied, Source
from sync.store.targets import Target
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes

LOCAL = "(import)"  # the connection that imports belong to; no configured one can have this name


@dataclass(frozen=True, slots=True)
class Begin:
    """A run that has begun, and where its connector should begin."""

    source: Source
    cursor: str | None
    bookmark: str | None
    memory: str | None


def register(store: Store, connections: Sequence[Connection]) -> None:
    """Make the store's connections those of the settings.

    One that is no longer configured keeps its votes and asks for authors as before, until it is forgotten."""
    wanted = {told.name: _facts(told, position) for position, told in enumerate(connections)}
    with store.read() as db:
        as_before = _known(db) == wanted
    if as_before:
        return
    with store.write() as db:
        known = _known(db)
        touched = Touched()
        for name, facts in wanted.items():
            if known.get(name) != facts:
                db.execute(text(_PUT), facts)
                id_ = _id(db, name)
                _touch(db, id_, touched)
                _forget_below(store, db, id_, facts["keep"], touched)
        for name in known.keys() - wanted.keys():
            db.execute(text("UPDATE connection SET state = 'removed' WHERE name = :name"), {"name": name})
            _touch(db, _id(db, name), touched)
        settle.settle(db, Vetoes(store, db), touched)


def _facts(told: Connection, position: int) -> dict[str, Any]:
    return {
        "name": told.name,
        "kind": told.kind,
        "position": position,
        "people": int(told.people),
        "require_author": int(told.require_author),
        "keep": int(told.keep),
    }


def _known(db: Database) -> dict[str, dict[str, Any]]:
    """The connections that are in force, as the settings would tell them."""
    return {row.name: dict(row._mapping) for row in db.execute(text(_IN_FORCE), {"local": LOCAL})}


def _id(db: Database, name: str) -> int:
    return int(db.execute(text("SELECT id FROM connection WHERE name = :name"), {"name": name}).scalar_one())


def begin(store: Store, name: str, *, step: str, full: bool, now: int) -> Begin:
    """Open a run: a new sweep, or the unfinished one where its bookmark is younger than a day."""
    with store.write() as db:
        row = db.execute(text("SELECT * FROM connection WHERE name = :name"), {"name": name}).one()
        bookmark = json.loads(row.bookmark) if row.bookmark else None
        go_on = bookmark is not None and now - row.bookmark_at < DAY and bookmark["full"] == full
        sweep = row.sweep if go_on else row.sweep + 1
        db.execute(
            text("UPDATE connection SET sweep = :sweep, bookmark = '' WHERE id = :id"), {"sweep": sweep, "id": row.id}
        )
        run = runs.start(db, row.id, step, now=now)
        source = Source(row.id, name, bool(row.people), Visibility(row.keep), sweep, run, full)
        cursor = None if full else row.cursor or None
        return Begin(source, cursor, bookmark["at"] if go_on and bookmark else None, row.cursor or None)


def end(
    store: Store, source: Source, outcome: Outcome, why: str, counted: Applied, *, now: int, cursor: str | None
) -> None:
    """Close a run. Only a complete one moves the cursor and clears the bookmark; a failure leaves both."""
    complete = outcome in ("done", "held")
    with store.write() as db:
        counts = {name: getattr(counted, name) for name in counted.__slots__}
        runs.finish(db, source.run, outcome, why, counts, now=now)
        db.execute(
            text(
                "UPDATE connection SET alarm = :alarm, failures = CASE WHEN :ok = 1 THEN 0 ELSE failures + 1 END "
                "WHERE id = :id"
            ),
            {"alarm": "" if complete else why, "ok": int(complete), "id": source.id},
        )
        if complete and cursor is not None:
            db.execute(
                text("UPDATE connection SET cursor = :cursor WHERE id = :id"), {"cursor": cursor, "id": source.id}
            )
        if complete:
            db.execute(text("UPDATE connection SET bookmark = '' WHERE id = :id"), {"id": source.id})
        if outcome == "incomplete":  # the next run lists from the start
            db.execute(text("UPDATE connection SET bookmark = '' WHERE id = :id"), {"id": source.id})


def local(store: Store, *, now: int, step: str) -> Source:
    """A run of the connection that imports belong to; it knows no people and never requires an author."""
    with store.write() as db:
        facts = {"name": LOCAL, "kind": LOCAL, "position": 1_000_000, "people": 0, "require_author": 0, "keep": 0}
        if db.execute(text("SELECT 1 FROM connection WHERE name = :name"), {"name": LOCAL}).scalar() is None:
            db.execute(text(_PUT), facts)
    return begin(store, LOCAL, step=step, full=False, now=now).source


def pause(store: Store, name: str, *, paused: bool) -> bool:
    """Pause a connection or let it go on; whether there is one. What it told stays as it is."""
    with store.write() as db:
        sql = "UPDATE connection SET state = :state WHERE name = :name AND state <> 'removed'"
        return db.execute(text(sql), {"state": "paused" if paused else "active", "name": name}).rowcount == 1


def forget(store: Store, name: str, targets: Sequence[Target], *, now: int, dry_run: bool) -> Effect:
    """Remove everything a connection told, its votes and vetoes included; what that does.

    With `dry_run` all of it is worked out and taken back."""
    with store.write() as db:
        scopes.see(db, "before", now=now)
        with db.begin_nested() as attempt:
            _forget(store, db, name, now)
            scopes.see(db, "after", now=now)
            effect = scopes.effect(db, targets)
            if dry_run:
                attempt.rollback()
    return effect


def _forget(store: Store, db: Database, name: str, now: int) -> None:
    id_ = _id(db, name)
    touched = Touched()
    for table, kind in (("item", "item"), ("person_record", "person")):
        sql = text(f"SELECT key FROM {table} WHERE connection_id = :id")
        for told in list(db.execute(sql, {"id": id_})):
            gone.erase(db, id_, kind, told.key, touched)
    touched.spoken |= {row.output_id for row in db.execute(text(_SPOKEN), {"id": id_})}
    touched.groups.add(id_)
    Vetoes(store, db).touch_all(id_, touched)
    for statement in _FORGET:
        db.execute(text(statement), {"id": id_})
    settle.settle(db, Vetoes(store, db), touched)
    publish(db, touched.outputs, now=now)
    db.execute(text("DELETE FROM connection WHERE id = :id AND state = 'removed'"), {"id": id_})


def listed(db: Database, *, now: int) -> list[dict[str, Any]]:
    """Every connection with its last run and what was pushed there, for `status` and `connection list`."""
    rows = []
    for row in db.execute(text("SELECT * FROM connection ORDER BY position, id")):
        run = db.execute(
            text("SELECT * FROM run WHERE connection_id = :id ORDER BY id DESC LIMIT 1"), {"id": row.id}
        ).first()
        counts = {
            table: db.execute(
                text(f"SELECT count(*) FROM {table} WHERE connection_id = :id AND state = 1"),
                {"id": row.id},
            ).scalar()
            for table in ("person_record", "item", "authorship_record")
        }
        rows.append(
            {
                "name": row.name,
                "kind": row.kind,
                "state": row.state,
                "people": counts["person_record"],
                "items": counts["item"],
                "authorships": counts["authorship_record"],
                "cursor": row.cursor or None,
                "unfinished": bool(row.bookmark),
                "failures": row.failures,
                "alarm": row.alarm or None,
                "keep": Visibility(row.keep).word,
                "pushed": pushing.standing(db, row.id, now=now),
                "last_run": None
                if run is None
                else {
                    "id": run.id,
                    "step": run.step,
                    "began_at": stamp(run.began_at),
                    "outcome": run.outcome,
                    "ended_at": stamp(run.ended_at) if run.ended_at else None,
                    "why": run.why or None,
                    **json.loads(run.counts),
                },
            }
        )
    return rows


def state(store: Store, name: str) -> str | None:
    """`active`, `paused` or `removed`; None for an unknown connection."""
    with store.read() as db:
        found = db.execute(text("SELECT state FROM connection WHERE name = :name"), {"name": name}).scalar()
    return None if found is None else str(found)


def _touch(db: Database, connection: int, touched: Touched) -> None:
    asked = {"id": connection}
    touched.items |= {r.id for r in db.execute(text("SELECT id FROM item WHERE connection_id = :id"), asked)}
    touched.profiles |= {
        r.id for r in db.execute(text("SELECT id FROM person_record WHERE connection_id = :id"), asked)
    }
    touched.groups.add(connection)


def _forget_below(store: Store, db: Database, connection: int, keep: int, touched: Touched) -> None:
    """A raised `keep` forgets what is already there below it, leaving vetoes as if it had been so from the start."""
    vetoes = Vetoes(store, db)
    for kind, table in (("authorship", "authorship_record"), ("person", "person_record"), ("item", "item")):
        sql = text(f"SELECT key FROM {table} WHERE connection_id = :id AND visibility < :keep")
        for row in list(db.execute(sql, {"id": connection, "keep": keep})):
            vetoes.put(connection, kind, row.key, vetoes.of_stored(connection, kind, row.key), sweep=-1)
            gone.erase(db, connection, kind, row.key, touched)


_IN_FORCE = """
SELECT name, kind, position, people, require_author, keep FROM connection WHERE state <> 'removed' AND name <> :local
"""
_PUT = """
INSERT INTO connection (name, kind, position, people, require_author, keep)
VALUES (:name, :kind, :position, :people, :require_author, :keep)
ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, position = excluded.position, people = excluded.people,
  require_author = excluded.require_author, keep = excluded.keep,
  state = CASE WHEN connection.state = 'removed' THEN 'active' ELSE connection.state END
"""
_SPOKEN = "SELECT DISTINCT k.output_id FROM mark k JOIN mention m ON m.id = k.mention_id WHERE m.connection_id = :id"
_FORGET = (
    "DELETE FROM mark WHERE mention_id IN (SELECT id FROM mention WHERE connection_id = :id)",
    "DELETE FROM mention_target WHERE mention_id IN (SELECT id FROM mention WHERE connection_id = :id)",
    "DELETE FROM mention WHERE connection_id = :id",
    "DELETE FROM authorship_record WHERE connection_id = :id",
    "DELETE FROM member WHERE connection_id = :id",
    "DELETE FROM group_record WHERE connection_id = :id",
    "DELETE FROM veto WHERE connection_id = :id",
    "DELETE FROM set_aside WHERE connection_id = :id",
    "UPDATE run SET outcome = 'stopped' WHERE connection_id = :id AND outcome = 'running'",
    "UPDATE connection SET cursor = '', bookmark = '', alarm = '' WHERE id = :id",
)
