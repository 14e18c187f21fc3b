"""The end of every writing transaction: what was touched is worked out again, and its badges are dropped.

This is the fourth lock: nothing that a change has touched can be read until a score run has published it anew.
"""

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import identity, mentions, outputs, people, versions
from sync.store.noted import noted
from sync.store.rows import change_in
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes


def settle(db: Database, vetoes: Vetoes, touched: Touched) -> None:
    """Bring the joint tables up to date, and unpublish what they were touched for."""
    if touched.profiles:
        people.rejoin(db, touched)
    if touched.items:
        identity.rejoin(db, touched)
    if touched.people:
        people.settle(db, vetoes, touched)
    for connection in touched.groups:
        people.settle_groups(db, connection, touched)
    touched.outputs.discard(0)
    if touched.outputs:
        outputs.settle(db, vetoes, touched.outputs)
        unpublish(db, touched.outputs | versions.bar(db, touched.outputs))
    spoken = mentions.tie(db, touched.mentions, touched.retied) | touched.spoken
    spoken |= versions.mentioned(db, touched.mentions)
    mentions.tie_outputs(db, touched.identified)  # last, for it replaces what was tied to them
    if spoken:
        wish(db, spoken)


def unpublish(db: Database, ids: set[int]) -> None:
    """Drop the badges of outputs, and wish for new ones."""
    change_in(db, "DELETE FROM badge WHERE audience IN ('public', 'internal') AND output_id IN :values", ids)
    wish(db, ids)
    bump(db)


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
