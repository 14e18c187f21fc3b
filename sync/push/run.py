"""Push: what is due is withdrawn first, then written, one target at a time."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

from connectors.base import Pushes, Tells
from connectors.errors import ConnectorError, NotUnderstood, Recalled, TryLater
from connectors.identifiers import Identifier
from sync import store
from sync.push.item import EDITED, Clock, Done, Work
from sync.push.telling import Telling
from sync.store import Entry, Outcome, Store, Target

log = logging.getLogger(__name__)

IN_A_ROW = 5  # failures after which it is no longer about the items, and other writes are left to the next run
COUNTS = ("written", "equal", "withdrawn", "not_found", "edited", "failed", "waiting")

STOPPED = "asked to stop; the next push goes on from here"
ALONE = "another push of this connection is running; wait for it to end"

T = TypeVar("T")
Stop = Callable[[], bool]  # whether to end between two items
Told = Callable[[str, str, int, int], None]  # connection, what is done, how many of how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one item held in our field, and what it holds now."""

    output: int
    address: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """How the push of one connection ended. Outcome `incomplete`: some items failed, and are tried again; `held`: it
    waits for somebody to agree; `stopped`: it was asked to stop between two items."""

    connection: str
    run: int = 0
    outcome: Outcome = "done"
    why: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    changes: list[Change] = field(default_factory=list)

    def hold(self, due: int) -> None:
        """Leave the writes until somebody has agreed."""
        self.counts["waiting"] = due
        mend = f"look with `ringmark push {self.connection} --dry-run`, then `ringmark accept {self.run}`"
        self.outcome, self.why = "held", f"{due} writes wait: {mend}"


class Alone(Protocol):
    """One push, whichever way."""

    house: Store
    target: Target
    report: Report


SomePush = TypeVar("SomePush", bound=Alone)


def push_one(
    house: Store,
    target: Target,
    connector: Pushes | Tells,
    *,
    attended: bool,
    limited: bool,
    clock: Clock,
    told: Told,
    stop: Stop = lambda: False,
) -> Report:
    """Bring one target up to date; one push of it at a time.

    More writes than the target's limit, beside those that somebody agreed to, wait for `accept`, and so does a first
    push that is not `attended`, unless `limited` is False. Withdrawals never wait."""

    def act(push: _Push) -> None:
        begun = store.begin_push(house, target, now=clock())
        push.report.run = begun.run
        waits = begun.first and not attended and not begun.agreed  # a few more since then are no other first push
        most = 0 if waits else target.limit + begun.agreed
        push.through(lambda: push.everything(most if limited else None))
        report = push.report
        store.end_push(house, target, begun.run, report.outcome, report.why, report.counts, now=clock())

    return alone(_Push(house, target, connector, clock, told, stop), act)


def withdraw_all(
    house: Store, target: Target, connector: Pushes | Tells, *, clock: Clock, told: Told, stop: Stop = lambda: False
) -> Report:
    """Take back everything that a connection's system holds of ours, whatever may show."""

    def act(push: _Push) -> None:
        with house.read() as db:
            held = [entry for entry in store.pushed_by(db, target.connection) if entry.target == target.url]
        push.through(lambda: push.withdraw(held, still=lambda _: True))

    return alone(_Push(house, target, connector, clock, told, stop), act)


class _Push:
    """One push of one target."""

    def __init__(
        self, house: Store, target: Target, connector: Pushes | Tells, clock: Clock, told: Told, stop: Stop
    ) -> None:
        self.house, self.target, self.clock, self.told, self.stop = house, target, clock, told, stop
        self.work: Work | Telling = (
            Telling(house=house, target=target, connector=connector, clock=clock)
            if isinstance(connector, Tells)
            else Work(house=house, target=target, connector=connector, clock=clock)
        )
        self.report = Report(target.connection)
        self.failures = 0
        self.placed: set[int] = set()
        self.looked: tuple[int, int] | None = None

    def through(self, act: Callable[[], None]) -> None:
        """Do it to its end, and say how that was."""
        try:
            act()
        except _StoppedError:
            self.report.outcome, self.report.why = "stopped", STOPPED
        except ConnectorError as error:
            self.report.outcome, self.report.why = "failed", str(error)
        if self.report.outcome == "done" and self.report.counts["failed"]:
            self.report.outcome = "incomplete"
        log.info("pushed", extra={"source": self.target.connection, "outcome": self.report.outcome})

    def everything(self, most: int | None) -> None:
        """Withdrawals, then looking for items, some of them anew, then at most so many writes; and between them what
        has to be withdrawn by then. One thing that gets no answer ends its part, not the others, which may be about
        other things; a system that asks for patience gets it."""
        trouble: ConnectorError | None = None
        for part in (self.withdraw_due, self.look_again, self.look, partial(self.write_due, most)):
            try:
                part()
            except (TryLater, NotUnderstood) as error:
                if isinstance(error, TryLater) and error.after is not None:
                    raise
                trouble = trouble or error
        if trouble:
            raise trouble

    def look_again(self) -> None:
        """See whether the items that were not looked for for longest are still those of their outputs."""
        work = self.work
        if isinstance(work, Telling):
            return
        old = store.to_verify(self.house, self.target, now=self.clock())
        for number, entry in enumerate(self.each(old), 1):
            with self.apart(partial(_doubt, work, entry), ends=True):
                self.count(entry, work.verify(entry))
            self.withdraw_due()
            self.told(self.target.connection, "look again", number, len(old))

    def look(self) -> None:
        """Look for the items that are not known yet; several in a row that cannot be looked for are enough."""
        wanted = store.unplaced(self.house, self.target, now=self.clock())
        for number, (output, identifiers) in enumerate(self.each(wanted), 1):
            with self.apart(partial(self.unseen, output), ends=True):
                self.place(output, identifiers)
            self.withdraw_due()
            self.told(self.target.connection, "look for items", number, len(wanted))

    def write_due(self, most: int | None) -> None:
        """Write what is due, unless it is more than somebody has agreed to."""
        due = store.pushes_due(self.house, self.target, now=self.clock())
        count = sum(wanted.entry.why != EDITED for wanted in due)  # the others are only looked at again
        if most is not None and count > most:
            self.report.hold(count)
            return
        for number, wanted in enumerate(self.each(due), 1):
            with self.apart(partial(self.later, wanted.entry), ends=True):
                self.count(wanted.entry, self.work.write(wanted, found_now=wanted.entry.output in self.placed))
            self.withdraw_due()
            self.told(self.target.connection, "write", number, len(due))

    def withdraw_due(self) -> None:
        """Everything that must be taken back by now. Only a new generation of badges, or a closing, can make any."""
        now = self.clock()
        generation, closing = store.horizon(self.house, now=now)
        if self.looked is not None and self.looked[0] == generation and now < self.looked[1]:
            return
        self.looked = generation, closing

        def still(entry: Entry) -> bool:
            return store.to_withdraw(self.house, self.target, entry, now=self.clock())

        due = store.withdrawals(self.house, self.target, now=now)
        self.withdraw((entry for entry in due if not self.stays(entry)), still=still)

    def stays(self, entry: Entry) -> bool:
        """Whether a badge that was put where an identifier led that the output no longer has is in the right place all
        the same: another of its identifiers leads there. Where that cannot be told it does not stay."""
        for identifier in store.found_by(self.house, self.target, entry, now=self.clock()):
            try:
                found = self.work.find(entry.output, identifier)
            except (Recalled, TryLater, NotUnderstood):
                return False
            if found == (entry.address,):
                store.place(
                    self.house, self.target, entry.output, identifier, entry.address, why=entry.why, now=self.clock()
                )
                return True
        return False

    def withdraw(self, entries: Iterable[Entry], *, still: Callable[[Entry], bool]) -> None:
        """Take some of it back."""
        for entry in self.each(entries):
            with self.apart(partial(self.later, entry), ends=False):  # an item that refuses keeps no other
                self.count(entry, self.work.withdraw(entry, still=still))

    def place(self, output: int, identifiers: Sequence[Identifier]) -> None:
        """Look for the item of an output: by the first of its identifiers that exactly one item carries."""
        why, taken = "no item carries its identifiers", False
        for identifier in identifiers:
            try:
                found = self.work.find(output, identifier)
            except Recalled:
                return
            if len(found) > 1:
                why = f"{len(found)} items carry its {identifier.scheme}"
            elif found and store.taken(self.house, self.target, output, found[0], now=self.clock()):
                why, taken = f"the item that carries its {identifier.scheme} has the badge of another output", True
            elif found:
                store.place(self.house, self.target, output, identifier, found[0], why="", now=self.clock())
                self.placed.add(output)
                return
        self.report.counts["not_found"] += 1
        if taken:  # that may end any day; what is not there seldom comes
            store.unseen(self.house, self.target, output, why, again=self.clock() + self.target.every)
        else:
            store.place(self.house, self.target, output, None, "", why=why, now=self.clock())

    def each(self, things: Iterable[T]) -> Iterator[T]:
        """One after the other, unless somebody asks to stop."""
        for thing in things:
            if self.stop():
                raise _StoppedError
            yield thing

    def unseen(self, output: int, error: ConnectorError) -> None:
        """Keep that an output could not be looked for; the next push does so after all others."""
        store.unseen(self.house, self.target, output, str(error), again=self.clock())

    def later(self, entry: Entry, error: ConnectorError) -> None:
        """Keep that an item is to be tried again, and why."""
        after = error.after if isinstance(error, TryLater) else None
        store.push_failed(self.house, entry, str(error), after=after, now=self.clock())

    @contextmanager
    def apart(self, keep: Callable[[ConnectorError], None], *, ends: bool) -> Iterator[None]:
        """One item. What goes wrong with it is kept in the ledger; with `ends` several in a row are not about the items
        any more. A system that does not even answer a question ends the part of the push that asked it, and one that
        refuses our credentials all of it."""
        try:
            yield
            self.failures = 0
        except (TryLater, NotUnderstood) as error:
            if self.stop():  # that was why
                raise _StoppedError from None
            self.failures += 1
            self.report.counts["failed"] += 1
            self.report.why = str(error)
            keep(error)
            if isinstance(error, TryLater) or (ends and self.failures >= IN_A_ROW):
                raise

    def count(self, entry: Entry, done: Done) -> None:
        """Keep what became of an item."""
        if done.became in self.report.counts:
            self.report.counts[done.became] += 1
        if done.before != done.after:
            self.report.changes.append(
                Change(output=entry.output, address=entry.address, before=done.before, after=done.after)
            )


class _StoppedError(Exception):
    """Somebody asked to stop."""


def alone(push: SomePush, act: Callable[[SomePush], None]) -> Report:
    """Do it, unless another push of the connection is running."""
    with store.turn(push.house, f"{push.target.connection}-push") as ours:
        if ours:
            act(push)
        else:
            push.report.outcome, push.report.why = "failed", ALONE
    return push.report


def _doubt(work: Work, entry: Entry, _: ConnectorError) -> None:
    """Keep that an item could not be looked for anew; its badge is not touched."""
    work.doubt(entry, why=entry.why)
