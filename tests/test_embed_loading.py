"""How the script comes in, how little it asks for, and that nothing on a page moves when the answers come."""

import base64

import pytest
from browser import Watched
from embed_house import (
    EMBED,
    EVENTS,
    HIDDEN,
    MANY,
    NOTED,
    SHIFTS,
    SILENT,
    Sites,
    document,
    names,
    settled,
    shown,
    states,
)
from embed_markup import LOADERS, PLAIN, embed
from playwright.sync_api import Page, Route
from served import Served

from badges.draw import SIZES
from badges.scripts import NEWEST, integrity, read, version

pytest_plugins = ["embed_fixtures"]

AGAIN = """Promise.all([_altmetric_embed_init(), _ringmark_embed_init(), ringmark.init("main"),
_altmetric_embed_init(new Event("x")), ringmark.init(document.querySelectorAll("main"))])"""
LATER = f"""() => {{
  const later = document.createElement("div");
  later.className = "ringmark-embed";
  later.dataset.doi = "{SILENT}";
  document.querySelector("main").append(later);
  return Promise.all([_altmetric_embed_init("#nowhere"), _altmetric_embed_init(later), ringmark.init("main")]);
}}"""
FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
TOPS = "all => all.map((each) => each.getBoundingClientRect().top)"
OTHER_DOI = f"document.querySelector('{EMBED}').dataset.doi = '{NOTED}'; void ringmark.init()"


@pytest.mark.parametrize("loader", LOADERS)
def test_the_script_finds_its_server_however_it_is_loaded(
    served: Served, other: Sites, page: Page, loader: str
) -> None:
    script = read(NEWEST)
    told = (served.public, f"/embed/{version(script)}.js", integrity(script), base64.b64encode(script).decode())
    html = LOADERS[loader]
    for place, each in enumerate(told):
        html = html.replace(f"{{{place}}}", each)
    watched = Watched(page)

    ended = shown(page, other.put(f"<!doctype html>{html}{PLAIN}"))

    assert ended == ["shown"]
    assert len([url for url in watched.asked if "badges.json" in url]) == 1
    assert page.evaluate("[ringmark.version, ringmark.server]") == [version(script), served.public]


def test_a_script_whose_hash_is_another_does_not_run(served: Served, other: Sites, page: Page) -> None:
    wrong = integrity(b"something else")
    page.goto(
        other.put(f'<script src="{served.public}/embed.js" integrity="{wrong}" crossorigin="anonymous"></script>')
    )

    assert page.evaluate("typeof ringmark") == "undefined"


def test_a_thousand_badges_are_asked_for_in_as_few_requests_as_can_be(served: Served, other: Sites, page: Page) -> None:
    body = "".join(embed(f'data-doi="10.5555/many.{number}"') for number in range(MANY))
    watched = Watched(page)

    ended = shown(page, other.put(document(served, body + body[:5000])))

    assert set(ended) == {"shown"}
    assert len(ended) > MANY
    assert len([url for url in watched.asked if "badges.json" in url]) == MANY // 100


def test_long_names_are_asked_for_in_more_requests_of_which_each_can_be_answered(
    served: Served, other: Sites, page: Page
) -> None:
    body = "".join(embed(f'data-doi="10.5555/{"long" * 200}.{number}"') for number in range(30))
    watched = Watched(page)

    ended = shown(page, other.put(document(served, body + PLAIN)))

    assert ended == ["unknown"] * 30 + ["shown"]
    assert max(len(url.partition("?")[2]) for url in watched.asked if "badges.json" in url) < 8192


def test_what_comes_later_is_shown_when_the_page_says_so_and_nothing_is_asked_twice(
    served: Served, other: Sites, page: Page
) -> None:
    shown(page, other.put(document(served, f"<main>{PLAIN}</main>", EVENTS)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.evaluate(AGAIN)
    idle = list(asked)
    page.evaluate(LATER)

    assert idle == []
    assert len(asked) == 1
    assert names(page) == ["Attention score 22, see details", "Attention score 0, see details"]
    assert len(page.evaluate("told")) == 4


def test_a_badge_follows_its_element_to_another_output(served: Served, other: Sites, page: Page) -> None:
    ended = shown(page, other.put(document(served, embed(f'data-doi="{SILENT}" data-hide-no-mentions="true"'))))

    page.evaluate(OTHER_DOI)

    assert (ended, settled(page)) == (["hidden"], ["shown"])
    assert page.locator(EMBED).is_visible()
    assert names(page) == ["Attention score 22, see details"]


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(served: Served, other: Sites, page: Page) -> None:
    held: list[Route] = []
    page.route("**/badges.json*silent*", lambda route: held.append(route))
    page.goto(other.put(document(served, embed(f'data-doi="{SILENT}"'))))
    page.evaluate(OTHER_DOI)
    newer = settled(page)

    with page.expect_response("**/badges.json*silent*") as late:
        held[0].continue_()
    late.value.finished()
    page.evaluate(FRAMES)

    assert newer == ["shown"]
    assert names(page) == ["Attention score 22, see details"]


@pytest.mark.parametrize("details", ["", 'data-badge-details="right"', 'data-template="condensed"'])
def test_nothing_on_the_page_moves_however_late_the_answer_comes(
    served: Served, other: Sites, page: Page, details: str
) -> None:
    badges = [
        embed(f'data-doi="{doi}" data-badge-type="{style}" {details}', tag="span")
        for doi in (NOTED, SILENT, HIDDEN)
        for style in SIZES
    ]
    body = "".join(f"<p>Before {each} after</p><p>Below</p>" for each in badges)
    held: list[Route] = []
    page.route("**/badges.json*", lambda route: held.append(route))
    page.goto(other.put(document(served, body, SHIFTS)))
    page.evaluate(FRAMES)
    before, waiting = page.eval_on_selector_all("p", TOPS), set(states(page))

    for route in list(held):
        route.continue_()
    settled(page)
    page.evaluate(FRAMES)

    assert len(held) == len(SIZES)
    assert waiting == {"waiting"}
    assert page.eval_on_selector_all("p", TOPS) == before
    assert page.evaluate("shifts") == []


def test_where_the_server_cannot_be_reached_the_place_stays_and_is_filled_later(
    served: Served, other: Sites, page: Page
) -> None:
    watched = Watched(page)
    page.route("**/badges.json*", lambda route: route.abort())
    body = embed(f'id="a" data-doi="{NOTED}" data-hide-no-mentions="true" data-badge-type="ring"')
    ended = shown(page, other.put(document(served, body, EVENTS)))
    size = page.eval_on_selector(EMBED, "each => [each.offsetWidth, each.offsetHeight]")
    told, complaints = page.evaluate("told"), list(watched.complaints)

    page.unroute("**/badges.json*")
    page.evaluate("void ringmark.init()")

    assert ended == ["unreachable"]
    assert size == [64, 64]
    assert told == [["altmetric:hide", "a"], ["ringmark:hide", "a"]]
    assert len(complaints) <= 1  # the browser's own line for the request
    assert settled(page) == ["shown"]
