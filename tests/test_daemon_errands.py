"""Errands: what somebody asks the daemon to do out of its turn, however its process ends."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from daemon_process import daemon, until
from naive.elements import WIRES, serve, small
from push_library import Library, opened

from sandbox.dspace.faults import DSpaceFault
from sandbox.faults import Fault

WIRE = WIRES["v6.13"]
BY_HAND = 'pull = "manual"\nfull = "manual"\n'


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path) as found:
        yield found


def errand(house: House, number: int) -> dict[str, Any]:
    """One errand, as the command line tells of it."""
    (found,) = [each for each in house.json("errand", "list")["errands"] if each["errand"] == number]
    return dict(found)


def asked(house: House, *words: str) -> int:
    """Ask for one; its number."""
    return int(house.json("errand", "ask", *words)["errand"])


def test_what_is_asked_for_is_done_at_once_and_what_came_of_it_is_told(house: House) -> None:
    with serve(small(), WIRE) as server:
        house.elements(server.url, BY_HAND)
        with daemon(house, quick={"timetable.PULL_LOOKS": 60.0}) as running:
            running.says("tidied")
            numbers = [asked(house, "check", "elements"), asked(house, "full", "elements"), asked(house, "score")]
            found = [
                until(lambda n=number: errand(house, n)["ended"] and errand(house, n), running) for number in numbers
            ]

    check, full, score = found
    assert [each["outcome"] for each in found] == ["done", "done", "done"]
    assert check["told"]["findings"][0]["ok"]
    assert full["told"]["seen"] > 0
    assert full["told"]["run"] == house.json("status")["connections"][0]["last_run"]["id"]
    assert score["by"] == full["by"] != ""


def test_the_same_that_waits_already_is_asked_for_once(house: House) -> None:
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')

    assert asked(house, "pull", "local") == asked(house, "pull", "local") != asked(house, "full", "local")
    assert house.json("errand", "list")["daemon"] is None


def test_what_cannot_be_asked_for_is_refused(house: House) -> None:
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')

    assert house.run("errand", "ask", "dance", "local").code == 2
    assert house.run("errand", "ask", "pull", "nowhere").code == 1
    assert house.run("errand", "ask", "push", "local").code == 2
    assert house.run("errand", "ask", "score", "local").code == 2


def test_a_push_that_was_asked_for_withdraws_at_once_and_waits_with_the_first_badges(library: Library) -> None:
    with daemon(library.house, quick={"timetable.PUSH_LOOKS": 600.0, "timetable.SCORE_LOOKS": 600.0}) as running:
        running.says("pushed", outcome="held")
        number = asked(library.house, "push", "library")
        held = until(lambda: errand(library.house, number)["ended"] and errand(library.house, number), running)
        assert library.scores() == {}, "nobody has agreed"
        library.house.ok("accept", str(held["told"]["run"]))
        asked(library.house, "push", "library")
        running.says("pushed", outcome="done", written=2)
        library.house.ok("hide", "doi:10.5555/two", "--why", "its author asked")
        asked(library.house, "push", "library")
        running.says("pushed", outcome="done", withdrawn=1)

    assert (held["outcome"], held["told"]["waiting"]) == ("held", 2)
    assert library.scores() == {"one": "3"}


def test_after_kill_9_an_errand_is_done_again(house: House) -> None:
    slow = Fault("slow", address=r"/publications\?.*after-id", seconds=60)
    with serve(small(), WIRE) as server:
        house.elements(server.url, "per_page = 5\n" + BY_HAND)
        number = asked(house, "full", "elements")
        server.faults.append(slow)
        with daemon(house) as first:
            until(lambda: slow.times == 0, first)
            first.kill()
        begun = errand(house, number)
        with daemon(house) as second:
            second.says("errand", outcome="done")

    assert (begun["begun"] is not None, begun["ended"]) == (True, None)
    assert errand(house, number)["outcome"] == "done"


def test_what_takes_the_process_down_each_time_is_left_with_the_reason(house: House) -> None:
    with serve(small(), WIRE) as server:
        house.elements(server.url, BY_HAND)
        number = asked(house, "check", "elements")
        for _ in range(3):
            slow = Fault("slow", address="/", seconds=60)
            server.faults.append(slow)
            with daemon(house) as running:
                until(lambda each=slow: each.times == 0, running)
                running.kill()
        with daemon(house) as running:
            until(lambda: errand(house, number)["ended"], running)

    left = errand(house, number)
    assert left["outcome"] == "failed"
    assert "3 times" in left["why"]


def test_sigterm_leaves_an_errand_to_the_next_daemon_which_goes_on(library: Library) -> None:
    library.first_push()
    slow = DSpaceFault("slow", method="PATCH", seconds=0.5)
    library.server.faults.append(slow)
    number = asked(library.house, "withdraw", "library")
    with daemon(library.house) as running:
        until(lambda: slow.times == 0, running)
        running.signal(signal.SIGTERM)
        assert running.ended() == 0
    waits = errand(library.house, number)
    assert len(library.scores()) == 1, "it ended after the item in hand"

    with daemon(library.house) as running:
        running.says("errand", outcome="done", verb="withdraw")

    assert (waits["begun"], waits["ended"]) == (None, None)
    assert library.scores() == {}
    assert library.stands()["state"] == "paused"


def test_an_errand_of_a_connection_that_is_no_longer_there_ends_with_a_reason(house: House) -> None:
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    number = asked(house, "pull", "local")
    house.write("")
    with daemon(house, quick={"errands.GRACE": 0}) as running:
        running.says("errand left")

    gone = errand(house, number)
    assert (gone["outcome"], gone["why"]) == ("failed", "local: no longer in ringmark.toml")


def test_an_errand_comes_to_a_source_that_rests(house: House) -> None:
    with serve(small(), WIRE) as server:
        server.faults.append(Fault("not xml"))
        house.elements(server.url)
        with daemon(house) as running:
            running.says("pulled", outcome="failed")
            assert house.json("status")["connections"][0]["rests_until"]
            asked(house, "pull", "elements")
            running.says("pulled", outcome="done")
