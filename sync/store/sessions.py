"""Who is signed in. The store has hashes alone, so that who reads it, or a backup, can sign in as nobody."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.noted import note, noted

Role = Literal["internal", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may what those before it may
How = Literal["link", "oidc", "proxy"]  # what a proxy says is asked with every request, so that it has no session

HOUR = DAY // 24
LASTS = HOUR  # microseconds; a provider signs somebody in again without asking anything
LINK_LASTS = HOUR // 6
KEPT = 90 * DAY  # after its end
LOOK = HOUR // 60  # how exactly it is known when somebody was last there
FORMS = "forms"  # the name it is noted by
NEVER = 2 * DAY  # an idle time that no session reaches


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
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Abroad:
    """What a provider knows a sign-in by: the account, and its own session; empty where it names none."""

    account: str = ""
    visit: str = ""


HERE = Abroad()


def link(db: Database, name: str, role: Role, *, now: int) -> str:
    """The word of a link that signs somebody in, once, for ten minutes."""
    word = secrets.token_urlsafe(32)
    told = {"mark": _mark(word), "name": name, "role": role, "until": now + LINK_LASTS}
    db.execute(text("DELETE FROM sign_in_link WHERE until_at <= :now"), {"now": now})
    db.execute(text(_LINK), told)
    return word


def waits(db: Database, word: str, *, now: int) -> bool:
    """Whether the word is that of a link nobody has followed yet; a look that keeps no writer waiting."""
    sql = "SELECT EXISTS (SELECT 1 FROM sign_in_link WHERE mark = :mark AND until_at > :now)"
    return bool(db.execute(text(sql), {"mark": _mark(word), "now": now}).scalar())


def follow(db: Database, word: str, *, now: int, lasts: int = LASTS) -> str | None:
    """Sign in by the word of a link, which is then used up; the word of the session, None for a link of no use."""
    row = db.execute(text(_FOLLOW), {"mark": _mark(word), "now": now}).one_or_none()
    return begin(db, row.name, row.role, "link", now=now, lasts=lasts)[0] if row else None


def use(db: Database, word: str, *, now: int, lasts: int) -> bool:
    """Use up what may work once within `lasts`; False where it was used."""
    db.execute(text("DELETE FROM sign_in_used WHERE until_at <= :now"), {"now": now})
    sql = "INSERT INTO sign_in_used (mark, until_at) VALUES (:mark, :until) ON CONFLICT DO NOTHING"
    return bool(db.execute(text(sql), {"mark": _mark(word), "until": now + lasts}).rowcount)


def begin(
    db: Database, name: str, role: Role, how: How, *, now: int, lasts: int = LASTS, abroad: Abroad = HERE
) -> tuple[str, int]:
    """Somebody is signed in; the word for their cookie, and the session."""
    word = secrets.token_urlsafe(32)
    told = {"mark": _mark(word), "name": name, "role": role, "how": how, "now": now, "until": now + lasts}
    told |= {part: _mark(said) if (said := getattr(abroad, part)) else "" for part in ("account", "visit")}
    return word, int(db.execute(text(_BEGIN), told).scalar_one())


def remember(db: Database, id_: int, hint: str) -> None:
    """Keep what the provider wants to be told when a session ends; whoever gives it has sealed it."""
    db.execute(text("UPDATE session SET hint = :hint WHERE id = :id"), {"id": id_, "hint": hint})


def found(db: Database, word: str, *, now: int, idle: int = NEVER) -> Session | None:
    """Whose session a word is of; None where it has ended, was not used for `idle`, or never was."""
    row = db.execute(text(_FOUND), {"mark": _mark(word), "now": now, "since": now - idle}).one_or_none()
    return _session(row) if row else None


def seen(db: Database, id_: int, *, now: int) -> None:
    """Somebody was there."""
    db.execute(text("UPDATE session SET seen_at = :now WHERE id = :id AND seen_at < :now"), {"id": id_, "now": now})


def listed(db: Database, *, now: int, idle: int = NEVER) -> list[Session]:
    """Who is signed in, the last to come first."""
    return [_session(row) for row in db.execute(text(_LISTED), {"now": now, "since": now - idle})]


def end(db: Database, id_: int, *, now: int) -> bool:
    """Sign somebody out; False where that session is none any more."""
    sql = "UPDATE session SET ended_at = :now, hint = '' WHERE id = :id AND ended_at = 0 AND until_at > :now"
    return bool(db.execute(text(sql), {"id": id_, "now": now}).rowcount)


def end_abroad(db: Database, told: Abroad, *, now: int) -> list[int]:
    """Sign out whom a provider has signed out: one visit of theirs where it names one, else all; which sessions."""
    part = "visit" if told.visit else "account"
    said = getattr(told, part)
    if not said:
        return []
    sql = f"SELECT id FROM session WHERE {part} = :mark AND ended_at = 0 AND until_at > :now ORDER BY id"
    ids = [row.id for row in db.execute(text(sql), {"mark": _mark(said), "now": now})]
    return [id_ for id_ in ids if end(db, id_, now=now)]


def secret(house: Store) -> bytes:
    """What forms of people without a session of ours are marked with; made once."""
    with house.read() as db:
        known = noted(db, FORMS)
    if known is None:
        with house.write() as db:
            known = noted(db, FORMS) or secrets.token_hex(32)
            note(db, FORMS, known)
    return bytes.fromhex(known)


def expire(db: Database, *, now: int) -> None:
    """Drop sessions and links that ended long ago."""
    db.execute(text("DELETE FROM session WHERE until_at < :old"), {"old": now - KEPT})
    db.execute(text("UPDATE session SET hint = '' WHERE until_at <= :now AND hint <> ''"), {"now": now})
    db.execute(text("DELETE FROM sign_in_link WHERE until_at <= :now"), {"now": now})
    db.execute(text("DELETE FROM sign_in_used WHERE until_at <= :now"), {"now": now})


def _mark(word: str) -> str:
    """Words are 256 random bits, so that one round of a plain hash is enough."""
    return hashlib.sha256(word.encode()).hexdigest()


def _session(row: Any) -> Session:
    names = ("id", "name", "role", "how", "made_at", "seen_at", "until_at", "ended_at", "hint")
    return Session(**{name: getattr(row, name) for name in names})


_LINK = "INSERT INTO sign_in_link (mark, name, role, until_at) VALUES (:mark, :name, :role, :until)"
_FOLLOW = "DELETE FROM sign_in_link WHERE mark = :mark AND until_at > :now RETURNING name, role"
_BEGIN = """
INSERT INTO session (mark, name, role, how, made_at, seen_at, until_at, account, visit)
VALUES (:mark, :name, :role, :how, :now, :now, :until, :account, :visit) RETURNING id
"""
_FOUND = "SELECT * FROM session WHERE mark = :mark AND ended_at = 0 AND until_at > :now AND seen_at > :since"
_LISTED = "SELECT * FROM session WHERE ended_at = 0 AND until_at > :now AND seen_at > :since ORDER BY id DESC"
