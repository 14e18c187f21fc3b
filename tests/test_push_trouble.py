"""Pushes whose requests fail, and what happens while they run."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PASSWORD
from push_library import FIELD, WORKS, Library, lost, named, opened

from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import PREFIX


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two public works, not pushed yet; one private."""
    with opened(tmp_path) as library:
        yield library


@pytest.fixture
def pushed(library: Library) -> Library:
    """The same, pushed."""
    return library.first_push()


@pytest.mark.parametrize("fault", ["forget", "login page"])
def test_an_answer_that_all_is_well_is_not_believed(library: Library, fault: Any) -> None:
    library.server.faults.append(DSpaceFault(fault, method="PATCH", times=None))

    report = library.push(code=3)

    assert (report["failed"], report["written"], library.scores()) == (2, 0, {})
    assert "did not change" in report["why"]
    library.server.faults.clear()
    library.days(1)
    assert library.push()["written"] == 2


@pytest.mark.parametrize("fault", ["status after", "hang up after", "hang up midway", "not json", "truncated"])
def test_what_was_stored_before_the_answer_was_lost_counts_as_written(library: Library, fault: Any) -> None:
    library.server.faults.append(DSpaceFault(fault, method="PATCH", times=None))

    report = library.push()

    assert (report["outcome"], report["written"]) == ("done", 2)
    assert library.stands()["pushed"]["in_doubt"] == 0
    assert len(library.server.writes) == 2


def test_a_write_of_unknown_end_is_looked_at_and_not_sent_again(library: Library) -> None:
    lost(library.server)
    library.house.run("push")
    library.server.faults.clear()
    before = library.stands()["pushed"]["in_doubt"]

    library.days(1)
    report = library.push()

    assert (before, report["equal"], report["written"]) == (1, 1, 1)
    assert library.stands()["pushed"]["in_doubt"] == 0
    assert len(library.server.writes) == 2


def test_a_write_of_unknown_end_is_withdrawn_when_its_output_is_hidden(library: Library) -> None:
    lost(library.server)
    library.house.run("push")
    library.server.faults.clear()
    assert len(library.server.writes) == 1
    library.tell(**dict.fromkeys(WORKS, "private"))

    assert library.push()["withdrawn"] == 1

    assert library.scores() == {}


def test_a_write_of_unknown_end_is_put_right_when_the_score_has_gone_back(pushed: Library) -> None:
    pushed.mention(one=3)
    pushed.days(8)
    lost(pushed.server)
    pushed.house.run("push")
    pushed.server.faults.clear()
    assert pushed.scores()["one"] == "9"
    pushed.mention(one=1)

    pushed.days(8)
    pushed.push()

    assert pushed.scores()["one"] == "3"
    assert pushed.stands()["pushed"]["in_doubt"] == 0


def test_a_write_of_unknown_end_counts_for_push_every(pushed: Library) -> None:
    pushed.mention(one=3)
    pushed.days(8)
    lost(pushed.server)
    pushed.house.run("push")
    pushed.server.faults.clear()
    pushed.days(1)
    pushed.push()
    pushed.mention(one=4)

    pushed.days(1)
    pushed.push()

    assert pushed.scores()["one"] == "9"


def test_a_field_that_is_not_registered_is_named_and_soon_given_up(library: Library) -> None:
    library.tell(**dict.fromkeys(WORKS, "public"))
    library.server.fields.discard(FIELD)

    report = library.push(code=1)

    assert f"register {FIELD}" in report["why"]
    assert len([one for one in library.server.requests if one.method == "PATCH"]) == 5


def last_in_line(library: Library) -> list[str]:
    """The items that hold something of ours, in the order in which they are kept."""
    return [uuid for (uuid,) in library.ledger("SELECT address FROM pushed ORDER BY output")]


def test_items_that_refuse_do_not_keep_the_others_from_being_withdrawn(library: Library) -> None:
    library.tell(**dict.fromkeys(WORKS, "public"))
    library.push()
    library.server.sees_withdrawn = False
    *first, last = last_in_line(library)
    for uuid in first:
        library.server.change(uuid, withdrawn=True, in_archive=False)  # none but an administrator sees its fields now
    library.tell(**dict.fromkeys(WORKS, "private"))

    for _ in range(4):
        library.house.run("push")
        library.days(1)

    assert library.server.texts(last, FIELD) == ()


@pytest.mark.parametrize("status", [403, 500])
def test_items_that_cannot_be_changed_do_not_keep_the_others_from_being_withdrawn(
    library: Library, status: int
) -> None:
    library.tell(**dict.fromkeys(WORKS, "public"))
    library.push()
    *first, last = last_in_line(library)
    library.server.faults.append(
        DSpaceFault("status", status=status, method="PATCH", address="|".join(first), times=None)
    )
    library.tell(**dict.fromkeys(WORKS, "private"))

    for _ in range(4):
        library.house.run("push")
        library.days(1)

    assert library.server.texts(last, FIELD) == ()
    assert any("could not be taken back" in alarm for alarm in library.house.json("status")["alarms"])


def test_an_item_that_may_not_be_edited_does_not_keep_the_others_from_being_written(library: Library) -> None:
    fault = DSpaceFault("status", status=403, method="PATCH", address=library.uuid("one"), times=None)
    library.server.faults.append(fault)

    library.house.run("push")
    library.days(1)
    library.house.run("push")

    assert library.scores() == {"two": "6"}


def test_an_identifier_that_cannot_be_looked_for_does_not_stop_the_rest(library: Library) -> None:
    library.columns["one"] = f",{PREFIX}/1"
    library.tell()
    library.server.faults.append(DSpaceFault("status", status=422, address="/pid/", times=None))

    library.house.run("push")

    assert library.scores() == {"two": "6"}


def test_items_that_cannot_be_looked_for_do_not_keep_changed_scores_from_being_written(pushed: Library) -> None:
    pushed.columns |= {work: f",{PREFIX}/{number}" for number, work in enumerate(WORKS, 1) if number > 2}
    pushed.tell(**dict.fromkeys(WORKS, "public"))
    pushed.mention(one=4)
    pushed.days(8)
    pushed.server.faults.append(DSpaceFault("status", status=422, address="/pid/", times=None))

    pushed.house.run("push")

    assert pushed.scores()["one"] == "12"


def test_withdrawals_that_fail_are_an_alarm_until_they_succeed(pushed: Library) -> None:
    pushed.tell(one="private")
    pushed.server.faults.append(DSpaceFault("forget", method="PATCH", times=None))

    assert pushed.push(code=3)["failed"] == 1
    status = pushed.house.json("status")
    assert any("library: 1 badges could not be taken back yet" in alarm for alarm in status["alarms"])
    assert pushed.house.run("status", "--fail-on", "alarm").code == 1
    pushed.server.faults.clear()
    assert pushed.push()["withdrawn"] == 1

    assert not pushed.house.json("status")["alarms"]


def test_a_push_that_fails_is_an_alarm(pushed: Library) -> None:
    pushed.tell(four="public")
    pushed.server.password = "changed"
    assert pushed.house.run("push").code != 0

    alarms = pushed.house.json("status")["alarms"]
    pushed.server.password = PASSWORD
    pushed.push()

    assert any(alarm.startswith("library:") for alarm in alarms)
    assert not pushed.house.json("status")["alarms"]


def meanwhile(library: Library, act: Callable[[], None], **fault: Any) -> None:
    """Something happens while the repository has a request in its hands."""
    library.server.faults.append(DSpaceFault("change", act=lambda _: act(), **fault))


def outside(library: Library, *words: str) -> tuple[int, str]:
    """A command in a process of its own."""
    command = (sys.executable, "-c", "from sync.cli import main; main()", "--config", str(library.house.file), *words)
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return ran.returncode, ran.stdout + ran.stderr


def test_a_second_push_at_the_same_time_says_so(library: Library) -> None:
    second: list[tuple[int, str]] = []
    meanwhile(library, lambda: second.append(outside(library, "push")), method="PATCH")

    assert library.push()["written"] == 2

    assert second[0][0] == 1
    assert "another push of this connection is running" in second[0][1]
    assert len(library.server.writes) == 2


def test_a_push_that_runs_is_not_said_to_have_stopped(library: Library) -> None:
    said: list[tuple[int, str]] = []
    meanwhile(library, lambda: said.append(outside(library, "status", "--json")), method="PATCH")

    library.push()

    status = json.loads(said[0][1])
    assert named(status, "library")["last_run"]["outcome"] == "running"
    assert status["alarms"] == []


def test_what_is_hidden_while_it_is_sent_is_taken_back_by_the_same_push(library: Library) -> None:
    meanwhile(library, lambda: outside(library, "hide", "10.5555/one", "--why", "x"), method="PATCH")

    report = library.push()

    assert report["withdrawn"] == 1
    assert library.scores() == {"two": "6"}


def test_what_is_hidden_meanwhile_is_not_asked_about(library: Library) -> None:
    """A first push looks for thousands of items for hours; what was hidden since it began is named to nobody."""
    meanwhile(library, lambda: outside(library, "hide", "10.5555/two", "--why", "x"), address="query=.*one")

    library.push()

    assert not any("two" in one.query for one in library.server.requests)
    assert library.scores() == {"one": "3"}


def test_what_is_hidden_before_its_item_is_looked_at_again_is_not_asked_about(library: Library) -> None:
    library.first_push()
    library.server.edit(library.uuid("two"), FIELD)
    library.mention(two=1)
    library.days(8)
    asked = len(library.server.requests)
    meanwhile(library, lambda: outside(library, "hide", "10.5555/two", "--why", "x"), address=library.uuid("two"))

    library.push()

    assert not any("two" in one.query for one in library.server.requests[asked:])
    assert library.scores() == {"one": "3"}
