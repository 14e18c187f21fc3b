"""The pages of flags, why, hides and votes in a real browser: with a keyboard, in the dark, narrow."""

from collections.abc import Iterator

import pytest
from browser import Watched, chromium
from conftest import House
from console_visitor import Somebody, signed_in
from flags_house import LINKS, SEALS, filled, tell
from served import Served, serving
from test_accessibility import AXE, RULES


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = filled(tmp_path_factory.mktemp("flags") / "house")
    tell(house.folder, without=("gone",), links=tuple(each for each in LINKS if not each.startswith("linked")))
    house.ok("sync")
    house.ok("hide", "doi:10.5555/more1", "--why", "asked by <b>its author</b>")
    return house


@pytest.fixture(scope="module")
def served(home: House) -> Iterator[Served]:
    with serving(home.folder) as found:
        yield found


@pytest.fixture(scope="module")
def window(served: Served, home: House) -> Iterator[Watched]:
    ada: Somebody = signed_in(served, home)
    with chromium() as browser:
        context = browser.new_context(bypass_csp=False, locale="en-GB")
        context.add_cookies([ada.shown])
        yield Watched(context.new_page())


def test_what_takes_long_comes_after_the_page_by_itself(window: Watched, served: Served) -> None:
    window.page.goto(f"{served.public}/console/flags")

    window.page.wait_for_selector("#flags-levels")

    assert window.page.locator("h1").count() == 1
    assert window.complaints == []


@pytest.mark.timeout(600)  # seconds; eleven pages, each looked at twice
def test_axe_finds_nothing_and_nothing_is_wider_than_a_narrow_window(
    window: Watched, served: Served, home: House
) -> None:
    id_ = home.json("why", SEALS)["output"].partition(":")[2]
    person = home.json("why", SEALS)["authorships"][0]["person"].replace(":", "/")
    group = home.json("find", "deep sea")["found"][0]["public"]
    paths = ("/flags?worked=1", "/flags/conflicts", "/why?q=harbour", f"/why/output/{id_}", f"/why/{person}",
             f"/why/group/{group}", f"/why/output/{id_}/hide?effect=1", "/hides", "/votes?worked=1",
             "/votes?kind=authorship&worked=1", "/votes/release?vote=local+item:gone&effect=1")  # fmt: skip
    for path in paths:
        window.page.set_viewport_size({"width": 1200, "height": 800})
        window.page.goto(f"{served.public}/console{path}")
        window.page.evaluate(AXE)
        for scheme, width in (("light", 1200), ("dark", 320)):
            window.page.emulate_media(color_scheme=scheme)
            window.page.set_viewport_size({"width": width, "height": 800})

            found = window.page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)

            told = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found["violations"]]
            assert told == [], (path, scheme)
        assert window.overflow() <= 0, path
    assert window.complaints == []


def test_votes_are_chosen_and_released_with_the_keyboard_alone(window: Watched, served: Served, home: House) -> None:
    page = window.page
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(f"{served.public}/console/votes")
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
