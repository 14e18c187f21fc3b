"""Somebody in the console: signed in by a link of the command line, with the forms that its pages have."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from conftest import House
from served import Reply, Served

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


def words(page: Reply) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(text)).strip()
