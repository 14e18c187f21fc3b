"""What changes of the scope did: one with what still waits to be taken back elsewhere, and all of them."""

import hashlib

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.console.scope_choice import values
from badges.console.scope_view import differs, done
from badges.wanted import number
from sync.acts import Refused, scope
from sync.acts.meanwhile import in_short
from sync.acts.withdrawing import Withdrawing, withdrawing
from sync.store import ScopeChange

AT_ONCE = 50


class ScopeChanges:
    """`/console/scope/changes`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/scope/changes", role="editor", reads="", show=self.all),
            Room(path="/scope/changes/{change}", role="editor", reads="", show=self.one),
            Room(path="/scope/changes/{change}/progress", role="editor", reads="", show=self.progress),
        )

    def all(self, asked: Asked) -> Answer:
        """The history, the newest first."""
        before = asked.query.number("before") or 2**53
        found = scope.history(asked.office, most=AT_ONCE + 1, before=before)
        return self._desk.paper.page(
            asked,
            "scope_changes.html",
            changes=[(each, tuple(differs(each.before, each.after)), in_short(each.did)) for each in found[:AT_ONCE]],
            older=found[AT_ONCE - 1].id if len(found) > AT_ONCE else 0,
        )

    def one(self, asked: Asked) -> Answer:
        """What one did, and how far its withdrawals are."""
        change = self._change(asked)
        newest = scope.history(asked.office, most=1)[0]
        return self._told(asked, change, undoable=newest.id == change.id and asked.visitor.may("admin"))

    def progress(self, asked: Asked) -> Answer:
        """How far its withdrawals are: nothing anew where that is as it was."""
        change = self._change(asked)
        if asked.part and asked.query.one("mark") == _mark(withdrawing(asked.office, change)):
            return self._desk.answers.make("text", b"", status=204)
        return self._told(asked, change, undoable=False)

    def _told(self, asked: Asked, change: ScopeChange, *, undoable: bool) -> Answer:
        rows = withdrawing(asked.office, change)
        return self._desk.paper.page(
            asked,
            "scope_change.html",
            change=change,
            differs=tuple(differs(change.before, change.after)),
            rows=done(change.did),
            writes={name: count for name, count in change.did.get("writes", {}).items() if count},
            withdrawing=rows,
            waits=sum(each.waiting for each in rows),
            mark=_mark(rows),
            undoable=undoable,
            before=values(change.before),
        )

    @staticmethod
    def _change(asked: Asked) -> ScopeChange:
        wanted = number(asked.path["change"])
        if not wanted:
            raise Refused("there is no such change of the scope", "unknown")
        return scope.change(asked.office, wanted)


def _mark(rows: list[Withdrawing]) -> str:
    """Another as soon as anything of it is."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:12]
