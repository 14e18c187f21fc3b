"""An Elements that is a table of bodies, and what the tests that pull from it share."""

import re
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import responses
from pydantic import SecretStr

from config.settings import Connection
from config.visibility import Visibility
from connectors.base import Since
from connectors.elements import Elements
from connectors.http import client
from connectors.records import Page

PRIVATE, INTERNAL, PUBLIC = Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC


RECORDED = Path(__file__).parent / "recorded" / "elements"


BASE = "https://gateway.example.edu/research/elements"  # neither host nor path are those that the answers name


NOW = datetime(2030, 1, 1, tzinfo=UTC)


DATE = "Mon, 02 Mar 2026 08:00:00 GMT"


BEGAN = "2026-03-02T08:00:00+00:00"


VERSIONS = ("v4.6", "v5.5", "v6.13")


EVERYTHING = {
    "/users": "users.xml",
    "/users?groups=1": "members-1.xml",
    "/users?groups=2": "members-2.xml",
    "/groups": "groups.xml",
    "/publication/sources": "sources.xml",
    "/relationship/types": "relationship-types.xml",
    "/relationships": "relationships.xml",
    "/publications": "publications-1.xml",
    "/publications?page=2": "publications-2.xml",
    "/publications?after-id=101": "publications-2.xml",
    "/users/11/relationships": "user-11-links.xml",
    "/users/12/relationships": "publication-102-links.xml",
    "/users/13/relationships": "members-1.xml",
    "/publications?ids=999": "members-1.xml",
    "/publications/101/relationships": "publication-101-links.xml",
    "/publications/102/relationships": "publication-102-links.xml",
    "/deleted/users": "deleted-users.xml",
    "/deleted/publications": "deleted-publications.xml",
    "/relationships/deleted": "deleted-links-1.xml",
    "/relationships/deleted?page=2": "deleted-links-2.xml",
    "/my-account": "my-account.xml",
}


Told = bytes | str | int | tuple[int, str]


class Source:
    """What an Elements would answer: bodies by path and, where it matters, one parameter. The rest is not found."""

    def __init__(self, bodies: dict[str, Told], date: str = DATE) -> None:
        self.bodies = bodies
        self.headers = {"Content-Type": "text/xml", **({"Date": date} if date else {})}
        self.asked: list[str] = []
        self.more = threading.Condition()
        responses.add_callback(responses.GET, re.compile(re.escape(BASE) + "/.*"), self.answer)

    @classmethod
    def recorded(cls, version: str, **changes: Told) -> "Source":
        files = {route: RECORDED / version / name for route, name in EVERYTHING.items()}
        bodies: dict[str, Told] = {r: file.read_bytes() for r, file in files.items() if file.is_file()}
        return cls(bodies | changes)

    def answer(self, request: object) -> tuple[int, dict[str, str], bytes | str]:
        parts = urlsplit(getattr(request, "url", ""))
        path = parts.path.removeprefix(urlsplit(BASE).path)
        with self.more:
            self.asked.append(f"{path}?{parts.query}")
            self.more.notify_all()
        narrow = [f"{path}?{pair}" for pair in parts.query.split("&")]
        body = next((self.bodies[route] for route in (*narrow, path) if route in self.bodies), 404)
        status, body = body if isinstance(body, tuple) else (200, body)
        return (body, self.headers, b"") if isinstance(body, int) else (status, self.headers, body)

    def wait_for(self, word: str) -> bool:
        with self.more:
            return self.more.wait_for(lambda: any(word in asked for asked in self.asked), timeout=30)

    def queries(self, path: str) -> list[dict[str, list[str]]]:
        return [parse_qs(urlsplit(asked).query) for asked in self.asked if urlsplit(asked).path == path]


def elements(**more: object) -> Elements:
    given = {
        "name": "elements",
        "kind": "elements",
        "url": BASE,
        "username": "ringmark",
        "password": SecretStr("s3cret-word"),
        "pace": 0.0,
    }
    settings = Connection(**{**given, **more})
    return Elements(settings, client(settings, sleep=lambda _: None))


def everything(bookmark: str | None = None, **more: object) -> list[Page]:
    return list(elements(**more).pull(Since(now=NOW, bookmark=bookmark)))


def changes(cursor: str = "2026-03-01T00:00:00+00:00", **more: object) -> list[Page]:
    return list(elements(**more).pull(Since(now=NOW, cursor=cursor)))


def every(pages: Iterable[Page], kind: str) -> list:
    return [record for page in pages for record in getattr(page, kind)]


def feed(*entries: str, version: str = "5.5", following: str = "", head: str = "") -> str:
    told = "".join(f"<entry>{entry}</entry>" for entry in entries)
    page = f'<api:page position="next" href="{following}"/>' if following else ""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:api="http://www.symplectic.co.uk/publications/api">'
        f"<api:schema-version>{version}</api:schema-version>{head}"
        f'<api:pagination results-count="{len(entries)}"><api:page position="this" href="x"/>{page}</api:pagination>'
        f"{told}</feed>"
    )


def user(number: int) -> str:
    return f'<api:object category="user" id="{number}"><api:is-public>true</api:is-public></api:object>'


def publication(number: int, more: str = "") -> str:
    return f'<api:object category="publication" id="{number}"><api:is-public>true</api:is-public>{more}</api:object>'


def link(number: int, item: int, person: int) -> str:
    ends = f'<api:related category="publication" id="{item}"/><api:related category="user" id="{person}"/>'
    kind = 'type="publication-user-authorship"'
    return f'<api:relationship id="{number}" {kind}><api:is-visible>true</api:is-visible>{ends}</api:relationship>'


def error(code: str) -> str:
    return feed(f'<api:error code="{code}">The user Ada Quill has s3cret-word</api:error>')


LOGIN = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome<br></body></html>"
EMPTY = feed()


UNAPPROVED = "<api:ever-approved>false</api:ever-approved>"


QUIET: dict[str, Told] = {
    "/users": EMPTY,
    "/groups": EMPTY,
    "/relationships": EMPTY,
    "/publications": EMPTY,
    "/deleted/users": EMPTY,
    "/deleted/publications": EMPTY,
    "/relationships/deleted": EMPTY,
}
