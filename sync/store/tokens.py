"""What scripts show to read without anybody signed in. The store has hashes alone."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import DAY

Scope = Literal["internal", "status", "audit"]  # what the internal audience may see; how the house stands; the log
SCOPES: tuple[Scope, ...] = get_args(Scope)

BEGINS = "ringmark_"  # so that those who look for secrets in files know one
LOOK = DAY // 24 // 60  # how exactly it is known when one was last used
KEPT = 90 * DAY  # after its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """`actor` made it; `used_at` 0 where it was never used. Times as in the table."""

    id: int
    name: str
    may: tuple[Scope, ...]
    actor: str
    made_at: int
    until_at: int
    used_at: int


def add(db: Database, name: str, may: tuple[Scope, ...], *, by: str, now: int, until: int) -> str:
    """A token of that name; its word, which is nowhere else."""
    word = BEGINS + secrets.token_urlsafe(32)
    told = {"mark": _mark(word), "name": name, "may": " ".join(may), "by": by, "now": now, "until": until}
    db.execute(text(_ADD), told)
    return word


def found(db: Database, word: str, scope: Scope, *, now: int) -> Token | None:
    """The token of a word, where it may that; None where it has ended, or never was."""
    row = db.execute(text(_FOUND), {"mark": _mark(word), "now": now}).one_or_none()
    token = _token(row) if row else None
    return token if token and scope in token.may else None


def named(db: Database, name: str, *, now: int) -> Token | None:
    """The token of a name that is in force."""
    return next((token for token in listed(db, now=now) if token.name == name), None)


def used(db: Database, id_: int, *, now: int) -> None:
    """It was shown."""
    db.execute(text("UPDATE token SET used_at = :now WHERE id = :id AND used_at < :now"), {"id": id_, "now": now})


def listed(db: Database, *, now: int) -> list[Token]:
    """Those in force, by name."""
    return [_token(row) for row in db.execute(text(_LISTED), {"now": now})]


def revoke(db: Database, id_: int, *, now: int) -> bool:
    """End one; False where it is none any more."""
    sql = "UPDATE token SET ended_at = :now WHERE id = :id AND ended_at = 0 AND until_at > :now"
    return bool(db.execute(text(sql), {"id": id_, "now": now}).rowcount)


def expire(db: Database, *, now: int) -> None:
    """Drop those that ended long ago."""
    sql = "DELETE FROM token WHERE until_at < :old OR (ended_at > 0 AND ended_at < :old)"
    db.execute(text(sql), {"old": now - KEPT})


def _mark(word: str) -> str:
    """Words are 256 random bits, so that one round of a plain hash is enough."""
    return hashlib.sha256(word.encode()).hexdigest()


def _token(row: Any) -> Token:
    names = ("id", "name", "actor", "made_at", "until_at", "used_at")
    may = tuple(scope for scope in SCOPES if scope in row.may.split())
    return Token(may=may, **{name: getattr(row, name) for name in names})


_ADD = """
INSERT INTO token (mark, name, may, actor, made_at, until_at) VALUES (:mark, :name, :may, :by, :now, :until)
"""
_FOUND = "SELECT * FROM token WHERE mark = :mark AND ended_at = 0 AND until_at > :now"
_LISTED = "SELECT * FROM token WHERE ended_at = 0 AND until_at > :now ORDER BY name, id"
