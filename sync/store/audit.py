"""Who did what: one line for every change an administrator made and every read of hidden things."""

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


_SINCE = """
SELECT EXISTS (SELECT 1 FROM (SELECT * FROM audit ORDER BY id DESC LIMIT 1000) AS lately
WHERE at >= :since AND actor = :by AND verb = :verb AND subject = :subject)
"""
