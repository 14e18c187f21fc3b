"""Commands as processes of their own that are killed, lose their store, find no room, or have another clock."""

import random
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from conftest import PASSWORD, House
from interleaving_child import Terms
from interleaving_process import Process

from bench.torture_stores import Stores

LIMIT = 60.0  # seconds of silence after which a command hangs
LASTS = 0.6  # seconds within which a command is killed that is killed after a time
STATEMENTS = {"sync": 600, "pull": 500, "score": 150, "push": 150}  # about as many as there are
POINTS = {"sync": 120, "pull": 80, "score": 10, "push": 40}
FEW = 40  # of the other verbs
ENDS = frozenset({0, 1, 3, 4})
JUMPS = tuple(timedelta(hours=hours) for hours in (-48, -1, 1, 25))
WELL, STATEMENT, POINT, TIME, LOST, ROOM, CLOCK = (
    "undisturbed", "killed at a statement", "killed at a point", "killed after a time", "lost its store",
    "no room on the disk", "a clock that is wrong",
)  # fmt: skip
WAYS = (*(WELL,) * 4, STATEMENT, STATEMENT, POINT, POINT, TIME, LOST, ROOM, CLOCK)
KILLS = frozenset({STATEMENT, POINT, TIME})


class Wrong(Exception):  # noqa: N818 - it says what is wrong
    """Something that must not be."""


@dataclass(slots=True)
class Told:
    """What became of a run; `problem` is empty where it ended as it must. Faults are counted by kind, kills by verb."""

    seed: str
    steps: list[str] = field(default_factory=list)
    commands: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"faults": dict(self.faults), "kills": dict(self.kills)}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended; `code` is nothing when it was killed. `broken`: it may have been done, or not."""

    code: int | None
    broken: bool
    said: str


class Commands:
    """The commands of one house."""

    def __init__(self, house: House, stores: Stores, dice: random.Random, told: Told, *, kill: bool) -> None:
        self.house, self.stores, self.dice, self.told = house, stores, dice, told
        self.ways = WAYS if kill else tuple(way for way in WAYS if way not in KILLS)

    def run(self, words: list[str], *, disturbed: bool) -> Ended:
        """One command, with whatever befalls it."""
        way = self.dice.choice(self.ways) if disturbed else WELL
        if way == ROOM and not self.stores.own_disk:
            way = WELL
        verb = words[0]
        number = self.dice.randint(1, (POINTS if way in (POINT, LOST) else STATEMENTS).get(verb, FEW))
        seconds = self.dice.uniform(0, LASTS)
        stops = (number,) if way in (POINT, LOST) else ()
        with Process(self.house.file, words, stops, terms=self._terms(way, number)) as process:
            here = process.on() if stops else ""
            if way == POINT and here:
                process.close()
                code = None
            elif way == TIME:
                code = process.last(seconds)
            else:
                if way == LOST and not (here and self.stores.lose(self.house.folder)):
                    way = WELL
                code = process.wait(LIMIT)
        code = None if code is not None and code < 0 else code
        if code is None:
            self.told.kills[verb] += 1
            self.stores.let_go(self.house.folder)
        elif way not in (WELL, *KILLS):
            self.told.faults[way] += 1
        if way != WELL:
            self.told.steps.append(f"{' '.join(words)}: {way} ({number} {here}), ended with {code}")
        return self.ended(words, process, code, broken=code is None or (code == 1 and way in (LOST, ROOM)))

    def two(self, first: list[str], second: list[str]) -> tuple[Ended, Ended]:
        """Two at once."""
        with (
            Process(self.house.file, first, terms=self._terms()) as one,
            Process(self.house.file, second, terms=self._terms()) as other,
        ):
            codes = one.wait(LIMIT), other.wait(LIMIT)
        return self.ended(first, one, codes[0]), self.ended(second, other, codes[1])

    def ended(self, words: list[str], process: Process, code: int | None, *, broken: bool = False) -> Ended:
        """How it ended; whatever befell it, it says so in words."""
        self.told.commands += 1
        said = process.said["out"] + process.said["err"]
        if code is not None and (code not in ENDS or "Traceback" in said or "connector broke" in said):
            raise Wrong(f"{words} ended with {code}: {said}")
        if PASSWORD in said:
            raise Wrong(f"{words} told a password")
        return Ended(code, broken, said)

    def _terms(self, way: str = WELL, number: int = 0) -> Terms:
        later = self.house.later
        if way == CLOCK:
            later += self.dice.choice(JUMPS) // timedelta(microseconds=1)
        terms = Terms(later=later, dies=number if way == STATEMENT else 0)
        return self.stores.no_room(terms, self.dice) if way == ROOM else terms
