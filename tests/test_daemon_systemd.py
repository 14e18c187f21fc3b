"""What the daemon tells systemd, over a real socket, and its unit."""

import configparser
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import House
from daemon_process import Daemon, daemon, until
from naive.elements import WIRES, serve, small

from sandbox.faults import Fault

MANUAL = '[connections.local]\nkind = "files"\npath = "import"\npull = "manual"\nfull = "manual"\n'
UNIT = Path(__file__).parents[1] / "docs" / "ringmark.service"


class Socket:
    """What systemd would hear."""

    def __init__(self, address: str) -> None:
        self.heard: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)

    def told(self, beginning: str) -> list[str]:
        """The lines that begin so, so far."""
        while True:
            try:
                self.heard += self._socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return [line for line in self.heard if line.startswith(beginning)]

    def hears(self, beginning: str, running: Daemon, count: int = 1) -> str:
        """Wait for a line."""
        return until(lambda: self.told(beginning)[count - 1 :], running)[0]

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["in a folder", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Socket, str]]:
    path = str(tmp_path / "notify") if request.param == "in a folder" else f"@ringmark-{os.getpid()}"
    there = Socket(path.replace("@", "\0"))
    yield there, path
    there.close()


def test_systemd_hears_when_it_is_ready_reads_settings_lives_and_stops(
    systemd: tuple[Socket, str], house: House
) -> None:
    there, path = systemd
    house.write(MANUAL)
    with daemon(house, NOTIFY_SOCKET=path, WATCHDOG_USEC="100000") as running:
        there.hears("READY=1", running)
        there.hears("WATCHDOG=1", running, 3)
        there.hears("STATUS=waiting", running)
        running.signal(signal.SIGHUP)
        there.hears("READY=1", running, 2)
        assert there.told("STOPPING=1") == []

    assert there.told("STOPPING=1") == ["STOPPING=1"]
    order = [line for line in there.heard if line.startswith(("READY", "RELOADING", "MONOTONIC", "STOPPING"))]
    assert [line.split("=")[0] for line in order] == ["READY", "RELOADING", "MONOTONIC_USEC", "READY", "STOPPING"]
    assert int(order[2].split("=")[1]) > 0


def test_systemd_does_not_hear_that_it_lives_while_a_job_hangs(house: House, tmp_path: Path) -> None:
    there, slow = Socket(str(tmp_path / "notify")), Fault("slow", address="/publications", seconds=60)
    quick = {"work.SLACK": 1.0 - 12 * 3600, "jobs.LOOK": 0.1}  # beyond the deadline of a pull, which is twelve hours
    with serve(small(), WIRES["v6.13"]) as server:
        server.faults.append(slow)
        house.elements(server.url)
        with daemon(house, quick=quick, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="1000") as running:

            def looked() -> int:
                """How often it has said that it lives, when it has read the settings once more."""
                read = len(there.told("READY=1"))
                running.signal(signal.SIGHUP)
                there.hears("READY=1", running, read + 1)
                return len(there.told("WATCHDOG=1"))

            there.hears("WATCHDOG=1", running, 2)
            there.hears("STATUS=pull elements", running)
            until(lambda: looked() == looked() == looked(), running)
            running.kill()
    there.close()


def test_the_watchdog_of_another_process_is_not_ours(house: House, tmp_path: Path) -> None:
    there = Socket(str(tmp_path / "notify"))
    house.write(MANUAL)
    with daemon(house, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="100000", WATCHDOG_PID="1") as running:
        there.hears("READY=1", running)
        running.signal(signal.SIGHUP)
        there.hears("READY=1", running, 2)
        assert there.told("WATCHDOG") == []
    there.close()


def test_the_unit_waits_for_what_the_daemon_says() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(UNIT)
    service = dict(unit["Service"])

    assert (service["Type"], service["Restart"], service["KillMode"]) == ("notify", "always", "mixed")
    assert service["User"] not in ("", "root")
    assert "daemon" in service["ExecStart"]
