"""A provider that is down, and links that are guessed: readers notice nothing, and an administrator gets in."""

import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from conftest import House
from console_visitor import words
from oidc_house import free_port, signing_in
from served import Served


@pytest.fixture(scope="module")
def silent() -> Iterator[str]:
    """A provider that takes calls, and never says anything."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as found:
        yield f"http://127.0.0.1:{found.getsockname()[1]}"


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    return scored.copy(tmp_path_factory.mktemp("down") / "house")


@pytest.fixture(scope="module")
def served(home: House, silent: str) -> Iterator[Served]:
    with signing_in(home, silent, free_port()) as found:
        yield found


def test_readers_and_those_who_are_signed_in_do_not_wait_for_a_provider_that_is_silent(
    served: Served, home: House
) -> None:
    link = urlsplit(home.json("session", "link", "--role", "editor")["link"]).path  # before anybody has asked
    knocking = [threading.Thread(target=served.get, args=("/console/sign-in/go",)) for _ in range(20)]
    for each in knocking:
        each.start()

    began = time.monotonic()
    came = served.get(link)
    pages = [served.get("/"), served.get("/console", cookie=came.header("set-cookie").partition(";")[0])]
    took = time.monotonic() - began
    waiting = sum(each.is_alive() for each in knocking)
    for each in knocking:
        each.join()

    assert [came.status, *(page.status for page in pages)] == [303, 200, 200]
    assert waiting > 0  # or nothing was shown
    assert took < 4


def test_the_page_says_that_the_provider_is_down_and_how_to_get_in(served: Served) -> None:
    assert served.get("/console").header("location") == "/console/sign-in/go?next=%2Fconsole"

    page = served.get("/console/sign-in/go?next=%2Fconsole")

    assert page.status == 503
    assert "The identity provider does not answer" in words(page)
    assert "ringmark session link" in words(page)


def test_wrong_links_wait_and_a_right_one_does_not(served: Served, home: House) -> None:
    link = urlsplit(home.json("session", "link", "--role", "editor")["link"]).path
    wrong = [threading.Thread(target=served.get, args=(f"/console/sign-in/link/{n}",)) for n in range(60)]
    began = time.monotonic()
    for each in wrong:
        each.start()
    came = served.get(link)
    for each in wrong:
        each.join()

    assert came.status == 303
    assert time.monotonic() - began > 0.5
