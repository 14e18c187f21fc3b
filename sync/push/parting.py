"""Taking back all badges of a connection that is to be forgotten: it is paused first, or the next push would write
everything again, and nobody forgets where a badge stands that may have to be taken back."""

from dataclasses import dataclass

from config.settings import Settings
from sync import store
from sync.push import withdraw
from sync.push.item import Clock
from sync.push.run import Stop
from sync.store import Outcome, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """How many badges were withdrawn, and how many may still stand there, with the reason where there are any."""

    withdrawn: int
    rest: int = 0
    outcome: Outcome = "done"
    why: str = ""


def held(house: Store, name: str) -> int:
    """How many badges a connection's systems may hold of ours."""
    with house.read() as db:
        return store.pushed_count(db, name)


def announce(house: Store, name: str, *, by: str, why: str, badges: int, now: int) -> None:
    """Pause it, and note what is about to happen before the first badge goes, so that it is known whatever comes."""
    with house.write() as db:
        store.pause(house, name, paused=True)
        store.note(db, "badges being withdrawn", name, by=by, now=now, badges=badges, why=why)


def take_back(
    house: Store, settings: Settings, name: str, *, by: str, why: str, clock: Clock, stop: Stop = lambda: False
) -> Parted:
    """Take back everything of a connection that was announced, then forget the places where it stood."""
    badges = held(house, name)
    if badges:
        report = withdraw(house, settings, name, clock=clock, told=lambda *_: None, stop=stop)
        if rest := held(house, name):
            reason = report.why or "they stand at another address, or a slow server may still write one within a day"
            outcome: Outcome = "stopped" if report.outcome == "stopped" else "failed"
            return Parted(withdrawn=report.counts["withdrawn"], rest=rest, outcome=outcome, why=reason)
    with house.write() as db:
        store.note(db, "badges withdrawn", name, by=by, now=clock(), badges=badges, why=why)
        store.leave(db, name)
    return Parted(withdrawn=badges)
