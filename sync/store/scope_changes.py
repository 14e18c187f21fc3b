"""How the scope in force came to be what it is: every change of it, as it was and as it became, with what it did in
counts. Nothing of it is ever changed or deleted."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.scope import Scope
from sync.store.rows import as_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeChange:
    """`did` is what it did: by audience, kind and way how many, and by connection how many `writes` and
    `withdrawals`."""

    id: int
    at: int
    by: str
    why: str
    before: Scope
    after: Scope
    did: dict[str, Any]


def keep(db: Database, before: Scope, after: Scope, *, by: str, why: str, did: dict[str, Any], now: int) -> ScopeChange:
    """Write one down, in the transaction that puts the scope in force."""
    told = {"at": now, "by": by, "why": why, "did": as_json(did)}
    scopes = {"before": as_json(before.words), "after": as_json(after.words)}
    id_ = int(db.execute(text(_KEEP), told | scopes).scalar_one())
    return ScopeChange(id=id_, at=now, by=by, why=why, before=before, after=after, did=did)


def one(db: Database, id_: int) -> ScopeChange | None:
    """A change by its number."""
    row = db.execute(text("SELECT * FROM scope_change WHERE id = :id"), {"id": id_}).one_or_none()
    return _change(row) if row else None


def newest(db: Database) -> ScopeChange | None:
    """The last change; None where there was none yet."""
    return next(iter(listed(db, most=1)), None)


def listed(db: Database, *, most: int, before: int = 2**62) -> list[ScopeChange]:
    """The newest of those before one, newest first."""
    return [_change(row) for row in db.execute(text(_LISTED), {"most": most, "before": before})]


def since(db: Database, id_: int) -> list[ScopeChange]:
    """All that came after one, oldest first."""
    return [
        _change(row) for row in db.execute(text("SELECT * FROM scope_change WHERE id > :id ORDER BY id"), {"id": id_})
    ]


def _change(row: Any) -> ScopeChange:
    before, after = (Scope.model_validate(json.loads(each)) for each in (row.before, row.after))
    did = json.loads(row.did)
    return ScopeChange(id=row.id, at=row.at, by=row.actor, why=row.why, before=before, after=after, did=did)


_KEEP = """
INSERT INTO scope_change (at, actor, why, before, after, did) VALUES (:at, :by, :why, :before, :after, :did)
RETURNING id
"""
_LISTED = "SELECT * FROM scope_change WHERE id < :before ORDER BY id DESC LIMIT :most"
_SINCE = "SELECT * FROM scope_change WHERE id > :id ORDER BY id"
