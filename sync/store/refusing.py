"""Refusing a mention, and taking that back: what it is tied to forgets it, or has it again, in the same transaction."""

from typing import NamedTuple

from sqlalchemy import Connection as Database

from sync.store import refusals, settle, sought
from sync.store.database import Store
from sync.store.rows import rows_in
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes


class Retied(NamedTuple):
    """Public ids: the mentions that are tied no more, or again, and the outputs whose scores that concerns."""

    mentions: list[int]
    outputs: list[int]


def refuse(store: Store, public: int, *, why: str, by: str, now: int) -> Retied | None:
    """Refuse a mention; None where there is none, or it is refused already. Nobody is shown it when this returns; the
    score of what it was tied to is asked for, and until then the badge has the old one."""
    with store.write() as db:
        found = sought.one(db, public)
        if found is None or found.refused:
            return None
        mentions = refusals.mark(db, [refusals.put(db, found, why=why, by=by, now=now)])
        return _settled(store, db, mentions, _tied(db, mentions))


def accept(store: Store, public: int, *, now: int) -> Retied | None:
    """Take back every refusal that holds for a mention; None where none does."""
    with store.write() as db:
        ids = [each.id for each in refusals.on(db, public)]
        if not ids:
            return None
        refusals.release(db, ids, now=now)
        return _settled(store, db, refusals.mark(db, ids), set())


def _settled(store: Store, db: Database, mentions: set[int], before: set[int]) -> Retied:
    """Tie mentions anew; `before` are the outputs that they were tied to."""
    settle.settle(db, Vetoes(store, db), Touched(mentions=set(mentions), retied=set(mentions)))
    settle.bump(db)  # pages that were put together before hold them
    outputs = before | _tied(db, mentions)
    told = (("mention", mentions), ("output", outputs))
    return Retied(*([row.public_id for row in rows_in(db, _PUBLIC.format(table=t), ids)] for t, ids in told))


def _tied(db: Database, mentions: set[int]) -> set[int]:
    rows = rows_in(db, "SELECT DISTINCT output_id FROM mark WHERE mention_id IN :values", mentions)
    return {row.output_id for row in rows}


_PUBLIC = "SELECT public_id FROM {table} WHERE id IN :values ORDER BY public_id"
