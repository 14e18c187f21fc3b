"""Who is signed in. The store has hashes alone, so that who reads it, or a backup, can sign in as nobody."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import DAY

Role = Literal["internal", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may what those before it may
How = Literal["link", "oidc", "proxy"]

HOUR = DAY // 24
LASTS = HOUR  # microseconds; a provider signs somebody in again without asking anything
LINK_LASTS = HOUR // 6
KEPT = 90 * DAY  # after its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`made_at`, `seen_at`, `until_at` and `ended_at` as in the table."""

    id: int
    name: str
    role: Role
    how: How
    made_at: int
    seen_at: int
    until_at: int
    ended_at: int


def link(db: Database, name: str, role: Role, *, now: int) -> str:
    """The word of a link that signs somebody in, once, for ten minutes."""
    word = secrets.token_urlsafe(32)
    told = {"mark": _mark(word), "name": name, "role": role, "until": now + LINK_LASTS}
    db.execute(text("DELETE FROM sign_in_link WHERE until_at <= :now"), {"now": now})
    db.execute(text(_LINK), told)
    return word


def follow(db: Database, word: str, *, now: int) -> str | None:
    """Sign in by the word of a link, which is then used up; the word of the session, None for a link of no use."""
    row = db.execute(text(_FOLLOW), {"mark": _mark(word), "now": now}).one_or_none()
    return begin(db, row.name, row.role, "link", now=now) if row else None


def begin(db: Database, name: str, role: Role, how: How, *, now: int, lasts: int = LASTS) -> str:
    """Somebody is signed in; the word for their cookie."""
    word = secrets.token_urlsafe(32)
    told = {"mark": _mark(word), "name": name, "role": role, "how": how, "now": now, "until": now + lasts}
    db.execute(text(_BEGIN), told)
    return word


def found(db: Database, word: str, *, now: int) -> Session | None:
    """Whose session a word is of; None where it has ended, or never was."""
    row = db.execute(text(_FOUND), {"mark": _mark(word), "now": now}).one_or_none()
    return _session(row) if row else None


def listed(db: Database, *, now: int) -> list[Session]:
    """Who is signed in, the last to come first."""
    return [_session(row) for row in db.execute(text(_LISTED), {"now": now})]


def end(db: Database, id_: int, *, now: int) -> bool:
    """Sign somebody out; False where that session is none any more."""
    sql = "UPDATE session SET ended_at = :now WHERE id = :id AND ended_at = 0 AND until_at > :now"
    return bool(db.execute(text(sql), {"id": id_, "now": now}).rowcount)


def expire(db: Database, *, now: int) -> None:
    """Drop sessions and links that ended long ago."""
    db.execute(text("DELETE FROM session WHERE until_at < :old"), {"old": now - KEPT})
    db.execute(text("DELETE FROM sign_in_link WHERE until_at <= :now"), {"now": now})


def _mark(word: str) -> str:
    """Words are 256 random bits, so that one round of a plain hash is enough."""
    return hashlib.sha256(word.encode()).hexdigest()


def _session(row: Any) -> Session:
    names = ("id", "name", "role", "how", "made_at", "seen_at", "until_at", "ended_at")
    return Session(**{name: getattr(row, name) for name in names})


_LINK = "INSERT INTO sign_in_link (mark, name, role, until_at) VALUES (:mark, :name, :role, :until)"
_FOLLOW = "DELETE FROM sign_in_link WHERE mark = :mark AND until_at > :now RETURNING name, role"
_BEGIN = """
INSERT INTO session (mark, name, role, how, made_at, seen_at, until_at)
VALUES (:mark, :name, :role, :how, :now, :now, :until)
"""
_FOUND = "SELECT * FROM session WHERE mark = :mark AND ended_at = 0 AND until_at > :now"
_LISTED = "SELECT * FROM session WHERE ended_at = 0 AND until_at > :now ORDER BY id DESC"
