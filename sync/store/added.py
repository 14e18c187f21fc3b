"""Outputs that only an import has told: no file of counts says who may see them, so the settings do.

Their level is that of the settings as they stand now. Whoever tightens `imports.assume.outputs` closes them with the
next command, and a restored backup cannot open one.
"""

from collections.abc import Collection

from sqlalchemy import text

from config.visibility import Visibility
from sync.store import settle
from sync.store.connections import LOCAL
from sync.store.database import Store
from sync.store.rows import change_in, rows_in
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes


def added(store: Store, keys: Collection[str]) -> set[str]:
    """Which of these outputs an import has added before."""
    with store.read() as db:
        return {row.key for row in rows_in(db, _ADDED, keys, name=LOCAL)}


def assume(store: Store, level: Visibility) -> None:
    """Give all that imports have added this level; nothing is written where they have it."""
    asked = {"name": LOCAL, "level": int(level)}
    with store.read() as db:
        if not db.execute(text(f"SELECT EXISTS ({_OTHERWISE})"), asked).scalar():
            return
    with store.write() as db:
        touched = Touched(items={row.id for row in db.execute(text(_OTHERWISE), asked)})
        change_in(
            db, "UPDATE item SET visibility = :level, digest = '' WHERE id IN :values", touched.items, level=int(level)
        )
        settle.settle(db, Vetoes(store, db), touched)


_ADDED = """
SELECT i.key FROM item i JOIN connection c ON c.id = i.connection_id AND c.name = :name
WHERE i.state = 1 AND i.key IN :values
"""
_OTHERWISE = """
SELECT i.id FROM item i JOIN connection c ON c.id = i.connection_id AND c.name = :name
WHERE i.state = 1 AND i.visibility <> :level
"""
