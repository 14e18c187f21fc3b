"""Every style in a real browser: nothing cut off, whatever the reader's colours, paper, direction and zoom."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from badge_words import ALL, MIXED
from browser import chromium
from playwright.sync_api import Browser, Page

from badges.content import Share
from badges.draw import SIZES, STYLES, draw, parts
from badges.language import LANGUAGES
from config.themes import BUILT_IN, RINGMARK

STATES: tuple[tuple[int | None, list[Share], str], ...] = (
    (14, MIXED, "mentions"),
    (9999, ALL, "mentions"),
    (123_456, ALL, "counts"),
    (12_345, ALL, "counts"),
    (9_900_000, MIXED, "counts"),
    (0, [], "none"),
    (None, [], "none"),
)
MEDIA: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active", "color_scheme": "dark"},
    "print": {"media": "print", "color_scheme": "dark"},
}
MEASURED = """() => [...document.querySelectorAll('svg')].map(svg => {
  const box = svg.viewBox.baseVal, own = svg.getBoundingClientRect();
  const inside = b => b.x >= -0.01 && b.y >= -0.01
    && b.x + b.width <= box.width + 0.01 && b.y + b.height <= box.height + 0.01;
  const score = svg.querySelector('.score'), at = score.getBBox();
  const beside = [...svg.querySelectorAll('path.part')].map(each => each.getBBox());
  return {
    size: [own.width, own.height],
    outside: [...svg.querySelectorAll('text')].filter(text => !inside(text.getBBox())).map(text => text.textContent),
    over: svg.querySelector('rect') && beside.some(each => each.x < at.x + at.width && at.x < each.x),
    order: [...Array(score.getNumberOfChars()).keys()].map(n => score.getStartPositionOfChar(n).x),
    ground: getComputedStyle(svg.querySelector('.ground')).fill,
    ink: getComputedStyle(score).fill,
  };
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page(viewport={"width": 1200, "height": 900})
    yield found
    found.close()


def shown(page: Page, *, around: str = "<body>", theme: str = "ringmark", language: str = "en") -> list[dict[str, Any]]:
    """What is measured of every style in every state, on a page that begins so."""
    how = {"theme": BUILT_IN[theme], "language": LANGUAGES[language]}
    pictures = [
        draw(score, points, style=style, basis=basis, **how)  # type: ignore[arg-type]
        for style, (score, points, basis) in product(STYLES, STATES)
    ]
    page.set_content(f"<!doctype html>{around}{''.join(pictures)}")
    measured: list[dict[str, Any]] = page.evaluate(MEASURED)
    assert len(measured) == len(STYLES) * len(STATES)
    return measured


def whole(measured: list[dict[str, Any]], zoom: float = 1) -> None:
    """Nothing is outside its box, every picture has its size, and all numbers are written from left to right."""
    sizes = [tuple(zoom * side for side in SIZES[style]) for style in STYLES for _ in STATES]
    assert [tuple(each["size"]) for each in measured] == [pytest.approx(size, abs=0.1) for size in sizes]
    assert [each["outside"] for each in measured if each["outside"]] == []
    assert [each for each in measured if each["over"]] == []
    assert [each["order"] for each in measured if each["order"] != sorted(each["order"])] == []


@pytest.mark.parametrize("theme", BUILT_IN)
@pytest.mark.parametrize("media", MEDIA)
def test_nothing_is_cut_off_and_the_ground_is_the_right_one(page: Page, media: str, theme: str) -> None:
    page.emulate_media(**MEDIA[media])

    measured = shown(page, theme=theme)

    whole(measured)
    light = media == "print" or theme == "light" or (media == "light" and theme != "dark")
    forced, paper = "rgb(0, 0, 0)", (BUILT_IN[theme].light if light else BUILT_IN[theme].dark).paper
    assert {each["ground"] for each in measured} == {forced if media == "forced" else rgb(paper)}


@pytest.mark.parametrize(
    "around",
    [
        "<html dir=rtl lang=ar><body>",
        "<body><div dir=rtl style='direction:rtl;text-align:right'>",
        "<style>svg{direction:rtl}</style><body dir=rtl>",
    ],
)
def test_writing_from_right_to_left_turns_nothing_round(page: Page, around: str) -> None:
    plain, turned = shown(page), shown(page, around=around)

    whole(turned)
    assert [each["order"] for each in turned] == [each["order"] for each in plain]


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_double_size_nothing_is_cut_off_in_any_language(page: Page, language: str) -> None:
    whole(shown(page, around="<body style='zoom:2'>", language=language), zoom=2)


def test_the_text_of_a_page_changes_no_picture(page: Page) -> None:
    around = (
        "<style>body{font:italic 200%/3 serif;letter-spacing:.12em;word-spacing:.16em;text-transform:uppercase}</style>"
        "<body>"
    )

    whole(shown(page, around=around))


def test_a_page_may_choose_colours_by_variables_but_not_for_paper(page: Page) -> None:
    markup, rules = parts(14, MIXED, style="large-bar")
    around = "<div style='--ringmark-paper:#003366;--ringmark-ink:#ffeecc'>"

    page.set_content(f"<!doctype html><style>{rules}</style>{around}{markup}</div><div>{markup}</div>")
    on_screen = page.evaluate(MEASURED)
    page.emulate_media(media="print")
    on_paper = page.evaluate(MEASURED)

    assert [(each["ground"], each["ink"]) for each in on_screen] == [
        (rgb("#003366"), rgb("#ffeecc")),
        (rgb(RINGMARK.light.paper), rgb(RINGMARK.light.ink)),
    ]
    assert [each["ground"] for each in on_paper] == [rgb(RINGMARK.light.paper)] * 2


def test_a_style_of_a_strict_page_dresses_pictures_in_a_shadow_root(page: Page) -> None:
    """As an embed script does it: the markup holds no style, and the style is adopted."""
    markup, rules = parts(14, MIXED, style="bar")
    policy = "<meta http-equiv='content-security-policy' content=\"style-src 'none'\">"
    page.set_content(f"<!doctype html><head>{policy}</head><body><div id=here></div>")

    ground = page.evaluate(
        """([markup, rules]) => {
             const root = document.getElementById('here').attachShadow({mode: 'open'});
             const sheet = new CSSStyleSheet(); sheet.replaceSync(rules); root.adoptedStyleSheets = [sheet];
             root.innerHTML = markup;
             return getComputedStyle(root.querySelector('.ground')).fill; }""",
        [markup, rules],
    )

    assert ground == rgb(RINGMARK.light.paper)


def rgb(colour: str) -> str:
    """A colour as browsers tell it."""
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"
