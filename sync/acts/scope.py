"""The scope: what another would do, putting one in force, going back, and how it came to be what it is.

What an administrator was shown before they decided comes along as `Seen`; where it would not be done just so any more,
nothing is done, and they are told what has changed and shown what would be done now.
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from config.scope import Scope
from config.settings import below_keep
from sync import push, store
from sync.acts.meanwhile import meanwhile
from sync.acts.office import Office, Refused
from sync.store import Effect, ScopeChange

NONE = "no scope is in force; run `ringmark pull`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody was shown: the mark of the effect, its counts, and the newest change of the scope at that time."""

    mark: str
    change: int
    did: dict[str, Any]

    @classmethod
    def read(cls, words: str) -> "Seen | None":
        """What `words` wrote; None for what never was written so."""
        try:
            told = json.loads(words)
            seen = cls(mark=str(told["mark"]), change=int(told["change"]), did=dict(told["did"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        return seen if 0 <= seen.change < 2**62 else None

    @property
    def words(self) -> str:
        """As a form carries it."""
        told = {"mark": self.mark, "change": self.change, "did": self.did}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a scope would do against the one in force."""

    scope: Scope
    in_force: Scope
    effect: Effect
    seen: Seen


@dataclass(slots=True)
class Stale(Refused):
    """It would not be done as it was shown: what is different, in sentences, and what would be done now."""

    changed: tuple[str, ...] = ()
    preview: Preview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was done. `change` is None where that scope was in force already."""

    change: ScopeChange | None
    effect: Effect


def show(office: Office) -> Scope:
    """The scope in force."""
    with office.house.read() as db:
        scope = store.in_force(db)
    if scope is None:
        raise Refused(NONE)
    return scope


def preview(office: Office, scope: Scope) -> Preview:
    """What a scope would do; changes nothing."""
    _not_below_keep(office, scope)
    with office.house.read() as db:
        newest = store.scope_changes.newest(db)
    effect = store.preview(office.house, scope, push.targets(office.house, office.settings), now=office.clock())
    return _preview(scope, show(office), effect, newest)


def apply(office: Office, scope: Scope, *, because: str = "", seen: Seen | None = None) -> Applied:
    """Put a scope in force on what is stored, at once, and ask the daemon to take back what must be. With `seen` it is
    done only as it was shown. Raises `Stale`."""
    return _apply(office, scope, "scope apply", because, seen)


def undo(office: Office, *, because: str = "", seen: Seen | None = None, change: int = 0) -> Applied:
    """Put that scope in force which the newest change has replaced. `change` is the one that is meant, where that was
    said."""
    with office.house.write():
        undone = undoable(office, change)
        because = because or f"undo of change {undone.id}"
        return _apply(office, undone.before, "scope undo", because, seen, undoes=undone.id)


def undoable(office: Office, change: int = 0) -> ScopeChange:
    """The change that would be undone. Raises `Refused`."""
    with office.house.read() as db:
        newest, in_force = store.scope_changes.newest(db), store.in_force(db)
    if newest is None:
        raise Refused("the scope was never changed: there is nothing to undo", "unknown")
    if change not in (0, newest.id):
        raise Refused(f"change {change} of the scope is not the newest: {newest.by} has made change {newest.id} since")
    if newest.after != in_force:
        raise Refused(f"the scope in force is not what change {newest.id} has made it; choose one and apply it")
    return newest


def history(office: Office, *, most: int, before: int = 2**62) -> list[ScopeChange]:
    """The newest changes, newest first."""
    with office.house.read() as db:
        return store.scope_changes.listed(db, most=most, before=before)


def change(office: Office, id_: int) -> ScopeChange:
    """One change. Raises `Refused`."""
    with office.house.read() as db:
        found = store.scope_changes.one(db, id_)
    if found is None:
        raise Refused(f"change {id_} of the scope: there is none", "unknown")
    return found


def counts(effect: Effect) -> dict[str, Any]:
    """An effect without its labels, which may be names."""
    seen = {
        audience: {kind: {way: len(labels) for way, labels in ways.items()} for kind, ways in kinds.items()}
        for audience, kinds in effect.seen.items()
    }
    return {**seen, "writes": effect.writes, "withdrawals": effect.withdrawals}


def _apply(office: Office, scope: Scope, verb: str, because: str, seen: Seen | None, **more: object) -> Applied:
    _not_below_keep(office, scope)
    began, now = time.monotonic(), office.clock()
    targets = push.targets(office.house, office.settings)
    with office.house.write() as db:
        before, newest = store.in_force(db), store.scope_changes.newest(db)
        if before is None:
            raise Refused(NONE)

        def agreed(effect: Effect) -> None:
            if seen is not None and effect.mark != seen.mark:
                since = store.scope_changes.since(db, seen.change)
                told = tuple(meanwhile(since, seen.did, counts(effect)))
                raise Stale(
                    "nothing was changed, since it would not be done as it was shown: " + " ".join(told),
                    changed=told,
                    preview=_preview(scope, before, effect, newest),
                )

        effect = store.apply_scope(office.house, scope, targets, now=now, agreed=agreed)
        store.note(db, verb, "scope", by=office.by, now=now, **scope.words, why=because, **more)
        for name, count in effect.withdrawals.items():
            if count:
                store.errands.ask(db, "push", name, by=office.by, now=now)
        if scope == before:
            return Applied(change=None, effect=effect)
        did = {**counts(effect), "seconds": round(time.monotonic() - began, 1)}
        kept = store.scope_changes.keep(db, before, scope, by=office.by, why=because, did=did, now=now)
    return Applied(change=kept, effect=effect)


def _preview(scope: Scope, in_force: Scope, effect: Effect, newest: ScopeChange | None) -> Preview:
    seen = Seen(mark=effect.mark, change=newest.id if newest else 0, did=counts(effect))
    return Preview(scope=scope, in_force=in_force, effect=effect, seen=seen)


def _not_below_keep(office: Office, scope: Scope) -> None:
    below = below_keep(scope, office.settings.connections.values())
    if below:
        raise Refused("\n".join(f"{key}: {text}" for key, text in below), "wrong")
