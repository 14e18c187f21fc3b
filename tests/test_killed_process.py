"""Ringmark as a process of its own: what it writes where, and what is left when it is killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import PASSWORD, House
from naive.elements import WIRES, expected, serve, small, told

from sandbox.faults import Fault

COMMAND = (sys.executable, "-c", "from sync.cli import main; main()")


def start(house: House, *words: str, **more: Any) -> subprocess.Popen[str]:
    """One command as a process."""
    return subprocess.Popen(
        [*COMMAND, "--config", str(house.file), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def test_standard_output_and_standard_error_are_kept_apart(house: House) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url)
        pulled = start(house, "sync", "--json")
        out, err = pulled.communicate(timeout=60)
        assert (pulled.returncode, err) == (0, "")
        assert '"outcome": "done"' in out

        server.faults.append(Fault("not xml", times=None))
        failed = start(house, "pull")
        out, err = failed.communicate(timeout=60)

    assert failed.returncode == 1
    assert "elements: failed" in out
    assert "Traceback" not in out + err
    assert PASSWORD not in out + err


def test_the_settings_may_come_from_the_environment(house: House) -> None:
    small().write_files(house.folder / "import")
    house.write('[connections.local]\nkind = "files"\npath = "elsewhere"\n')
    env = {**os.environ, "RINGMARK_CONFIG": str(house.file), "RINGMARK_CONNECTIONS__LOCAL__PATH": "import"}

    ran = subprocess.run([*COMMAND, "sync"], env=env, cwd="/", capture_output=True, text=True, check=False, timeout=60)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert "10.5555/example.50040" in house.dois()
    assert stores.POSTGRESQL or (house.folder / "ringmark.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("listing", "ending"),
    [(r"/users\?.*after-id", signal.SIGKILL), (r"/relationships\?types", signal.SIGTERM),
     (r"/publications\?.*after-id=5005", signal.SIGKILL)],
)  # fmt: skip
def test_a_pull_that_is_killed_is_taken_up_by_the_next_to_the_same_end(
    house: House, ending: signal.Signals, listing: str
) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(Fault("slow", address=listing, seconds=60))
        process = start(house, "pull")
        while not any(fault.times == 0 for fault in server.faults):
            assert process.poll() is None
            time.sleep(0.02)
        institution.change_output(50_040, privacy="private")
        process.send_signal(ending)
        process.communicate(timeout=60)
        assert process.returncode != 0

        after = house.json("status")["connections"][0]
        house.ok("pull")
        house.ok("pull")
        house.ok("score")

    assert (after["cursor"], after["name"]) == (None, "elements")
    assert told(house.rows("internal")) == expected(institution, wire, "internal")
    assert told(house.rows("public")) == expected(institution, wire, "public")


def test_a_delta_that_is_killed_loses_no_change(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url)
        house.ok("sync")
        cursor = house.json("status")["connections"][0]["cursor"]
        institution.change_person(1001, privacy="internal")
        institution.delete_output(50_041)
        server.faults.append(Fault("slow", address=r"/deleted/publications", seconds=60))
        process = start(house, "pull")
        while not any(fault.times == 0 for fault in server.faults):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)

        assert house.json("status")["connections"][0]["cursor"] == cursor
        house.ok("sync")

    assert told(house.rows("internal")) == expected(institution, wire, "internal")
    assert told(house.rows("public")) == expected(institution, wire, "public")


@pytest.mark.parametrize(("first", "second"), [(["pull", "--full"], ["pull", "--full"]), (["pull"], ["pull"])])
def test_two_pulls_of_one_connection_at_once_lose_nothing(house: House, first: list[str], second: list[str]) -> None:
    """Whoever comes second may be sent away; what either has seen is not missing for the other."""
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url)
        house.ok("sync")
        institution.change_output(50_040, privacy="private")
        server.faults.append(Fault("slow", address=r"/publications\?.*full", seconds=2))
        process = start(house, *first)
        while not any(fault.times == 0 for fault in server.faults):
            assert process.poll() is None
            time.sleep(0.02)
        other = house.run(*second)
        out, err = process.communicate(timeout=60)

        assert (process.returncode, err) == (0, ""), out
        assert other.code in (0, 1, 3), other
        house.ok("sync")

    assert told(house.rows("internal")) == expected(institution, wire, "internal")
    assert house.json("status")["waits_for_accept"] == []


def test_scores_and_a_pull_at_the_same_time_leave_a_whole_store(house: House, tmp_path: Path) -> None:
    small().write_files(tmp_path / "import")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    before = house.rows("internal")

    processes = [start(house, *words) for words in (["pull"], ["score", "--full"], ["score", "--full"])]
    ended = [(*process.communicate(timeout=100), process.returncode) for process in processes]

    assert [(err, code) for _, err, code in ended] == [("", 0)] * 3, ended
    house.ok("score", "--full")
    assert house.rows("internal") == before
