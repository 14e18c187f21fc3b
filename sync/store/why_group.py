"""Everything that decided about one group, for administrators only."""

import json
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from sync.store import permission
from sync.store.badges import AUDIENCES
from sync.store.clock import stamp
from sync.store.permission import SHOWN
from sync.tables import FOREVER

Story = dict[str, Any]


def group(db: Database, id_: int, *, now: int) -> Story:
    """Its own level and flags, those of the groups above it, its members, and which of them decided."""
    row = db.execute(text(_GROUP), {"id": id_}).one()
    line = _above(db, row)
    may = {each.audience for each in db.execute(text(SHOWN + _OPEN), {**permission.at(now), "id": id_})}
    seen = {each.audience for each in db.execute(text(_SEEN), {"public": row.public_id, "now": now})}
    return {
        "group": f"group:{row.public_id}",
        "name": row.name,
        "visibility": Visibility(row.visibility).word,
        "effective": Visibility(row.effective).word,
        "closes_at": None if row.effective_closes_at == FOREVER else stamp(row.effective_closes_at),
        "connection": row.connection,
        "record": row.key,
        "raw": json.loads(row.raw),
        "doubts": json.loads(row.doubts),
        "above": line,
        "members": int(db.execute(text(_MEMBERS), {"id": id_}).scalar_one()),
        "may_see": [audience for audience in AUDIENCES if audience in may],
        "seen_by": [audience for audience in AUDIENCES if audience in seen],
        "decided": _decided(row, line, may, seen),
    }


def _above(db: Database, row: Any) -> list[Story]:
    """All groups above it, the nearest first; one that is unknown closes all below it."""
    told = {each.key: each for each in db.execute(text(_ALL), {"connection": row.connection_id})}
    found: dict[str, Story] = {}
    wanted = list(json.loads(row.parents))
    while wanted:
        key = wanted.pop(0)
        if key in found or key == row.key:
            continue
        each = told.get(key)
        if each is None:
            found[key] = {"group": None, "record": key, "name": "", "visibility": "private"}
            continue
        name = f"group:{each.public_id}"
        level = Visibility(each.visibility).word
        found[key] = {"group": name, "record": key, "name": each.name, "visibility": level}
        wanted += json.loads(each.parents)
    return list(found.values())


def _decided(row: Any, line: list[Story], may: set[str], seen: set[str]) -> str:
    if not row.state or row.state_of == "removed":
        return "its source is no longer in the settings"
    unknown = [each["record"] for each in line if each["group"] is None]
    if unknown:
        return f"seen by nobody: a group above it, {unknown[0]}, is unknown"
    if not may and row.visibility:
        closed = next((each for each in line if each["visibility"] == "private"), None)
        why = (
            f"{closed['group']}, above it, is private" if closed else "its level, or that of a group above, has closed"
        )
        return f"seen by nobody: {why}"
    if not may:
        return f"seen by nobody: {row.connection} voted private"
    if not seen:
        return "seen by nobody: none of its members is named on a badge"
    audiences = " and ".join(audience for audience in AUDIENCES if audience in seen)
    return f"seen by {audiences}, through members who are named"


_GROUP = """
SELECT g.*, c.name AS connection, c.state AS state_of FROM group_record g JOIN connection c ON c.id = g.connection_id
WHERE g.id = :id
"""
_ALL = (
    "SELECT key, public_id, name, visibility, parents FROM group_record WHERE connection_id = :connection AND state = 1"
)
_OPEN = "SELECT audience FROM open_group WHERE group_id = :id"
_SEEN = """
SELECT DISTINCT audience FROM badge_group
WHERE audience IN ('public', 'internal') AND group_id = :public AND closes_at > :now
"""
_MEMBERS = "SELECT count(*) FROM person_group WHERE group_id = :id"
