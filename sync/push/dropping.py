"""A push to a place where one file holds all badges: what must go from it goes at once, the rest comes in its time."""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connectors.base import Drops
from connectors.errors import ConnectorError, NotUnderstood, Recalled, TryLater
from scoring.rules import SOURCES
from sync import export, store
from sync.push.item import Clock
from sync.push.run import STOPPED, Change, Report, Stop, Told, alone
from sync.store import Audience, Store, Target, dropped
from sync.store.dropped import Line, Stands

log = logging.getLogger(__name__)

AGAIN = 5  # times that a file is made anew because badges have changed meanwhile
OTHERS = "a file of that name is there that Ringmark did not write; take it away, or name another as field"
OTHER = "what is there now is not what was put there; does something else write this file, or hold back ours?"
BUSY = "badges changed each time while the file was made; the next push goes on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a file differs from what may stand in it. `must`: something has to go, something that had to go may stand
    again, or nobody knows what is there; `may`: something new could come, and its time has come; `fresh` is how many
    lines that are. `gone` are those that have no score to wait for."""

    before: dict[int, Stands]
    gone: frozenset[int]
    must: bool
    may: bool
    fresh: int


def difference(house: Store, target: Target, *, now: int) -> Difference:
    """What is to be done, as the ledger and the badges have it.

    A line that only waits for its score goes as well, since it holds names and a title, and nobody knows whether they
    may still show; it comes back with the score, whatever else waits. So after a restore there is no file until every
    source was read again."""
    before = dropped.standing(house, target, target.field)
    lines: dict[int, Line] = {}
    for _ in _records(house, target, None, lines, now=now):
        pass
    missing = before.keys() - lines.keys()
    out = {entry.output for entry in store.withdrawals(house, target, now=now)} if missing else set()
    fresh = sum(key not in before or not _same(before[key].value, each.value) for key, each in lines.items())
    last = max((each.written_at for each in before.values()), default=0)
    waits = last <= now < last + target.every and last > 0
    return Difference(
        before=before,
        gone=frozenset(missing & out),
        must=any(_wrong(each, lines.get(key), gone=key in out) for key, each in before.items()),
        may=bool(fresh) and target.writes and not waits and missing <= out,  # the others only wait for a score
        fresh=fresh,
    )


def due(house: Store, target: Target, *, held: bool, now: int) -> bool:
    """Whether a push has anything to do; where it is `held` back, only what must go is."""
    if stale(house, target):
        return True
    found = difference(house, _own(house, target), now=now)
    return found.must or (found.may and not held)


def stale(house: Store, target: Target) -> list[str]:
    """The files of names that are no longer that of the settings."""
    return [name for name in dropped.names(house, target) if name != target.field]


def drop_one(
    house: Store,
    target: Target,
    connector: Drops,
    *,
    attended: bool,
    limited: bool,
    clock: Clock,
    told: Told,
    stop: Stop = lambda: False,
) -> Report:
    """Bring one file up to date, as `push_one` does an item's field: a first file that is not `attended`, and one with
    more new lines than the limit, waits for `accept`; what must go never waits."""

    def act(drop: _Drop) -> None:
        begun = store.begin_push(house, target, now=clock())
        drop.report.run = begun.run
        waits = begun.first and not attended and not begun.agreed
        most = 0 if waits else target.limit + begun.agreed
        drop.through(lambda: drop.everything(most if limited else None))
        report = drop.report
        store.end_push(house, target, begun.run, report.outcome, report.why, report.counts, now=clock())

    return alone(_Drop(house, target, connector, clock, told, stop), act)


def take_away(
    house: Store, target: Target, connector: Drops, *, clock: Clock, told: Told, stop: Stop = lambda: False
) -> Report:
    """Leave no file of ours there."""

    def act(drop: _Drop) -> None:
        drop.through(lambda: drop.remove(dropped.names(house, target)))

    return alone(_Drop(house, target, connector, clock, told, stop), act)


class _Drop:
    """One push of one file."""

    def __init__(self, house: Store, target: Target, connector: Drops, clock: Clock, told: Told, stop: Stop) -> None:
        self.house, self.connector, self.clock, self.told, self.stop = house, connector, clock, told, stop
        self.target = _own(house, target)
        self.report = Report(target.connection)

    def through(self, act: Callable[[], None]) -> None:
        """Do it to its end, and say how that was."""
        try:
            act()
        except ConnectorError as error:
            self.report.outcome, self.report.why = "failed", str(error)
            self.report.counts["failed"] += 1
            dropped.failed(self.house, self.target, str(error))
        log.info("pushed", extra={"source": self.target.connection, "outcome": self.report.outcome})

    def everything(self, most: int | None) -> None:
        """Take away what has another name now, then make the file anew until it holds what may show."""
        self.remove(stale(self.house, self.target))
        for _ in range(AGAIN):
            if self.stop():
                self.report.outcome, self.report.why = "stopped", STOPPED
                return
            if self.settled(most):
                return
        raise TryLater(BUSY)

    def settled(self, most: int | None) -> bool:
        """Put one file there where one is needed; whether that was right to the end."""
        stood = self.horizon()
        found = difference(self.house, self.target, now=self.clock())
        there = self.connector.held(self.target.field)
        ours = any(not each.away for each in found.before.values())
        if there is not None and not ours:
            if not (found.must or found.may):
                return True
            raise NotUnderstood(f"{self.target.field}: {OTHERS}")
        may = found.may
        if may and most is not None and found.fresh > most:
            self.report.hold(found.fresh)
            may = False
        lost = there is None and ours
        if lost and not self.target.writes:
            dropped.nowhere(self.house, self.target, self.target.field)
            return True
        return self.put(found, None if may else found.before.keys(), stood) if found.must or may or lost else True

    def put(self, found: Difference, only: Collection[int] | None, stood: tuple[int, int]) -> bool:
        """Make the file, write down what it will hold, and let it take its place while that may be so. Where it would
        hold nothing there is none, so that a file that is there is never ours by chance."""
        lines: dict[int, Line] = {}
        name = self.target.field
        with TemporaryDirectory(prefix="ringmark-") as folder:
            file = Path(folder) / "file"
            rows = _records(self.house, self.target, only, lines, now=self.clock())
            export.put(rows, name.rpartition(".")[2], str(file))
            with file.open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
            changed = [each for key, each in lines.items() if not _stands(found.before.get(key), each)]
            dropped.intend(self.house, self.target, changed, now=self.clock())
            self.told(self.target.connection, "write", 0, 1)
            try:
                self.connector.drop(name, file if lines else None, permit=lambda: self.horizon() == stood)
            except Recalled:
                return False
        if self.connector.held(name) != (digest if lines else None):
            raise NotUnderstood(f"{name}: {OTHER}")
        missing = [(key, each) for key, each in found.before.items() if key not in lines]
        gone = [each.id for key, each in missing if key in found.gone]
        away = [each.id for key, each in missing if key not in found.gone]
        dropped.stands(self.house, self.target, gone=gone, away=away, regular=only is None, now=self.clock())
        self.count(found, changed, [key for key, each in missing if not each.away])
        return self.horizon() == stood

    def remove(self, names: Collection[str]) -> None:
        """Take files away, and what the ledger knows of them."""
        for name in names:
            count = len(dropped.standing(self.house, self.target, name))
            self.connector.drop(name, None, permit=lambda: True)
            if self.connector.held(name) is not None:
                raise NotUnderstood(f"{name}: it was taken away, and is there all the same")
            dropped.nowhere(self.house, self.target, name)
            self.report.counts["withdrawn"] += count

    def horizon(self) -> tuple[int, int]:
        """Until one of the two is another, what may show is the same."""
        return store.horizon(self.house, now=self.clock())

    def count(self, found: Difference, changed: list[Line], gone: Collection[int]) -> None:
        """Say what became of the lines."""
        self.report.counts["written"] += len(changed)
        self.report.counts["withdrawn"] += len(gone)
        for each in changed:
            old = found.before.get(each.output)
            self.report.changes.append(_change(each.output, self.target.field, old, (each.value,)))
        for key in sorted(gone):
            self.report.changes.append(_change(key, self.target.field, found.before[key], ()))


def _own(house: Store, target: Target) -> Target:
    """The target; where nothing more is to be written, the audience is that of what stands there."""
    if target.audience is not None:
        return target
    audience: Audience = next(
        (each.audience for each in dropped.standing(house, target, target.field).values()), "public"
    )
    return replace(target, audience=audience, writes=False)


def _records(
    house: Store, target: Target, only: Collection[int] | None, lines: dict[int, Line], *, now: int
) -> Iterator[dict[str, Any]]:
    """The records of all badges that something can be found by, or of some of them; `lines` has them afterwards."""
    if target.audience is None:
        return
    with house.read() as db:
        for shown in store.walk(db, target.audience, now=now):
            if shown.identifiers and shown.visibility >= target.ask_about and (only is None or shown.output in only):
                told = export.record(shown)
                day = store.moment(shown.scored_at).date().isoformat()
                lines[shown.output] = dropped.line(target, shown, day, told, SOURCES)
                yield told


def _same(value: str, other: str) -> bool:
    """Whether two values show the same badge and score."""
    return value.split(" ")[:2] == other.split(" ")[:2]


def _wrong(before: Stands, line: Line | None, *, gone: bool) -> bool:
    """Whether the file must not stay as it is because of one row of the ledger; `line` is what may stand of it now, and
    `gone` that it does not come back."""
    if line is None:
        return gone or not before.away
    return before.away or before.doubt or before.mark != line.mark


def _stands(before: Stands | None, line: Line) -> bool:
    return before is not None and not _wrong(before, line, gone=False) and _same(before.value, line.value)


def _change(output: int, name: str, old: Stands | None, after: tuple[str, ...]) -> Change:
    return Change(output=output, address=name, before=(old.value,) if old and not old.away else (), after=after)
