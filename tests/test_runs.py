"""Runs as rows: what was asked, how far it came, how long it may still take, and why it ended."""

import signal
import time
from typing import Any

import pytest
from conftest import House
from naive.elements import WIRES, serve, small
from small_source import World, keys, registered
from test_killed_process import start

from config.load import load
from connectors.records import Gone
from sandbox.faults import Fault
from sync import steps, store

SECOND = 1_000_000
"""A microsecond count, as all of the store's."""


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    return registered(monkeypatch, house).add(*keys(*range(10)))


def runs(house: House, name: str = "small") -> list[dict[str, Any]]:
    """The runs of a connection, newest first."""
    found: list[dict[str, Any]] = house.json("connection", "runs", name)["runs"]
    return found


def test_a_run_says_what_was_asked_and_what_came_of_it(house: House, world: World) -> None:
    house.ok("pull")
    world.delta, world.cursor = tuple(world.items.values())[:1], "c2"
    world.gone = (Gone(kind="item", key="k0009"),)
    house.ok("pull")
    house.ok("pull", "--full")

    full, delta, first = runs(house)

    assert [each["asked"] for each in (first, delta, full)] == ["everything", "changes since c1", "everything"]
    assert (first["outcome"], first["seen"], first["changed"], first["aside"]) == ("done", 10, 10, 0)
    assert (delta["seen"], delta["changed"], delta["deleted"]) == (1, 0, 1)
    assert (full["seen"], full["changed"], full["why"]) == (10, 1, None)
    assert house.json("connection", "list")["connections"][0]["last_run"] == full
    assert house.json("connection", "runs", "small", "--last", "1")["runs"] == [full]
    lines = house.ok("connection", "runs", "small").splitlines()
    assert "changes since c1" in lines[2]


@pytest.mark.usefixtures("world")
def test_runs_of_an_unknown_connection_are_an_error(house: House) -> None:
    assert house.run("connection", "runs", "nobody").code == 1


@pytest.mark.usefixtures("world")
def test_an_import_is_a_run_too(house: House) -> None:
    (house.folder / "mentions.jsonl").write_text(
        '{"id": "m", "source": "policy", "output": ["doi:10.5555/k0001"], "occurred_at": "2026-01-01T00:00:00Z"}\n'
    )
    house.ok("import", str(house.folder / "mentions.jsonl"))

    (run,) = runs(house, "(import)")

    assert (run["asked"], run["step"], run["outcome"], run["seen"]) == ("import", "import", "done", 1)


def test_a_run_that_is_killed_says_how_far_it_came(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(Fault("slow", address=r"/publications\?.*after-id=5003", seconds=60))
        process = start(house, "pull")
        while not any(fault.times == 0 for fault in server.faults):
            assert process.poll() is None
            time.sleep(0.02)
        running = runs(house, "elements")[0]
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)

        (killed,) = runs(house, "elements")
        assert house.json("status")["connections"][0]["last_run"]["outcome"] == "stopped"
        server.faults.clear()
        house.ok("pull")
        resumed, closed = runs(house, "elements")

    assert (running["outcome"], running["seen"] > 20, running["expected"] > running["seen"]) == ("running", True, True)
    for each in (killed, closed):
        assert (each["outcome"], each["why"], each["seen"]) == (
            "stopped", "the process ended before the run did", running["seen"])  # fmt: skip
        assert each["left"] is None
    assert resumed["asked"] == "everything, going on from a bookmark"
    assert 0 < resumed["before"] <= running["seen"]
    assert closed["ended_at"] == closed["last_at"]


def test_the_total_that_a_source_tells_is_what_its_runs_see(house: House) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url)
        house.ok("pull")

    (run,) = runs(house, "elements")

    assert run["expected"] == run["seen"]


def lefts(house: House, world: World, seconds: int) -> list[dict[str, int] | None]:
    """What a run says is left of it before each of its pages, of which each takes so many seconds."""
    settings = load(house.file)
    home = steps.open_house(settings)
    now, found = [store.now()], []

    def before(_: int) -> None:
        now[0] += seconds * SECOND
        found.append(store.runs_of(home, "small", most=1, now=now[0])[0]["left"])

    world.before = before
    try:
        steps.pull(home, settings, ["small"], full=True, clock=lambda: now[0], progress=lambda *_: None)
    finally:
        world.before = lambda _: None
        home.engine.dispose()
    return found


def test_what_is_left_goes_by_the_rate_of_the_run_and_the_total_that_the_source_tells(
    house: House, world: World
) -> None:
    world.total = 10

    left = lefts(house, world, seconds=10)

    assert left == [None, None, *({"least": n, "most": m} for n, m in ((30, 60), (20, 30), (10, 13))), None]


def test_without_a_total_nothing_is_said_of_a_first_run_and_the_last_is_the_measure_of_the_next(
    house: House, world: World
) -> None:
    assert lefts(house, world, seconds=10) == [None] * 6
    assert lefts(house, world, seconds=30)[2] == {"least": 36, "most": 135}
