"""The breakdown that comes up beside a badge: WCAG 2.2, 1.4.13, by pointer and by keyboard, in every window."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from embed_house import EMBED, NOTED, SILENT, Sites, document, settled, shown
from playwright.sync_api import Locator, Page, expect
from served import Served

pytest_plugins = ["embed_fixtures"]

SIDES = ("left", "right", "top", "bottom")
ROWS = "Attention score 22 News 2 mentions Policy and guidelines 1 mention Encyclopedia 1 mention"


def badge(side: str, style: str = "") -> str:
    return f'<div class="ringmark-embed" data-doi="{NOTED}" data-badge-popover="{side}" style="{style}"></div>'


def opened(page: Page, body: str, served: Served, other: Sites, head: str = "") -> tuple[Locator, Locator]:
    """The link of the first badge, which the keyboard has come to, and its popover."""
    shown(page, other.put(document(served, body, head)))
    link, popover = page.locator(f"{EMBED} >> a.badge").first, page.get_by_role("tooltip").first
    link.focus()
    expect(popover).to_be_visible()
    return link, popover


def box(of: Locator) -> dict[str, float]:
    found = of.bounding_box()
    assert found
    return {
        "left": found["x"],
        "top": found["y"],
        "right": found["x"] + found["width"],
        "bottom": found["y"] + found["height"],
    }


def test_it_comes_with_the_pointer_and_stays_while_the_pointer_is_on_it(
    served: Served, other: Sites, page: Page
) -> None:
    shown(page, other.put(document(served, badge("right", "margin:150px"))))
    link, popover = page.locator("a.badge"), page.get_by_role("tooltip")
    expect(popover).to_be_hidden()

    link.hover()
    expect(popover).to_be_visible()
    popover.hover()
    page.clock.install()
    page.clock.run_for(5000)
    assert popover.is_visible()

    page.mouse.move(5, 5)
    page.clock.run_for(5000)
    expect(popover).to_be_hidden()


def test_it_comes_with_the_keyboard_and_goes_with_it(served: Served, other: Sites, page: Page) -> None:
    shown(page, other.put(document(served, badge("bottom") + "<button>next</button>")))

    page.keyboard.press("Tab")
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.keyboard.press("Tab")

    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_escape_sends_it_away_and_leaves_the_focus_where_it_is(served: Served, other: Sites, page: Page) -> None:
    link, popover = opened(page, badge("bottom"), served, other)

    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    assert link.evaluate("each => each.getRootNode().activeElement === each")

    link.hover()  # it is not gone for ever
    expect(popover).to_be_visible()
    page.keyboard.press("Escape")  # wherever the focus is
    expect(popover).to_be_hidden()


def test_only_one_is_open(served: Served, other: Sites, page: Page) -> None:
    opened(page, badge("bottom") + badge("bottom", "margin-top:300px"), served, other)

    page.locator("a.badge").nth(1).hover()

    expect(page.locator(".open")).to_have_count(1)


def test_it_is_told_to_those_who_listen_whether_or_not_it_is_open(served: Served, other: Sites, page: Page) -> None:
    shown(page, other.put(document(served, badge("bottom"))))

    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    link = next(each for each in nodes if each["role"]["value"] == "link")

    assert link["name"]["value"] == "Attention score 22, see details"
    assert re.sub(r"\s+", " ", link["description"]["value"]) == ROWS


@pytest.mark.parametrize("side", SIDES)
def test_it_stands_on_its_side_where_there_is_room(served: Served, other: Sites, page: Page, side: str) -> None:
    link, popover = opened(page, badge(side, "position:absolute;left:400px;top:300px"), served, other)

    ring, pop = box(link), box(popover)

    assert {
        "left": pop["right"] < ring["left"],
        "right": pop["left"] > ring["right"],
        "top": pop["bottom"] < ring["top"],
        "bottom": pop["top"] > ring["bottom"],
    }[side]
    assert " ".join(popover.inner_text().split()) == ROWS


CORNERS = ("left:0;top:0", "right:0;top:0", "left:0;bottom:0", "right:0;bottom:0", "left:45%;top:45%")
HEADS = {
    "plain": "",
    "right to left": "<style>html{direction:rtl}</style>",
    "clipped": "<style>body{overflow:hidden;transform:scale(1);height:100vh;margin:0}div{overflow:hidden}</style>",
    "large type": "<style>html{font-size:200%}.ringmark-embed{--ringmark-size:32px}</style>",
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("window", [(320, 480), (640, 256), (900, 700)], ids=str)  # the second: 200 % of a small screen
def test_no_edge_of_a_window_cuts_it_off_and_it_covers_no_badge(
    served: Served, other: Sites, page: Page, head: str, window: tuple[int, int]
) -> None:
    width, height = window
    page.set_viewport_size({"width": width, "height": height})
    body = "".join(badge(side, f"position:fixed;{corner}") for side in SIDES for corner in CORNERS)
    shown(page, other.put(document(served, body, HEADS[head])))
    for place in range(len(SIDES) * len(CORNERS)):
        link = page.locator("a.badge").nth(place)
        link.evaluate("each => each.blur()")
        link.focus()
        pop = box(page.locator(".open"))

        assert pop["left"] >= 0
        assert pop["right"] <= width
        assert pop["top"] >= 0
        assert pop["bottom"] <= height


def test_it_moves_with_its_badge(served: Served, other: Sites, page: Page) -> None:
    link, popover = opened(page, badge("bottom", "margin-top:200px") + '<p style="height:2000px">', served, other)
    apart = box(popover)["top"] - box(link)["bottom"]

    page.evaluate("scrollTo(0, 120)")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    assert box(popover)["top"] - box(link)["bottom"] == apart


def test_nothing_moves_for_who_wants_less_motion(served: Served, other: Sites, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    _, popover = opened(page, badge("bottom"), served, other)

    assert popover.evaluate("each => each.getAnimations().length") == 0


def test_it_has_an_edge_and_readable_signs_in_forced_colours(served: Served, other: Sites, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    link, popover = opened(page, badge("bottom"), served, other)
    ink = page.evaluate("getComputedStyle(document.body).color")

    assert popover.evaluate("each => getComputedStyle(each).borderTopStyle") == "solid"
    assert popover.locator(".sign").first.evaluate("each => getComputedStyle(each).color") == ink
    assert link.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"


def test_a_badge_without_mentions_has_none(served: Served, other: Sites, page: Page) -> None:
    body = f'<div class="ringmark-embed" data-doi="{SILENT}" data-badge-popover="right"></div>'
    shown(page, other.put(document(served, body)))

    assert page.get_by_role("tooltip").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(served: Served, other: Sites, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce")
    beside = (
        f'<div class="ringmark-embed" data-doi="{NOTED}" data-badge-type="medium" data-badge-details="right"></div>'
    )
    opened(page, f"<main><h1>Item</h1>{badge('right')}{beside}</main>", served, other)
    settled(page)

    found = Axe().run(page)

    assert found.response["violations"] == []


def test_what_can_be_pressed_is_large_enough(served: Served, other: Sites, page: Page) -> None:
    body = f'<div class="ringmark-embed" data-doi="{NOTED}" data-badge-details="right"></div>'
    shown(page, other.put(document(served, body)))

    sizes = (
        page.locator(EMBED).locator("a").evaluate_all("all => all.map((each) => each.getBoundingClientRect().toJSON())")
    )

    assert [each for each in sizes if each["width"] < 24 or each["height"] < 24] == []
