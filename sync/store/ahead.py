"""What a clock that was ahead has written down, found when the clock is right again, and put right.

Such a clock took mentions that are still to come for past, and let what the brake holds show until long after a day.
"""

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import settle
from sync.store.database import Store
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes


def mend(store: Store, db: Database, *, now: int) -> None:
    """Ask for new scores of what was scored in the future, and count the day of what is held from now."""
    asked = {"now": now}
    scored = {row.output_id for row in db.execute(text(_SCORED), asked)}
    if scored:
        settle.wish(db, scored)
        db.execute(text(_STILL_COMING), asked)
        for table in ("score_change", "badge_change"):
            db.execute(text(f"UPDATE {table} SET at = :now WHERE at > :now"), asked)
    touched = Touched()
    for table, into in (("item", touched.items), ("person_record", touched.profiles)):
        into |= {row.id for row in db.execute(text(_HELD.format(table=table, what="id")), asked)}
    touched.groups |= {
        row.connection_id for row in db.execute(text(_HELD.format(table="group_record", what="connection_id")), asked)
    }
    settle.settle(db, Vetoes(store, db), touched)


_SCORED = "SELECT output_id FROM score WHERE scored_at > :now"
_STILL_COMING = """
INSERT INTO coming (mention_id, occurred_at) SELECT id, occurred_at FROM mention
WHERE occurred_at > :now AND taken_at = -1 ON CONFLICT (mention_id) DO NOTHING
"""
_HELD = "UPDATE {table} SET held_at = :now WHERE held_at > :now RETURNING {what}"
