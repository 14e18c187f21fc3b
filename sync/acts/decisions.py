"""What waits for somebody to agree: deletions that are more than is likely, listings that were not complete, and more
badges than may be written unasked."""

from dataclasses import dataclass
from typing import Literal

from sync import push, store
from sync.acts.office import Office, Refused
from sync.store import Effect
from sync.store.decisions import Decision, Lost

MOST = 50  # records that are shown of those that would be deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What was agreed to: records deleted, or badges that the next push may write."""

    kind: Literal["deleted", "writes"]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A decision, and the first records that it would delete."""

    decision: Decision
    lost: list[Lost]


def waiting(office: Office) -> list[Decision]:
    """Everything that waits, oldest first."""
    with office.house.read() as db:
        return store.decisions(db)


def one(office: Office, run: int) -> Laid:
    """What one run holds back. Raises `Refused` where that is nothing, or nothing any more."""
    with office.house.read() as db:
        found = store.decision(db, run)
        if found is None:
            raise Refused(_nothing(run))
        return Laid(decision=found, lost=store.would_lose(db, run, most=MOST))


def preview(office: Office, run: int) -> Effect:
    """What would appear and vanish if it was agreed to; changes nothing."""
    decision = one(office, run).decision
    if decision.kind != "deletions":
        raise Refused(f"run {run}: deletes nothing by itself", "wrong")
    targets = push.targets(office.house, office.settings)
    return store.rehearse_accept(office.house, run, targets, now=office.clock())


def accept(office: Office, run: int, *, seen: int | None = None) -> Accepted:
    """Agree to the deletions, or to the badges to be written, that a run has held back. With `seen`, the number of what
    somebody was shown, only where it still holds back so much."""
    now = office.clock()
    with office.house.write() as db:
        if seen is not None and _count(store.decision(db, run)) != seen:
            raise Refused(f"run {run}: holds back something else by now than what was shown; look at it again")
        writes = store.agree(db, run)
        if writes is not None:
            store.note(db, "accept", f"run:{run}", by=office.by, now=now, writes=writes)
            return Accepted(kind="writes", count=writes)
        deleted = store.accept(office.house, run)
        if deleted is None:
            raise Refused(_nothing(run))
        store.note(db, "accept", f"run:{run}", by=office.by, now=now, deleted=deleted)
    return Accepted(kind="deleted", count=deleted)


def _count(found: Decision | None) -> int:
    return sum(found.records.values()) + found.writes if found else -1


def _nothing(run: int) -> str:
    return f"run {run}: holds nothing back; see `ringmark status`"
