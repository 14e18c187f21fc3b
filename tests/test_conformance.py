"""The conformance suite: our connectors keep what they promise, somebody else's can, and the page says which do."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import stores
from conftest import House

from connectors.base import Asks, Drops, Listens, Pulls, Pushes, Tells
from sync import conformance, registry
from sync.conformance.place import START
from sync.conformance.practice import FAULTS, NEEDS
from sync.conformance.world import SMALL, Person, Work, World

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "tests" / "example_connector"
COMMAND = (sys.executable, "-c", "from sync.cli import main; main()")
NAMES = [check.name for check in conformance.CHECKS]
SYSTEMS = conformance.practised()
SHAPES = (
    lambda kind: issubclass(kind, Pulls),
    lambda kind: issubclass(kind, Pushes),
    lambda kind: issubclass(kind, Tells | Drops),
    lambda kind: issubclass(kind, Asks),
    lambda kind: issubclass(kind, Listens) or kind.manifest.hears,
    lambda _: True,
)
PAGE = (ROOT / "docs" / "connectors.md").read_text(encoding="utf-8")


@pytest.mark.timeout(300)  # of every check, with a process to be killed
@pytest.mark.parametrize("kind", sorted(SYSTEMS))
def test_our_connectors_keep_every_promise_and_the_page_of_them_is_up_to_date(kind: str) -> None:
    results = list(conformance.examine(kind, stored=stores.url))

    assert [(each.check.name, each.why) for each in results if each.outcome == "fails"] == []
    assert column(conformance.page({kind: results}), kind) == column(PAGE, kind)


@pytest.mark.parametrize(
    ("levels", "seen"),
    [
        (("private", "internal", "public"), ("internal", "Ann")),
        (("private", "public"), ("nothing", "")),
        ({"authorships": ("private", "public")}, ("internal", "Ann")),
        ({"outputs": ("private", "public")}, ("nothing", "")),
    ],
)
def test_a_level_that_a_system_does_not_have_is_private_there(levels: object, seen: tuple[str, str]) -> None:
    world = World(people=True, status=True, assumed=frozenset(), levels=levels)  # type: ignore[arg-type]
    world.people[1] = Person(number=1, name="Ann")
    world.works[1] = Work(number=1, title="Tide tables", level="internal")

    rows = world.seen("internal")
    assert ([*[row.level for row in rows], "nothing"][0], "".join(each for row in rows for each in row.people)) == seen


def test_the_page_has_every_kind_and_every_check() -> None:
    heads = [head[2:] for head, *_ in tables(PAGE)]
    rows = [row[0].strip("`") for _, *rows in tables(PAGE) for row in rows]

    kinds = registry.kinds()
    assert heads == [[kind for kind in sorted(SYSTEMS) if has(kinds[kind])] for has in SHAPES]
    assert sorted(rows) == sorted(NAMES)


def tables(page: str) -> list[list[list[str]]]:
    """The tables of checks, each with its head and its rows."""
    found = re.findall(r"^(\| check \|.*)\n\|.*\n((?:\|.*\n)*)", page, re.M)
    return [[line.strip("| ").split(" | ") for line in (head, *rows.splitlines())] for head, rows in found]


def column(page: str, kind: str) -> list[tuple[str, ...]]:
    """What a page says of one kind: check, promise, outcome, with the reasons in place of their numbers."""
    notes = dict(re.findall(r"^(\d+)\. (.*)$", page, re.M))
    cells = [(row[0], row[1], row[head.index(kind)]) for head, *rows in tables(page) if kind in head for row in rows]
    return [(*rest, re.sub(r"\((\d+)\)", lambda found: notes[found[1]], cell)) for *rest, cell in cells]


@pytest.mark.timeout(300)
def test_a_connector_of_somebody_else_is_installed_and_keeps_every_promise(tmp_path: Path) -> None:
    words = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--target", "installed")
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *words, str(EXAMPLE)], cwd=tmp_path, check=True)
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}

    command = [*COMMAND, "connector", "test", "example", "--json"]
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")
    examined = json.loads(ran.stdout)["kinds"]["example"]
    other = {
        check.name for check in conformance.CHECKS if {"tells", "notices", "asks", "hears", "listens"} & {*check.needs}
    }
    assert [(each["check"], each["outcome"]) for each in examined] == [
        (name, "does not apply" if name in other else "passes") for name in NAMES
    ]


def test_the_verb_says_what_passes_and_why_something_does_not_apply(house: House) -> None:
    ran = house.run("connector", "test", "files", "--check", "first_pull", "--check", "echo")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "files: first_pull: passes",
        "files: echo: does not apply: a folder of files takes no badges",
        "files: 2 checks: 1 does not apply, 1 passes",
    ]


def test_unknown_kinds_and_checks_are_named_with_what_there_is(house: House) -> None:
    kind = house.run("connector", "test", "nothing")
    check = house.run("connector", "test", "files", "--check", "nothing", "--json")

    known = ", ".join(sorted(registry.kinds()))
    assert (kind.code, kind.err) == (2, f'"nothing" is not installed; known are {known}\n')
    assert check.code == 2
    assert check.document["error"].startswith(
        '"nothing" is no check; known are a_failure_costs_nothing, asked_by_age, '
    )


@pytest.mark.parametrize("kind", sorted(SYSTEMS))
def test_a_practice_system_can_do_every_fault_or_says_why_not(kind: str, tmp_path: Path) -> None:
    with SYSTEMS[kind](tmp_path) as practice:
        practice.at(START)
        for number in range(1, 10):
            practice.output(number, title=f"Work {number}", doi=f"10.5555/{number}", level="public", authors={})
        others = set() if issubclass(registry.kinds()[kind], Tells) else {"refused"}
        for fault in FAULTS.keys() - practice.lacks.keys() - others:
            practice.fault(fault)
        with pytest.raises(KeyError):
            practice.fault("no such fault")

        assert practice.lacks.keys() <= FAULTS.keys() | NEEDS.keys()
        assert all(practice.lacks.values())


def test_what_the_suite_expects_of_its_small_world_is_what_the_page_on_visibility_says() -> None:
    world = World(people=True, status=True, assumed=frozenset())
    for each in SMALL:
        if isinstance(each, Person):
            world.people[each.number] = each
        else:
            world.works[each.number] = each

    seen = {
        audience: {row.doi.rpartition(".")[2]: (row.level, *row.people) for row in world.seen(audience)}
        for audience in ("public", "internal")
    }

    assert seen == {
        "public": {
            "1": ("public", "Ann Harbourmaster"),
            "2": ("public", "Ann Harbourmaster"),
            "7": ("public",),  # whose author hid the link from the public
            "9": ("public", "Ann Harbourmaster"),
            "10": ("public", "Ann Harbourmaster"),
        },
        "internal": {
            "1": ("public", "Ann Harbourmaster"),
            "2": ("public", "Ann Harbourmaster", "Ivy Lighthouse"),
            "3": ("internal", "Ann Harbourmaster"),
            "7": ("public", "Ann Harbourmaster"),
            "9": ("public", "Ann Harbourmaster"),
            "10": ("public", "Ann Harbourmaster"),
        },
    }
