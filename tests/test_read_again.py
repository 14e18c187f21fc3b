"""Settings that decide what a record is read as: once they have changed, the next pull reads everything."""

from dataclasses import replace
from typing import ClassVar

import pytest
from conftest import House
from small_source import SETTINGS, Small, World, keys, registered

from config.load import load
from config.visibility import Visibility
from connectors import Manifest
from connectors.errors import TryLater
from sync import steps

ONE, TWO = keys(1, 2)
BOTH = {f"10.5555/{ONE}", f"10.5555/{TWO}"}
PUBLIC, INTERNAL = ('[connections.small.assume]\noutputs = "%s"\n' % level for level in ("public", "internal"))  # noqa: UP031


class Silent(Small):
    """A source that says no level of outputs, as a harvest."""

    manifest: ClassVar[Manifest] = replace(Small.manifest, visibility=frozenset())


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    world = registered(monkeypatch, house, Silent).add(ONE, TWO)
    house.write(SETTINGS + PUBLIC)
    house.ok("sync")
    return world


def whole(house: House, world: World) -> bool:
    """Whether the next pull reads everything."""
    house.ok("pull")
    return world.since[-1].cursor is None


@pytest.mark.parametrize(
    "more",
    [
        'sets = ["theses"]\n',
        'formats = ["mods"]\n',
        'doi_fields = ["dc.identifier"]\n',
        "people = true\n",
        'url = "http://127.0.0.1:2"\n',
        '[connections.small.assume]\nauthorships = "internal"\noutputs = "public"\n',
    ],
)
def test_a_setting_that_decides_what_is_read_has_everything_read_once(house: House, world: World, more: str) -> None:
    assert not whole(house, world)

    house.write(SETTINGS + more + ("" if "assume" in more else PUBLIC))

    assert whole(house, world)
    assert not whole(house, world)


def test_what_decides_nothing_of_what_is_read_has_nothing_read_again(house: House, world: World) -> None:
    (house.folder / "people.csv").write_text("id,current\n1,true\n")
    house.write(SETTINGS + 'full = "60d"\nper_page = 7\npeople_map = "people.csv"\n' + PUBLIC)

    assert not whole(house, world)


def test_status_says_what_is_read_whole_next_and_why(house: House, world: World) -> None:
    house.write(SETTINGS + 'sets = ["theses"]\n' + PUBLIC)

    assert "small is read whole next: sets changed" in house.ok("status")
    house.ok("pull")
    assert world.since[-1].memory == "c1"
    assert "read whole next" not in house.ok("status")


def test_until_everything_was_read_the_next_pull_is_of_everything(house: House, world: World) -> None:
    def fail(_: int) -> None:
        raise TryLater("not now")

    house.write(SETTINGS + 'sets = ["theses"]\n' + PUBLIC)
    world.before = fail
    house.run("pull")
    world.before = lambda _: None

    assert whole(house, world)


def test_a_store_of_an_earlier_version_remembers_and_is_not_read_again(house: House, world: World) -> None:
    house.stored("UPDATE connection SET read_as = ''")

    assert not whole(house, world)
    house.write(SETTINGS + 'sets = ["theses"]\n' + PUBLIC)
    assert whole(house, world)


@pytest.mark.usefixtures("world")
def test_a_level_that_is_assumed_less_open_closes_at_once_and_opens_with_the_next_pull(house: House) -> None:
    assert house.dois() == BOTH

    house.write(SETTINGS + INTERNAL)
    assert house.dois() == set()

    house.write(SETTINGS + PUBLIC)
    assert house.dois() == set()
    house.ok("sync")
    assert house.dois() == BOTH


def test_what_closes_below_what_is_kept_is_forgotten_at_once_and_leaves_vetoes(house: House, world: World) -> None:
    kept = SETTINGS + 'keep = "internal"\n'
    private = PUBLIC.replace("public", "private")
    house.write(kept + PUBLIC)
    house.ok("sync")

    house.write(kept + private)
    house.ok("status")

    assert house.stored("SELECT title FROM item") == []
    assert house.stored("SELECT count(DISTINCT subject) FROM veto") == [(2,)]
    world.add(ONE, TWO, level=Visibility.PRIVATE)
    house.ok("sync")
    assert house.stored("SELECT title FROM item") == []
    world.add(ONE, TWO)
    house.write(kept + PUBLIC)
    house.ok("sync")
    assert house.dois() == BOTH


def test_a_level_that_the_source_tells_is_not_closed_by_what_is_assumed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(monkeypatch, house).add(ONE, TWO)
    house.write(SETTINGS + PUBLIC)
    house.ok("sync")

    house.write(SETTINGS + INTERNAL)

    assert house.dois() == BOTH


def test_a_pull_by_settings_that_have_changed_meanwhile_opens_nothing(house: House, world: World) -> None:
    world.add(ONE, TWO, *keys(3, 4))
    house.ok("pull", "--full")

    def tighten(number: int) -> None:
        if number == 1:
            house.write(SETTINGS + INTERNAL)
            steps.open_house(load(house.file)).engine.dispose()

    world.before = tighten
    told = house.run("pull", "--full", "--json").document["connections"][0]
    world.before = lambda _: None

    assert (told["outcome"], told["why"]) == (
        "stopped",
        "the settings changed meanwhile; the next pull reads everything",
    )
    house.ok("score")
    assert house.dois() == set()
    world.items = {key: replace(each, visibility=Visibility.INTERNAL) for key, each in world.items.items()}
    assert whole(house, world)
    assert world.since[-1].bookmark is None
