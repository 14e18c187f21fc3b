"""The ledger of places that are told of badges and cannot be asked: what a notice says, written down before it leaves.

A notice keeps its id until it is known to have arrived, through failures, restarts and kills. That of a withdrawal
follows from the one that it takes back.
"""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid4, uuid5

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from sync.store import pushing
from sync.store.database import Store
from sync.store.targets import Due, Entry, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """A notice of a badge that is about to leave: its id, the identifiers that it names, and what was under way."""

    mark: str
    identifiers: tuple[Identifier, ...]
    before: tuple[str, int, str]


def intend(store: Store, target: Target, wanted: Due, *, now: int) -> Intended | None:
    """Commit that a badge is about to be told; None, and nothing committed, where it may not be any more. One that says
    the same as what is still under way is that once more."""
    with store.write() as db:
        if not pushing.permitted(db, target, wanted, now=now):
            return None
        asked = {"id": wanted.entry.id}
        row = db.execute(text("SELECT intended, intended_at, mark FROM pushed WHERE id = :id"), asked).one()
        again = row.intended != "" and target.same(wanted, row.intended)
        mark = row.mark if again else str(uuid4())
        db.execute(text(_INTEND), {**asked, "value": wanted.value, "now": now, "mark": mark})
        return Intended(mark=mark, identifiers=_identifiers(db, target, wanted), before=tuple(row))


def may_tell(store: Store, target: Target, wanted: Due, told: Intended, *, now: int) -> bool:
    """Whether a notice of a badge may leave as it is, with all that it names: the last question before it does."""
    with store.read() as db:
        return pushing.permitted(db, target, wanted, now=now) and _identifiers(db, target, wanted) == told.identifiers


def recalled(store: Store, entry: Entry, told: Intended) -> None:
    """The notice never left: what was under way before it still is."""
    intended, at, mark = told.before
    with store.write() as db:
        db.execute(text(_BACK), {"id": entry.id, "intended": intended, "at": at, "mark": mark})


def arrived(store: Store, entry: Entry, value: str, *, now: int) -> None:
    """The place has the notice."""
    with store.write() as db:
        db.execute(text(_ARRIVED), {"id": entry.id, "value": value, "now": now})


def withdrawing(store: Store, entry: Entry) -> None:
    """A withdrawal is about to leave; until it is known to have arrived, the badge may or may not show there."""
    with store.write() as db:
        db.execute(text(_WITHDRAWING), {"id": entry.id})


def stays(store: Store, entry: Entry) -> None:
    """The withdrawal never left."""
    told = {"value": entry.value, "intended": entry.intended, "at": entry.intended_at, "mark": entry.mark}
    with store.write() as db:
        db.execute(text(_STAYS), {"id": entry.id, **told})


def withdrawn(store: Store, entry: Entry) -> None:
    """The place knows that there is nothing of ours any more."""
    with store.write() as db:
        db.execute(text(_WITHDRAWN), {"id": entry.id})


def revoking(mark: str, badge: str) -> str:
    """The id of the notice that takes another back."""
    return str(uuid5(NAMESPACE_URL, f"{badge}#{mark}"))


def _identifiers(db: Database, target: Target, wanted: Due) -> tuple[Identifier, ...]:
    asked = {"audience": target.audience, "output": wanted.entry.output}
    return tuple(Identifier(row.scheme, row.value) for row in db.execute(text(_IDENTIFIERS), asked))


_IDENTIFIERS = """
SELECT i.scheme, i.value FROM badge b
JOIN badge_identifier i ON i.audience = b.audience AND i.output_id = b.output_id
WHERE b.audience = :audience AND b.public_id = :output ORDER BY i.scheme, i.value
"""
_INTEND = "UPDATE pushed SET intended = :value, intended_at = :now, mark = :mark WHERE id = :id"
_ARRIVED = """
UPDATE pushed SET value = :value, written_at = :now, intended = '', intended_at = 0, tries = 0, next_at = 0, why = ''
WHERE id = :id
"""
_WITHDRAWING = """
UPDATE pushed SET intended = CASE WHEN intended <> '' THEN intended ELSE value END, value = '', intended_at = 0
WHERE id = :id
"""
_BACK = "UPDATE pushed SET intended = :intended, intended_at = :at, mark = :mark WHERE id = :id"
_STAYS = "UPDATE pushed SET value = :value, intended = :intended, intended_at = :at, mark = :mark WHERE id = :id"
_WITHDRAWN = """
UPDATE pushed SET value = '', intended = '', intended_at = 0, address = '', mark = '', tries = 0, next_at = 0, why = ''
WHERE id = :id
"""
