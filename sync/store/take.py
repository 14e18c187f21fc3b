"""Bringing the records of a page into our copy: what is new or different, and nothing else."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection as Database

from sync.store.rows import as_json, change_in, many, rows_in, upsert

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Shape:
    """One of the tables that keep what a source told: its columns of content, those only a new row is given, and
    what a record that is told again no longer is."""

    table: str
    content: tuple[str, ...]
    fresh: tuple[str, ...] = ()
    cleared: Mapping[str, object] = field(default_factory=dict)
    held: str = "held_at"


UNHELD = {"held_at": 0, "held_run": 0}
PROFILES = Shape(
    "person_record", ("name", "orcid", "current", "academic", "student"), ("person_id",), {"into_key": "", **UNHELD}
)
GROUPS = Shape("group_record", ("name", "parents"), ("public_id",), UNHELD)
ITEMS = Shape("item", ("title", "type", "journal", "issns", "subjects", "published"), (), {"into_key": "", **UNHELD})
LINKS = Shape("authorship_record", ("item_key", "person_key", "position"), (), {}, held="0")
COMMON = ("visibility", "closes_at", "raw", "doubts", "digest", "state", "sweep")


def take(db: Database, shape: Shape, connection: int, sweep: int, rows: Sequence[Row]) -> set[str]:
    """Store the rows of one table; the keys of those that are new or differ from what was told before.

    Within one sweep a level only tightens: a record that an earlier page closed, or took away, is not opened by a later
    one, for the source may be answering from an older copy."""
    asked = _KNOWN.format(table=shape.table, held=shape.held)
    known: dict[str, Mapping[str, object]] = {
        row.key: row._mapping for row in rows_in(db, asked, [row["key"] for row in rows], connection=connection)
    }
    changed: dict[str, Row] = {}
    seen: set[str] = set()
    for row in rows:
        key = str(row["key"])
        new = {**row, **shape.cleared, "connection_id": connection, "sweep": sweep, "state": 1, "held": 0}
        new["digest"] = _digest(shape, row)
        before = known.get(key)
        if before is not None:
            if before["sweep"] == sweep:
                new = _tightened(new, before)
            if before["digest"] == new["digest"] and not before["held"]:
                seen.add(key)
                continue
        known[key] = changed[key] = new
    columns = (*shape.content, *COMMON, *shape.cleared)
    many(db, upsert(shape.table, ("connection_id", "key"), columns, shape.fresh), list(changed.values()))
    change_in(db, _SAW.format(table=shape.table), seen - changed.keys(), sweep=sweep, connection=connection)
    return set(changed)


def as_it_was(db: Database, shape: Shape, connection: int, rows: Sequence[Row], unread: set[str]) -> set[str]:
    """Put what was told before into the rows of records that could not be read now; the keys of those there were."""
    if not unread:
        return set()
    asked = f"SELECT key, {', '.join(shape.content)} FROM {shape.table} WHERE connection_id = :c AND key IN :values"
    before = {row.key: row._mapping for row in rows_in(db, asked, unread, c=connection)}
    for row in rows:
        row.update(before.get(str(row["key"]), {}))
    return set(before)


def _tightened(new: Row, before: Mapping[str, object]) -> Row:
    """The row with the less open of both levels; its digest says so, so that the next sweep looks again."""
    level, closes = _least(new, before, "visibility"), _least(new, before, "closes_at")
    if (level, closes) == (new["visibility"], new["closes_at"]):
        return new
    return {**new, "visibility": level, "closes_at": closes, "digest": f"{new['digest']}!"}


def _least(new: Mapping[str, object], before: Mapping[str, object], column: str) -> int:
    return min(int(str(new[column])), int(str(before[column])))


def _digest(shape: Shape, row: Row) -> str:
    """What was told, in 32 hexadecimal digits; `mark` stands for what is kept in other tables."""
    told = [row.get(name) for name in (*shape.content, "visibility", "closes_at", "raw", "doubts", "mark")]
    return hashlib.sha256(as_json(told).encode()).hexdigest()[:32]


_KNOWN = """
SELECT key, digest, visibility, closes_at, sweep, {held} AS held FROM {table}
WHERE connection_id = :connection AND key IN :values
"""
_SAW = "UPDATE {table} SET sweep = :sweep WHERE connection_id = :connection AND sweep <> :sweep AND key IN :values"
