"""What the next score run shall look at again, and the number by which caches know that something has changed."""

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.noted import noted
from sync.store.rows import change_in


def wish(db: Database, ids: set[int]) -> None:
    """Ask the next score run to look at outputs again."""
    turn = next_turn(db)
    change_in(
        db,
        "INSERT INTO dirty (output_id, turn) SELECT id, :turn FROM output WHERE id IN :values "
        "ON CONFLICT (output_id) DO UPDATE SET turn = excluded.turn",
        ids,
        turn=turn,
    )


def next_turn(db: Database) -> int:
    """A number that grows with every wish."""
    return int(db.execute(text(_COUNT), {"name": "turn"}).scalar_one())


def last_turn(db: Database) -> int:
    """The number of the newest wish; those to come have a higher one."""
    return int(noted(db, "turn") or 0)


def bump(db: Database) -> None:
    """The store's generation: what was answered before this may no longer be so."""
    db.execute(text(_COUNT), {"name": "generation"})


_COUNT = """
INSERT INTO meta (name, value) VALUES (:name, '1')
ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) RETURNING value
"""
