"""A connector on a practice DSpace, and what the tests of it share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from http_places import Clock
from pydantic import SecretStr

from config.settings import Assume, Connection
from config.visibility import Visibility
from connectors.base import Since
from connectors.dspace import DSpace
from connectors.http import client
from connectors.identifiers import Identifier, normalise
from connectors.records import Done, Item, Page
from sandbox.dspace import PracticeDSpace
from sandbox.dspace.items import Item as Held
from sandbox.dspace.items import made

NOW = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
PEOPLE = {"people": True, "assume": Assume(authorships="public")}  # type: ignore[arg-type]  # as in a file
FIELD = "local.attention.score"
OURS = "https://ringmark.example.edu/badge/output/11.svg 14 2026-11-20"
NEWER = "https://ringmark.example.edu/badge/output/11.svg 15 2026-11-27"
THEIRS = "3.5 (faculty committee)"


def yes() -> bool:
    return True


def settings(server: PracticeDSpace, **more: object) -> Connection:
    given: dict[str, object] = {
        "name": "library",
        "kind": "dspace",
        "url": server.url,
        "username": server.username,
        "password": SecretStr(server.password),
        "push": "public",
        "field": FIELD,
        "read": True,
        "pace": 0.0,
    }
    return Connection(**{**given, **more})  # type: ignore[arg-type]


@contextmanager
def connected(server: PracticeDSpace, clock: Clock | None = None, **more: object) -> Iterator[DSpace]:
    """Waits take no time; `more` are other settings."""
    passing = clock or Clock()
    found = settings(server, **more)
    with DSpace(found, client(found, basic=False, sleep=passing.sleep, clock=passing)) as library:
        yield library


def doi(text: str) -> Identifier:
    found = normalise("doi", text)
    assert found is not None
    return found


def sent(server: PracticeDSpace, method: str = "PATCH") -> list[tuple[str, int]]:
    """Path below /server and status of each request of a method."""
    return [(one.path.removeprefix("/server"), one.status) for one in server.requests if one.method == method]


class Permits:
    """Says yes as often as told, then no; `asked` counts."""

    def __init__(self, yes: int, then: Callable[[], None] | None = None) -> None:
        self.yes, self.asked, self.then = yes, 0, then

    def __call__(self) -> bool:
        self.asked += 1
        if self.then:
            self.then()
        return self.asked <= self.yes


def work(number: int, **more: Any) -> Held:
    return replace(made(number, dc_title=f"Tides {number}", dc_identifier_doi=f"10.5555/tides.{number}"), **more)


def pulled(server: PracticeDSpace, cursor: str | None = None, **more: Any) -> list[Page]:
    """All pages of one pull, a day after `NOW` unless told otherwise."""
    asked = {"now": NOW + timedelta(days=1)}
    asked |= {name: more.pop(name) for name in ("bookmark", "memory", "now") if name in more}
    with connected(server, **more) as library:
        return list(library.pull(Since(cursor=cursor, **asked)))


def items(pages: list[Page]) -> dict[str, Item]:
    return {one.key: one for page in pages for one in page.items}


def levels(pages: list[Page]) -> dict[str, Visibility]:
    return {key: one.visibility for key, one in items(pages).items()}


def end(pages: list[Page]) -> Done:
    assert pages[-1].done
    return pages[-1].done


def later(server: PracticeDSpace, **passed: int) -> None:
    moment = server.now() + timedelta(**passed)
    server.logins.clock = moment.timestamp
