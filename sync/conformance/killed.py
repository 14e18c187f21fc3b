"""A step that is killed in the middle: `python -m sync.conformance.killed SETTINGS pull|ask|listen|push NOW`.

A pull dies when its first page with outputs is stored and the next is not, a run of questions when its first answer is
stored, one of listening when its first page with a mention is, a push between a write or a notice that has arrived, or
a file that lies there, and the ledger that should hear of it.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from config.load import load
from connectors.abroad import abroad
from connectors.base import Asks, Drops, Held, Listens, Notice, Pulls, Pushes, Tells
from sync import push, steps, store
from sync.conformance.configured import TESTED
from sync.push.rehearsal import Desk, Rehearsal, Silence
from sync.store import Store


def main(file: str, step: str, now: str) -> None:
    """Ends only where it was not killed."""
    settings = load(Path(file), {})

    def clock() -> int:
        return int(now)

    house = steps.open_house(settings)
    with steps.connect(settings, settings.connections[TESTED]) as connector:
        if step == "pull" and isinstance(connector, Pulls):
            steps.pull_one(
                house, connector, full=False, clock=clock, progress=lambda *_: _die_after_items(house, clock())
            )
        elif step == "ask" and isinstance(connector, Asks):
            steps.pull_one(house, connector, full=False, clock=clock, progress=lambda *_: _die())
        elif step == "listen" and isinstance(connector, Listens):
            steps.pull_one(
                house,
                connector,
                full=False,
                clock=clock,
                progress=lambda _, counted, __: _die() if counted.changed else None,
                way=lambda: abroad(settings),
            )
        elif isinstance(connector, Pushes | Tells | Drops):
            target = push.target(house, settings, TESTED)
            push.bring(
                house, target, _mortal(connector), attended=True, limited=True, clock=clock, told=lambda *_: None
            )


def _die_after_items(house: Store, now: int) -> None:
    with house.read() as db:
        if any(each["items"] for each in store.sources(db, now=now) if each["name"] == TESTED):
            _die()


class _Mortal(Rehearsal):
    """Reads for real, and writes for real once."""

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        self.real.write(address, field, before, values, permit=permit)
        _die()


class _MortalTeller(Silence):
    """Tells for real once."""

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        self.real.tell(notice, permit=permit)
        _die()


class _MortalDropper(Desk):
    """Drops for real once."""

    def drop(self, name: str, file: Path | None, *, permit: Callable[[], bool]) -> None:
        self.real.drop(name, file, permit=permit)
        _die()


def _mortal(connector: push.Way) -> push.Way:
    if isinstance(connector, Tells):
        return _MortalTeller(connector)
    return _MortalDropper(connector) if isinstance(connector, Drops) else _Mortal(connector)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
