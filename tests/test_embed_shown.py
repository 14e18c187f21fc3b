"""What the script shows and what it hides, as the attributes wish, and that nothing gets in through them."""

from typing import Any

import pytest
from browser import Watched
from embed_house import EMBED, EVENTS, HIDDEN, NOTED, SILENT, Sites, document, names, shown
from embed_markup import LYING, PLAIN, embed
from playwright.sync_api import Browser, Page
from served import Served

from badges.draw import SIZES

pytest_plugins = ["embed_fixtures"]

RING = "ringmark-embed"
STYLE = """<style>.ringmark-embed { --ringmark-paper: rgb(1, 2, 3); --ringmark-ink: rgb(250, 250, 250);
--ringmark-news: rgb(9, 9, 9); --ringmark-font: monospace }</style>"""
LOUD = """<style>* { text-transform: uppercase; letter-spacing: 9px } span, a, svg { display: none !important }
.ringmark-embed { line-height: 5 }</style>"""
KINDS = """all => [...new Set(all.flatMap((each) =>
[...each.shadowRoot.querySelectorAll("*")].map((one) => one.localName)))]"""


def inside(page: Page, selector: str, nth: int = 0) -> Any:
    return page.locator(EMBED).nth(nth).locator(selector)


def test_badges_without_mentions_or_with_few_points_are_hidden_where_that_is_wished(
    served: Served, other: Sites, page: Page
) -> None:
    wishes = ("hide-no-mentions=true", "hide-less-than=22", "hide-less-than=23", "hide-no-mentions=false")
    ids = [f"{doi[8:]}{place}" for doi in (NOTED, SILENT, HIDDEN) for place in range(len(wishes))]
    body = "".join(
        embed(f'id="{each}" data-doi="10.5555/{each[:-1]}" data-{wishes[int(each[-1])]}', RING) for each in ids
    )

    ended = shown(page, other.put(document(served, body, EVENTS)))
    events = page.evaluate("told")

    assert ended == ["shown", "shown", "hidden", "shown", *["hidden"] * 3, "shown", *["hidden"] * 3, "unknown"]
    assert page.locator("#silent0").is_hidden()
    for which, state in zip(ids, ended, strict=True):
        what = "hide" if state == "hidden" else "show"
        assert [event for event, of in events if of == which] == [f"altmetric:{what}", f"ringmark:{what}"], which


def test_a_place_can_be_kept_for_what_is_hidden(served: Served, other: Sites, page: Page) -> None:
    head = "<style>[data-ringmark-state=hidden]{display:inline-block!important;visibility:hidden}</style>"

    shown(page, other.put(document(served, embed(f'data-doi="{SILENT}" data-hide-no-mentions="true"', RING), head)))

    assert page.eval_on_selector(EMBED, "each => [each.offsetWidth, each.offsetHeight]") == [64, 64]


def test_every_type_has_its_size(served: Served, other: Sites, page: Page) -> None:
    types = {"": "bar", "donut": "ring", "medium-donut": "medium", "large-donut": "large", "1": "pill", "2": "pill",
             "4": "bar", "nonsense": "bar", **{style: style for style in SIZES}}  # fmt: skip
    body = "".join(embed(f'data-doi="{NOTED}" data-badge-type="{each}"') for each in types)

    shown(page, other.put(document(served, body)))

    measured = page.eval_on_selector_all(EMBED, "all => all.map((each) => [each.offsetWidth, each.offsetHeight])")
    drawn = [inside(page, "svg", place).bounding_box() for place in range(len(types))]
    assert measured == [[*SIZES[style]] for style in types.values()]  # type: ignore[index]
    assert [[each["width"], each["height"]] for each in drawn] == measured


def test_the_breakdown_stands_beside_the_badge(served: Served, other: Sites, page: Page) -> None:
    wishes = ('data-badge-details="right"', 'data-template="condensed"', "")
    body = "".join(embed(f'data-doi="{doi}" {more}', RING) for doi in (NOTED, SILENT) for more in wishes)

    shown(page, other.put(document(served, body)))

    rows = ["News", "2", "Policy and guidelines", "1", "Encyclopedia", "1"]
    assert inside(page, ".details").inner_text().split("\n") == [*rows, "See details"]
    assert inside(page, ".details", 1).inner_text().split("\n") == rows
    assert inside(page, ".details", 2).count() == 0
    assert inside(page, ".details", 4).inner_text() == "No mention is known so far"
    assert page.get_by_role("list", name="Mentions by source").count() == 2


def test_the_number_can_be_left_out(served: Served, other: Sites, page: Page) -> None:
    body = "".join(
        embed(f'data-doi="{NOTED}" data-no-score="true" data-badge-popover="right" data-badge-type="{style}"')
        for style in SIZES
    )

    shown(page, other.put(document(served, body)))

    assert set(names(page)) == {"Attention, see details"}
    assert "22" not in "".join(
        page.eval_on_selector_all(EMBED, "all => all.map((each) => each.shadowRoot.textContent)")
    )


def test_a_link_opens_where_it_is_told_and_nowhere_else(served: Served, other: Sites, page: Page) -> None:
    wishes = ("_blank", "_top", "details", "javascript:alert(1)", "a b", "")
    body = "".join(embed(f'data-doi="{NOTED}" data-link-target="{each}"') for each in wishes)

    shown(page, other.put(document(served, body)))
    links = page.get_by_role("link").all()

    assert [each.get_attribute("target") for each in links] == ["_blank", "_top", "details", None, None, None]
    assert {each.get_attribute("rel") for each in links} == {"noopener"}


def test_a_badge_speaks_the_language_of_its_page_or_its_own(served: Served, other: Sites, browser: Browser) -> None:
    body = PLAIN + f'<section lang="de-AT">{PLAIN}</section>'
    with browser.new_context(locale="de") as context:
        page = context.new_page()
        shown(page, other.put(document(served, body)))
        spoken = page.eval_on_selector_all(
            EMBED, "all => all.map((each) => each.shadowRoot.querySelector('.box').lang)"
        )

    assert spoken == ["en", "de"]


def test_a_site_chooses_a_theme_and_one_that_is_gone_is_the_usual_one(served: Served, other: Sites, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    themes = ("dark", "light", "gone")
    body = "".join(embed(f'data-doi="{NOTED}" data-theme="{each}"') for each in themes)

    assert shown(page, other.put(document(served, body))) == ["shown"] * 3
    grounds = [inside(page, ".ground", n).evaluate("each => getComputedStyle(each).fill") for n in range(3)]
    assert grounds == ["rgb(22, 24, 29)", "rgb(255, 255, 255)", "rgb(255, 255, 255)"]


def test_a_site_sets_colours_and_type_by_variables(served: Served, other: Sites, page: Page) -> None:
    shown(page, other.put(document(served, embed(f'data-doi="{NOTED}" data-badge-popover="right"', RING), STYLE)))
    inside(page, "a").hover()
    style = "(each, name) => getComputedStyle(each)[name]"

    assert inside(page, ".pop").evaluate(style, "backgroundColor") == "rgb(1, 2, 3)"
    assert inside(page, ".pop").evaluate(style, "color") == "rgb(250, 250, 250)"
    assert inside(page, ".pop").evaluate(style, "fontFamily") == "monospace"
    assert inside(page, ".sign >> nth=0").evaluate(style, "color") == "rgb(9, 9, 9)"
    assert inside(page, ".ground").evaluate(style, "fill") == "rgb(1, 2, 3)"
    assert inside(page, ".part >> nth=0").evaluate(style, "stroke") == "rgb(9, 9, 9)"


def test_the_page_around_does_not_reach_into_a_badge(served: Served, other: Sites, page: Page) -> None:
    shown(page, other.put(document(served, embed(f'data-doi="{NOTED}" data-badge-details="right"', RING), LOUD)))

    assert inside(page, ".details").inner_text().startswith("News")
    assert inside(page, "svg").bounding_box()["width"] == 64


def test_nothing_of_a_title_or_an_attribute_becomes_markup_or_code(served: Served, other: Sites, page: Page) -> None:
    attributes = (
        "doi",
        "uri",
        "badge-type",
        "badge-popover",
        "theme",
        "lang",
        "link-target",
        "template",
        "ringmark-id",
    )
    bad = ("&quot;&gt;&lt;img src=x onerror=document.title='broken'&gt;", "javascript:document.title='broken'",
           "__proto__", "constructor")  # fmt: skip
    body = "".join(
        embed(f'data-uri="10.5555/evil" data-badge-popover="right" data-{name}="{value}"')
        for name in attributes
        for value in bad
    )
    body += '<form id="ringmark"><input name="init"></form>'

    ended = shown(page, other.put(document(served, body)))

    assert set(ended) == {"shown"}
    assert page.title() == "Item"
    assert set(page.eval_on_selector_all(EMBED, KINDS)) <= {
        "span", "a", "ul", "li", "svg", "g", "circle", "path", "rect", "text",
    }  # fmt: skip
    assert set(page.locator("a").evaluate_all("all => all.map((each) => each.protocol)")) == {"https:"}


def test_a_pinned_script_holds_whatever_a_server_answers(served: Served, other: Sites, page: Page) -> None:
    watched = Watched(page)
    page.route("**/badges.json*", lambda route: route.fulfill(body=LYING, content_type="application/json"))

    shown(page, other.put(document(served, embed(f'data-doi="{NOTED}" data-badge-popover="right"'))))
    inside(page, "a").focus()
    drawn = page.eval_on_selector(
        EMBED, "each => [...each.shadowRoot.querySelectorAll('svg *')].map((one) => one.outerHTML)"
    )

    assert drawn == ["<text>&lt;b&gt;</text>"]
    assert inside(page, "a").get_attribute("href") == ""
    assert page.title() == "Item"
    assert not [url for url in watched.asked if "elsewhere" in url]


@pytest.mark.parametrize("answer", ["null", "{}", "[]", '{"badges":[]}', "<html>", '{"badges":[{}],"pictures":[]}'])
def test_what_is_no_answer_of_ours_is_as_none(served: Served, other: Sites, page: Page, answer: str) -> None:
    watched = Watched(page)
    page.route("**/badges.json*", lambda route: route.fulfill(body=answer, content_type="application/json"))

    assert shown(page, other.put(document(served, PLAIN))) == ["unreachable"]
    assert watched.complaints == []
