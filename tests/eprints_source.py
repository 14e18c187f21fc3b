"""A connector on a practice EPrints, and what the tests of it share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from http_places import Clock
from lxml import etree
from pydantic import SecretStr

from config.settings import Connection
from config.visibility import Visibility
from connectors.base import Since
from connectors.eprints import EPrints
from connectors.eprints.items import item
from connectors.http import client
from connectors.identifiers import Identifier, normalise
from connectors.records import Item, Page
from sandbox.eprints import PracticeEPrints

PRIVATE, PUBLIC = Visibility.PRIVATE, Visibility.PUBLIC
FIELD = "attention_badge"
OURS = "https://ringmark.example.edu/badge/output/11.svg 14 2026-11-20"
NEWER = "https://ringmark.example.edu/badge/output/11.svg 15 2026-11-27"
THEIRS = "3.5 (faculty committee)"
NOW = datetime(2030, 1, 1, tzinfo=UTC)
BASE = "https://pubs.example.edu"
EP3 = "http://eprints.org/ep2/data/2.0"


def yes() -> bool:
    return True


def settings(server: PracticeEPrints, **more: object) -> Connection:
    given: dict[str, object] = {
        "name": "pubs",
        "kind": "eprints",
        "url": server.url,
        "username": server.username,
        "password": SecretStr(server.password),
        "push": "public",
        "field": FIELD,
        "pace": 0.0,
    }
    return Connection(**{**given, **more})  # type: ignore[arg-type]


@contextmanager
def connected(server: PracticeEPrints, **more: object) -> Iterator[EPrints]:
    """Waits take no time; `more` are other settings."""
    passing = Clock()
    found = settings(server, **more)
    with EPrints(found, client(found, sleep=passing.sleep, clock=passing)) as pubs:
        yield pubs


@contextmanager
def anonymous(server: PracticeEPrints, **more: object) -> Iterator[EPrints]:
    with connected(server, **{"username": None, "password": None, **more}) as pubs:
        yield pubs


def everything(server: PracticeEPrints, since: Since | None = None, **more: object) -> list[Page]:
    with connected(server, **more) as pubs:
        return list(pubs.pull(since or Since(now=NOW)))


def items(pages: list[Page]) -> dict[str, Item]:
    return {one.key: one for page in pages for one in page.items}


def doi(text: str) -> Identifier:
    found = normalise("doi", text)
    assert found is not None
    return found


def read(inner: str, *, key: str = "7", page: str = f"{BASE}/id/eprint/7", fields: tuple[str, ...] = ("doi",)) -> Item:
    """What a record becomes whose XML has this inside."""
    told = f"<eprints xmlns='{EP3}'><eprint id='{page}'><eprintid>{key}</eprintid>{inner}</eprint></eprints>"
    return item("7", etree.fromstring(told)[0], fields)


SHOWN = "<eprint_status>archive</eprint_status><metadata_visibility>show</metadata_visibility>"


def sent(server: PracticeEPrints) -> list[tuple[str, str, int]]:
    """Method, path and status of each request that asked to change something."""
    return [(one.method, one.path, one.status) for one in server.requests if one.method != "GET"]


def asked(server: PracticeEPrints, word: Callable[[str], bool]) -> list[str]:
    return [f"{one.path}?{one.query}" for one in server.requests if word(f"{one.path}?{one.query}")]
