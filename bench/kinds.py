"""Every kind of connector at its practice system: records a second, beside merely reading the bytes that it asked for.

The practice system runs in a process of its own. Ours is the connector alone, without a store: requests, parsing, and
records. The limit is the same requests again with nothing but their bodies read, so that what the practice system
itself takes is in both. Memory is the most that the connector holds of twice as many records, beside these: more than
one page in both.
"""

import multiprocessing
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from bench.results import Result, check, median, seconds, told
from connectors.base import Pulls, Since
from sync import conformance, registry, steps
from sync.conformance.configured import TESTED, configured

COUNT, ROUNDS = 2000, 3
FLAT = 1.3  # times the memory, of twice the records
AUTHORS = {1: "public", 2: "public"}


def measure(*, small: bool) -> list[Result]:
    """Two lines for each kind that is read."""
    count = 40 if small else COUNT
    results = []
    for kind, connector in sorted(registry.kinds().items()):
        if issubclass(connector, Pulls) and kind in conformance.practised():
            results += _measured(kind, connector, count)
    return results


def _measured(kind: str, connector: type[Pulls], count: int) -> list[Result]:
    with _held(kind, connector, count) as (pull, asked):
        records = pull()
        again = asked()
        taken = median([seconds(pull) for _ in range(ROUNDS)])
        alone = median([seconds(partial(_read, again)) for _ in range(ROUNDS)])
        held = _most(pull)
    with _held(kind, connector, 2 * count) as (pull, _):
        twice = _most(pull)
    words = (
        f"{records / taken:,.0f} records/s, {alone / taken:.2f} x of merely reading; "
        f"{len(again)} reads, {records} records in {taken:.1f} s"
    )
    memory = f"peak {held / 1e6:.1f} MB, of twice as many {twice / 1e6:.1f} MB"
    return [
        told(f"{kind}: a full pull, without a store", words),
        check(f"{kind}: memory flat in the number of records; {memory}", f"<= {FLAT} x", twice <= FLAT * held),
    ]


def _read(asked: list[tuple[str, dict[str, str]]]) -> None:
    with requests.Session() as session:
        session.trust_env = False
        for url, headers in asked:
            if url.startswith("/"):  # a file of a folder
                Path(url).read_bytes()
            else:
                session.get(url, headers=headers, timeout=60, allow_redirects=False).close()


def _most(pull: Any) -> int:
    """The most bytes that Python held during a pull."""
    tracemalloc.start()
    try:
        pull()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@contextmanager
def _held(kind: str, connector: type[Pulls], count: int) -> Iterator[tuple[Any, Any]]:
    """A practice system with so many outputs; what pulls it whole and counts the records, and what says which GETs
    that took."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with TemporaryDirectory() as place:
        holder = context.Process(target=_hold, args=(kind, count, place, theirs))
        holder.start()
        try:
            practice = _Known(*ours.recv())
            house = Path(place) / "house"
            house.mkdir()
            settings = configured(house, f"sqlite:///{house}/ringmark.db", kind, connector, practice, {})  # type: ignore[arg-type]

            def pull() -> int:
                with steps.connect(settings, settings.connections[TESTED]) as source:
                    assert isinstance(source, Pulls)
                    pages = source.pull(Since(now=datetime.now(UTC)))
                    return sum(len(page.people) + len(page.items) + len(page.authorships) for page in pages)

            def asked() -> list[tuple[str, dict[str, str]]]:
                ours.send("asked")
                found: list[tuple[str, dict[str, str]]] = ours.recv()
                return found

            yield pull, asked
        finally:
            ours.send("end")
            holder.join(60)


class _Known:
    """What settings are written from; the practice system itself is in another process."""

    def __init__(self, settings: dict[str, Any], secrets: dict[str, str]) -> None:
        self.settings = {key: value for key, value in settings.items() if key != "per_page"}
        self.secrets = secrets


def _hold(kind: str, count: int, place: str, pipe: Pipe) -> None:
    folder = Path(place) / "practice"
    folder.mkdir()
    with conformance.practised()[kind](folder) as practice:
        practice.at(datetime.now(UTC))
        for number in AUTHORS:
            practice.person(number, name=f"Ann Harbour-{number}", level="public", current=True)
        for number in range(1, count + 1):
            doi = f"10.5555/bench.{number}"
            practice.output(number, title=f"Tide tables, part {number}", doi=doi, level="public", authors=AUTHORS)
        pipe.send((dict(practice.settings), dict(practice.secrets)))
        while pipe.recv() == "asked":
            pipe.send(_asked(practice))


def _asked(practice: conformance.Practice) -> list[tuple[str, dict[str, str]]]:
    """Every GET with its headers; every file, where the system is a folder."""
    if "path" in practice.settings:
        return [(str(file), {}) for file in sorted(Path(str(practice.settings["path"])).iterdir())]
    origin = "/".join(str(practice.settings["url"]).split("/", 3)[:3])
    gets = (each for each in practice.requests if each.method == "GET")
    return [(f"{origin}{each.path}?{each.query}", dict(each.headers)) for each in gets]  # type: ignore[attr-defined]
