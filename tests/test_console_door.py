"""The door of the console: who is let in, and what is taken from them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from conftest import House
from console_visitor import KIND, Somebody, signed_in, words
from served import Served, serving


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    return scored.copy(tmp_path_factory.mktemp("console") / "house")


@pytest.fixture(scope="module")
def served(home: House) -> Iterator[Served]:
    with serving(home.folder) as found:
        yield found


@pytest.fixture(scope="module")
def ada(served: Served, home: House) -> Somebody:
    return signed_in(served, home)


def test_nobody_sees_the_console_without_signing_in(served: Served) -> None:
    asked = served.get("/console?a=b")

    assert (asked.status, asked.header("location")) == (303, "/console/sign-in?next=%2Fconsole%3Fa%3Db")
    assert asked.header("cache-control") == "private, no-store"


def test_a_link_signs_somebody_in_once(served: Served, home: House) -> None:
    link = urlsplit(home.json("session", "link", "--role", "editor")["link"]).path
    first, second = served.get(link), served.get(link)

    assert first.status == 303
    assert "HttpOnly; SameSite=Lax" in first.header("set-cookie")
    assert second.status == 404
    assert not second.header("set-cookie")


def test_who_is_signed_in_reaches_the_overview(ada: Somebody) -> None:
    page = ada.get("")

    assert page.status == 200
    assert "ada (admin, until" in words(page)
    assert page.header("cache-control") == "private, no-store"
    assert "script-src 'self';" in page.header("content-security-policy")


def test_a_form_without_the_word_of_its_session_or_from_elsewhere_is_not_taken(ada: Somebody) -> None:
    assert ada.post("/sign-out", csrf="").status == 403
    assert ada.post("/sign-out", csrf="0" * 32).status == 403
    assert ada.post("/sign-out", site="cross-site").status == 403
    assert ada.get("").status == 200


def test_a_form_after_the_session_is_over_says_so_and_changes_nothing(served: Served) -> None:
    sent = served.get(
        "/console/sign-out", method="POST", body=b"csrf=1", content_type=KIND, sec_fetch_site="same-origin"
    )

    assert sent.status == 401
    assert "Nothing was changed" in words(sent)


def test_signing_out_ends_the_session(served: Served, home: House) -> None:
    eve = signed_in(served, home, name="eve")

    out = eve.post("/sign-out")

    assert (out.status, out.header("location")) == (303, "/console/sign-in")
    assert eve.get("").status == 303
    assert "eve" not in home.ok("session", "list")


def test_a_session_that_was_ended_by_a_verb_is_over_at_once(served: Served, home: House) -> None:
    eve = signed_in(served, home, name="mallory")
    (session,) = [each["session"] for each in home.json("session", "list")["sessions"] if each["name"] == "mallory"]

    home.ok("session", "end", str(session))

    assert eve.get("").status == 303


def test_nobody_is_led_elsewhere_after_signing_in(served: Served) -> None:
    for next_ in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert "evil" not in served.get(f"/console/sign-in?next={next_}").text
