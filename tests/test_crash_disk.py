"""A disk without room: one line that says so, exit 1, nothing half written; with room again, the same end."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import stores
from conftest import House
from interleaving_child import Terms
from interleaving_process import Process
from interleaving_university import University, opened

from sandbox.faults import Fault

pytestmark = stores.sqlite_alone
EVER = range(1000)  # more points than any command has
LEAST = 40_000  # bytes without which SQLite cannot begin at all
BODY = 6_000_000  # bytes of an answer that does not stay in memory
TRIES = 5
STEPS = [("pull",), ("pull", "--full"), ("score", "--full"), ("push",), ("sync",)]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[University]:
    with opened(tmp_path_factory.mktemp("university")) as found:
        house = found.at(found.states["new"])
        house.ok("sync")
        found.states["pushed"] = found.keep(house)
        found.endings["new"] = found.go_on(house, pulls=True)
        house = changed(found)
        house.ok("sync")
        found.endings["changed"] = found.go_on(house, pulls=True)
        yield found


@pytest.fixture(scope="module")
def needed(there: University) -> int:
    """How large a file becomes in a first sync."""
    house, size = there.at(there.states["new"]), 0
    with Process(house.file, ["sync"], EVER) as process:
        while process.on():
            size = max(size, *(file.stat().st_size for file in house.folder.glob("ringmark.db*")))
    return size


def ran(house: House, *words: str, **terms: Any) -> Process:
    """A command with little room, which ends well or says in one line what it lacks."""
    with Process(house.file, words, terms=Terms(**terms)) as process:
        assert process.wait() in (0, 1)
    assert "Traceback" not in process.said["err"], process.said
    if process.code:
        assert len(process.said["err"].splitlines()) == 1, process.said
    return process


@pytest.mark.parametrize("seed", range(TRIES))
def test_a_first_sync_that_finds_no_room_is_finished_when_there_is_some(
    there: University, needed: int, seed: int
) -> None:
    house, dice = there.at(there.states["new"]), random.Random(seed)

    first = ran(house, "sync", room=dice.randrange(LEAST, needed))
    assert (first.code, "ringmark.db" in first.said["err"]) == (1, True)
    second = ran(house, "sync", pages=dice.randrange(60, 100))
    assert second.code == 0 or "disk is full; free some space" in second.said["err"]

    assert there.go_on(house, pulls=True, again=["sync"]) == there.endings["new"]


@pytest.mark.parametrize("words", STEPS, ids=" ".join)
def test_no_step_that_finds_no_room_leaves_something_half_written(there: University, words: tuple[str, ...]) -> None:
    house = changed(there)
    before = house.rows("internal")

    ran(house, *words, room=LEAST)
    ran(house, *words, pages=1)

    assert all(row in before for row in house.rows("internal"))
    with closing(sqlite3.connect(house.folder / "ringmark.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert there.go_on(house, pulls=True, again=["sync"]) == there.endings["changed"]


def changed(there: University) -> House:
    """A house whose source tells something new."""
    house = there.at(there.states["pushed"])
    there.institution.change_output(101, privacy="private")
    return house


def test_an_answer_that_the_temporary_folder_cannot_hold_is_asked_for_again_next_time(there: University) -> None:
    house = changed(there)
    long = Fault("rewrite", address=r"/publications\?", old=r"\Z", new=f"<!--{' ' * BODY}-->", times=None)
    there.elements.faults.append(long)

    with Process(house.file, ["pull", "--full"], terms=Terms(room=BODY - 1)) as process:
        assert process.wait() == 1
    assert "make room in the temporary folder" in process.said["out"]

    there.elements.faults.clear()
    house.ok("sync")
    assert "10.5555/work.101" not in house.dois()


@pytest.mark.parametrize("verb", ["pull", "push"])
def test_a_dry_run_without_room_for_its_copy_says_so(there: University, verb: str) -> None:
    process = ran(there.at(there.states["pushed"]), verb, "--dry-run", room=LEAST)

    assert process.code == 1
    assert "please report" not in process.said["out"] + process.said["err"]


def test_an_export_without_room_names_its_file_and_leaves_the_last_one(there: University) -> None:
    house = there.at(there.states["pushed"])
    file = house.folder / "export.csv"
    house.ok("export", "-o", str(file))
    before = file.read_bytes()

    with closing(sqlite3.connect(house.folder / "ringmark.db")) as reader:  # what SQLite needs to read is there
        reader.execute("SELECT count(*) FROM badge").fetchall()
        process = ran(house, "export", "-o", str(file), room=len(before) // 2)

    assert (process.code, file.read_bytes()) == (1, before)
    assert "export.csv" in process.said["err"]
