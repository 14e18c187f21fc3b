"""The real v4.6 feed beside the repository, served over HTTP: every publication with its DOI, journal and date.

What is expected comes from this file's own reading of the XML: nothing of ours has a say in it.
"""

import json
import re
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House
from lxml import etree

NS = {"api": "http://www.symplectic.co.uk/publications/api", "atom": "http://www.w3.org/2005/Atom"}
EMPTY = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:api="http://www.symplectic.co.uk/publications/api">
<api:schema-version>4.6</api:schema-version>
<api:pagination results-count="0" items-per-page="25"><api:page number="1" position="this" href="x"/></api:pagination>
</feed>
"""


@dataclass(frozen=True)
class Told:
    """What one publication of the feed says, over all its records and in their order."""

    dois: list[str]
    titles: list[str]
    journals: list[str]
    dates: list[str]


@pytest.fixture(scope="module")
def feed(shared_data: Path) -> bytes:
    return (shared_data / "elements" / "v4.6" / "publications-feed-full.xml").read_bytes()


@pytest.fixture(scope="module")
def publications(feed: bytes) -> list[Told]:
    def texts(records: Any, name: str) -> list[str]:
        found = [" ".join(r.xpath(f"string(api:native/api:field[@name='{name}']/api:text)", namespaces=NS).split())
                 for r in records]  # fmt: skip
        return [text for text in found if text]

    def dates(records: Any) -> list[str]:
        found = []
        for record in records:
            (date,) = record.xpath("api:native/api:field[@name='publication-date']/api:date", namespaces=NS) or (None,)
            if date is not None:
                parts = [date.findtext(f"api:{part}", namespaces=NS) for part in ("year", "month", "day")]
                found.append("-".join(f"{int(part):02d}" for part in parts if part))
        return found

    told = []
    for entry in etree.fromstring(feed).iterfind(".//atom:entry/api:object", NS):
        records = entry.findall("api:records/api:record", NS)
        dois = [doi.lower() for doi in texts(records, "doi")]
        told.append(Told(dois, texts(records, "title"), texts(records, "journal"), dates(records)))
    assert (len(told), len(etree.fromstring(feed).findall(".//api:object/api:records/api:record", NS))) == (25, 93)
    return told


@pytest.fixture(scope="module")
def house(feed: bytes, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Pulled from a server of the feed, with what v4.6 cannot say assumed to be public."""

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = feed if path == "/publications-api/v4.6/publications" else EMPTY
            self.send_response(200)
            self.send_header("Content-Type", "application/atom+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    house = House(tmp_path_factory.mktemp("real"))
    house.elements(
        f"http://127.0.0.1:{server.server_address[1]}/publications-api/v4.6",
        """require_author = false
[connections.elements.assume]
people = "public"
outputs = "public"
authorships = "public"
""",
    )
    try:
        house.ok("pull")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    house.ok("score")
    return house


def row_of(house: House, told: Told) -> dict[str, Any]:
    """The one row of a publication, by its title where it has no DOI."""
    rows = house.rows()
    found = [row for row in rows if row["doi"] in told.dois] or [row for row in rows if row["title"] in told.titles]
    assert len(found) == 1
    return found[0]


def test_every_publication_of_the_feed_is_there_with_doi_journal_and_date(
    house: House, publications: list[Told]
) -> None:
    rows = house.rows()

    assert len(rows) == 25
    for told in publications:
        row = row_of(house, told)
        assert row["doi"] == (told.dois[0] if told.dois else "")
        assert row["title"] in told.titles
        assert row["journal"] in (told.journals or [""])
        assert row["published"] in (told.dates or [""])
        assert (row["visibility"], row["people"], row["groups"]) == ("public", [], [])
    assert sum(not told.dois for told in publications) == 2


def test_a_second_doi_is_a_conflict_that_status_lists(house: House, publications: list[Told]) -> None:
    two = [told for told in publications if len(set(told.dois)) > 1]

    conflicts = house.json("status")["conflicts"]

    assert len(two) == 1
    (other,) = set(two[0].dois) - {two[0].dois[0]}
    assert any(other in line for line in conflicts)
    assert house.run("explain", other).code == 1


def test_nobody_of_the_byline_is_named_anywhere(house: House, feed: bytes) -> None:
    """Names of people come from permitted links only, and this feed has none."""
    names = {name.text for name in etree.fromstring(feed).iterfind(".//api:person/api:last-name", NS) if name.text}
    stored = stores.whole(house.folder)

    assert len(names) > 100
    rare = {name for name in names if re.fullmatch(r"[A-Z][a-z]{8,}", name)}
    assert not {name for name in rare if name.encode() in stored}


def test_an_imported_mention_stands_in_the_ledger(house: House, publications: list[Told]) -> None:
    doi = next(told.dois[0] for told in publications if told.dois)
    lines = [
        {"id": "n", "source": "news", "output": [f"doi:{doi}"], "occurred_at": "2026-03-01T10:00:00Z",
         "url": "https://news.example/1", "outlet": {"id": "times", "name": "Times", "tier": 2}},
        {"id": "w", "source": "wikipedia", "output": [f"https://doi.org/{doi.upper()}"], "occurred_at": "2026-03-02",
         "url": "https://en.wikipedia.example/wiki/One"},
    ]  # fmt: skip
    file = house.folder / "mentions.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))

    house.ok("import", str(file))
    house.ok("score")

    told = house.json("explain", doi)
    assert (told["score"], told["millipoints"], told["basis"]) == (10, 10_000, "mentions")
    assert {(line["url"], line["millipoints"], line["counted"]) for line in told["ledger"]} == {
        ("https://news.example/1", 7000, True), ("https://en.wikipedia.example/wiki/One", 3000, True),
    }  # fmt: skip
    assert row_of(house, next(t for t in publications if doi in t.dois))["score"] == 10
    assert told["context"]["all"]["count"] == 25
    assert told["context"]["all"]["rank"] == 1


def test_a_pull_of_changes_from_the_same_feed_changes_nothing(house: House) -> None:
    assert house.json("status")["alarms"] == []
    assert house.json("status")["outputs"]["without_person"] == 25
