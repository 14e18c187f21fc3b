"""What clings to a mention by its source's key and by its page, so that it survives pulls, imports and restores.

Two tables do, `refusal` of a whole mention and `ruling` of its ties, with the same columns for that: `mention` is the
public id when a row was made, and `released_at` FOREVER while it is in force.
"""

from collections.abc import Collection, Sequence
from typing import Any, Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.rows import change_in
from sync.tables import FOREVER

Table = Literal["refusal", "ruling"]


def put(db: Database, table: Table, mention: Any, *, why: str, by: str, now: int, **more: object) -> int:
    """Write a row that clings to a mention, with what else such a row has; its key."""
    told = {name: getattr(mention, name) for name in ("connection", "key", "source_id", "url")}
    told |= {"mention": mention.public_id, "why": why, "actor": by, "made_at": now, **more}
    columns, values = ", ".join(told), ", ".join(f":{name}" for name in told)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING id"
    return int(db.execute(text(sql), told).scalar_one())


def release(db: Database, table: Table, ids: Collection[int], *, now: int) -> None:
    """Take rows back."""
    change_in(db, f"UPDATE {table} SET released_at = :now WHERE id IN :values", ids, now=now)


def on(db: Database, table: Table, public: int) -> Sequence[Any]:
    """The rows in force that hold for a mention, by its public id, or held when they were made under that."""
    return db.execute(text(_ON.format(table=table)), {"id": public, "never": FOREVER}).all()


def of_page(db: Database, table: Table, source: int, url: str) -> Sequence[Any]:
    """Those in force of a page."""
    sql = f"{_EACH.format(table=table)} AND r.source_id = :source AND r.url = :url ORDER BY r.id"
    return db.execute(text(sql), {"source": source, "url": url, "never": FOREVER}).all()


def in_force(db: Database, table: Table) -> Sequence[Any]:
    """All that are in force, the newest first."""
    return db.execute(text(f"{_EACH.format(table=table)} ORDER BY r.id DESC"), {"never": FOREVER}).all()


_EACH = "SELECT r.* FROM {table} r WHERE r.released_at = :never"
_ON = f"""
{_EACH} AND r.mention = :id
UNION
SELECT r.* FROM mention m JOIN connection c ON c.id = m.connection_id
JOIN {{table}} r ON r.connection = c.name AND r.key = m.key WHERE r.released_at = :never AND m.public_id = :id
UNION
SELECT r.* FROM mention m JOIN {{table}} r ON r.source_id = m.source_id AND r.url = m.url
WHERE r.released_at = :never AND m.url <> '' AND m.public_id = :id
ORDER BY id
"""


def clings(table: Table) -> str:
    """As SQL, every row beside each mention that it clings to, in force or not: `r.*`, and `mention_id`."""
    return f"""
SELECT m.id AS mention_id, r.* FROM {table} r
JOIN connection c ON c.name = r.connection JOIN mention m ON m.connection_id = c.id AND m.key = r.key
UNION ALL
SELECT m.id AS mention_id, r.* FROM {table} r
JOIN page p ON p.source_id = r.source_id AND p.url = r.url JOIN mention m ON m.page_id = p.id WHERE r.url <> ''
"""
