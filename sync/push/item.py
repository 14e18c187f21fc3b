"""One item of a push: read, decide, write down, ask permission, send, and read again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from connectors.base import Held, Pushes
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, Recalled
from connectors.identifiers import Identifier
from sync import store
from sync.store import Due, Entry, Store, Target

Became = Literal["written", "equal", "withdrawn", "not_found", "edited", "recalled", "nothing there", "still there"]
Clock = Callable[[], int]  # microseconds since 1970, in UTC

NOWHERE = "no item carries its identifier any more; it is asked for once more in a day"
EDITED = "somebody else's value stands in the field; it was left alone"
KEPT = "the answer was good, but what the field holds did not change; may the account write it?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one item, and what it held and holds in our field."""

    became: Became
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What it takes. Both ways raise `NotUnderstood` where the item is not as it should be, and `TryLater` where even
    that could not be read: then the end is not known."""

    house: Store
    target: Target
    connector: Pushes
    clock: Clock

    def find(self, output: int, identifier: Identifier) -> tuple[str, ...]:
        """The addresses of all items that carry an identifier of an output. The only way in which a system is asked
        about one: raises `Recalled`, and asks nothing, where it may not be."""
        if not store.may_ask(self.house, self.target, output, now=self.clock()):
            raise Recalled
        return self.connector.find([identifier])

    def write(self, wanted: Due, *, found_now: bool) -> Done:
        """Write one badge, unless it stands there already, or somebody else's value does.

        Where nothing of it stands in an item that was not `found_now`, the item may have become another's."""
        entry = wanted.entry
        held = self.connector.read(entry.address, entry.field)
        if held is not None and not held.values and not entry.intended and not found_now:
            try:
                found = self.find(entry.output, Identifier(entry.scheme, entry.identifier))
            except Recalled:
                return Done(became="recalled")
            held = held if found == (entry.address,) else None
        if held is None:
            store.push_gone(self.house, entry, again=self.clock() + self.target.every)
            return Done(became="not_found")
        ours = [value for value in held.values if self.target.wrote(entry, value)]
        if len(ours) < len(held.values):
            self._leave(entry, held)
            return Done(became="edited", before=held.values, after=held.values)
        if len(ours) == 1 and self._stays(wanted, ours[0]):
            store.push_written(self.house, entry, ours[0], sent=False, now=self.clock())
            return Done(became="equal", before=held.values, after=held.values)
        for former in self.target.former(entry):  # of an output that is no more; the ledger is about to forget it
            self._clear_copies(entry, former, lambda _: True)
        if not store.intend(self.house, self.target, wanted, now=self.clock()):
            return Done(became="recalled")
        return self._send(wanted, held)

    def verify(self, entry: Entry) -> Done:
        """Look for an item anew, by what it was found by. Where that has become another, our badge is taken back, and
        its output is looked for like any other. An index that is only late may find none: it is asked twice."""
        try:
            found = self.find(entry.output, Identifier(entry.scheme, entry.identifier))
        except Recalled:
            return Done(became="recalled")
        if entry.address in found:
            why = "" if entry.why == NOWHERE else entry.why
            store.push_verified(self.house, entry, why=why, at=self.clock())
            return Done(became="still there")
        if not found and entry.why != NOWHERE and self.connector.read(entry.address, entry.field) is not None:
            self.doubt(entry, why=NOWHERE)
            return Done(became="still there")
        return self.withdraw(entry, still=lambda _: True)

    def doubt(self, entry: Entry, *, why: str) -> None:
        """Look again in a day."""
        store.push_verified(self.house, entry, why=why, at=self.clock() - store.LOOK + store.DAY)

    def _stays(self, wanted: Due, value: str) -> bool:
        """Whether what stands there is as wanted, or was written so lately that it is not written again yet."""
        entry = wanted.entry
        lately = value == entry.intended and 0 <= self.clock() - entry.last_at < self.target.every
        own = self.target.badge(entry.output) in value  # it may be the one from before a merge
        return (lately and own) or self.target.same(wanted, value)

    def _leave(self, entry: Entry, held: Held) -> None:
        """Leave what somebody else wrote; the ledger goes on to know of what carries our badge, however it was changed,
        since that may have to be taken back."""
        carried = any(self.target.carries(entry, value) for value in held.values)
        value = (entry.value or self.target.badge(entry.output)) if carried else ""
        now = self.clock()
        store.push_edited(self.house, entry, why=EDITED, value=value, again=now + self.target.every, now=now)

    def withdraw(self, entry: Entry, *, still: Callable[[Entry], bool]) -> Done:
        """Take back what one item holds of ours, also where somebody changed it, and what copies of it hold. What is
        not ours stays."""
        held = self.connector.read(entry.address, entry.field) or Held()
        store.withdrawing(self.house, entry)
        try:
            cleared = [self._clear(entry, entry.address, held, still)]
            for badge in self.target.sent(entry):
                cleared += self._clear_copies(entry, badge, still)
        except Recalled:
            store.push_stays(self.house, entry)
            return Done(became="recalled")
        store.withdrawn(self.house, entry, now=self.clock())
        became: Became = "withdrawn" if entry.value or any(cleared) else "nothing there"
        return Done(became=became, before=held.values, after=self._rest(entry, held))

    def _rest(self, entry: Entry, held: Held) -> tuple[str, ...]:
        """What is not ours."""
        return tuple(value for value in held.values if not self.target.carries(entry, value))

    def _clear_copies(self, entry: Entry, badge: str, still: Callable[[Entry], bool]) -> list[bool]:
        """Leave nothing of ours in copies of an item that carry a badge; in which there was something."""
        copies = self.connector.copies(entry.address, entry.field, badge)
        there = [(copy, self.connector.read(copy, entry.field) or Held()) for copy in copies]
        return [self._clear(entry, copy, held, still) for copy, held in there]

    def _clear(self, entry: Entry, address: str, held: Held, still: Callable[[Entry], bool]) -> bool:
        """Leave nothing of ours at one address; whether there was something."""
        rest = self._rest(entry, held)
        if rest == held.values:
            return False
        trouble: ConnectorError | None = None
        try:
            self.connector.write(address, entry.field, held, rest, permit=lambda: still(entry))
        except ConnectorError as error:
            trouble = error
        after = self.connector.read(address, entry.field) or Held()
        if self._rest(entry, after) != after.values:
            raise _told(trouble)
        return True

    def _send(self, wanted: Due, held: Held) -> Done:
        """The request; whatever is answered to it, the item is asked what came of it."""
        entry = wanted.entry
        trouble: ConnectorError | None = None
        try:
            self.connector.write(
                entry.address,
                entry.field,
                held,
                (wanted.value,),
                permit=lambda: store.permitted(self.house, self.target, wanted, now=self.clock()),
            )
        except Recalled:
            store.push_recalled(self.house, entry, now=self.clock())
            return Done(became="recalled")
        except ConnectorError as error:
            trouble = error
        after = self.connector.read(entry.address, entry.field)
        if after and wanted.value in after.values:
            store.push_written(self.house, entry, wanted.value, sent=True, now=self.clock())
            return Done(became="written", before=held.values, after=after.values)
        if trouble is None:
            store.push_recalled(self.house, entry, now=self.clock())
        raise _told(trouble)


def _told(trouble: ConnectorError | None) -> ConnectorError:
    """What was wrong with a request, now that the item was read after it: it is about this item, unless our credentials
    are not accepted."""
    return trouble if isinstance(trouble, NotAllowed) else NotUnderstood(str(trouble or KEPT))
