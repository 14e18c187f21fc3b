"""Somebody in the console: signed in by a link of the command line, with the forms that its pages have.

Its tests have their fixtures from here, each once for a module, which has a `home`: `served = a_server()`,
`bob = somebody("bob", "editor")`, `window = a_window()`.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from browser import Watched
from conftest import House
from playwright.sync_api import Browser
from served import Reply, Served, serving

CSRF = re.compile(r'name="csrf" value="([0-9a-f]{32})"')
KIND = "application/x-www-form-urlencoded"


@dataclass
class Somebody:
    """`get` and `post` of a path below `/console`, with their cookie; a form brings the word of their session."""

    served: Served
    cookie: str
    csrf: str

    @property
    def shown(self) -> dict[str, str]:
        """The cookie as a browser is given it: one of an https address is refused for any other."""
        name, _, value = self.cookie.partition("=")
        address = self.served.public
        return {
            "name": name,
            "value": value,
            "url": address.replace("http:", "https:") if name[:2] == "__" else address,
        }

    def get(self, path: str, **headers: str) -> Reply:
        return self.served.get(f"/console{path}", cookie=self.cookie, **headers)

    def post(self, path: str, /, *, csrf: str | None = None, site: str = "same-origin", **fields: object) -> Reply:
        told = {"csrf": self.csrf if csrf is None else csrf, **fields}
        return self.served.get(
            f"/console{path}",
            method="POST",
            body=urlencode(told, doseq=True).encode(),
            cookie=self.cookie,
            content_type=KIND,
            sec_fetch_site=site,
        )


def signed_in(served: Served, house: House, role: str = "admin", name: str = "ada") -> Somebody:
    """Make a link for a role, and follow it."""
    link = house.json("session", "link", "--name", name, "--role", role)["link"]
    came = served.get(urlsplit(link).path)
    assert came.status == 303, came
    cookie = came.header("set-cookie").partition(";")[0]
    page = served.get("/console" if role != "internal" else "/console/scope", cookie=cookie)
    return Somebody(served, cookie, CSRF.search(page.text)[1])  # type: ignore[index]


def a_server() -> Any:
    """A fixture: the `home` of a module, served."""

    @pytest.fixture(scope="module")
    def served(home: House) -> Iterator[Served]:
        with serving(home.folder) as found:
            yield found

    return served


def somebody(name: str, role: str = "admin") -> Any:
    """A fixture: who is signed in where a module is `served`."""

    @pytest.fixture(scope="module")
    def found(served: Served, home: House) -> Somebody:
        return signed_in(served, home, role, name)

    return found


def a_window() -> Any:
    """A fixture: one window of `ada`, which takes paths for addresses and holds to the policy of the pages."""

    @pytest.fixture(scope="module")
    def window(browser: Browser, served: Served, ada: Somebody) -> Watched:
        there = browser.new_context(base_url=served.public, locale="en-GB")
        there.add_cookies([ada.shown])
        return Watched(there.new_page())

    return window


def words(page: Reply) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(text)).strip()
