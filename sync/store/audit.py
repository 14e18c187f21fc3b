"""Who did what: one line for every change an administrator made and every read of hidden things."""

import getpass
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.rows import as_json


def note(db: Database, verb: str, subject: str, *, now: int, **detail: object) -> None:
    """Write a line; `subject` is an identifier or a name of ours, never a title."""
    db.execute(
        text("INSERT INTO audit (at, actor, verb, subject, detail) VALUES (:at, :actor, :verb, :subject, :detail)"),
        {"at": now, "actor": _actor(), "verb": verb, "subject": subject, "detail": as_json(detail)},
    )


def listed(db: Database) -> list[Any]:
    """The whole log, oldest first."""
    return list(db.execute(text("SELECT * FROM audit ORDER BY id")))


def _actor() -> str:
    """The user of the machine; a container may have a number without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unnamed user"
