"""Connections, their runs, and where the next one begins."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.settings import Connection
from config.visibility import Visibility
from sync.store import bookmarks, effects, gone, identity, learned, pushing, reading, runs, settle, tallies, unread
from sync.store.clock import DAY, stamp
from sync.store.database import Store
from sync.store.effects import Effect
from sync.store.publish import publish
from sync.store.rows import change_in
from sync.store.runs import Outcome
from sync.store.source import Applied, Source
from sync.store.targets import Target
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes

SECOND = 1_000_000
REST = 5 * 60 * SECOND  # microseconds that a source is left alone after its first failure; doubled each time
OFTEN = 5  # failures in a row after which it is tried once a day
NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})
LOCAL = "(import)"  # the connection that imports belong to; no configured one can have this name


@dataclass(frozen=True, slots=True)
class Begin:
    """A run that has begun, and where its connector should begin."""

    source: Source
    cursor: str | None
    bookmark: str | None
    memory: str | None
    counted: Applied


def register(
    store: Store, connections: Sequence[Connection], untold: Mapping[str, Collection[str]] = NOTHING
) -> dict[str, list[str]]:
    """Make the store's connections those of the settings; which settings have changed that decide what records are read
    as, by connection. `untold` are those levels that a kind of source never tells: what is assumed of them holds at
    once where it is less open.

    One that is no longer configured keeps its votes and asks for authors as before, until it is forgotten."""
    wanted = {told.name: _facts(told, position) for position, told in enumerate(connections)}
    read_as = {told.name: reading.digests(told) for told in connections}
    with store.read() as db:
        as_before = _known(db) == wanted
        if as_before and not any(reading.differs(db, name, now) for name, now in read_as.items()):
            return {}
    changed = {}
    with store.write() as db:
        known = _known(db)
        touched = Touched()
        for name, facts in wanted.items():
            if known.get(name) != facts:
                db.execute(text(_PUT), facts)
                id_ = _id(db, name)
                _touch(db, id_, touched)
                _forget_below(store, db, id_, facts["keep"], touched)
        for told in connections:
            if names := reading.remember(db, told.name, read_as[told.name]):
                changed[told.name] = names
                assumed = [kind for kind in untold.get(told.kind, ()) if f"assume.{kind}" in names]
                if assumed:
                    id_ = _id(db, told.name)
                    reading.close(db, id_, told, assumed, touched)
                    _forget_below(store, db, id_, int(told.keep), touched)
        for name in known.keys() - wanted.keys():
            db.execute(text("UPDATE connection SET state = 'removed' WHERE name = :name"), {"name": name})
            _touch(db, _id(db, name), touched)
        settle.settle(db, Vetoes(store, db), touched)
    return changed


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
    """Open a run: of everything, or of what changed since the cursor; from the bookmark on where such a listing is
    unfinished, else as a new sweep. Where the settings that decide what records are read as have changed since
    everything was read, it is of everything."""
    with store.write() as db:
        row = db.execute(text("SELECT * FROM connection WHERE name = :name"), {"name": name}).one()
        since = None if full or row.read_again else row.cursor or None
        mark = bookmarks.find(row.bookmark, since, now=now)
        asked = ("everything" if since is None else f"changes since {since}") if step == "pull" else step
        counted = Applied(before=mark.seen, keyless=mark.keyless) if mark else Applied()
        words = f"{asked}, going on from a bookmark" if mark else asked
        run = runs.start(db, row.id, step, words, counted.counts(), now=now)
        sweep, first = (mark.sweep, mark.first) if mark else (row.sweep + 1, run)
        db.execute(text(_SWEEP), {"sweep": sweep, "id": row.id})
        source = Source(row.id, name, bool(row.people), Visibility(row.keep), sweep, run, since, first, row.read_as)
        if mark is None:
            bookmarks.drop(db, source, now=now)
        return Begin(source, since, mark.at if mark else None, row.cursor or None, counted)


def end(
    store: Store,
    source: Source,
    outcome: Outcome,
    why: str,
    *,
    now: int,
    cursor: str | None = None,
    after: float | None = None,
    astray: bool = False,
) -> None:
    """Close a run. Only a complete one moves the cursor. One that failed leaves its bookmark, unless that leads
    `astray`, and its source rests, for the seconds that it asked for in `after` at least; one that was stopped changes
    nothing but the run."""
    with store.write() as db:
        runs.finish(db, source.run, outcome, why, now=now)
        if outcome == "stopped":
            return
        row = db.execute(text("SELECT failures FROM connection WHERE id = :id"), {"id": source.id}).one()
        failures = row.failures + 1 if outcome == "failed" else 0
        complete = outcome in ("done", "held")
        told = {
            "alarm": "" if complete else why,
            "failures": failures,
            "until": _rest(failures, after, now) if failures else 0,
            "cursor": cursor if complete and cursor is not None else None,
            "id": source.id,
        }
        db.execute(text(_END), told)
        if outcome != "failed" or astray:
            bookmarks.drop(db, source, now=now)
        if complete and source.since is None:
            unread.heard(store, db, source)
            db.execute(text(_READ), {"id": source.id, "read_as": source.read_as})


def _rest(failures: int, after: float | None, now: int) -> int:
    """Until when a source is left alone, to the second: ever longer, a day once it has failed often, and never more."""
    rest = DAY if failures >= OFTEN else REST * 2 ** (failures - 1)
    until = now + min(max(rest, int((after or 0) * SECOND)), DAY)
    return until - until % SECOND


def rests(store: Store, name: str, *, now: int) -> int:
    """Until when a source that failed is left alone by what runs by itself; 0 when it may be tried."""
    with store.read() as db:
        until = db.execute(text("SELECT rests_until FROM connection WHERE name = :name"), {"name": name}).scalar()
    return _still(until or 0, now)


def _still(until: int, now: int) -> int:
    """The end of a rest that is not over. None is longer than a day, so one that ends later was begun by a clock that
    was wrong."""
    return until if now < until <= now + DAY else 0


def end_rests(store: Store, names: Collection[str]) -> None:
    """Let sources that rest be tried at once, as if they had not failed."""
    if names:
        with store.write() as db:
            change_in(db, "UPDATE connection SET failures = 0, rests_until = 0 WHERE name IN :values", names)


def local(store: Store, *, now: int, step: str) -> Source:
    """A run of the connection that imports belong to; it knows no people and never requires an author."""
    with store.write() as db:
        facts = {"name": LOCAL, "kind": LOCAL, "position": 1_000_000, "people": 0, "require_author": 0, "keep": 0}
        if db.execute(text("SELECT 1 FROM connection WHERE name = :name"), {"name": LOCAL}).scalar() is None:
            db.execute(text(_PUT), facts)
    return begin(store, LOCAL, step=step, full=False, now=now).source


def pause(store: Store, name: str, *, paused: bool) -> bool:
    """Pause a connection, or let it go on at once, also where it rests; whether there is one. What it told stays as it
    is."""
    sql = _PAUSE if paused else _RESUME
    with store.write() as db:
        return db.execute(text(sql), {"name": name}).rowcount == 1


def forget(store: Store, name: str, targets: Sequence[Target], *, now: int, dry_run: bool) -> Effect:
    """Remove everything a connection told, its votes and vetoes included; what that does.

    With `dry_run` all of it is worked out and taken back."""
    with store.write() as db:
        return effects.of_change(db, lambda: erase(store, db, name, now), targets, now=now, dry_run=dry_run)


def erase(store: Store, db: Database, name: str, now: int) -> None:
    """Remove everything a connection told, and the connection itself where it is no longer in the settings."""
    id_ = _id(db, name)
    touched = Touched()
    for table, kind in (("item", "item"), ("person_record", "person")):
        sql = text(f"SELECT key FROM {table} WHERE connection_id = :id")
        for told in list(db.execute(sql, {"id": id_})):
            gone.erase(db, id_, kind, told.key, touched)
    touched.spoken |= {row.output_id for row in db.execute(text(_SPOKEN), {"id": id_})}
    counted = [row.identifier_id for row in db.execute(text(_COUNTED), {"id": id_})]
    touched.spoken |= tallies.outputs_of(db, set(counted))
    touched.groups.add(id_)
    touched.learned |= learned.by_connection(db, id_)
    Vetoes(store, db).touch_all(id_, touched)
    for statement in _FORGET:
        db.execute(text(statement), {"id": id_})
    identity.prune(db, {*counted, *learned.forget(db, id_)})
    settle.settle(db, Vetoes(store, db), touched)
    publish(db, touched.outputs, now=now)
    db.execute(text("DELETE FROM connection WHERE id = :id AND state = 'removed'"), {"id": id_})


def glance(db: Database, *, now: int) -> list[dict[str, Any]]:
    """Every connection with its last run, of each step too, and without what has to be counted, so that it is there at
    once."""
    return [
        {
            **_stands(row, now),
            "bookmark_at": row.bookmark_at if row.bookmark else 0,
            "unread": bool(row.unread),
            "last_run": runs.last(db, row.id, now=now),
            "last_pull": runs.last(db, row.id, now=now, step="pull"),
            "last_push": runs.last(db, row.id, now=now, step="push"),
        }
        for row in db.execute(text("SELECT * FROM connection ORDER BY position, id"))
    ]


def listed(db: Database, *, now: int) -> list[dict[str, Any]]:
    """Every connection with its last run and what was pushed there, for `status` and `connection list`."""
    rows = []
    for row in db.execute(text("SELECT * FROM connection ORDER BY position, id")):
        stands = _stands(row, now)
        rows.append(
            {
                **{name: stands[name] for name in ("name", "kind", "state")},
                **_counts(db, row.id),
                **stands,
                "pushed": pushing.standing(db, row.id, now=now),
                "last_run": runs.last(db, row.id, now=now),
            }
        )
    return rows


def told_by(db: Database, name: str, *, now: int) -> dict[str, Any]:
    """What is counted of one connection: what it told, and what was pushed there."""
    id_ = _id(db, name)
    return {**_counts(db, id_), "pushed": pushing.standing(db, id_, now=now)}


def size(db: Database, name: str) -> int:
    """How many records of outputs and people a connection has, those that are gone and still vote included: by an index
    alone, so at once."""
    tables = ("item", "person_record")
    sql = "SELECT count(*) FROM {} WHERE connection_id = :id"
    return sum(db.execute(text(sql.format(table)), {"id": _id(db, name)}).scalar_one() for table in tables)


def tells(store: Store, name: str) -> bool:
    """Whether anything that a connection told is there; not counted is what only votes any more."""
    there = " UNION ALL ".join(
        f"SELECT 1 FROM {table} WHERE connection_id = c.id AND state = 1" for table in unread.TOLD
    )
    sql = f"SELECT 1 FROM connection c WHERE c.name = :name AND EXISTS ({there})"
    with store.read() as db:
        return db.execute(text(sql), {"name": name}).scalar() is not None


def _counts(db: Database, id_: int) -> dict[str, int]:
    tables = {"people": "person_record", "items": "item", "authorships": "authorship_record"}
    sql = "SELECT count(*) FROM {} WHERE connection_id = :id AND state = 1"
    found = {what: db.execute(text(sql.format(table)), {"id": id_}).scalar_one() for what, table in tables.items()}
    found["items"] += db.execute(text(_SAID), {"id": id_}).scalar_one()
    return found


def _stands(row: Any, now: int) -> dict[str, Any]:
    """What a connection's own row tells."""
    until = _still(row.rests_until, now)
    return {
        "name": row.name,
        "kind": row.kind,
        "state": row.state,
        "cursor": row.cursor or None,
        "unfinished": bool(row.bookmark),
        "failures": row.failures,
        "rests_until": stamp(until) if until else None,
        "rest": _resting(row.failures, until),
        "alarm": row.alarm or None,
        "keep": Visibility(row.keep).word,
        "read_again": row.read_again.split(),
    }


def _resting(failures: int, until: int) -> str | None:
    """What is to be said of a source that is left alone for a while."""
    if not until:
        return None
    if failures >= OFTEN:
        return f"paused by itself after {failures} failures in a row; tried again at {stamp(until)}, then once a day"
    return f"rests until {stamp(until)}, failed {failures} time{'s'[: failures > 1]}"


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
    touched.learned |= learned.by_connection(db, connection)


def _forget_below(store: Store, db: Database, connection: int, keep: int, touched: Touched) -> None:
    """What is already there below `keep`, once that is raised or a level closed, is forgotten, leaving vetoes as if it
    had been so from the start."""
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
_SPOKEN = """
SELECT k.output_id FROM mark k JOIN mention m ON m.id = k.mention_id WHERE m.connection_id = :id
UNION
SELECT abs(s.output_id) FROM mention m JOIN mention_target t ON t.mention_id = m.id
JOIN score_version s ON s.identifier_id = t.identifier_id WHERE m.connection_id = :id
"""
_SAID = "SELECT count(*) FROM learned l JOIN asked a ON a.id = l.asked_id WHERE a.connection_id = :id"
_COUNTED = "SELECT DISTINCT identifier_id FROM tally WHERE connection_id = :id"
_FORGET = (
    "DELETE FROM sign WHERE mention_id IN (SELECT id FROM mention WHERE connection_id = :id)",
    "DELETE FROM tally WHERE connection_id = :id",
    "DELETE FROM mark WHERE mention_id IN (SELECT id FROM mention WHERE connection_id = :id)",
    "DELETE FROM mention_target WHERE mention_id IN (SELECT id FROM mention WHERE connection_id = :id)",
    "DELETE FROM evidence WHERE mention_id IN (SELECT id FROM mention WHERE connection_id = :id)",
    "DELETE FROM mention WHERE connection_id = :id",
    "DELETE FROM authorship_record WHERE connection_id = :id",
    "DELETE FROM member WHERE connection_id = :id",
    "DELETE FROM group_record WHERE connection_id = :id",
    "DELETE FROM veto WHERE connection_id = :id",
    "DELETE FROM note WHERE connection_id = :id",
    "DELETE FROM set_aside WHERE connection_id = :id",
    "UPDATE run SET outcome = 'stopped' WHERE connection_id = :id AND outcome = 'running'",
    "UPDATE connection SET cursor = '', bookmark = '', alarm = '', failures = 0, rests_until = 0, unread = 0, "
    "read_again = '' WHERE id = :id",
)
_SWEEP = "UPDATE connection SET sweep = CASE WHEN sweep < :sweep THEN :sweep ELSE sweep END WHERE id = :id"
_END = """
UPDATE connection SET alarm = :alarm, failures = :failures, rests_until = :until, cursor = coalesce(:cursor, cursor)
WHERE id = :id
"""
_READ = "UPDATE connection SET read_again = '' WHERE id = :id AND read_as = :read_as"
_PAUSE = "UPDATE connection SET state = 'paused' WHERE name = :name AND state <> 'removed'"
_RESUME = """
UPDATE connection SET state = 'active', failures = 0, rests_until = 0 WHERE name = :name AND state <> 'removed'
"""
