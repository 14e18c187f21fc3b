"""A source of attention that tells what a test gives it, and a house that listens to it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import stores
from abroad_places import Clock
from conftest import House

from config.settings import Connection
from connectors.abroad import Abroad
from connectors.attention import Mention
from connectors.base import Ear, Listens, Manifest, Since
from connectors.records import Page
from sync import steps, store
from sync.steps import Pulled

Run = Callable[[Since, Ear], Iterator[Page]]


@dataclass
class Stream:
    """What is told, and what is told of single mentions that are looked at again: a mention, what is raised, or what
    makes one; `looks` is what was looked at."""

    run: Run
    now: dict[str, Any] = field(default_factory=dict)
    looks: list[str] = field(default_factory=list)


class Listener(Listens):
    """A connector over it."""

    manifest: ClassVar[Manifest] = Manifest(kind="stream", needs_url=False, looks_again=True)

    def __init__(self, name: str, stream: Stream) -> None:
        self.settings, self._stream = Connection(name=name, kind="files", path="told", people=False), stream

    def listen(self, since: Since, ear: Ear) -> Iterator[Page]:
        return self._stream.run(since, ear)

    def again(self, key: str, url: str, ear: Ear) -> Mention | None:
        self._stream.looks.append(key)
        told = self._stream.now.get(key)
        if isinstance(told, Exception):
            raise told
        return told(key, url, ear) if callable(told) else told


def listen(
    house: House, stream: Stream, *, name: str = "told", later: int = 0, stop: Callable[[], bool] = lambda: False
) -> Pulled:
    """One run of it, some microseconds later."""
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    try:
        return steps.pull_one(
            home,
            Listener(name, stream),
            full=False,
            clock=lambda: store.now() + later,
            progress=lambda *_: None,
            stop=stop,
            way=lambda: Abroad("Tests (mailto:tests@example.edu)", clock=Clock()),
        )
    finally:
        home.engine.dispose()


def pages(*told: Page) -> Run:
    """A run that tells these, whatever was before."""

    def run(_: Since, __: Ear) -> Iterable[Page]:
        yield from told

    return run  # type: ignore[return-value]
