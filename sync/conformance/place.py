"""A connector, its practice system and a house of its own in a temporary folder, with a clock that stands still."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from config.settings import Settings
from connectors.base import Asks, Connector, Drops, Finding, Listens, Pulls, Pushes, Tells
from sync import registry, steps, store
from sync.conformance.check import DoesNotApply
from sync.conformance.configured import TESTED, configured, untold
from sync.conformance.practice import FAULTS, NEEDS, Practice
from sync.conformance.world import LEVELS, SMALL, Person, Work, World
from sync.store import Store

START = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
SECOND = 1_000_000
HOUR, DAY = 3600, 86_400
STORE = "ringmark.db"

Stored = Callable[[Path], str]
"""Makes an empty store for the house in a folder, and gives its address."""


class Place:
    """The steps are the real ones, on a real store, over real HTTP. Only time is the suite's own: it passes by `wait`
    alone, here and at the system, and the pauses of the client are written down in `slept` (seconds) and not made;
    what happens in one of them is `while_waiting`.

    `world` is what the system was told to hold, `logged` everything that was logged, at any level, with its extras."""

    def __init__(self, kind: str, practice: Practice, folder: Path, stored: Stored, world: World | None = None) -> None:
        self.kind, self.practice, self.folder, self.stored = kind, practice, folder, stored
        self.connector_class: type[Connector] = registry.kinds()[kind]
        self.manifest = self.connector_class.manifest
        people, status = self.manifest.people, self.manifest.person_status
        levels = getattr(practice, "levels", LEVELS)
        self.world = world or World(people=people, status=status, assumed=untold(self.manifest), levels=levels)
        self.now = store.micros(START)
        self.slept: list[float] = []
        self.while_waiting: Callable[[], None] = lambda: None
        self.logged: list[str] = []
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        self.stack.enter_context(_logging_to(self.logged))
        self.practice.at(store.moment(self.now))
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    @cached_property
    def settings(self) -> Settings:
        """As they should be."""
        return self._configured({})

    @cached_property
    def house(self) -> Store:
        """The store, as every command opens it."""
        house = steps.open_house(self.settings)
        self.stack.callback(house.engine.dispose)
        return house

    def connector(self, name: str = TESTED, settings: Settings | None = None) -> Connector:
        """The connector of a connection, with a client that does not sleep."""
        settings = settings or self.settings
        return steps.connect(settings, settings.connections[name], sleep=self._sleep)

    def findings(self, **wrong: str) -> list[Finding]:
        """What `check --connect` says, with some settings other than they should be."""
        with self.connector(settings=self._configured(wrong)) as connector:
            found = list(connector.check())
        self._configured({})
        return found

    def has(self, need: str) -> bool:
        """Whether the connector and its system have what a check needs. Raises `KeyError` for what none can need."""
        told = {
            "reads": issubclass(self.connector_class, Pulls),
            "writes": issubclass(self.connector_class, Pushes),
            "tells": issubclass(self.connector_class, Tells | Drops),
            "notices": issubclass(self.connector_class, Tells),
            "asks": issubclass(self.connector_class, Asks),
            "learns": issubclass(self.connector_class, Asks) and not self.manifest.hears,
            "hears": issubclass(self.connector_class, Listens) or self.manifest.hears,
            "listens": issubclass(self.connector_class, Listens),
            "dates": self.manifest.incremental,
            "login": bool(self.practice.secrets),
        }
        return bool({**NEEDS, **FAULTS}[need]) and need not in self.practice.lacks and told.get(need, True)

    def require(self, *needs: str) -> None:
        """Raises `DoesNotApply` where something is lacking."""
        for need in needs:
            if not self.has(need):
                raise DoesNotApply(self.practice.lacks.get(need) or NEEDS[need])

    def tell(self, *things: Person | Work, dated: bool = True) -> None:
        """The system holds something, new or as it is now."""
        for told in things:
            known = not issubclass(self.connector_class, Listens)  # which knows nothing of people and outputs
            if isinstance(told, Person):
                self.world.people[told.number] = told
                if known:
                    self.practice.person(told.number, name=told.name, level=told.level, current=told.current)
                continue
            self.world.works[told.number] = told
            if known:
                self.practice.output(
                    told.number,
                    title=told.title,
                    doi=told.doi,
                    level=told.level,
                    authors=told.authors,
                    dated=dated,
                )

    def small(self) -> None:
        """The system holds the small world, and some time passes."""
        self.tell(*SMALL)
        self.wait(HOUR)

    def change(self, number: int, *, dated: bool = True, **changes: Any) -> None:
        """An output is told anew, with other fields."""
        self.tell(replace(self.world.works[number], **changes), dated=dated)

    def retitle(self, word: str) -> None:
        """Every output gets another title, so that what changed has as many pages as everything."""
        for number, work in sorted(self.world.works.items()):
            self.change(number, title=f"{work.title}, {word}")

    def remove(self, number: int) -> None:
        """An output is deleted."""
        del self.world.works[number]
        self.practice.remove(number)

    def fault(self, name: str) -> None:
        """Something goes wrong from now on."""
        self.require(name)
        self.practice.fault(name)

    def wait(self, seconds: int) -> None:
        """Time passes, here and there."""
        self.now += seconds * SECOND
        self.practice.at(store.moment(self.now))

    @contextmanager
    def behind(self, seconds: int) -> Iterator[None]:
        """What is told meanwhile is stamped earlier by so much."""
        self.practice.at(store.moment(self.now - seconds * SECOND))
        yield
        self.practice.at(store.moment(self.now))

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.while_waiting()

    @cached_property
    def _store(self) -> str:
        return self.stored(self.folder)

    def _configured(self, wrong: Mapping[str, str]) -> Settings:
        return configured(self.folder, self._store, self.kind, self.connector_class, self.practice, wrong)


def in_a_file(folder: Path) -> str:
    """The address of a store in a folder, made there."""
    (folder / STORE).write_bytes(_empty())
    return f"sqlite:///{folder / STORE}"


@cache
def _empty() -> bytes:
    """A store with nothing in it: made once, since a copy is quicker than all the migrations."""
    with TemporaryDirectory() as name:
        store.open_store(f"sqlite:///{name}/{STORE}", key_file=Path(name) / "key").engine.dispose()
        return (Path(name) / STORE).read_bytes()


@contextmanager
def _logging_to(lines: list[str]) -> Iterator[None]:
    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{self.format(record)} {record.__dict__}")

    root, handler = logging.getLogger(), Keep()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
