"""What connectors remember from run to run, each under names of its own."""

from collections.abc import Mapping

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.database import Store
from sync.store.rows import change_in, many
from sync.store.source import Source


def find(store: Store, source: Source, name: str) -> str:
    """What was noted under a name; empty for nothing."""
    sql = "SELECT text FROM note WHERE connection_id = :connection AND name = :name"
    with store.read() as db:
        return db.execute(text(sql), {"connection": source.id, "name": name}).scalar() or ""


def of(store: Store, connection: str, name: str) -> str:
    """The same of a connection that is not being read, by its name."""
    with store.read() as db:
        return db.execute(text(_OF), {"connection": connection, "name": name}).scalar() or ""


def put(db: Database, source: Source, notes: Mapping[str, str]) -> None:
    """Note, in the transaction of the page that says so; what is empty is forgotten."""
    gone = [name for name, told in notes.items() if not told]
    change_in(db, "DELETE FROM note WHERE connection_id = :connection AND name IN :values", gone, connection=source.id)
    many(db, _PUT, [{"c": source.id, "name": name, "text": told} for name, told in notes.items() if told])


_OF = """
SELECT n.text FROM note n JOIN connection c ON c.id = n.connection_id WHERE c.name = :connection AND n.name = :name
"""
_PUT = """
INSERT INTO note (connection_id, name, text) VALUES (:c, :name, :text)
ON CONFLICT (connection_id, name) DO UPDATE SET text = excluded.text
"""
