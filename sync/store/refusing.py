"""Refusing a mention or some of its ties, confirming ties, and taking that back: what it is tied to forgets it, or has
it again, in the same transaction."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection as Database

from connectors.identifiers import Identifier
from sync.store import refusals, rulings, settle, sought
from sync.store.database import Store
from sync.store.evidence import CONFIRMS, REFUSED
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
        return _settled(store, db, mentions)


def accept(store: Store, public: int, *, now: int) -> Retied | None:
    """Take back every refusal that holds for a mention; None where none does."""
    with store.write() as db:
        ids = [each.id for each in refusals.on(db, public)]
        if not ids:
            return None
        refusals.release(db, ids, now=now)
        return _settled(store, db, refusals.mark(db, ids))


def refuse_ties(
    store: Store, public: int, targets: Collection[Identifier], *, why: str, by: str, now: int
) -> Retied | None:
    """Refuse that a mention speaks of what these identifiers name, whichever of them it names now; None where there is
    no such mention, or all of that is refused already. A confirmation of it is taken back."""
    return _rule(store, public, targets, REFUSED, why=why, by=by, now=now)


def confirm_ties(
    store: Store, public: int, targets: Collection[Identifier], *, why: str, by: str, now: int
) -> Retied | None:
    """Confirm that it does; None as above. A refusal of it is taken back."""
    return _rule(store, public, targets, CONFIRMS, why=why, by=by, now=now)


def accept_ties(store: Store, public: int, targets: Collection[Identifier], *, now: int) -> Retied | None:
    """Take back every refusal of these ties that holds for a mention; None where none does."""
    with store.write() as db:
        ids = _standing(db, public, targets, REFUSED)
        if not ids:
            return None
        rulings.release(db, ids, now=now)
        return _marked(store, db, ids)


def _rule(
    store: Store, public: int, targets: Collection[Identifier], verdict: int, *, why: str, by: str, now: int
) -> Retied | None:
    with store.write() as db:
        found = sought.one(db, public)
        ruled = {name for each in rulings.on(db, public) if each.verdict == verdict for name in each.targets}
        new = sorted(target for target in targets if str(target) not in ruled)
        before = _standing(db, public, targets, -verdict)
        if found is None or not (new or before):
            return None
        rulings.release(db, before, now=now)
        return _marked(store, db, before + rulings.put(db, found, new, verdict, why=why, by=by, now=now))


def _standing(db: Database, public: int, targets: Collection[Identifier], verdict: int) -> list[int]:
    """The rulings of these ties that hold for a mention."""
    names = {str(target) for target in targets}
    some = [each for each in rulings.on(db, public) if each.verdict == verdict]
    return [id_ for each in some for id_, name in zip(each.ids, each.targets, strict=True) if name in names]


def _marked(store: Store, db: Database, ids: Collection[int]) -> Retied:
    """Let the ties that rulings are of say so."""
    return _settled(store, db, rulings.mark(db, rulings.meant(db, ids)))


def _settled(store: Store, db: Database, mentions: set[int]) -> Retied:
    """Tie mentions anew."""
    before = _tied(db, mentions)
    settle.settle(db, Vetoes(store, db), Touched(mentions=set(mentions), retied=set(mentions)))
    settle.bump(db)  # pages that were put together before hold them
    told = (("mention", mentions), ("output", before ^ _tied(db, mentions)))
    return Retied(*([row.public_id for row in rows_in(db, _PUBLIC.format(table=t), ids)] for t, ids in told))


def _tied(db: Database, mentions: set[int]) -> set[int]:
    rows = rows_in(db, "SELECT DISTINCT output_id FROM mark WHERE mention_id IN :values", mentions)
    return {row.output_id for row in rows}


_PUBLIC = "SELECT public_id FROM {table} WHERE id IN :values ORDER BY public_id"
