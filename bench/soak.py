"""A daemon left alone for a while: `python -m bench.soak [--minutes 30] [--store sqlite|postgresql]`.

A practice Elements and a practice DSpace that are changed all the time, and fail now and then; `ringmark daemon
--serve` with the shortest intervals there are; a reader who asks. Memory and open files of the daemon and of its server
are read every few seconds from /proc, drawn into docs/img/soak-STORE.svg, and summed up.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

from sandbox.dspace import practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import items_of
from sandbox.elements import practice_elements
from sandbox.faults import Fault
from sandbox.institution import Institution, example

ROOT = Path(__file__).parents[1]
LOOKS = 5.0  # seconds between two looks at /proc
FAILS = 0.002  # the chance at each of the two changes a second: about once in four minutes, for what failed rests
LEVELS = ("private", "internal", "public")
SETTINGS = """
[institution]
name = "University of Example"
base_url = "https://ringmark.example.edu"
{store}
[serve]
listen = "127.0.0.1:0"
operations = "127.0.0.1:0"
[connections.elements]
kind = "elements"
url = "{elements.url}"
username = "{elements.username}"
password_file = "elements.password"
pull = "1m"
full = "5m"
pace = 0
[connections.library]
kind = "dspace"
url = "{library.url}"
username = "{library.username}"
password_file = "library.password"
push = "public"
field = "local.attention.score"
push_every = "1m"
pace = 0
"""


class Look(NamedTuple):
    """One process at one moment: minutes since the start, megabytes in memory, open files."""

    minute: float
    memory: float
    files: int


def main() -> int:
    """Let it run, draw what was seen; 1 when memory or files grew in the second half."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--outputs", type=int, default=2000)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        institution = example(outputs=asked.outputs, people=200, mentions=2000)
        elements = stack.enter_context(practice_elements(institution, version="6.13"))
        library = stack.enter_context(practice_dspace(items_of(institution), version="9"))
        settings = _settings(Path(folder), _store(asked.store, stack), elements, library)
        looks, served = _watch(settings, institution, elements, library, asked.minutes)
        runs = _runs(settings)
    drawn = ROOT / "docs" / "img" / f"soak-{asked.store}.svg"
    _draw(looks, drawn)
    grown = {name: _grown(found) for name, found in looks.items()}
    print(f"{asked.minutes:g} minutes on {asked.store}, {asked.outputs} outputs; {runs}; {served} answers to a reader")
    for name, found in looks.items():
        print(
            f"{name}: {found[-1].memory:.0f} MB at the end, {max(look.memory for look in found):.0f} MB at most, "
            f"{max(look.files for look in found)} files at most; last quarter against second: {grown[name]}"
        )
    return int(any(share > 1.1 for share in grown.values()))


def _settings(folder: Path, store: str, elements: object, library: object) -> Path:
    for name, system in (("elements", elements), ("library", library)):
        file = folder / f"{name}.password"
        file.touch(0o600)
        file.write_text(str(system.password))  # type: ignore[attr-defined]
    (folder / "ringmark.toml").write_text(SETTINGS.format(store=store, elements=elements, library=library))
    return folder / "ringmark.toml"


def _store(kind: str, stack: ExitStack) -> str:
    if kind == "sqlite":
        return ""
    sys.path.insert(0, str(ROOT / "tests"))
    os.environ["TEST_STORE"] = kind
    import stores

    folder = Path(stack.enter_context(TemporaryDirectory()))
    return stores.table(folder)


def _watch(
    settings: Path, institution: Institution, elements: object, library: object, minutes: float
) -> tuple[dict[str, list[Look]], int]:
    """Start it, change its world until the time is over, end it well; what was seen, and how often a reader was."""
    ringmark = [sys.executable, "-c", "from sync.cli import main; main()", "--config", str(settings)]
    command = [*ringmark, "daemon", "--serve"]
    log = settings.with_name("log")
    dice, began, answers = random.Random(1), time.monotonic(), 0
    looks: dict[str, list[Look]] = {"daemon": [], "serve": []}
    with (
        log.open("w") as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT) as daemon,
        ExitStack() as stack,
    ):
        stack.callback(daemon.kill)  # where it has not ended well below
        next_look, accepted = 0.0, False
        while (passed := time.monotonic() - began) < minutes * 60:
            if daemon.poll() is not None:
                raise SystemExit(f"the daemon ended with {daemon.returncode}:\n{log.read_text()[-2000:]}")
            _change(institution, elements, library, dice)
            if not accepted and (held := re.search(r"ringmark accept (\d+)", log.read_text())):
                accepted = subprocess.run([*ringmark, "accept", held[1]], cwd=ROOT).returncode == 0
            answers += sum(_ask(log, dice, institution) for _ in range(20))
            if passed >= next_look:
                next_look = passed + LOOKS
                for name, pid in (("daemon", daemon.pid), *(("serve", child) for child in _children(daemon.pid))):
                    looks[name].append(Look(passed / 60, *_proc(pid)))
            time.sleep(0.5)
        daemon.send_signal(signal.SIGTERM)
        if daemon.wait(60):
            raise SystemExit(f"the daemon did not end well:\n{log.read_text()[-2000:]}")
    return looks, answers


def _change(institution: Institution, elements: object, library: object, dice: random.Random) -> None:
    """Somebody changes a flag, and now and then the source or the repository fails."""
    institution.change_output(dice.choice(list(institution.outputs)), privacy=dice.choice(LEVELS))
    institution.change_person(dice.choice(list(institution.people)), privacy=dice.choice(LEVELS))
    if dice.random() < FAILS:
        what = dice.choice(("truncated", "not xml", "hang up midway"))
        elements.faults.append(Fault(what))  # type: ignore[attr-defined]
    if dice.random() < FAILS:
        library.faults.append(DSpaceFault("hang up after", method="PATCH"))  # type: ignore[attr-defined]


def _ask(log: Path, dice: random.Random, institution: Institution) -> int:
    """A reader asks for the badge of something; 1 where there was an answer."""
    found = re.search(r"serving (http://[^\s,\"]+)", log.read_text())
    if found is None:
        return 0
    output = institution.outputs[dice.choice(list(institution.outputs))]
    doi = next((record.doi for record in output.records if record.doi), "10.5555/none")
    try:
        with urllib.request.urlopen(f"{found[1]}/badge/doi/{quote(doi)}.svg", timeout=10) as answer:  # noqa: S310
            return int(answer.status == 200)
    except urllib.error.HTTPError as error:
        return int(error.code == 404)


def _children(pid: int) -> Iterator[int]:
    """The server of a daemon: its child that listens."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if b"serve" in command:
            yield int(child)


def _proc(pid: int) -> tuple[float, int]:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208


def _runs(settings: Path) -> str:
    from config.load import load
    from sync import store

    home = store.open_store(load(settings).store.url, key_file=settings.with_name("ringmark.key"))
    with home.read() as db:
        rows = db.exec_driver_sql(
            "SELECT step, outcome, count(*) FROM run GROUP BY step, outcome ORDER BY 1, 2"
        ).fetchall()
    home.engine.dispose()
    return ", ".join(f"{count} {step} {outcome}" for step, outcome, count in rows)


def _grown(looks: list[Look]) -> float:
    """The median memory of the last quarter against that of the second one."""
    quarter = len(looks) // 4
    second, last = (sorted(look.memory for look in part) for part in (looks[quarter : 2 * quarter], looks[-quarter:]))
    return round(last[len(last) // 2] / second[len(second) // 2], 2)


def _draw(looks: dict[str, list[Look]], file: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "ringmark", "font.size": 9})
    from matplotlib import pyplot

    figure, (memory, files) = pyplot.subplots(2, 1, sharex=True, figsize=(7, 4.2), layout="constrained")
    for name, found in looks.items():
        minutes = [look.minute for look in found]
        memory.plot(minutes, [look.memory for look in found], label=name, linewidth=1)
        files.plot(minutes, [look.files for look in found], label=name, linewidth=1)
    memory.set(ylabel="memory, MB", ylim=(0, None))
    files.set(ylabel="open files", xlabel="minutes", ylim=(0, None))
    memory.legend(loc="lower right", frameon=False)
    for axes in (memory, files):
        axes.grid(visible=True, linewidth=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})


if __name__ == "__main__":
    sys.exit(main())
