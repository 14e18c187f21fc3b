"""The scope editor in a real browser: with the mouse, by keyboard alone, and for those who need more of a page."""

from urllib.parse import urlencode

import pytest
from browser import Watched, faults
from conftest import House
from console_visitor import Somebody, a_server, somebody
from playwright.sync_api import Browser, Page, expect
from scope_house import ALL, file, told

CURRENT = ALL | {"status": "current"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    return told(tmp_path_factory.mktemp("scope") / "house")


served, ada = a_server(), somebody("ada")


def window(browser: Browser, somebody: Somebody, *, scripts: bool = True, trusting: bool = False) -> Page:
    """A window of somebody who is signed in; `trusting` lets axe in."""
    there = browser.new_context(java_script_enabled=scripts, bypass_csp=trusting, locale="en-GB")
    there.add_cookies([somebody.shown])
    page = there.new_page()
    page.set_default_timeout(60_000)
    page.set_viewport_size({"width": 1200, "height": 800})
    return page


def at(somebody: Somebody, path: str) -> str:
    return f"{somebody.served.public}/console{path}"


def test_each_choice_is_worked_out_beside_it_and_stands_in_the_address(
    browser: Browser, ada: Somebody, home: House
) -> None:
    watched = Watched(window(browser, ada))
    page = watched.page
    page.goto(at(ada, "/scope"))
    expect(page.locator("#scope-said")).to_have_text("This is the scope in force.", timeout=60_000)

    page.check("#status-current")
    expect(page.locator("#scope-said")).to_contain_text("For the public 2 outputs would vanish", timeout=60_000)
    page.check("#outputs-public")
    expect(page.locator("#scope-said")).to_contain_text("3 outputs would vanish", timeout=60_000)
    assert page.url == at(ada, f"/scope?{urlencode(CURRENT | {'outputs': 'public'})}")
    page.reload()
    expect(page.locator("#scope-said")).to_contain_text("3 outputs would vanish", timeout=60_000)
    page.fill("#why", "no longer here")
    page.click("#scope-apply button")
    page.wait_for_url("**/console/scope/changes/*")
    expect(page.locator("h1")).to_contain_text("of the scope")
    assert home.dois("internal") == {"10.5555/one"}
    page.click("text=Undo: see what going back would do")
    expect(page.locator("#scope-said")).to_contain_text("would appear", timeout=60_000)
    page.click("#scope-apply button")
    page.wait_for_url("**/console/scope/changes/*")
    assert home.json("scope", "show")["status"] == "all"
    assert watched.complaints == []
    page.context.close()


def test_what_is_missing_or_has_changed_is_said_in_place(browser: Browser, ada: Somebody, home: House) -> None:
    page = window(browser, ada)
    page.goto(at(ada, f"/scope?{urlencode(CURRENT)}"))
    page.locator("#scope-apply button").click()
    expect(page.locator("#why-error")).to_be_visible(timeout=60_000)

    home.ok("scope", "apply", file(home, profile="academic"))
    page.fill("#why", "as agreed")
    page.locator("#scope-apply button").click()

    expect(page.locator("#scope-preview [role=alert]")).to_contain_text("Nothing was changed", timeout=60_000)
    expect(page.locator("#scope-preview")).to_contain_text("profile all to academic")
    expect(page.locator("#why")).to_have_value("as agreed")
    home.ok("scope", "undo")
    page.context.close()


def test_everything_can_be_done_with_the_keyboard_alone(browser: Browser, ada: Somebody, home: House) -> None:
    page = window(browser, ada)
    page.goto(at(ada, "/scope"))
    expect(page.locator("#scope-said")).to_have_text("This is the scope in force.", timeout=60_000)

    page.locator("#status-all").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#scope-said")).to_contain_text("2 outputs would vanish", timeout=60_000)
    assert page.evaluate("document.activeElement.id") == "status-current"  # what came did not take the focus
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "why":
            break
    page.keyboard.type("by keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/scope/changes/*")

    assert home.json("scope", "history")["changes"][0]["why"] == "by keyboard"
    home.ok("scope", "undo")
    page.context.close()


def test_everything_can_be_done_without_scripts(browser: Browser, ada: Somebody, home: House) -> None:
    page = window(browser, ada, scripts=False)
    page.goto(at(ada, "/scope"))

    page.check("#status-current")
    page.click("text=Preview")
    expect(page.locator("#scope-said")).to_contain_text("2 outputs would vanish")
    page.fill("#why", "without scripts")
    page.click("#scope-apply button")
    page.wait_for_url("**/console/scope/changes/*")

    assert home.json("scope", "history")["changes"][0]["why"] == "without scripts"
    home.ok("scope", "undo")
    page.context.close()


def test_axe_finds_nothing_and_nothing_is_wider_than_a_telephone(browser: Browser, ada: Somebody, home: House) -> None:
    home.ok("scope", "apply", file(home, profile="academic"), "--why", "to be looked at")
    home.ok("scope", "undo")
    change = home.json("scope", "history")["changes"][0]["change"]
    lists = f"/scope/list?{urlencode(CURRENT)}&audience=public&kind=people&way=vanish&now=1"
    page = window(browser, ada, trusting=True)
    for path in (f"/scope?{urlencode(CURRENT)}", lists, "/scope/changes", f"/scope/changes/{change}"):
        page.goto(at(ada, path))
        if path.startswith("/scope?"):
            page.wait_for_selector("#scope-apply")
            page.locator("details").first.click()
        assert faults(page) == [], path
    page.context.close()
