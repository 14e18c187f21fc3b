"""Facts that the store notes of itself, one text each: when something was last done, what earlier looks have left."""

from sqlalchemy import Connection as Database
from sqlalchemy import text


def noted(db: Database, name: str) -> str | None:
    """What was noted last under a name; None where nothing was."""
    told = db.execute(text("SELECT value FROM meta WHERE name = :name"), {"name": name}).scalar()
    return None if told is None else str(told)


def note(db: Database, name: str, value: object) -> None:
    """Note it in place of what was noted."""
    db.execute(text(_NOTE), {"name": name, "value": str(value)})


_NOTE = """
INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
