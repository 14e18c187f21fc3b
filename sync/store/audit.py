"""Who did what: one line for every change an administrator made and every read of hidden things."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.rows import as_json


def note(db: Database, verb: str, subject: str, *, by: str, now: int, **detail: object) -> None:
    """Write a line; `subject` is an identifier or a name of ours, never a title."""
    db.execute(
        text("INSERT INTO audit (at, actor, verb, subject, detail) VALUES (:at, :actor, :verb, :subject, :detail)"),
        {"at": now, "actor": by, "verb": verb, "subject": subject, "detail": as_json(detail)},
    )


def since(db: Database, verb: str, subject: str, *, by: str, since: int) -> bool:
    """Whether somebody has done that since."""
    told = {"verb": verb, "subject": subject, "by": by, "since": since}
    return bool(db.execute(text(_SINCE), told).scalar())


def listed(db: Database) -> list[Any]:
    """The whole log, oldest first."""
    return list(db.execute(text("SELECT * FROM audit ORDER BY id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What somebody did to something, once."""

    at: int
    by: str
    verb: str
    subject: str
    detail: dict[str, Any]


def of(db: Database, verbs: Iterable[str], subject: str = "", *, most: int = 1000) -> list[Done]:
    """The newest lines with some verbs, of one subject or of all, newest first."""
    told = {f"verb{number}": verb for number, verb in enumerate(verbs)}
    names = ", ".join(f":{name}" for name in told)
    one = " AND subject = :subject" if subject else ""
    sql = f"SELECT * FROM audit WHERE verb IN ({names}){one} ORDER BY id DESC LIMIT :most"
    rows = db.execute(text(sql), {**told, "subject": subject, "most": most} if subject else {**told, "most": most})
    return [
        Done(at=row.at, by=row.actor, verb=row.verb, subject=row.subject, detail=json.loads(row.detail)) for row in rows
    ]


_SINCE = """
SELECT EXISTS (SELECT 1 FROM (SELECT * FROM audit ORDER BY id DESC LIMIT 1000) AS lately
WHERE at >= :since AND actor = :by AND verb = :verb AND subject = :subject)
"""
