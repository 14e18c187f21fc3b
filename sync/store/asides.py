"""Records that were not understood: kept with their evidence, listed for an operator, resolved when they are."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from connectors.records import Aside, Authorship, Group, Item, Members, Person
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.rows import as_json, change_in, many, rows_in
from sync.store.source import Source
from sync.store.vetoes import Vetoes
from sync.tables import FOREVER

EVIDENCE_FOR = 30 * DAY
EVIDENCE_SIZE = 4000
PLACED = re.compile(r"([\w.-]+:\d+): (.+)", re.S)
# One that is stumbled over again is still open since the first time, and its evidence no younger for it.
_PUT = f"""
INSERT INTO set_aside (connection_id, kind, key, reason, place, run_id, evidence, stored, at, resolved_at)
VALUES (:connection_id, :kind, :key, :reason, :place, :run_id, :evidence, :stored, :at, :resolved_at)
ON CONFLICT (connection_id, kind, key, reason, place) DO UPDATE SET
  run_id = excluded.run_id, stored = excluded.stored, resolved_at = excluded.resolved_at,
  at = CASE WHEN set_aside.resolved_at = {FOREVER} THEN set_aside.at ELSE excluded.at END,
  evidence = CASE WHEN set_aside.resolved_at = {FOREVER} AND set_aside.at < excluded.at - {EVIDENCE_FOR} THEN ''
    ELSE excluded.evidence END
"""


def put(db: Database, source: Source, told: Iterable[Aside], now: int) -> None:
    """Keep what could not be stored. Below a connection's `keep` even the evidence is not kept."""
    evidence = source.keep == Visibility.PRIVATE
    many(
        db,
        _PUT,
        [
            {
                **_where(source, now),
                "kind": aside.kind,
                "key": aside.key,
                "reason": aside.reason,
                "place": aside.place,
                "evidence": aside.evidence[:EVIDENCE_SIZE] if evidence else "",
                "stored": 3 if aside.stored else 0,
            }
            for aside in told
        ],
    )


def doubts(
    db: Database, source: Source, kind: str, told: Sequence[Person | Group | Item | Authorship], now: int
) -> None:
    """Report what was stored as private because it was not understood; what is understood now is resolved."""
    change_in(
        db, _RESOLVE_DOUBTS, [record.key for record in told], connection=source.id, kind=kind, now=now, never=FOREVER
    )
    many(
        db,
        _PUT,
        [
            {
                **_where(source, now),
                "kind": kind,
                "key": record.key,
                **_placed(doubt),
                "evidence": as_json(dict(record.raw)),
                "stored": 1,
            }
            for record in told
            for doubt in record.doubts
        ],
    )


def outside(kind: str, doubt: str) -> Aside:
    """What may be said of a record that was not understood and lies below `keep`: where it stood."""
    reason = "not understood, so private, and below keep: nothing of it is stored"
    return Aside(kind=kind, reason=reason, place=_placed(doubt)["place"], keyless=False, stored=True)


def unknown(db: Database, source: Source, links: Sequence[Authorship], now: int) -> int:
    """Report links whose person or item is not known yet; they are stored, and tie as soon as both are."""
    people = _known(db, "person_record", source.id, {link.person for link in links})
    items = _known(db, "item", source.id, {link.item for link in links})
    lost = [
        {
            **_where(source, now),
            "kind": "authorship",
            "key": link.key,
            "place": link.place,
            "evidence": "",
            "stored": 2,
            "reason": f"unknown {'person ' + link.person if link.person not in people else 'output ' + link.item}",
        }
        for link in links
        if link.person not in people or link.item not in items
    ]
    many(db, _PUT, lost)
    return len(lost)


def strangers(db: Database, source: Source, vetoes: Vetoes, told: Sequence[Members], now: int) -> int:
    """Report memberships of people, or in groups, that are not known yet; they are stored, and tie when both are."""
    named = {person for members in told for person in members.people}
    people = _known(db, "person_record", source.id, named) | vetoes.known(source.id, "person", named)
    groups = _known(db, "group_record", source.id, {members.group for members in told})
    lost = [
        {
            **_where(source, now),
            "kind": "membership",
            "key": as_json([members.group, person]),
            "place": "",
            "evidence": "",
            "stored": 2,
            "reason": f"unknown {'person ' + person if person not in people else 'group ' + members.group}",
        }
        for members in told
        for person in members.people
        if person not in people or members.group not in groups
    ]
    many(db, _PUT, lost)
    return len(lost)


def resolve(store: Store, source: Source, *, now: int, complete: bool) -> None:
    """At the end of a run: links that tie now, and records that a complete listing no longer stumbled over."""
    asked = {"connection": source.id, "run": source.first, "now": now, "never": FOREVER}
    with store.write() as db:
        db.execute(text(_RESOLVE_LINKS), asked)
        db.execute(text(_RESOLVE_MEMBERS), asked)  # memberships are told whole in every run
        if complete:
            db.execute(text(_RESOLVE_LISTED), asked)
        drop_evidence(db, now=now)


def pass_by(store: Store, source: Source, *, now: int) -> None:
    """What a stream has told oddly does not come again: it is open for as long as its evidence is kept."""
    with store.write() as db:
        db.execute(text(_PASSED), {"connection": source.id, "old": now - EVIDENCE_FOR, "now": now, "never": FOREVER})
        drop_evidence(db, now=now)


def drop_evidence(db: Database, *, now: int) -> None:
    """Evidence is kept for 30 days."""
    old = {"old": now - EVIDENCE_FOR}
    db.execute(text("UPDATE set_aside SET evidence = '' WHERE at < :old AND evidence <> ''"), old)


def listed(db: Database, connection: int | None = None) -> list[Any]:
    """What is open, oldest first."""
    return list(db.execute(text(_OPEN), {"connection": connection or 0, "never": FOREVER}))


def grouped(db: Database) -> list[Any]:
    """What is open by connection and reason, the most frequent first; what waits for something that it names, by what
    that is."""
    return list(db.execute(text(f"{_GROUPED} ORDER BY records DESC, connection, reason"), {"never": FOREVER}))


def some(db: Database, connection: str, reason: str, *, after: int, most: int) -> list[Any]:
    """So many of what is open, after the row `after`; of one connection and one reason as `grouped` has it where they
    are given."""
    told = {"connection": connection, "reason": reason, "after": after, "most": most, "never": FOREVER}
    return list(db.execute(text(_SOME), told))


def one(db: Database, id_: int) -> Any | None:
    """One record set aside, open or not."""
    return db.execute(text(_ONE), {"id": id_}).one_or_none()


def _placed(doubt: str) -> dict[str, str]:
    """A doubt that begins with where it arose, as `file:line: reason`, in its parts."""
    found = PLACED.match(doubt)
    return {"place": found[1], "reason": found[2]} if found else {"place": "", "reason": doubt}


def _where(source: Source, now: int) -> dict[str, object]:
    return {"connection_id": source.id, "run_id": source.run, "at": now, "resolved_at": FOREVER}


def _known(db: Database, table: str, connection: int, keys: set[str]) -> set[str]:
    sql = f"SELECT key FROM {table} WHERE connection_id = :connection AND key IN :values"
    return {row.key for row in rows_in(db, sql, keys, connection=connection)}


_RESOLVE_DOUBTS = """
UPDATE set_aside SET resolved_at = :now
WHERE connection_id = :connection AND kind = :kind AND stored = 1 AND resolved_at = :never AND key IN :values
"""
_RESOLVE_LINKS = """
UPDATE set_aside SET resolved_at = :now
WHERE connection_id = :connection AND stored = 2 AND kind = 'authorship' AND resolved_at = :never AND NOT EXISTS (
  SELECT 1 FROM authorship_record a
  LEFT JOIN person_record p ON p.connection_id = a.connection_id AND p.key = a.person_key
  LEFT JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key
  WHERE a.connection_id = set_aside.connection_id AND a.key = set_aside.key AND a.state = 1
    AND (p.id IS NULL OR i.id IS NULL))
"""
_RESOLVE_MEMBERS = """
UPDATE set_aside SET resolved_at = :now
WHERE connection_id = :connection AND stored = 2 AND kind = 'membership' AND resolved_at = :never AND run_id < :run
"""
_RESOLVE_LISTED = """
UPDATE set_aside SET resolved_at = :now
WHERE connection_id = :connection AND stored IN (0, 3) AND resolved_at = :never AND run_id < :run
"""
_PASSED = """
UPDATE set_aside SET resolved_at = :now WHERE connection_id = :connection AND resolved_at = :never AND at < :old
"""
_OPEN = """
SELECT s.id, c.name AS connection, s.kind, s.key, s.place, s.reason, s.at, s.stored FROM set_aside s
JOIN connection c ON c.id = s.connection_id
WHERE s.resolved_at = :never AND (:connection = 0 OR s.connection_id = :connection) ORDER BY s.id
"""
_REASON = """
CASE WHEN s.stored = 2 AND s.reason LIKE 'unknown person %' THEN 'unknown person'
  WHEN s.stored = 2 AND s.reason LIKE 'unknown output %' THEN 'unknown output'
  WHEN s.stored = 2 AND s.reason LIKE 'unknown group %' THEN 'unknown group' ELSE s.reason END
"""
_GROUPED = f"""
SELECT c.name AS connection, s.kind, s.stored, {_REASON} AS reason, count(*) AS records, min(s.at) AS since
FROM set_aside s JOIN connection c ON c.id = s.connection_id WHERE s.resolved_at = :never
GROUP BY c.name, s.kind, s.stored, {_REASON}
"""
_SOME = f"""
SELECT s.id, c.name AS connection, s.kind, s.key, s.place, s.reason, s.at, s.stored FROM set_aside s
JOIN connection c ON c.id = s.connection_id
WHERE s.resolved_at = :never AND s.id > :after AND :connection IN ('', c.name) AND :reason IN ('', {_REASON})
ORDER BY s.id LIMIT :most
"""
_ONE = """
SELECT s.*, c.name AS connection FROM set_aside s JOIN connection c ON c.id = s.connection_id WHERE s.id = :id
"""
