"""One institution spread over every kind of system there is: outputs that several of them know, with flags that overlap
and contradict each other, and what becomes of them.

Each system is the practice system of its kind, over its own protocol, as the conformance suite has it; so a kind that
another distribution brings takes part as well.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from config.load import load
from connectors.base import Asks, Pulls, Takes
from sandbox.names import FIRST_NAMES, KINDS, LAST_NAMES, PLACES, SUBJECTS
from sync import conformance, imports, registry, steps, store
from sync import push as pushing
from sync.conformance.practice import Practice
from sync.conformance.world import LEVELS
from sync.demo.folder import MARK, begin_anew, emptied, in_a_file
from sync.store import AUDIENCES

PEOPLE_IN = "elements"  # the one system whose people take part; the others bring outputs alone
OUTPUTS, PEOPLE = 80, 12
HOUR = 3600 * 1_000_000  # microseconds by which all there is is older than the first pull
CLOSED = 5  # outputs that one of several systems makes private after the first badges are out
SHOWN = 8  # contradictions that are told one by one
OPEN_OFTEN = ("public", "public", "public", "public", "internal", "private")

HEAD = """{mark}
[institution]
name = "University of Example"
base_url = "http://127.0.0.1:8000"

[scope]
status = "current"
"""
TABLE = """
[connections.{name}]
kind = "{name}"
pull = "manual"
pace = 0
people = {people}
{keys}
"""


@dataclass(slots=True)
class Told:
    """What one system was told of outputs: the level of each."""

    practice: Practice
    levels: dict[int, str] = field(default_factory=dict)


def run(folder: Path, *, clock: Callable[[], int], told: Callable[[str], None]) -> dict[str, Any]:
    """Fill all systems, pull, score and push; then one of them closes some outputs that others leave open.

    Leaves settings and store in the folder. `told` is called with what is being done. Raises `StoreError` where a step
    of any connection does not end well."""
    begin_anew(folder)
    random = Random(2026)  # noqa: S311 - the same each time
    with ExitStack() as running:
        systems = {
            kind: Told(running.enter_context(opened(emptied(folder, kind))))
            for kind, opened in sorted(conformance.practised().items())
            if issubclass(registry.kinds()[kind], Pulls | Takes | Asks) and not registry.kinds()[kind].manifest.hears
        }
        _at(systems, clock() - HOUR)
        told(f"{len(systems)} systems run on this machine: {', '.join(systems)}")
        _fill(systems, random)
        _at(systems, clock())
        settings = load(_settings(folder, systems))
        house = steps.open_house(settings)
        running.callback(house.engine.dispose)
        reads = [name for name in systems if _reads(name)]
        asks = [name for name in systems if issubclass(registry.kinds()[name], Asks)]
        writes = [name for name in systems if issubclass(registry.kinds()[name], Takes)]

        def pull(names: Sequence[str]) -> dict[str, int]:
            ran = steps.pull(house, settings, names, full=False, clock=clock, progress=lambda *_: None)
            _done(ran)
            return {each.connection: each.counted.seen for each in ran}

        def score() -> None:
            steps.score(house, settings, full=False, clock=clock, progress=lambda *_: None)

        def publish() -> dict[str, Mapping[str, int]]:
            told("scoring, and pushing badges to each that takes them")
            score()
            ran = pushing.push(house, settings, writes, attended=True, dry_run=False, clock=clock, told=lambda *_: None)
            _done(ran)
            return {each.connection: each.counts for each in ran}

        told("pulling from each that is read")
        records = pull(reads)
        imports.mentions(house, _mentions(folder, random), clock=clock)
        score()
        told("asking each service about what the public may see")
        records |= pull(asks)
        pushed = publish()
        before = _seen(house, clock())
        contradicted = _contradicted(systems)
        _at(systems, clock())
        closed = _close(systems, before["public"])
        told(f"one of several systems closes {len(closed)} outputs; pulling again")
        pull(reads)
        after = _seen(house, clock())
        withdrawn = publish()
    return {
        "systems": {
            name: {
                "records": records.get(name),
                **{level: _count(each, level) if name in reads else None for level in LEVELS},
                "badges_written": pushed.get(name, {}).get("written"),
                "badges_withdrawn": withdrawn.get(name, {}).get("withdrawn"),
            }
            for name, each in systems.items()
        },
        "outputs": OUTPUTS,
        "known_to_several": len(_several(systems)),
        "contradicted": len(contradicted),
        **{f"seen_by_{audience}": len(before[audience]) for audience in AUDIENCES},
        "closed_by_one_of_several": len(closed),
        "hidden_by_the_next_pull": len(before["public"] - after["public"]),
        "contradictions": _examples(contradicted, before),
    }


def _count(each: Told, level: str) -> int:
    return sum(told == level for told in each.levels.values())


def _at(systems: Mapping[str, Told], now: int) -> None:
    """Let the clocks of all systems stand at a moment."""
    for each in systems.values():
        each.practice.at(store.moment(now))


def _reads(name: str) -> bool:
    return issubclass(registry.kinds()[name], Pulls)


def _title(number: int) -> str:
    return (
        f"{SUBJECTS[number % len(SUBJECTS)].capitalize()} in {PLACES[number % 5]}: a {KINDS[number % 6]}, part {number}"
    )


def _doi(number: int) -> str:
    return f"10.5555/everywhere.{number}"


def _authors(name: str, number: int) -> dict[int, str]:
    """Who wrote it, where the system is the one whose people take part."""
    return {number % PEOPLE + 1: "public", (number * 5) % PEOPLE + 1: "public"} if name == PEOPLE_IN else {}


def _tell(each: Told, name: str, number: int, level: str) -> None:
    each.levels[number] = level
    each.practice.output(number, title=_title(number), doi=_doi(number), level=level, authors=_authors(name, number))


def _fill(systems: Mapping[str, Told], random: Random) -> None:
    """Each output in one to four systems, each of which has a mind of its own about who may see it. Where a system does
    not have a level at all it takes one that it has."""
    people = systems[PEOPLE_IN].practice
    for number in range(1, PEOPLE + 1):
        name = f"{FIRST_NAMES[number]} {LAST_NAMES[number]}"
        people.person(number, name=name, level="public", current=number % 4 != 0)
    reading = [name for name in systems if _reads(name)]
    for number in range(1, OUTPUTS + 1):
        for name in random.sample(reading, min(len(reading), random.randint(1, 4))):
            level = random.choice(OPEN_OFTEN)
            known = getattr(systems[name].practice, "levels", LEVELS)
            _tell(systems[name], name, number, level if level in known and _tells(name) else "public")
    for name, each in systems.items():
        if name not in reading:  # it only takes badges: it has all items, and says nothing of them
            for number in range(1, OUTPUTS + 1):
                each.practice.output(number, title=_title(number), doi=_doi(number), level="public", authors={})


def _tells(name: str) -> bool:
    return "outputs" in registry.kinds()[name].manifest.visibility


def _settings(folder: Path, systems: Mapping[str, Told]) -> Path:
    lines = [HEAD.format(mark=MARK)]
    for name, each in systems.items():
        keys: dict[str, Any] = dict(each.practice.settings)
        keys.pop("per_page", None)
        for secret, text in each.practice.secrets.items():
            keys[f"{secret}_file"] = in_a_file(folder / f"{name}.{secret}", text)
        if issubclass(registry.kinds()[name], Takes):
            keys["push"] = "public"
        told = "\n".join(f"{key} = {_toml(value)}" for key, value in keys.items())
        lines.append(TABLE.format(name=name, people=_toml(name == PEOPLE_IN), keys=told))
        if _reads(name) and not _tells(name):
            lines.append(f'[connections.{name}.assume]\noutputs = "public"\n')
    file = folder / "ringmark.toml"
    file.write_text("".join(lines), encoding="utf-8")
    return file


def _toml(value: str | bool | int) -> str:
    return json.dumps(value)


def _mentions(folder: Path, random: Random) -> Path:
    """Policy papers that name some of the outputs."""
    file = folder / "mentions.jsonl"
    lines = (
        json.dumps(
            {
                "id": f"m{number}",
                "source": "policy",
                "output": [f"doi:{_doi(random.randint(1, OUTPUTS))}"],
                "url": f"https://policy.example.org/papers/{number}",
                "occurred_at": "2026-05-01T10:00:00Z",
                "policy_source": f"ministry-{number % 9}",
            }
        )
        for number in range(2 * OUTPUTS)
    )
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _seen(house: store.Store, now: int) -> dict[str, set[str]]:
    """The DOIs that each audience sees."""
    with house.read() as db:
        return {audience: {shown.doi for shown in store.walk(db, audience, now=now)} for audience in AUDIENCES}


def _several(systems: Mapping[str, Told]) -> dict[int, dict[str, str]]:
    """The outputs that several systems know, each with what they say."""
    said: dict[int, dict[str, str]] = {}
    for name, each in systems.items():
        for number, level in each.levels.items():
            said.setdefault(number, {})[name] = level
    return {number: levels for number, levels in sorted(said.items()) if len(levels) > 1}


def _contradicted(systems: Mapping[str, Told]) -> dict[int, dict[str, str]]:
    return {number: levels for number, levels in _several(systems).items() if len(set(levels.values())) > 1}


def _close(systems: Mapping[str, Told], seen: set[str]) -> list[int]:
    """Some outputs that the public sees become private in the last of the systems that know them and can say so."""
    open_ = [number for number, levels in _several(systems).items() if _doi(number) in seen]
    closed: list[int] = []
    for number in open_:
        able = [name for name, each in systems.items() if number in each.levels and _tells(name)]
        if able and len(closed) < CLOSED:
            _tell(systems[able[-1]], able[-1], number, "private")
            closed.append(number)
    return closed


def _examples(contradicted: Mapping[int, Mapping[str, str]], seen: Mapping[str, set[str]]) -> list[dict[str, Any]]:
    return [
        {
            "doi": _doi(number),
            "said": dict(levels),
            "seen_by": [audience for audience in AUDIENCES if _doi(number) in seen[audience]],
        }
        for number, levels in list(contradicted.items())[:SHOWN]
    ]


def _done(ran: Sequence[steps.Pulled | pushing.Report]) -> None:
    for each in ran:
        if each.outcome != "done":
            raise store.StoreError(f"{each.connection}: {each.outcome}; {each.why}")
