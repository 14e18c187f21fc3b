"""Every command, killed before and after each of its commits and of its writes to the outside: the next run ends where
an undisturbed one would.

What kill -9 leaves of an SQLite store is what stands in the files at that instant. So one process is stopped at point
after point, and its folder copied at each; then every copy goes on by itself, while the source has changed meanwhile.
Two points between which no byte was written are one. With PostgreSQL, and at moments that chance has chosen, processes
are killed for real.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
import stores
from conftest import House
from interleaving_child import Terms
from interleaving_process import Process
from interleaving_university import WIRE, State, University, add_output, audit, correct, doi_of, link, link_id, opened
from naive.elements import expected, told
from naive.said import connection

from sandbox.institution import Institution

EVER = range(1000)  # more points than any command has
WAITS, KILLED = 4, -9
SEEDS = 20
FEWER = 11  # where each is killed for real, one point in so many is visited
NARROW = '[scope]\nprofile = "academic"\n[scope.visibility]\noutputs = "public"\n'
NEWS = """
{"id": "1", "source": "policy", "policy_source": "a", "occurred_at": "2026-03-01", "output": ["doi:10.5555/work.101"]}
{"id": "2", "source": "policy", "policy_source": "b", "occurred_at": "2026-03-02", "output": ["doi:10.5555/work.101"]}
{"id": "3", "source": "policy", "policy_source": "a", "occurred_at": "2026-03-03", "output": ["doi:10.5555/work.102"]}
{"id": "4", "source": "policy", "policy_source": "a", "occurred_at": "2026-03-03", "output": ["doi:10.5555/nobody"]}
{"id": "5", "source": "no such source", "occurred_at": "2026-03-03", "output": ["doi:10.5555/work.102"]}
this is no mention
"""


def much_changes(institution: Institution) -> None:
    """Levels close and open, records come, go, merge and are corrected."""
    institution.change_output(101, privacy="internal")
    institution.change_output(105, privacy="public")
    institution.change_authorship(link_id(102, 1003), privacy="private")
    institution.delete_output(106)
    institution.merge_outputs(107, into=109)
    add_output(institution, 201)
    link(institution, 201, 1001)
    correct(institution, 104, "10.5555/corrected")


def most_vanishes(institution: Institution) -> None:
    """More goes than is likely, and no feed of deletions tells of it."""
    for number in range(104, 109):
        institution.delete_output(number)
    institution.deletions.clear()


def nothing_changes(_: Institution) -> None:
    """The source stays as it is."""


@dataclass(frozen=True)
class Scene:
    """A command that is killed, the state in which it begins, and what the source tells by then. Its points are dealt
    into `shares`, so that tests can run beside each other."""

    state: str
    words: tuple[str, ...]
    change: Callable[[Institution], None] = nothing_changes
    shares: int = 1

    @property
    def pulls(self) -> bool:
        """Whether it reads the source."""
        return self.words[0] in ("pull", "sync")


SCENES = {
    "first sync": Scene("new", ("sync",), shares=3),
    "full pull": Scene("pushed", ("pull", "--full"), much_changes),
    "delta": Scene("pushed", ("pull",), much_changes),
    "accept": Scene("held", ("accept", "{run}")),
    "import": Scene("pushed", ("import", "{folder}/news.jsonl")),
    "scope": Scene("pushed", ("scope", "apply", "{folder}/narrow.toml")),
    "hide": Scene("pushed", ("hide", f"doi:{doi_of(101)}", "--why", "x")),
    "unhide": Scene("hidden", ("unhide", f"doi:{doi_of(101)}")),
    "withdrawal": Scene("hidden", ("push",)),
    "forget a source": Scene("two", ("connection", "forget", "local")),
    "forget a repository": Scene("pushed", ("connection", "forget", "library", "--withdraw")),
}
AUDITED = ("accept", "scope", "hide", "unhide", "forget a source", "forget a repository")
BRAKE = Scene("pushed", ("pull", "--full"), most_vanishes)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[University]:
    with opened(tmp_path_factory.mktemp("university")) as found:
        prepare(found)
        yield found


def prepare(there: University) -> None:
    """The states in which the scenes begin."""
    house = there.at(there.states["new"])
    house.ok("sync")
    (house.folder / "news.jsonl").write_text(NEWS)
    (house.folder / "narrow.toml").write_text(NARROW)
    there.states["pushed"] = there.keep(house)
    house.ok(*SCENES["hide"].words)
    there.states["hidden"] = there.keep(house)

    house = there.at(there.states["pushed"])
    one = house.file.read_text()
    there.institution.write_files(house.folder / "import")
    house.write(one + '[connections.local]\nkind = "files"\npath = "import"\n').ok("sync")
    house.write(one).ok("score")
    there.states["two"] = there.keep(house)

    house = there.at(there.states["pushed"])
    most_vanishes(there.institution)
    assert house.run("pull", "--full").code == WAITS
    there.states["held"] = there.keep(house)


def test_an_undisturbed_university_shows_what_it_should(there: University) -> None:
    house, words = begin(there, SCENES["delta"])
    house.ok(*words)
    there.go_on(house, pulls=True)

    for audience in ("public", "internal"):
        assert told(house.rows(audience)) == expected(there.institution, WIRE, audience)


@pytest.mark.parametrize(
    ("name", "share"), [(name, share) for name, scene in SCENES.items() for share in range(scene.shares)]
)
def test_wherever_it_is_killed_the_next_run_ends_where_an_undisturbed_one_would(
    there: University, name: str, share: int
) -> None:
    scene = SCENES[name]
    undisturbed = ending(there, name)
    for point, house, words in killed(there, scene, share):
        ended = there.go_on(house, pulls=scene.pulls, again=words)
        assert ended == undisturbed, f"killed at {point}"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_and_so_it_does_when_it_is_killed_at_any_moment_and_its_next_run_as_well(there: University, seed: int) -> None:
    dice = random.Random(seed)
    name = dice.choice(list(SCENES))
    scene, undisturbed = SCENES[name], ending(there, name)
    house, words = begin(there, scene)
    moments = [dice.randint(1, there.statements[name]) for _ in range(2)]

    assert dies(there, house, words, moments[0]) == KILLED
    dies(there, house, words, moments[1])
    ended = there.go_on(house, pulls=scene.pulls, again=words)

    assert ended == undisturbed, f"{name}, killed before statement {moments[0]}, then {moments[1]}"


@pytest.mark.parametrize("name", AUDITED)
def test_what_was_done_is_written_down_wherever_it_is_killed(there: University, name: str) -> None:
    scene = SCENES[name]
    house, words = begin(there, scene)
    before = audit(house)
    house.ok(*words)
    done = audit(house) - before
    assert done
    for point, house, words in killed(there, scene):
        house.run(*words)
        assert audit(house) - before == done, f"killed at {point}"


def test_a_listing_that_lost_much_and_was_killed_is_no_second_opinion(there: University) -> None:
    """What vanished waits until two runs to the end have missed it."""
    for point, house, words in killed(there, BRAKE):
        ended = connection(house)["last_run"]["outcome"] == "held"
        assert house.run(*words).code == (0 if ended else WAITS), f"killed at {point}"


def begin(there: University, scene: Scene) -> tuple[House, list[str]]:
    """A house in which a scene can begin, and the words of its command."""
    house = there.at(there.states[scene.state])
    runs = house.json("status")["waits_for_accept"] if scene.state != "new" else []
    scene.change(there.institution)
    return house, [word.format(folder=house.folder, run=runs and runs[0]) for word in scene.words]


def ending(there: University, name: str) -> dict[str, Any]:
    """Where a scene ends that nobody disturbs; it is played once."""
    if name not in there.endings:
        scene = SCENES[name]
        house, words = begin(there, scene)
        with Process(house.file, words) as process:
            process.end()
        there.endings[name] = there.go_on(house, pulls=scene.pulls)
        there.statements[name] = process.statements
    return there.endings[name]


def dies(there: University, house: House, words: list[str], moment: int) -> int | None:
    """Run a command that kills itself at a moment, if it gets there; how it ended."""
    with Process(house.file, words, terms=Terms(later=house.later, dies=moment)) as process:
        code = process.wait()
    there.let_go(house)
    return code


def killed(there: University, scene: Scene, share: int = 0) -> Iterator[tuple[str, House, list[str]]]:
    """The house, and the words of the command, after it was killed at each point of a share of a scene."""
    visits = really_killed(there, scene) if stores.POSTGRESQL else images(there, scene)
    return islice(visits, share, None, scene.shares)


def images(there: University, scene: Scene) -> Iterator[tuple[str, House, list[str]]]:
    """Copies of the house as it stands at each point at which it is not the same as at the one before."""
    house, words = begin(there, scene)
    states = list[tuple[str, State]]()
    before: object = None
    with Process(house.file, words, EVER) as process:
        while point := process.on():
            now = [file.read_bytes() for file in sorted(house.folder.glob("ringmark.*[!m]"))], dict(there.library.items)
            if now != before:
                states.append((f"{len(process.points) - 1}: {point}", there.keep(house)))
            before = now
    for point, state in states:
        copy = there.at(state)
        yield point, copy, [word.replace(str(house.folder), str(copy.folder)) for word in words]


def really_killed(there: University, scene: Scene) -> Iterator[tuple[str, House, list[str]]]:
    """Some of the points, each visited by a process of its own."""
    for number in range(1, len(EVER), FEWER):
        house, words = begin(there, scene)
        with Process(house.file, words, (number,)) as process:
            point = process.on()
        there.let_go(house)
        if not point:
            return
        yield f"{number}: {point}", house, words
