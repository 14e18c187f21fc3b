"""Signing in at a real identity provider: there and back, what somebody may, what is taken away, and signing out."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from browser import AXE, RULES, Watched, chromium
from conftest import House
from oidc_house import SECRET, Person, Provider, free_port, providing, signing_in, signs_in
from playwright.sync_api import Page
from served import Served

CSRF = re.compile(r'name="csrf" value="([0-9a-f]{32})"')


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Provider]:
    with providing(tmp_path_factory.mktemp("provider"), f"http://127.0.0.1:{port}/console/sign-in/return") as found:
        yield found


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    return scored.copy(tmp_path_factory.mktemp("signing-in") / "house")


@pytest.fixture(scope="module")
def served(home: House, provider: Provider, port: int) -> Iterator[Served]:
    with signing_in(home, provider.url, port) as found:
        yield found


def test_somebody_signs_in_at_the_provider_and_comes_back_to_the_page_they_asked_for(
    served: Served, provider: Provider
) -> None:
    provider.groups("ada", "library-admins")

    ada, page = signs_in(served, "ada", "/console/sessions")

    assert page.status_code == 200
    assert "ada@example.edu" in page.text
    assert "(admin, until" in page.text
    assert ada.went[-2:] == ["/console/sign-in/return", "/console/sessions"]
    assert SECRET not in page.text


def test_the_way_there_has_a_state_a_nonce_and_a_challenge_of_its_own_each_time(served: Served) -> None:
    ways = [Person(served).steps(f"{served.public}/console/sign-in/go", follow=False) for _ in range(2)]

    asked = [parse_qs(urlsplit(way.headers["location"]).query) for way in ways]
    for part in ("state", "nonce", "code_challenge"):
        assert len(asked[0][part][0]) == 43
        assert asked[0][part] != asked[1][part]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["response_type"] == ["code"]
    cookie = ways[0].headers["set-cookie"]
    assert "; HttpOnly; SameSite=Lax" in cookie
    assert "; Path=/console/sign-in; Max-Age=600" in cookie
    assert asked[0]["nonce"][0] not in cookie
    assert asked[0]["state"][0] not in cookie


def test_a_session_that_is_over_begins_again_without_asking_anything(
    served: Served, provider: Provider, home: House
) -> None:
    provider.groups("ada", "library")
    ada, _ = signs_in(served, "ada")
    first = ada.browser.cookies["ringmark"]
    home.ok("session", "end", "--name", "ada@example.edu")

    page = ada.opens("/console?a=b")

    assert page.status_code == 200
    assert ada.went == ["/console", "/console/sign-in/go", "/authorize/", "/console/sign-in/return", "/console"]
    assert page.url.endswith("/console?a=b")
    assert ada.browser.cookies["ringmark"] != first


def test_a_right_that_the_provider_takes_away_is_gone_at_the_next_sign_in(
    served: Served, provider: Provider, home: House
) -> None:
    provider.groups("ada", "library-admins")
    ada, before = signs_in(served, "ada")
    provider.groups("ada")
    home.ok("session", "end", "--name", "ada@example.edu")

    after = ada.opens("/console")

    assert "(admin" in before.text
    assert after.status_code == 403
    assert "You have no role here" in after.text
    assert "ringmark" not in ada.browser.cookies
    assert ada.steps(f"{served.public}/console", follow=False).status_code == 303


def test_who_has_no_role_is_told_so_and_gets_no_session(served: Served, provider: Provider, home: House) -> None:
    provider.groups("eve", "chess-club")

    eve, page = signs_in(served, "eve")

    assert page.status_code == 403
    assert "The identity provider says that you are <bdi>eve@example.edu</bdi>" in page.text
    assert "chess-club" not in page.text
    assert "ringmark" not in eve.browser.cookies
    assert "eve@" not in home.ok("session", "list")


def test_signing_in_again_ends_the_session_before(served: Served, provider: Provider, home: House) -> None:
    provider.groups("ada", "library")
    ada, _ = signs_in(served, "ada")
    first = ada.browser.cookies["ringmark"]
    sessions = len(home.json("session", "list")["sessions"])

    ada.opens("/console/sign-in/go")

    assert ada.browser.cookies["ringmark"] != first
    assert len(home.json("session", "list")["sessions"]) == sessions
    old = requests.get(f"{served.public}/console", cookies={"ringmark": first}, allow_redirects=False, timeout=30)
    assert old.status_code == 303


def test_signing_out_signs_out_at_the_provider_too(served: Served, provider: Provider) -> None:
    provider.groups("ada", "library")
    ada, page = signs_in(served, "ada")

    out = ada.sends("/console/sign-out", csrf=CSRF.search(page.text)[1])  # type: ignore[index]
    leads = re.search(r'content="0; url=(http[^"]+)"', out.text)[1].replace("&amp;", "&")  # type: ignore[index]
    asked = parse_qs(urlsplit(leads).query)
    ended = ada.steps(leads)

    assert out.status_code == 200
    assert leads.startswith(f"{provider.url}/logout/?")
    assert asked["id_token_hint"][0].count(".") == 2
    assert ended.url.startswith(f"{served.public}/console/sign-in")
    assert "Sign in with your account" in ended.text
    assert ada.opens("/console").url.startswith(f"{provider.url}/accounts/login/")  # which asks for the password


def test_a_way_back_works_once(served: Served, provider: Provider) -> None:
    provider.groups("ada", "library")
    ada, _ = signs_in(served, "ada")
    there = ada.steps(f"{served.public}/console/sign-in/go", follow=False)
    kept = {cookie.name: cookie.value for cookie in there.cookies}
    back = ada.steps(there.headers["location"], follow=False).headers["location"]

    first = requests.get(back, cookies=kept, allow_redirects=False, timeout=30)
    second = requests.get(back, cookies=kept, allow_redirects=False, timeout=30)

    assert first.status_code == 303
    assert second.status_code == 502  # the provider refuses the code
    assert "ringmark=" not in second.headers.get("set-cookie", "")


def test_a_way_back_of_another_browser_signs_nobody_in(served: Served, provider: Provider) -> None:
    provider.groups("ada", "library")
    ada, _ = signs_in(served, "ada")
    there = ada.steps(f"{served.public}/console/sign-in/go", follow=False)
    back = ada.steps(there.headers["location"], follow=False).headers["location"]

    led = Person(served).steps(back, follow=False)

    assert led.status_code == 400
    assert "begun in another browser" in led.text
    assert "set-cookie" not in led.headers


@pytest.mark.parametrize("error", ["access_denied", "<script>alert(1)</script>"])
def test_an_error_of_the_provider_is_told_in_words_of_ours(served: Served, error: str) -> None:
    person = Person(served)
    there = person.steps(f"{served.public}/console/sign-in/go", follow=False)
    state = parse_qs(urlsplit(there.headers["location"]).query)["state"][0]

    back = person.browser.get(
        f"{served.public}/console/sign-in/return",
        params={"state": state, "error": error, "error_description": "<b>no</b>"},
        timeout=30,
    )

    assert back.status_code == 403
    assert "The provider did not sign you in" in back.text
    assert "<b>no" not in back.text
    assert "alert(1)" not in back.text


def test_what_was_done_is_in_the_audit_log_without_a_secret(served: Served, provider: Provider, home: House) -> None:
    provider.groups("ada", "library-admins")
    signs_in(served, "ada")

    lines = home.stored("SELECT actor, verb, subject, detail FROM audit WHERE verb = 'sign in'")

    assert tuple(lines[-1])[:3] == ("ada@example.edu", "sign in", "ada@example.edu")
    assert '"oidc"' in lines[-1][3]
    stored = " ".join(str(each) for row in home.stored("SELECT * FROM session") for each in row)
    assert "eyJ" not in stored.replace("eyJhbGciOiJkaXIi", "")  # no ID token, only what is sealed


def test_in_a_browser_somebody_signs_in_makes_a_token_ends_a_session_and_signs_out(
    served: Served, provider: Provider
) -> None:
    provider.groups("ada", "library-admins")
    with chromium() as browser:
        watched = Watched(browser.new_context(locale="en-GB").new_page())
        page = watched.page
        page.goto(f"{served.public}/console/sign-in?next=/console/tokens")
        looks_well(watched)
        page.click("text=Sign in with your account")
        page.fill("#id_username", "ada")
        page.fill("#id_password", "correct horse")
        page.click("text=Sign in >> nth=-1")
        page.wait_for_url(f"{served.public}/console/tokens")

        page.fill("#name", "from-a-browser")
        page.check("#may-status")
        page.click("text=Make the token")
        assert page.inner_text(".token-made").count("ringmark_") == 2
        looks_well(watched)
        page.click("text=Who is signed in")
        looks_well(watched)

        page.click("text=Sign out")
        page.wait_for_url(f"{served.public}/console/sign-in**")
        page.goto(f"{served.public}/console")
        assert page.url.startswith(f"{provider.url}/accounts/login/")

        provider.groups("eve")
        page.fill("#id_username", "eve")
        page.fill("#id_password", "correct horse")
        page.click("text=Sign in >> nth=-1")
        page.wait_for_selector("text=You have no role here")
        looks_well(watched)
        assert [each for each in watched.complaints if "the server responded with" not in each] == []


def looks_well(watched: Watched) -> None:
    """Light and dark, at the width of a small telephone and of a desk: nothing for axe to find, nothing to scroll."""
    page: Page = watched.page
    for scheme in ("light", "dark"):
        for wide in (320, 1200):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": wide, "height": 800})
            assert watched.overflow() <= 0, (page.url, wide)
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
