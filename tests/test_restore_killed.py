"""A restore that is killed (SIGKILL) leaves the store as it was, or restored and shut: never half, and never open."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from interleaving_child import Terms
from interleaving_process import Process, prepare
from restore_house import Sources

KILLED = -9
ENOUGH = 1000  # more points than a restore has


@dataclass(frozen=True)
class Begun:
    """A house in which something was hidden and something came since its backup, and how an undisturbed restore of that
    goes: the points that it comes to, and how many statements it makes."""

    house: Sources
    backup: str
    points: list[str]
    statements: int


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    prepare()
    folder = tmp_path_factory.mktemp("begun")
    house = Sources(folder / "house")
    house.folder.mkdir()
    house.tell("one", a="public", b="public", c="public").tell("two", a="public").ok("sync")
    backup = str(folder / "night.db")
    house.ok("backup", backup)
    house.ok("hide", "doi:10.5555/b", "--why", "asked for")
    house.tell("one", a="public", b="public", c="public", d="public").ok("sync")
    with Process(house.copied(folder / "undisturbed").file, ["restore", backup]) as process:
        assert process.wait() == 0
        yield Begun(house, backup, process.points, process.statements)


def state(begun: Begun, house: Sources) -> str:
    """Whether a house stands as it did before, or as after a restore; it must not stand in any other way."""
    there = [verb for (verb,) in house.stored("SELECT verb FROM audit ORDER BY id")]
    works = house.works()
    if "restore" not in there:
        assert (works, house.works("internal")) == ({"a", "c", "d"},) * 2
        assert house.rows() == begun.house.rows()
        return "before"
    assert house.rows() == house.rows("internal") == []
    assert house.stored("SELECT count(*) FROM badge") == [(0,)]
    assert house.stored("SELECT count(*) FROM hide") == [(1,)]
    assert house.stored("SELECT count(*) FROM item WHERE title = 'Work d'") == [(0,)]
    return "after"


def ends_well(begun: Begun, house: Sources) -> None:
    """The next restore goes through, and the end is that of an undisturbed one."""
    house.restored(begun.backup)
    house.ok("sync")
    assert house.works() == {"a", "c", "d"}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 1.0])
def test_killed_at_a_statement_it_is_all_or_nothing(begun: Begun, tmp_path: Path, share: float) -> None:
    house = begun.house.copied(tmp_path / "house")
    dies = Terms(dies=int(begun.statements * share))
    with Process(house.file, ["restore", begun.backup], terms=dies) as process:
        assert process.wait() == KILLED

    assert state(begun, house) == ("after" if share == 1 else "before")
    ends_well(begun, house)


def test_killed_around_any_commit_it_is_all_or_nothing(begun: Begun, tmp_path: Path) -> None:
    """What others see changes at one commit, while it waits there and when it is killed there."""
    points, states = [], []
    for number in range(len(begun.points)):
        house = begun.house.copied(tmp_path / str(number))
        with Process(house.file, ["restore", begun.backup], range(number, ENOUGH)) as process:
            points.append(process.on())
            states.append(state(begun, house))
        assert state(begun, house) == states[-1]

    assert points == begun.points
    turned = states.index("after")
    assert points[turned - 1 : turned + 1] == ["commit", "committed"]
    assert set(states[:turned]) == {"before"}
    assert set(states[turned:]) == {"after"}
