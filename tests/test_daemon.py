"""`ringmark daemon` as a process: what it does by itself, how it ends, and that there is one."""

import os
import signal
from pathlib import Path

import stores
from canary import Desk, words_in
from conftest import House
from daemon_process import Daemon, daemon, until
from naive.elements import WIRES, expected, serve, small, told
from naive.hidden_house import ALPHA, BETA, DELTA, GAMMA

from sandbox.faults import Fault
from sync import store

WIRE = WIRES["v6.13"]


def opened(house: House) -> store.Store:
    return store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")


def struck(fault: Fault) -> bool:
    return fault.times == 0


def test_the_first_pull_and_score_happen_by_themselves_and_show_as_any_run(house: House) -> None:
    institution = small()
    with serve(institution, WIRE) as server:
        house.elements(server.url)
        with daemon(house) as running:
            pulled = running.says("pulled")
            running.says("scored")

    assert (pulled["source"], pulled["outcome"], pulled["asked"]) == ("elements", "done", "everything")
    assert pulled["seen"] >= pulled["changed"] > 0
    assert told(house.rows("public")) == expected(institution, WIRE, "public")
    assert house.json("status")["connections"][0]["last_run"]["outcome"] == "done"
    assert not [row for row in house.rows("internal") if row["title"] and row["title"] in running.text]


def test_sigterm_finishes_the_page_in_hand_and_the_next_goes_on_from_there(house: House) -> None:
    institution, slow = small(), Fault("slow", address=r"/publications\?.*after-id", seconds=0.6)
    with serve(institution, WIRE) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(slow)
        with daemon(house) as running:
            until(lambda: struck(slow), running)
            running.signal(signal.SIGTERM)
            running.signal(signal.SIGTERM)
            assert running.ended() == 0, running.text
        stopped = house.json("status")["connections"][0]
        asked = len(server.requests)

        with daemon(house) as running:
            pulled = running.says("pulled")
            running.says("scored")
        went_on = house.json("status")["connections"][0]["last_run"]["asked"]
        again = [f"{each.path}?{each.query}" for each in server.requests[asked:]]

    assert (stopped["last_run"]["outcome"], stopped["unfinished"], stopped["alarm"]) == ("stopped", True, None)
    assert (pulled["outcome"], went_on) == ("done", "everything, going on from a bookmark")
    assert not [each for each in again if "/users?" in each and "full" in each]
    assert told(house.rows("internal")) == expected(institution, WIRE, "internal")


def test_sigterm_does_not_wait_for_a_source_that_asks_for_patience(house: House) -> None:
    patience = Fault("too many requests", address="/publications", retry_after="250")
    with serve(small(), WIRE) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(patience)
        with daemon(house) as running:
            running.says("asking again")

    (pulled,) = running.lines("pulled")
    assert (pulled["outcome"], pulled["level"]) == ("stopped", "info")
    assert house.json("status")["connections"][0]["rests_until"] is None


def test_a_restart_pulls_nothing_before_its_time(house: House) -> None:
    with serve(small(), WIRE) as server:
        house.elements(server.url)
        with daemon(house) as running:
            running.says("scored")
        asked = len(server.requests)
        with daemon(house, quick={"timetable.SCORE_LOOKS": 0.05}) as running:
            running.says("tidied")
            running.signal(signal.SIGHUP)
            running.says("settings taken up")

        assert len(server.requests) == asked
    assert running.lines("pulled") == []


def test_a_hide_whose_time_is_up_is_released_when_every_source_was_read_again(own: House) -> None:
    own.write(own.file.read_text() + '[connections.other]\nkind = "files"\npath = "import"\n')
    doi = min(own.dois())
    own.ok("pull", "other")
    own.ok("hide", f"doi:{doi}", "--why", "an embargo", "--until", "2026-01-01")
    own.ok("score")
    assert doi not in own.dois()
    own.stored("DELETE FROM run")

    with daemon(own) as running:
        running.says("pulled", 2)
        until(lambda: doi in own.dois(), running)


def test_nothing_hidden_is_in_what_it_says(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.tell(alpha=ALPHA, beta=BETA, gamma=GAMMA, delta=DELTA)
    with daemon(desk) as running:
        running.says("scored")

    assert "canarypri" in str(desk.identifiers().values())
    assert not words_in(running.text)
    assert "10.5555" not in running.text


def test_a_second_daemon_on_the_same_store_names_the_first(house: House) -> None:
    house.write('[connections.local]\nkind = "files"\npath = "import"\npull = "manual"\nfull = "manual"\n')
    with daemon(house) as first:
        first.says("the daemon runs")
        second = Daemon(house)

        assert second.ended() == 1
        assert f"process {first.pid} on {os.uname().nodename}" in second.text
        assert "its lease runs until" in second.text


def test_after_kill_9_the_next_one_starts_at_once_and_goes_on(house: House) -> None:
    institution, slow = small(), Fault("slow", address=r"/publications\?.*after-id", seconds=60)
    with serve(institution, WIRE) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(slow)
        with daemon(house) as first:
            until(lambda: struck(slow), first)
            first.kill()
        with daemon(house) as second:
            second.says("pulled", outcome="done")
            second.says("scored")

    assert told(house.rows("internal")) == expected(institution, WIRE, "internal")


def test_a_daemon_whose_lease_was_taken_stops_working_and_ends_with_1(house: House) -> None:
    house.write('[connections.local]\nkind = "files"\npath = "import"\npull = "manual"\n')
    with daemon(house) as running:
        running.says("the daemon runs")
        home = opened(house)
        store.leases.take(home, "daemon", holder="{}", now=store.now() + 10**9, for_=10**9, gone=lambda _: False)
        home.engine.dispose()

        assert running.ended() == 1
        assert "another daemon has taken the lease" in running.says("the daemon ends")["why"]


def test_one_source_that_fails_and_one_that_is_paused_do_not_stop_the_others(house: House, tmp_path: Path) -> None:
    institution = small()
    institution.write_files(tmp_path / "import")
    with serve(institution, WIRE) as server:
        server.faults.append(Fault("not xml", times=None))
        house.elements(server.url, before='[connections.local]\nkind = "files"\npath = "import"\n'
                       '[connections.other]\nkind = "files"\npath = "import"\nrequire_author = false\n')  # fmt: skip
        house.ok("connection", "pause", "other")
        with daemon(house) as running:
            failed = running.says("pulled", source="elements")
            running.says("pulled", source="local", outcome="done")
            running.says("scored")
            assert running.lines("pulled", source="other") == []

            house.ok("connection", "resume", "other")
            running.says("pulled", source="other", outcome="done")

    assert (failed["outcome"], failed["level"]) == ("failed", "warning")
    assert len(running.lines("pulled", source="elements")) == 1, "it rests"
    assert house.dois()


def test_a_pull_by_a_person_is_waited_for(house: House, tmp_path: Path) -> None:
    small().write_files(tmp_path / "import")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("status")
    home = opened(house)
    with daemon(house) as running:
        with store.turn(home, "local") as ours:
            running.says("the daemon runs")
            assert ours or running.says("pulled", outcome="done")
            if ours:
                assert "another pull" in running.says("pulled", outcome="failed")["why"]
        running.says("pulled", outcome="done")
    home.engine.dispose()
