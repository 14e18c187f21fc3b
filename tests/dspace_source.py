"""A connector on a practice DSpace, and what the tests of it share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from http_places import Clock
from pydantic import SecretStr

from config.settings import Connection
from connectors.dspace import DSpace
from connectors.http import client
from connectors.identifiers import Identifier, normalise
from sandbox.dspace import PracticeDSpace

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
