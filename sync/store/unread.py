"""After a restore: nothing shows until every source has told its levels again, all of them.

`connection.unread` says of which that is awaited. While there is one, the relation of permission yields nothing
(`shown.sql`); nothing is scored, so that all that is wished for waits; and what stands in items of other systems stays,
but for what is private whatever they will say. A record without a digest was not told since.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import identity, learned, settle
from sync.store.alarms import Alarm
from sync.store.clock import moment
from sync.store.database import Store
from sync.store.noted import noted
from sync.store.source import Source
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes
from sync.tables import metadata

RESTORED = "restored_at"  # a fact in `meta`
TOLD = ("person_record", "item", "group_record")
LONG_AGO = 1  # microseconds since 1970: what the brake has held since then has closed


def badges() -> tuple[str, ...]:
    """The tables of badges, and of all that is part of one, which comes first."""
    badge = metadata().tables["badge"]
    parts = [each for each in metadata().sorted_tables if any(key.references(badge) for key in each.foreign_keys)]
    return (*(each.name for each in parts), badge.name)


def awaited(db: Database) -> list[Any]:
    """The connections that are awaited, by name and state, in the order of the settings."""
    return list(db.execute(text(_AWAITED)))


def alarms(db: Database) -> Iterator[Alarm]:
    """What an administrator has to know of it."""
    if waits := awaited(db):
        at = noted(db, RESTORED)
        when = f" on {moment(int(at)):%Y-%m-%d %H:%M} UTC" if at else ""
        names = ", ".join(row.name if row.state == "active" else f"{row.name} ({row.state})" for row in waits)
        mend = "run `ringmark sync`; resume what is paused, or forget it"
        words = f"the store was restored{when}, and nothing shows until these are read again in full: {names}; {mend}"
        yield Alarm("restored", words)


def shut(db: Database, never_read: Collection[str]) -> None:
    """Await every connection but those that are never read, and have told nothing; no badge is left, and all are wished
    for."""
    for table in badges():
        db.execute(text(f"DELETE FROM {table}"))
    for table in TOLD:
        db.execute(text(f"UPDATE {table} SET digest = '' WHERE state = 1"))
    identity.prune(db, learned.forget(db))  # which is asked for again
    db.execute(text(_AWAIT))
    for name in never_read:
        db.execute(text(_NEVER), {"name": name})
    db.execute(text(_WISH_ALL), {"turn": settle.next_turn(db)})
    settle.bump(db)


def heard(store: Store, db: Database, source: Source) -> None:
    """A source has told all there is. Of what it did not tell, nobody knows the level of today: it is held, as by the
    brake, but closed at once, until it is told again or found to be gone; that it is there is not enough."""
    asked = {"id": source.id, "run": source.run, "held": LONG_AGO}
    if not db.execute(text(_HEARD), asked).rowcount:
        return
    touched = Touched()
    touched.groups.add(source.id)
    for table, found in zip(TOLD, (touched.profiles, touched.items, set[int]()), strict=True):
        found.update(row.id for row in db.execute(text(_CLOSE.format(table=table)), asked))
    settle.settle(db, Vetoes(store, db), touched)


_AWAITED = "SELECT name, state FROM connection WHERE unread = 1 AND state <> 'removed' ORDER BY position, id"
# What it told before would show without being read again, so it is awaited until that is forgotten.
_NEVER = "UPDATE connection SET unread = 0 WHERE name = :name" + "".join(
    f" AND NOT EXISTS (SELECT 1 FROM {table} AS told WHERE told.connection_id = connection.id)" for table in TOLD
)
_AWAIT = """
UPDATE connection SET unread = CASE WHEN kind = '(import)' THEN 0 ELSE 1 END, cursor = '', bookmark = '', failures = 0,
  rests_until = 0, alarm = '', push_agreed = 0
"""
_WISH_ALL = """
INSERT INTO dirty (output_id, turn) SELECT id, :turn FROM output WHERE id > 0
ON CONFLICT (output_id) DO UPDATE SET turn = excluded.turn
"""
_HEARD = "UPDATE connection SET unread = 0 WHERE id = :id AND unread = 1"
_CLOSE = """
UPDATE {table} SET held_at = :held, held_run = :run
WHERE connection_id = :id AND state = 1 AND digest = '' RETURNING id
"""
