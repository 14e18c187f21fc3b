"""What the world says of one institution: every source of attention there is, and what becomes of what it tells.

Each source is the practice system of its kind, over its own protocol, as the conformance suite has it. All of them
speak of the same outputs, and of somebody else's; some of the outputs are hidden.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from config.load import load
from connectors.base import Listens
from connectors.identifiers import Identifier
from sandbox.names import KINDS, PLACES, SUBJECTS
from sync import conformance, registry, steps, store
from sync.conformance.practice import Practice, Voices
from sync.demo.folder import MARK, begin_anew, emptied, in_a_file
from sync.store.sought import Wanted

OUTPUTS = 12
LEVELS = {9: "internal", 10: "internal", 11: "private", 12: "private"}  # of the others everybody may know
BEST = 1  # which every source speaks of
STRANGER = "10.5555/of.somebody.else"

HEAD = """{mark}
[institution]
name = "University of Example"
base_url = "http://127.0.0.1:8000"
contact = "library@example.edu"

[abroad]
at_home = {homes}

[connections.local]
kind = "files"
path = "local"
people = false
"""
TABLE = """
[connections.{name}]
kind = "{name}"
pull = "manual"
pace = 0
{keys}
"""


def run(folder: Path, *, clock: Callable[[], int], told: Callable[[str], None]) -> dict[str, Any]:
    """Let every source speak, listen to and ask all of them, and score.

    Leaves settings and store in the folder. `told` is called with what is being done. Raises `StoreError` where a step
    of any connection does not end well."""
    begin_anew(folder)
    _works(folder / "local")
    with ExitStack() as running:
        kinds = registry.kinds()
        sources = {
            kind: running.enter_context(opened(emptied(folder, kind)))
            for kind, opened in sorted(conformance.practised().items())
            if issubclass(kinds[kind], Listens) or kinds[kind].manifest.hears
        }
        told(f"{len(sources)} sources speak on this machine: {', '.join(sources)}")
        now = store.moment(clock())
        said = {name: _speak(practice, place, now) for place, (name, practice) in enumerate(sources.items())}
        settings = load(_settings(folder, sources))
        house = steps.open_house(settings)
        running.callback(house.engine.dispose)

        def pull(names: Sequence[str]) -> None:
            for ran in steps.pull(house, settings, names, full=False, clock=clock, progress=lambda *_: None):
                if ran.outcome != "done":
                    raise store.StoreError(f"{ran.connection}: {ran.outcome}; {ran.why}")

        def score() -> None:
            steps.score(house, settings, full=False, clock=clock, progress=lambda *_: None)

        told("reading the folder of outputs, of which some are hidden")
        pull(["local"])
        score()
        told("listening to what is read whole, and asking the others about what the public may see")
        pull(list(sources))
        score()
        heard = _heard(house)
        with house.read() as db:
            best = store.find(db, "public", Identifier("doi", _doi(BEST)), now=clock())
    return {
        "sources": {
            name: {
                "shape": "listened to" if issubclass(kinds[name], Listens) else "asked",
                "said_there": len(numbers) + 1,
                "mentions": heard.get(name, (0, 0))[0],
                "of_hidden_outputs": heard.get(name, (0, 0))[1],
            }
            for name, numbers in said.items()
        },
        "outputs": OUTPUTS,
        "best": {"doi": _doi(BEST), "score": best.score if best else 0},
    }


def _works(folder: Path) -> None:
    """The outputs, as a folder of files tells them."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"o{number},{SUBJECTS[number % len(SUBJECTS)].capitalize()} in {PLACES[number % 5]}: a {KINDS[number % 6]},"
        f"{LEVELS.get(number, 'public')},{_doi(number)}\n"
        for number in range(1, OUTPUTS + 1)
    ]
    (folder / "outputs.csv").write_text("".join(["output,title,visibility,doi\n", *lines]), encoding="utf-8")


def _doi(number: int) -> str:
    return f"10.5555/heard.{number}"


def _speak(practice: Practice, place: int, now: datetime) -> list[int]:
    """Each source speaks of the best output, of some others and some hidden ones, and of one that is not ours."""
    practice.at(now)
    numbers = sorted({BEST, *(2 + (place + step) % (OUTPUTS - 1) for step in (0, 3, 7))})
    spoken = cast("Voices", practice)
    begun = now - timedelta(hours=6)
    for number in numbers:
        spoken.say(number, of=_doi(number), at=begun + timedelta(minutes=number))
    spoken.say(OUTPUTS + 1, of=STRANGER, at=begun + timedelta(minutes=OUTPUTS + 1))
    return numbers


def _settings(folder: Path, sources: Mapping[str, Practice]) -> Path:
    homes = [home for each in sources.values() for home in getattr(each, "homes", ())]
    lines = [HEAD.format(mark=MARK, homes=json.dumps(homes))]
    for name, each in sources.items():
        keys: dict[str, Any] = dict(each.settings)
        for secret, text in each.secrets.items():
            keys[f"{secret}_file"] = in_a_file(folder / f"{name}.{secret}", text)
        told = "\n".join(f"{key} = {json.dumps(value)}" for key, value in keys.items())
        lines.append(TABLE.format(name=name, keys=told))
    file = folder / "ringmark.toml"
    file.write_text("".join(lines), encoding="utf-8")
    return file


def _heard(house: store.Store) -> dict[str, tuple[int, int]]:
    """By connection, how many mentions there are, and how many of them are of outputs that the public does not see."""
    found: dict[str, tuple[int, int]] = {}
    with house.read() as db:
        for each in store.sought.sought(db, Wanted(), most=1000):
            mentions, hidden = found.get(each.connection, (0, 0))
            of_hidden = any(not output.shown for output in each.outputs)
            found[each.connection] = (mentions + 1, hidden + of_hidden)
    return found
