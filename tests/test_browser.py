"""The pages in a real browser: nothing from elsewhere, nothing refused, nothing cut off."""

from collections.abc import Iterator

import pytest
from browser import Watched, chromium
from conftest import House
from playwright.sync_api import Browser
from served import Served, serving

SHOWN = "10.5555/example.50040"
NOTICED = "10.5555/example.50100"  # in several sources
PATHS = (
    "/",
    f"/doi/{SHOWN}",
    f"/doi/{NOTICED}",
    f"/doi/{NOTICED}?source=news",
    "/rules/ringmark-2026",
    f"/lookup?id={SHOWN}",
    "/doi/10.5555/nowhere",
    "/legend",
)


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("path", PATHS)
def test_a_page_loads_nothing_from_elsewhere_and_is_refused_nothing(
    served: Served, browser: Browser, path: str
) -> None:
    watched = Watched(browser.new_page())

    watched.page.goto(served.public + path)

    assert {url.partition("/doi")[0][: len(served.public)] for url in watched.asked} == {served.public}
    assert [each for each in watched.complaints if "404" not in each] == []
    assert watched.page.context.cookies() == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [320, 640, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_window(served: Served, browser: Browser, path: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    watched = Watched(page)

    page.goto(served.public + path)

    assert watched.overflow() == 0
    page.close()


def test_everything_can_be_reached_by_keyboard_and_is_seen_to_be(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.public}/doi/{SHOWN}")
    outlines = []

    for _ in range(4):
        page.keyboard.press("Tab")
        outlines.append(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))

    assert "none" not in outlines


def test_looking_up_a_doi_by_hand_leads_to_its_page(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.public}/")

    page.get_by_label("Search by title").fill(f"https://doi.org/{SHOWN}")
    page.get_by_role("button", name="Search").click()

    assert page.locator("h1").inner_text() != ""
    assert page.get_by_role("heading", name="Points by source").count() + page.get_by_text("No mention").count() > 0


def test_a_picture_stands_where_an_img_names_it(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.public}/doi/10.5555/nowhere")  # any page of ours, whose policy allows our own pictures

    for form in ("svg", "png"):
        width = page.evaluate(
            """url => new Promise(done => {
                 const img = new Image(); img.onload = () => done(img.naturalWidth); img.onerror = () => done(0);
                 img.src = url; })""",
            f"/badge/doi/{SHOWN}.{form}",
        )
        assert width >= 64
