"""The script on pages as repositories make them, under the strictest policy: one address is changed, and no more."""

import pytest
from browser import Watched
from embed_house import EMBED, NOTED, STRICT, Sites, document, names, shown
from embed_markup import CLASSES, METAS, NAMED, PLAIN, PLATFORMS, UNKNOWN, embed
from playwright.sync_api import Browser, Page
from served import Served

pytest_plugins = ["embed_fixtures"]

NAME = "Attention score 22, see details"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_repository_switches_by_changing_the_address_of_the_script(
    served: Served, other: Sites, browser: Browser, platform: str
) -> None:
    html = document(served, PLATFORMS[platform])
    with browser.new_context() as context:
        watched = Watched(context.new_page())
        ended = shown(watched.page, other.put(html, Content_Security_Policy=STRICT.format(served.public)))
        popovers = watched.page.get_by_role("tooltip", include_hidden=True).count()
        stored = watched.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")

        assert ended == ["shown"]
        assert names(watched.page) == [NAME]
        assert popovers == ("popover" in PLATFORMS[platform])
        assert watched.complaints == []
        assert {url.partition("/embed")[0] for url in watched.asked[1:]} == {served.public}
        assert (stored, context.cookies()) == ([0, 0, ""], [])


def test_a_badge_leads_to_its_page_and_says_so_to_those_who_do_not_see_it(
    served: Served, other: Sites, page: Page
) -> None:
    shown(page, other.put(document(served, PLAIN)))

    link = page.get_by_role("link", name=NAME)
    address = link.get_attribute("href")
    assert address
    assert address.startswith("https://ringmark.example.edu/outputs/")
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener", None)
    assert page.get_by_role("img").count() == 0


def test_an_output_is_known_by_every_name_and_in_the_sloppy_forms_of_platforms(
    served: Served, other: Sites, page: Page
) -> None:
    body = [embed(each) for each in NAMED]
    body += [embed("", f"{whose}-embed {whose}-{each}") for each in CLASSES for whose in ("altmetric", "ringmark")]
    watched = Watched(page)

    shown(page, other.put(document(served, "".join(body))))

    assert [(place, name) for place, name in enumerate(names(page)) if name != NAME] == []
    assert len([url for url in watched.asked if "badges.json" in url]) == 2  # bars and rings


@pytest.mark.parametrize("given", UNKNOWN, ids=range(len(UNKNOWN)))
def test_what_is_not_known_gets_the_neutral_picture_and_leads_nowhere(
    served: Served, other: Sites, page: Page, given: str
) -> None:
    ended = shown(page, other.put(document(served, embed(given))))

    assert ended == ["unknown"]
    assert page.get_by_role("img", name="No attention score is known").count() == 1
    assert page.get_by_role("link").count() == 0


@pytest.mark.parametrize(("name", "content"), METAS)
def test_an_empty_doi_is_read_from_the_tags_of_the_page(
    served: Served, other: Sites, page: Page, name: str, content: str
) -> None:
    head = f'<meta name="DC.identifier" content="1234-shelf"><meta name="{name}" content="{content}">'
    body = embed('data-doi=""') + embed('data-doi="10.5555/nowhere"') + embed('data-altmetric-id="7" data-doi=""')

    assert shown(page, other.put(document(served, body, head))) == ["shown", "unknown", "unknown"]


def test_an_element_that_can_hold_no_picture_itself_gets_one_beside_its_text(
    served: Served, other: Sites, page: Page
) -> None:
    item = embed(f'data-doi="{NOTED}"', tag="li")

    assert shown(page, other.put(document(served, f"<ul>{item}</ul>"))) == ["shown"]
    assert page.locator(f"{EMBED} >> a").get_attribute("aria-label") == NAME
