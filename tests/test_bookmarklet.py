"""The bookmarklet on pages of other sites: what it reads, where it stands, and what it does where it may not come in.

It runs as the browser runs it from the bookmarks bar, with the page's rights and without its consent."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from browser import Watched
from embed_house import EVIL, HIDDEN, NOTED, Sites
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from served import Served

pytest_plugins = ["embed_fixtures"]

HOUSE = "https://ringmark.example.edu"


def bookmark(served: Served, language: str = "en") -> str:
    """The bookmark's address, of a house that is reached where the test has it."""
    found = re.search(r'class="bookmark" href="([^"]*)"', served.get(f"/bookmarklet?lang={language}").text)
    assert found
    return unescape(found[1]).replace(HOUSE, served.public)


def choose(served: Served, page: Page, language: str = "en") -> None:
    """Choose the bookmark on the page that is open."""
    page.evaluate(unquote(bookmark(served, language).removeprefix("javascript:")))


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Attention to this page")


TELLING = {
    "meta": (f'<meta name="citation_doi" content="{NOTED}">', ""),
    "Dublin Core": (f'<meta name="DC.Identifier" content="doi:{NOTED}">', ""),
    "PubMed": ('<meta name="citation_pmid" content="1234567">', ""),
    "JSON-LD": (
        '<script type="application/ld+json">{"@graph":[{"@type":"ScholarlyArticle","identifier":{"@type":'
        f'"PropertyValue","value":"https://doi.org/{NOTED}"}},"citation":[{{"@id":"https://doi.org/10.5555/evil"}}]}}]}}'
        "</script>",
        "",
    ),
    "canonical": (f'<link rel="canonical" href="https://doi.org/{NOTED}">', ""),
    "cite-as": (f'<link rel="cite-as" href="https://doi.org/{NOTED}">', ""),
    "link": (f'<script type="application/ld+json">{{broken</script><a href="https://doi.org/{NOTED}">DOI</a>', ""),
    "address": ("", f"?article=/doi/full/{NOTED}&x=%E0"),
    "encoded address": ("", f"?doi={NOTED.replace('/', '%2F')}"),
}  # fmt: skip


@pytest.mark.parametrize("where", TELLING)
def test_it_finds_what_the_page_is_about(served: Served, other: Sites, page: Page, where: str) -> None:
    head, query = TELLING[where]
    watched = Watched(page)
    page.goto(other.put(f"<!doctype html><title>Article</title>{head}<p>Text") + query)

    choose(served, page)

    expect(panel(page).get_by_text("Tides")).to_be_visible()
    expect(panel(page).get_by_role("link", name="Attention score 22, see details")).to_be_visible()
    assert panel(page).get_by_role("listitem").count() == 3
    assert {url.partition("/embed")[0] for url in watched.asked[1:]} == {served.public}
    assert page.context.cookies() == []


def test_it_is_closed_by_its_button_and_by_escape_and_gives_the_focus_back(
    served: Served, other: Sites, page: Page
) -> None:
    page.goto(other.put(f'<meta name="citation_doi" content="{NOTED}"><button>theirs</button>'))
    page.get_by_role("button", name="theirs").focus()

    for close in (lambda: page.keyboard.press("Escape"), lambda: page.keyboard.press("Enter")):
        choose(served, page)
        expect(panel(page).get_by_role("button", name="Close")).to_be_focused()
        close()
        expect(panel(page)).to_have_count(0)
        expect(page.get_by_role("button", name="theirs")).to_be_focused()


def test_choosing_it_twice_opens_it_once(served: Served, other: Sites, page: Page) -> None:
    page.goto(other.put(f'<meta name="citation_doi" content="{NOTED}">'))

    for _ in range(2):
        choose(served, page)
        expect(panel(page).get_by_text("Tides")).to_be_visible()

    assert panel(page).count() == 1


@pytest.mark.parametrize("doi", ["10.5555/nowhere", HIDDEN])
def test_it_says_so_where_nothing_is_known(served: Served, other: Sites, page: Page, doi: str) -> None:
    page.goto(other.put(f'<meta name="citation_doi" content="{doi}">'))

    choose(served, page)

    expect(panel(page).get_by_text("Nothing is known here about this page.")).to_be_visible()


def test_it_leaves_the_pages_own_badges_alone(served: Served, other: Sites, page: Page) -> None:
    body = f'<div class="altmetric-embed" data-doi="{NOTED}">theirs</div>'
    page.goto(other.put(body + "<script>ringmark = { init: () => 'theirs' }</script>"))

    choose(served, page)

    expect(panel(page).get_by_text("Nothing is known")).to_be_visible()
    assert page.locator(".altmetric-embed").first.inner_text() == "theirs"
    assert page.evaluate("ringmark.init()") == "theirs"


def test_the_pages_style_does_not_reach_into_it_and_a_title_is_text(served: Served, other: Sites, page: Page) -> None:
    head = '<meta name="citation_doi" content="10.5555/evil"><style>*{font-size:90px!important;color:red}</style>'
    page.goto(other.put(head))

    choose(served, page)

    title = panel(page).locator("bdi")
    expect(title).to_have_text(EVIL)
    assert title.evaluate("each => getComputedStyle(each).fontSize") == "16px"


@pytest.mark.parametrize("width", [320, 900])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_it_fits_its_window(served: Served, other: Sites, page: Page, width: int, direction: str) -> None:
    page.set_viewport_size({"width": width, "height": 480})
    page.goto(other.put(f'<html dir="{direction}"><meta name="citation_doi" content="{NOTED}">'))

    choose(served, page)
    expect(panel(page).get_by_text("Tides")).to_be_visible()
    box = panel(page).bounding_box()

    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 480
    assert panel(page).evaluate("each => each.scrollWidth - each.clientWidth") == 0


# Where it may not come in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'none'; script-src 'self'",
        "default-src *; script-src 'nonce-x' 'strict-dynamic'; require-trusted-types-for 'script'",
    ],
)
def test_where_the_page_lets_no_script_in_our_own_page_opens(
    served: Served, other: Sites, page: Page, policy: str
) -> None:
    html = f'<!doctype html><meta name="citation_doi" content="{NOTED}">'
    page.goto(other.put(html, Content_Security_Policy=policy))

    with page.expect_popup() as opened:
        choose(served, page)
    there = opened.value

    there.wait_for_url(f"{served.public}/lookup?id=10.5555%2Fnoted")
    expect(there.get_by_role("heading", level=1)).to_have_text("Tides")
    assert there.evaluate("opener") is None


def test_where_not_even_that_can_be_it_says_so(served: Served, other: Sites, page: Page) -> None:
    policy = "script-src 'self'; sandbox allow-scripts allow-modals"
    page.goto(other.put(f'<meta name="citation_doi" content="{NOTED}">', Content_Security_Policy=policy))
    said: list[str] = []

    def hear(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.accept()

    page.on("dialog", hear)
    with page.expect_event("dialog"):
        choose(served, page)

    assert said == [
        "This page lets no script in, and the browser let no window open. Look it up here:\n"
        f"{served.public}/lookup?id=10.5555%2Fnoted"
    ]


def test_where_the_script_comes_in_and_the_answer_does_not_the_panel_says_so(
    served: Served, other: Sites, page: Page
) -> None:
    policy = f"default-src 'none'; script-src {served.public}; connect-src 'self'"
    page.goto(other.put(f'<meta name="citation_doi" content="{NOTED}">', Content_Security_Policy=policy))

    choose(served, page)

    expect(panel(page).get_by_text("This page does not let the badge in")).to_be_visible()
    link = panel(page).get_by_role("link", name="Look it up on a page of its own")
    assert link.get_attribute("href") == f"{served.public}/lookup?id=10.5555%2Fnoted"


def test_under_a_strict_policy_that_lets_us_in_it_works_without_a_complaint(
    served: Served, other: Sites, page: Page
) -> None:
    policy = f"default-src 'none'; script-src {served.public}; connect-src {served.public}; style-src 'none'"
    watched = Watched(page)
    page.goto(other.put(f'<meta name="citation_doi" content="{NOTED}">', Content_Security_Policy=policy))

    choose(served, page)

    expect(panel(page).get_by_text("Tides")).to_be_visible()
    assert watched.complaints == []


# Its page ----------------------------------------------------------------------------------------------------------


def test_its_address_is_one_that_a_bookmark_can_hold(served: Served) -> None:
    address = bookmark(served)

    assert len(address) < 2000
    assert re.fullmatch(r"javascript:[\x21-\x7e]+", address)
    assert not re.search(r'["<>\s]', address)


@pytest.mark.parametrize("path", ["/bookmarklet", "/embed"])
@pytest.mark.parametrize("width", [320, 1200])
def test_its_page_fits_its_window_and_runs_nothing(served: Served, browser: Browser, path: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        watched = Watched(context.new_page())
        watched.page.goto(served.public + path)

        assert watched.overflow() == 0
        assert watched.complaints == []
        assert {url[: len(served.public)] for url in watched.asked} == {served.public}
