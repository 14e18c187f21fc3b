"""One badge of a push to a place that is told: decide, write down, ask permission, send.

Nobody can ask such a place what it made of a notice, so the ledger says what stands there: what is known to have
arrived, and what may have.
"""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.base import Notice, Tells
from connectors.errors import Recalled
from connectors.identifiers import Identifier
from sync import store
from sync.push.item import Clock, Done
from sync.store import Due, Entry, Store, Target, notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What it takes, in the place of `sync.push.item.Work`. An output has its address there by being known: it is the
    identifier by which it is told of; so nothing there is ever looked for anew."""

    house: Store
    target: Target
    connector: Tells
    clock: Clock

    def find(self, output: int, identifier: Identifier) -> tuple[str, ...]:
        """The address of an output, unless the place may not hear of it: then raises `Recalled`."""
        if not store.may_ask(self.house, self.target, output, now=self.clock()):
            raise Recalled
        return (str(identifier),)

    def write(self, wanted: Due, *, found_now: bool) -> Done:  # noqa: ARG002 - nothing there can have become another's
        """Tell of one badge. A withdrawal whose end is not known is brought to its end first, and so is that of a badge
        whose output is no more."""
        entry, target = wanted.entry, self.target
        withdrawing = bool(entry.intended) and not entry.intended_at
        if withdrawing or target.former(entry):
            return self.withdraw(entry, still=lambda _: True)
        told = notices.intend(self.house, target, wanted, now=self.clock())
        if told is None:
            return Done(became="recalled")
        known = Identifier(entry.scheme, entry.identifier)
        named = (known, *(each for each in told.identifiers if each != known))
        notice = self._notice(told.mark, target.badge(entry.output), named, wanted.score)
        try:
            self.connector.tell(
                notice, permit=lambda: notices.may_tell(self.house, target, wanted, told, now=self.clock())
            )
        except Recalled:
            notices.recalled(self.house, entry, told)
            return Done(became="recalled")
        notices.arrived(self.house, entry, wanted.value, now=self.clock())
        return Done(became="written", before=_known(entry), after=(wanted.value,))

    def withdraw(self, entry: Entry, *, still: Callable[[Entry], bool]) -> Done:
        """Tell that a badge is none any more, by nothing but what the place was told of it."""
        notices.withdrawing(self.house, entry)
        named = (Identifier(entry.scheme, entry.identifier),)
        for badge in self.target.sent(entry):
            id_ = notices.revoking(entry.mark, badge)
            notice = self._notice(id_, badge, named, None, revokes=entry.mark)
            try:
                self.connector.tell(notice, permit=lambda: still(entry))
            except Recalled:
                notices.stays(self.house, entry)
                return Done(became="recalled")
        notices.withdrawn(self.house, entry)
        return Done(became="withdrawn", before=_known(entry))

    def _notice(
        self, id_: str, badge: str, identifiers: tuple[Identifier, ...], score: int | None, *, revokes: str = ""
    ) -> Notice:
        """What is told of a badge by its address, which holds what ours was when it was told of first."""
        return Notice(
            id=id_,
            at=store.moment(self.clock()),
            origin=self.target.origin_of(badge),
            output=self.target.output_of(badge),
            identifiers=identifiers,
            score=score,
            revokes=revokes,
        )


def _known(entry: Entry) -> tuple[str, ...]:
    """What the place is known, or may be known, to have been told."""
    return tuple(filter(None, (entry.value or entry.intended,)))
