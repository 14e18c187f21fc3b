"""The end of every writing transaction: what was touched is worked out again, and its badges are dropped.

This is the fourth lock: nothing that a change has touched can be read until a score run has published it anew.
"""

from sqlalchemy import Connection as Database

from sync.store import identity, mentions, outputs, people, versions
from sync.store.rows import change_in
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes
from sync.store.wishes import bump, last_turn, next_turn, wish

__all__ = ["bump", "last_turn", "next_turn", "settle", "unpublish", "wish"]


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
    if touched.learned:  # nobody sees more or less by it, so badges stay until the next score has made new ones
        outputs.settle(db, vetoes, touched.learned - touched.outputs)
        wish(db, touched.learned)
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
