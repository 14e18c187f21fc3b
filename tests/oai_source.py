"""A practice data provider with some records, and what the tests that harvest it share."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from config.settings import Connection
from config.visibility import Visibility
from connectors.base import Since
from connectors.http import client
from connectors.oai import Oai
from connectors.oai.items import item
from connectors.oai_pmh.xml import Record
from connectors.records import Aside, Done, Gone, Item, Page
from sandbox.oai import OaiRecord, PracticeOai, Repository
from sandbox.oai.metadata import dublin_core

PRIVATE, INTERNAL, PUBLIC = Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC
NOW = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
Told = Item | Gone | Aside
OPEN = {"assume": {"outputs": PUBLIC}}
MIDDLE = "ListRecords&resumptionToken"


def name(number: int) -> str:
    """The identifier of a record."""
    return f"oai:practice.example.edu:{number:03}"


ALL = [name(number) for number in range(1, 26)]
"""The identifiers of the first 25 records."""


def made(number: int, stamp: datetime, *sets: str, status: str = "") -> OaiRecord:
    """An article with a DOI."""
    told = dublin_core(("title", f"Title {number}"), ("type", "Article"), ("identifier", f"10.5555/oai.{number}"))
    return OaiRecord(identifier=name(number), stamp=stamp, sets=sets, status=status, formats={"oai_dc": told})


def filled(count: int, *, apart: timedelta = timedelta(days=1), before: datetime = NOW) -> Repository:
    """A repository of some records, the last one changed a day ago, each so long after the one before it."""
    repository = Repository(clock=lambda: NOW)
    for number in range(1, count + 1):
        repository.put(made(number, before - timedelta(days=1) - (count - number) * apart))
    return repository


@contextmanager
def connected(server: PracticeOai, **more: object) -> Iterator[Oai]:
    """The connector of a connection to a server, which never sleeps."""
    given: dict[str, object] = {"name": "library", "kind": "oai", "url": server.url, "pace": 0.0}
    settings = Connection(**{**given, **more})  # type: ignore[arg-type]
    with Oai(settings, client(settings, token=Oai.manifest.token, sleep=lambda _: None)) as connector:
        yield connector


def pulled(server: PracticeOai, cursor: str | None = None, bookmark: str | None = None, **more: object) -> list[Page]:
    """All pages of one pull."""
    with connected(server, **more) as connector:
        return list(connector.pull(Since(cursor=cursor, bookmark=bookmark, now=NOW + timedelta(minutes=5))))


def told(pages: list[Page]) -> list[str]:
    """The keys of the items that pages tell, once each, in the order in which they came first."""
    return list(dict.fromkeys(each.key for page in pages for each in page.items))


def gone(pages: list[Page]) -> list[str]:
    """The keys of what is told to be gone."""
    return [each.key for page in pages for each in page.gone]


def end(pages: list[Page]) -> Done:
    """How a pull ended."""
    (done,) = [page.done for page in pages if page.done]
    return done


def asked(server: PracticeOai, verb: str) -> list[str]:
    """The queries of one verb, in order."""
    return [each.query for each in server.requests if f"verb={verb}" in each.query]


def read(xml: str, assume: Visibility | None = PUBLIC, *, status: str = "") -> list[Told]:
    """What one record with such metadata becomes."""
    element = etree.fromstring(f"<record>{xml}</record>")
    inside = element[0] if len(element) else None
    record = Record(identifier="oai:x:1", status=status, metadata=inside, element=element, place="ListRecords")
    return list(item(record, assume))


def one(xml: str, assume: Visibility | None = PUBLIC) -> Item:
    """The item that one record becomes."""
    (found,) = read(xml, assume)
    assert isinstance(found, Item)
    return found


def cassette(path: Path) -> list[tuple[str, int, str]]:
    """The address, status and body of each exchange of a cassette; there are two makes of them."""
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
    found = []
    for each in told:
        answer = each["response"]
        status = answer["status"] if isinstance(answer["status"], int) else answer["status"]["code"]
        text = answer["body"].get("string", answer["body"].get("content", ""))
        found.append((each["request"]["uri"], status, text if isinstance(text, str) else ""))
    return found


def tags(text: str, name: str) -> list[str]:
    """What stands in the elements of a name, as text."""
    return [html.unescape(found).strip() for found in re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)]
