"""A connector on a practice InvenioRDM, a record as it is told, and what the tests of it share."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from http_places import Clock
from pydantic import SecretStr

from config.settings import Connection
from config.visibility import Visibility
from connectors.base import Since
from connectors.http import client
from connectors.identifiers import Identifier, normalise
from connectors.inveniordm import InvenioRDM
from connectors.records import Item, Page
from sandbox.inveniordm import PracticeInvenioRDM
from sandbox.inveniordm.records import Record, body, made
from sandbox.inveniordm.repository import FIELD

PRIVATE, PUBLIC = Visibility.PRIVATE, Visibility.PUBLIC
NOW = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
BORN = NOW - timedelta(days=30)
OURS = "https://ringmark.example.edu/badge/output/11.svg 14 2026-11-20"
NEWER = "https://ringmark.example.edu/badge/output/11.svg 15 2026-11-27"
THEIRS = "3.5 (faculty committee)"
TOKEN = "Authorization: Bearer {}"
RECORDED = "repositories/inveniordm"

__all__ = ["FIELD"]


def yes() -> bool:
    return True


def settings(url: str, token: str = "", **more: object) -> Connection:
    given: dict[str, object] = {"name": "repository", "kind": "inveniordm", "url": url, "pace": 0.0}
    if token:
        given["token"] = SecretStr(token)
    return Connection(**{**given, **more})  # type: ignore[arg-type]


@contextmanager
def connected(
    server: PracticeInvenioRDM, clock: Clock | None = None, *, known: bool = True, **more: object
) -> Iterator[InvenioRDM]:
    """Waits take no time; without `known` there is no token; `more` are other settings."""
    passing = clock or Clock()
    token = server.token if known else ""
    found = settings(**{"url": server.url, "token": token, "push": "public", "field": FIELD, **more})  # type: ignore[arg-type]
    http = client(found, token=TOKEN, sleep=passing.sleep, clock=passing)
    with InvenioRDM(found, http) as repository:
        yield repository


def everything(repository: InvenioRDM, **since: Any) -> list[Page]:
    """All pages of a pull."""
    return list(repository.pull(Since(**{"now": NOW + timedelta(days=1), **since})))


def items(pages: list[Page]) -> dict[str, Item]:
    """By key; what comes twice is the same."""
    return {each.key: each for page in pages for each in page.items}


def several(count: int, *, apart: timedelta = timedelta(minutes=1), **more: Any) -> list[Record]:
    """Records that were changed one after the other."""
    return [
        made(number, doi=f"10.5555/harbour.{number}", title=f"T{number}", moment=BORN + number * apart, **more)
        for number in range(1, count + 1)
    ]


def told(**changes: Any) -> dict[str, Any]:
    """A public record as InvenioRDM tells it; `changes` are by path, such as `access__record`; None takes it out."""
    record = copy.deepcopy(body(made(1, doi="10.5555/harbour.1", title="T", moment=BORN), "https://rdm.example.edu"))
    for path, value in changes.items():
        *names, last = path.split("__")
        here = record
        for name in names:
            here = here.setdefault(name, {})
        if value is None:
            here.pop(last, None)
        else:
            here[last] = value
    return record


def doi(text: str) -> Identifier:
    found = normalise("doi", text)
    assert found is not None
    return found


def changes(server: PracticeInvenioRDM) -> list[str]:
    """Method, what was addressed, and status of each request that asks to change something."""
    return [
        f"{each.method} {each.path.partition('/draft')[1]}{each.path.partition('/draft')[2]} {each.status}"
        for each in server.requests
        if each.method != "GET"
    ]


def recorded(shared: Path, name: str) -> Any:
    """The body of a recorded answer, which stands behind its headers."""
    text = (shared / RECORDED / name).read_text(encoding="utf-8")
    return json.loads(text if name.endswith(".json") else text[text.index("\n\n{") :])


class Permits:
    """Says yes as often as told, then no; `asked` counts."""

    def __init__(self, yes: int, then: Callable[[], None] | None = None) -> None:
        self.yes, self.asked, self.then = yes, 0, then

    def __call__(self) -> bool:
        self.asked += 1
        if self.then:
            self.then()
        return self.asked <= self.yes
