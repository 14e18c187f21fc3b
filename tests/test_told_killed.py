"""A push that tells of badges, killed before each statement that it makes: the next one ends where it would have."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House
from interleaving_child import Terms
from interleaving_process import Process, prepare
from told_places import Drop, Place, hooked, with_folder, with_inbox

Opened = Callable[[Path], AbstractContextManager[Any]]
PLACES: dict[str, Opened] = {"webhook": hooked, "coar_notify": with_inbox, "file_drop": with_folder}
LAST = 36  # statements of a push that matter: those before only open the store
STEP = 3  # one in so many is visited, beginning with another one for each kind
KILLED = -9


@pytest.fixture(scope="module", autouse=True)
def _processes() -> None:
    prepare()


@pytest.fixture(params=sorted(PLACES))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Two public works that were told of; one of them is private since, and another is new."""
    with PLACES[request.param](tmp_path / "house") as place:
        if isinstance(place, Drop):
            place.move(tmp_path / "drop")
        place.push()
        place.tell(one="private", four="public")
        place.days(8)
        yield place


def run(house: House, dies: int = 0) -> Process:
    """One push in a process of its own, which kills itself before a statement."""
    with Process(house.file, ["push"], terms=Terms(later=house.later, dies=dies)) as process:
        while process.on():
            pass
        return process


@pytest.mark.timeout(600)
def test_wherever_it_is_killed_the_next_push_ends_where_an_undisturbed_one_would(place: Place, tmp_path: Path) -> None:
    first = sorted(PLACES).index(place.kind)
    begun = stores.copy(place.house.folder, tmp_path / "begun")
    whole = run(_at(place, begun, tmp_path / "whole"))
    assert (whole.code, _shown(place)) == (0, {"two", "four"})
    for dies in range(whole.statements - LAST + first, whole.statements + 1, STEP):
        killed = _at(place, begun, tmp_path / f"killed {dies}")
        assert run(killed, dies).code == KILLED
        assert "three" not in _shown(place)

        killed.ok("push")
        killed.later += 86_400_000_000
        killed.ok("push")

        assert _shown(place) == {"two", "four"}, f"killed before statement {dies} of {whole.statements}"
        assert _once(place), f"killed before statement {dies}: a notice came again with another id"
        assert not killed.stored("SELECT output FROM pushed WHERE intended <> ''")


def _at(place: Place, begun: Path, folder: Path) -> House:
    """The house as it was, in a folder of its own, and the place as it was then."""
    house = House(stores.copy(begun, folder))
    house.later = place.house.later
    if isinstance(place, Drop):
        then = begun.parent / "drop then"  # made when it is first needed
        if not then.exists():
            shutil.copytree(place.folder, then)
        shutil.rmtree(place.folder)
        shutil.copytree(then, place.folder)
    elif place.kind == "webhook":
        del place.server.told[2:]  # type: ignore[attr-defined]
    else:
        del place.server.taken[2:]  # type: ignore[attr-defined]
    return house


def _shown(place: Any) -> set[str]:
    return set(place.shown())


def _once(place: Any) -> bool:
    """Of each notice, that is output and kind, there is one id."""
    told = getattr(place.server, "told", None) or getattr(place.server, "taken", [])
    ids: dict[tuple[str, str], set[str]] = {}
    for each in told:
        about = each.get("output") or str(each["object"].get("as:object", each.get("inReplyTo")))
        ids.setdefault((about, str(each["type"])), set()).add(each["id"])
    return all(len(each) == 1 for each in ids.values())
