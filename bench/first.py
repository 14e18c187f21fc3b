"""A first full pull of 100,000 outputs from a practice Elements with no latency: outputs a second, who was busy, and
how memory grows.

The practice system is a process of its own on the same two cores; what it uses is told beside what ours used. Memory
is that of the whole process; of it 200 MB are SQLite's own cache, which fills as the store grows and then stays.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.results import Result, told
from config.load import load
from config.settings import Settings
from sync import steps, store
from sync.store import Applied, Store

SAID = re.compile(r"(\S+)  user (\S+)  password (\S+)  ")
SETTINGS = """
[store]
url = "sqlite:///ringmark.db"
[connections.elements]
kind = "elements"
url = "{}"
username = "{}"
password_file = "password"
pace = 0
"""


def measure(*, small: bool) -> list[Result]:
    """Outputs a second, the processor's time on both sides, and memory half way and at the end."""
    outputs, people = (1000, 50) if small else (100_000, 5_000)
    with TemporaryDirectory() as place, served(outputs, people) as (server, said), house_of(Path(place), said) as house:
        memory: list[tuple[int, float]] = []

        def progress(_name: str, counted: Applied, _total: int | None) -> None:
            memory.append((counted.seen, resident()))

        began, used = time.perf_counter(), time.process_time()
        with steps.connect(house[1], house[1].connections["elements"]) as connector:
            done = steps.pull_one(house[0], connector, full=True, clock=store.now, progress=progress)  # type: ignore[arg-type]
        assert done.outcome == "done", done
        took, ours, theirs = time.perf_counter() - began, time.process_time() - used, processor(server)
        with house[0].read() as db:
            stored = int(db.exec_driver_sql("SELECT count(*) FROM item").scalar_one())
    half = next(size for seen, size in memory if seen >= memory[-1][0] / 2)
    busy = (
        f"processor: ours {ours:.0f} s, theirs {theirs:.0f} s; {half:.0f} MB half way, {memory[-1][1]:.0f} at the end"
    )
    beside = f"{stored:,} outputs, {done.counted.seen:,} records in {took:.0f} s; {busy}"
    what = "first full pull from a practice Elements without latency"
    return [told(what, f"{stored / took:.0f} outputs/s; {beside}")]


def resident() -> float:
    """Megabytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor(pid: int) -> float:
    """Seconds that a process has used."""
    told_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told_[11]) + int(told_[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(outputs: int, people: int) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """A practice Elements in a process of its own: its number, and address, user and password."""
    command = [sys.executable, "-m", "sandbox", "elements", "--outputs", str(outputs), "--people", str(people)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as child:
        assert child.stdout is not None
        try:
            found = SAID.match(child.stdout.readline())
            assert found is not None
            yield child.pid, (found[1], found[2], found[3])
        finally:
            child.terminate()


@contextmanager
def house_of(folder: Path, said: tuple[str, str, str]) -> Iterator[tuple[Store, Settings]]:
    """An empty house that is told of it."""
    url, user, password = said
    (folder / "password").touch(0o600)
    (folder / "password").write_text(password)
    (folder / "ringmark.toml").write_text(SETTINGS.format(url, user))
    settings = load(folder / "ringmark.toml", {})
    house = steps.open_house(settings)
    try:
        yield house, settings
    finally:
        house.engine.dispose()
