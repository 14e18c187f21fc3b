"""A publish and a push, stopped before and after every commit and every write that leaves, while somebody else hides
what they are about to show.

At each point the stopped process then goes on, or is killed there. From the instant at which the other command has
ended nobody can read what it hid; and in the end the repository holds what may show, and nothing else. What was hidden
after a push had looked for the last time, the next push takes back.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from conftest import House
from interleaving_house import BASE, FIELD, GOES, ITEMS, LOOSER, STAYS, TIGHTER, Change, World, world
from interleaving_process import Process

from sandbox.dspace.faults import DSpaceFault

EVER = 1000  # more points than any command has
LAST = 3  # the points of the transaction that closes a push: it has looked for the last time by then
SHARES = 4  # into which the points of a scene are dealt, so that tests can run beside each other


@dataclass(frozen=True)
class Scene:
    """A command that is stopped, the state in which it begins, and a fault of the repository at every write."""

    state: str
    words: tuple[str, ...]
    fault: str = ""


SCENES = {
    "first score": Scene("pulled", ("score",)),
    "full score": Scene("told", ("score", "--full")),
    "first push": Scene("scored", ("push",)),
    "push of new scores": Scene("changed", ("push",)),
    "push to a server that hangs up": Scene("scored", ("push",), "hang up after"),
    "withdrawal": Scene("hidden", ("push",)),
    "withdrawal from a server that hangs up": Scene("hidden", ("push",), "hang up after"),
}
endings = pytest.mark.parametrize("kill", [False, True], ids=["goes on", "killed"])


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("interleavings")) as found:
        yield found


def test_every_door_is_open_as_long_as_it_may_show(tiny: World) -> None:
    tiny.at("changed")
    assert tiny.doors.open() == {"explain", "badge of the command line", "export", *tiny.doors.paths}


@endings
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("scene", ["first score", "full score", "first push"])
def test_what_is_hidden_at_any_point_shows_nowhere(tiny: World, scene: str, share: int, kill: bool) -> None:
    for point in range(share, len(points(tiny, scene)), SHARES):
        interleave(tiny, scene, point, TIGHTER["hide"], (STAYS,), kill=kill)


@endings
@pytest.mark.parametrize(
    ("scene", "change"),
    [("push of new scores", "hide"), ("push to a server that hangs up", "hide")]
    + [("first push", change) for change in TIGHTER if change != "hide"],
)
def test_nor_does_what_is_hidden_around_a_write_in_any_way(tiny: World, scene: str, change: str, kill: bool) -> None:
    for point in around_the_write(points(tiny, scene)):
        interleave(tiny, scene, point, TIGHTER[change], (STAYS,), kill=kill)


@endings
@pytest.mark.parametrize(
    ("scene", "change"),
    [("withdrawal", "unhide"), ("withdrawal", "unhide, hide"), ("withdrawal from a server that hangs up", "unhide")],
)
def test_what_may_show_again_while_it_is_withdrawn_ends_as_it_may(
    tiny: World, scene: str, change: str, kill: bool
) -> None:
    may_show = (GOES, STAYS) if change == "unhide" else (STAYS,)
    for point in range(len(points(tiny, scene))):
        interleave(tiny, scene, point, LOOSER[change], may_show, kill=kill)


def test_a_request_that_lands_late_is_taken_back_all_the_same(tiny: World) -> None:
    """Nothing of it is there when its push reads again, nor when the next one withdraws; then it is carried out."""
    house = tiny.at("scored")
    tiny.repository.faults.append(DSpaceFault("hang up before", method="PATCH"))
    assert house.run("push").code == 3
    asked = next(one for one in reversed(tiny.repository.requests) if one.method == "PATCH" and one.status == 0)
    house.ok(*TIGHTER["hide"].commands[0])
    house.ok("push")
    assert tiny.held(GOES) == []

    tiny.repository.edit(ITEMS[GOES].uuid, FIELD, json.loads(asked.body)[0]["value"][0]["value"])
    house.ok("push")

    assert tiny.held(GOES) == []


def test_without_the_last_question_what_is_hidden_after_it_was_intended_is_left(tiny: World) -> None:
    without = ("the last question",)
    point = points(tiny, "first push", without).index("send") - 1
    with pytest.raises(AssertionError, match=r"(?m)committed; left in the repository$"):
        interleave(tiny, "first push", point, TIGHTER["hide"], (STAYS,), kill=False, without=without)


def test_without_the_intention_nobody_knows_what_a_killed_push_has_written(tiny: World) -> None:
    without = ("the intention",)
    point = points(tiny, "first push", without).index("sent")
    with pytest.raises(AssertionError, match=r"(?m)sent; left in the repository by the next push$"):
        interleave(tiny, "first push", point, TIGHTER["hide"], (STAYS,), kill=True, without=without)


def test_without_permission_at_its_writing_a_score_shows_what_was_hidden_since_it_was_made(tiny: World) -> None:
    without = ("permission",)
    point = points(tiny, "first score", without).index("begin", 1)
    with pytest.raises(AssertionError, match=r"(?m)read at committed$"):
        interleave(tiny, "first score", point, TIGHTER["hide"], (STAYS,), kill=False, without=without)


def points(tiny: World, scene: str, without: tuple[str, ...] = ()) -> list[str]:
    """The points of a scene in which nobody comes between; it is played once."""
    if (scene, without) not in tiny.points:
        _, process = begin(tiny, scene, EVER, without)
        with process:
            process.end()
        tiny.points[scene, without] = process.points
    return tiny.points[scene, without]


def around_the_write(all_points: list[str]) -> range:
    """From the transaction before the first write that leaves to the one after it."""
    send = all_points.index("send")
    transaction = ["begin", "commit", "committed"]
    assert all_points[send - 3 : send + 5] == [*transaction, "send", "sent", *transaction]
    return range(send - 3, send + 5)


def begin(tiny: World, scene: str, point: int, without: tuple[str, ...] = ()) -> tuple[House, Process]:
    """A house and a command in it, which stops at a point and at all that follow."""
    told = SCENES[scene]
    house = tiny.at(told.state)
    if told.fault:
        tiny.repository.faults.append(DSpaceFault(told.fault, method="PATCH", times=None))  # type: ignore[arg-type]
    return house, Process(house.file, told.words, range(point, EVER), without)


def interleave(
    tiny: World,
    scene: str,
    point: int,
    change: Change,
    may_show: tuple[str, ...],
    *,
    kill: bool,
    without: tuple[str, ...] = (),
) -> None:
    """Stop at a point, let somebody else change what shows, go on or kill, and push again."""
    hides, pushes, public = GOES not in may_show, "push" in SCENES[scene].words, tiny.doors
    house, process = begin(tiny, scene, point, without)
    with process:
        here = f"{scene}, {'killed' if kill else 'went on'} at point {point}: {process.on()}"
        public.served("badge", "picture")  # so that the server has kept what may show until now
        meanwhile(process, house, change, kill=kill)
        assert not (hides and (read := public.open())), f"{here}; read by {read}"
        if not kill:
            while process.on():
                assert not (hides and public.served("badge")), f"{here}; read at {process.points[-1]}"
            process.end()
            looked = pushes and point < len(process.points) - LAST
            assert not (hides and looked and tiny.held(GOES)), f"{here}; left in the repository"
    house.ok("push")
    assert not (hides and tiny.held(GOES)), f"{here}; left in the repository by the next push"
    if not (hides and pushes):  # something waits to be scored
        house.ok("score")
        house.ok("push")
    assert not (hides and (read := public.served(*public.paths))), f"{here}; read at the end by {read}"
    shows = {row["doi"]: [f"{BASE}/badge/output/{row['output']}.svg {row['score']}"] for row in house.rows()}
    assert set(shows) == set(may_show) == house.dois("internal"), here
    assert {doi: tiny.held(doi) for doi in ITEMS} == {doi: shows.get(doi, []) for doi in ITEMS}, here


def meanwhile(process: Process, house: House, change: Change, *, kill: bool) -> None:
    """Somebody else's commands while a process waits at a point. Where it holds the lock of the store the first of them
    waits too: then it is killed while that one waits, or goes on to where it has let go."""
    change.prepare(house)
    for words in change.commands:
        other = Process(house.file, [word.format(folder=house.folder) for word in words])
        if process.points[-1] == "commit" and not process.ended:
            other.reach("begin")
            process.close() if kill else process.on()
        other.end()
    if kill:
        process.close()
