"""A pull of a folder with 1,000,000 outputs: whether memory is flat in the number of records. It takes a quarter of an
hour, so it is measured only where it is asked for by name.

What is stored and how is the same for every source; the folder needs no second process. A source that comes in pages
is told of in bench/parse.py (flat in the size and number of pages) and bench/first.py.
"""

import csv
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import world
from bench.first import resident
from bench.results import Result, check, told
from sync import steps, store
from sync.store import Applied

FLAT = 60  # megabytes over the second half, in which two million records come and SQLite's own cache is full
LEVELS = ("public",) * 8 + ("internal", "private")


def measure(*, small: bool) -> list[Result]:
    """How fast, and the state of memory."""
    outputs, people = (5_000, 100) if small else (1_000_000, 50_000)
    memory: list[tuple[int, float]] = []
    world.DATA.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=world.DATA) as place:
        folder = Path(place) / "house"
        world.empty(folder)
        write(folder / "import", outputs, people)

        def progress(_name: str, counted: Applied, _total: int | None) -> None:
            memory.append((counted.seen, resident()))

        with world.opened(folder) as house:
            connection = world.settings(folder).connections["local"]
            began = time.perf_counter()
            with steps.connect(world.settings(folder), connection) as connector:
                done = steps.pull_one(house, connector, full=True, clock=store.now, progress=progress)  # type: ignore[arg-type]
            took = time.perf_counter() - began
        assert done.outcome == "done", done
    half = next(size for seen, size in memory if seen >= memory[-1][0] / 2)
    grown = memory[-1][1] - half
    beside = f"{memory[-1][0]:,} records in {took:.0f} s; {half:.0f} MB half way, {memory[-1][1]:.0f} at the end"
    return [
        told(f"pull a folder with {outputs:,} outputs", f"{outputs / took:.0f} outputs/s; {beside}"),
        check(f"the same, its memory over the second half ({grown:+.0f} MB)", "flat", grown < FLAT),
    ]


def write(folder: Path, outputs: int, people: int) -> None:
    """People, outputs, and three authorships of each."""
    folder.mkdir()
    put(folder / "people.csv", "person,name,visibility,current,academic",
        ((f"p{n}", f"Person {n}", LEVELS[n % 10], "true", "true") for n in range(people)))  # fmt: skip
    put(folder / "outputs.csv", "output,title,type,journal,published,visibility,doi",
        ((f"i{n}", f"On the tides of basin {n}", "journal-article", f"Annals of Tides {n % 500}", f"{2000 + n % 26}-03",
          LEVELS[n * 7 % 10], f"10.5555/bench.{n}") for n in range(outputs)))  # fmt: skip
    put(folder / "authorships.csv", "output,person,visibility,position", links(outputs, people))


def links(outputs: int, people: int) -> Iterator[tuple[str, str, str, int]]:
    for number in range(outputs):
        for place in range(3):
            yield f"i{number}", f"p{(number * 7 + place * 13) % people}", LEVELS[(number + place) % 10], place


def put(file: Path, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        sheet = csv.writer(text)
        sheet.writerow(header.split(","))
        sheet.writerows(rows)
