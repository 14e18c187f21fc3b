"""The pages of flags, why, hides and votes in a real browser: with a keyboard, in the dark, narrow."""

import pytest
from browser import Watched, faults
from conftest import House
from console_visitor import a_server, a_window, somebody
from flags_house import LINKS, SEALS, filled, tell


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = filled(tmp_path_factory.mktemp("flags") / "house")
    tell(house.folder, without=("gone",), links=tuple(each for each in LINKS if not each.startswith("linked")))
    house.ok("sync")
    house.ok("hide", "doi:10.5555/more1", "--why", "asked by <b>its author</b>")
    return house


served, ada, window = a_server(), somebody("ada"), a_window()


def test_what_takes_long_comes_after_the_page_by_itself(window: Watched) -> None:
    window.page.goto("/console/flags")

    window.page.wait_for_selector("#flags-levels")

    assert window.page.locator("h1").count() == 1
    assert window.complaints == []


@pytest.mark.timeout(600)  # seconds; eleven pages, each looked at twice
def test_axe_finds_nothing_and_nothing_is_wider_than_a_narrow_window(window: Watched, home: House) -> None:
    id_ = home.json("why", SEALS)["output"].partition(":")[2]
    person = home.json("why", SEALS)["authorships"][0]["person"].replace(":", "/")
    group = home.json("find", "deep sea")["found"][0]["public"]
    paths = ("/flags?worked=1", "/flags/conflicts", "/why?q=harbour", f"/why/output/{id_}", f"/why/{person}",
             f"/why/group/{group}", f"/why/output/{id_}/hide?effect=1", "/hides", "/votes?worked=1",
             "/votes?kind=authorship&worked=1", "/votes/release?vote=local+item:gone&effect=1")  # fmt: skip
    for path in paths:
        window.page.goto(f"/console{path}")
        assert faults(window.page) == [], path
    assert window.complaints == []


def test_votes_are_chosen_and_released_with_the_keyboard_alone(window: Watched, home: House) -> None:
    page = window.page
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto("/console/votes")
    page.focus("input[value='local item:gone']")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/votes/release?**")
    page.wait_for_selector("#release-effect table")
    page.focus("#because")
    page.keyboard.type("its author agrees")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/votes")

    assert "10.5555/gone" in home.dois()
