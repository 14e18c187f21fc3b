"""WCAG 2.2 AA on every page: what axe-core finds, and what it cannot."""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from browser import AXE, axe, chromium
from conftest import House
from playwright.sync_api import Page
from served import Served, serving

SHOWN = "10.5555/example.50040"
SHARE = "/share?search=study&search=comparative&period=year&from=2020&to=2026"
NOTICED = "10.5555/example.50100"  # in several sources
PATHS = (
    "/",
    f"/doi/{SHOWN}",
    f"/doi/{NOTICED}",
    f"/doi/{NOTICED}?source=news",
    "/rules/ringmark-2026",
    "/doi/10.5555/nowhere",
    "/accessibility",
    "/legend",
    SHARE,
    "/search?q=a&type=book&min=1",
    "/groups",
    "/journals",
    "/rules",
    "/embed",
    "/bookmarklet",
    "/outputs/{output}/report",
    "/watch?output={output}",
)
WORKING = "a[href], button, input, select, textarea, summary, [tabindex='0']"
# Where the tab key stops: not in what is closed, and at one radio button of a group.
STOPS = f"""(() => [...document.querySelectorAll({WORKING!r})].filter(e => e.checkVisibility()
  && !e.closest('details:not([open]) > :not(summary)')
  && (e.type !== 'radio' || e.checked || !e.form.querySelector(`input[name="${{e.name}}"]:checked`))))"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder) as found:
        yield found


@pytest.fixture(scope="module")
def opened(served: Served) -> Iterator[Callable[[str], Page]]:
    """A path as a page, opened anew in one and the same window: wide, light, nothing focused."""
    output = json.loads(served.get(f"/badge/doi/{SHOWN}.json").body)["output"]
    with chromium() as browser:
        window = browser.new_context(bypass_csp=True, locale="en-GB").new_page()

        def page(path: str) -> Page:
            window.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
            window.set_viewport_size({"width": 1200, "height": 800})
            window.goto(served.public + path.format(output=output))
            return window

        yield page


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(opened: Callable[[str], Page], path: str) -> None:
    page = opened(path)
    page.evaluate(AXE)
    for scheme, width in (("light", 1200), ("dark", 320)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})

        assert axe(page) == [], (scheme, width)


@pytest.mark.parametrize("path", PATHS)
def test_whatever_can_be_worked_is_large_enough_to_be_hit(opened: Callable[[str], Page], path: str) -> None:
    """2.5.8: 24 by 24 pixels, or in a sentence, or with that much room around."""
    page = opened(path)

    small = page.evaluate(
        """working => {
             const of = [...document.querySelectorAll(working)].filter(e => e.checkVisibility() && !e.matches('.skip'));
             const box = e => e.getBoundingClientRect();
             const middle = e => [box(e).x + box(e).width / 2, box(e).y + box(e).height / 2];
             const inText = e => getComputedStyle(e).display === 'inline'
               && e.parentElement.textContent.trim().length > e.textContent.trim().length;
             const alone = e => of.every(o => o === e || o.contains(e) || e.contains(o)
               || Math.hypot(middle(o)[0] - middle(e)[0], middle(o)[1] - middle(e)[1]) >= 24);
             return of.filter(e => (box(e).width < 24 || box(e).height < 24) && !inText(e) && !alone(e))
               .map(e => e.outerHTML.slice(0, 160)); }""",
        WORKING,
    )

    assert small == []


@pytest.mark.parametrize("path", PATHS)
def test_the_keyboard_goes_through_a_page_in_the_order_in_which_it_is_read(
    opened: Callable[[str], Page], path: str
) -> None:
    page = opened(path)
    there = page.evaluate(f"{STOPS}().length")
    seen: list[int] = []

    for _ in range(min(there, 40)):
        page.keyboard.press("Tab")
        place, outline, visible = page.evaluate(
            f"""() => {{ const e = document.activeElement, r = e.getBoundingClientRect();
                 return [{STOPS}().indexOf(e), getComputedStyle(e).outlineStyle,
                         r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth]; }}"""
        )
        assert outline != "none"
        assert visible  # 2.4.11: what has the focus is not hidden
        seen.append(place)

    assert seen == sorted(seen)
    assert -1 not in seen


@pytest.mark.parametrize("path", PATHS)
def test_headings_go_down_one_step_at_a_time_and_there_is_one_first(opened: Callable[[str], Page], path: str) -> None:
    page = opened(path)

    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("how", ["narrow", "spaced", "zoomed"])
def test_a_page_reflows_when_it_is_narrow_or_its_text_is_spaced_or_enlarged(
    opened: Callable[[str], Page], path: str, how: str
) -> None:
    """1.4.10, 1.4.12, 1.4.4."""
    page = opened(path)
    page.set_viewport_size({"width": 320 if how == "narrow" else 640, "height": 800})
    if how == "spaced":
        page.add_style_tag(content=SPACED)
    if how == "zoomed":
        page.evaluate("document.documentElement.style.fontSize = '200%'")

    wide, cut = page.evaluate(
        """() => [document.documentElement.scrollWidth - document.documentElement.clientWidth,
             [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
               const s = getComputedStyle(e);
               return s.overflowX === 'hidden' && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1;
             }).map(e => e.outerHTML.slice(0, 120))]"""
    )

    assert (wide, cut) == (0, [])


@pytest.mark.parametrize("path", PATHS)
def test_nothing_moves_for_readers_who_want_less_motion(opened: Callable[[str], Page], path: str) -> None:
    page = opened(path)
    page.emulate_media(reduced_motion="reduce")

    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(e => {
             const s = getComputedStyle(e);
             return s.animationName !== 'none' || s.transitionDuration.split(',').some(d => parseFloat(d) > 0.01);
           }).map(e => e.outerHTML.slice(0, 120))"""
    )

    assert moving == []


@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_be_read_in_forced_colours_and_from_right_to_left(opened: Callable[[str], Page], path: str) -> None:
    page = opened(path)
    page.emulate_media(forced_colors="active")
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.dir = 'rtl'")

    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    unseen = page.evaluate(
        """() => { const ground = getComputedStyle(document.body).backgroundColor;
             return [...document.querySelectorAll('main h1, main p, main td, main a')].filter(e =>
               e.checkVisibility() && getComputedStyle(e).color === ground).length; }"""
    )

    assert (wide, unseen) == (0, 0)
