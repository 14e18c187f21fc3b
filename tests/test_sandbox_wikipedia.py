"""The practice encyclopedias say what the real ones say, in their shapes: after the schema that Wikimedia publishes of
its stream, the documentation of its API, and another reader of wikitext."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import mwparserfromhell
import pytest
import requests

from sandbox.wikipedia import PracticeWikipedia, practice_wikipedia

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
TEXT = (
    "Tides.<ref>{{cite journal |doi=10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2 }}</ref>"
    "[https://example.org/a?b=c On tides] <!-- https://example.org/hidden -->"
)
LINK = {
    "type": "object",
    "required": ["link", "external"],
    "properties": {"link": {"type": "string"}, "external": {"type": "boolean"}},
}
EVENT = {  # mediawiki/page/links-change, page/delete and page/move, 1.0.0, as far as they have the same
    "type": "object",
    "required": ["$schema", "meta", "database", "page_id", "page_title", "page_namespace", "page_is_redirect"],
    "properties": {
        "$schema": {"type": "string", "pattern": r"^/mediawiki/page/(links-change|delete|move)/1\.0\.0$"},
        "meta": {
            "type": "object",
            "required": ["dt", "stream"],
            "properties": {
                "dt": {"type": "string", "format": "date-time"},
                "domain": {"type": "string", "minLength": 1},
                "stream": {"type": "string", "minLength": 1},
                "id": {"type": "string"},
                "uri": {"type": "string", "format": "uri-reference"},
            },
        },
        "database": {"type": "string", "minLength": 1},
        "page_id": {"type": "integer", "minimum": 0},
        "page_title": {"type": "string", "minLength": 1},
        "page_namespace": {"type": "integer"},
        "page_is_redirect": {"type": "boolean"},
        "rev_id": {"type": "integer", "minimum": 0},
        "performer": {"type": "object", "required": ["user_text", "user_groups", "user_is_bot"]},
        "added_links": {"type": "array", "items": LINK, "minItems": 1},
        "removed_links": {"type": "array", "items": LINK, "minItems": 1},
        "prior_state": {"type": "object"},
    },
}
TOPICS = {"type": "array", "items": {"type": "object", "required": ["topic", "partition"]}}


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeWikipedia]:
    with practice_wikipedia() as running:
        running.wikis.edit(7, TEXT, at=AT)
        running.wikis.edit(7, "Tides.", at=AT + timedelta(hours=1))
        running.wikis.edit(7, TEXT, at=AT + timedelta(hours=2))
        running.wikis.move(7, "Ebb", 0, at=AT + timedelta(hours=3))
        running.wikis.edit(8, TEXT, at=AT)
        running.wikis.delete(8, at=AT + timedelta(hours=4))
        yield running


def stream(server: PracticeWikipedia, count: int, **headers: str) -> list[tuple[str, Any]]:
    """The first messages since the day before, by the words of the standard: field, colon, value; a blank line ends."""
    url = f"{server.url}/v2/stream/page-links-change,page-delete,page-move?since=2026-10-31T00:00:00Z"
    found: list[tuple[str, Any]] = []
    with requests.get(url, stream=True, timeout=10, headers=headers) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        id_ = ""
        for line in answer.iter_lines():
            if line.startswith(b"id: "):
                id_ = line[4:].decode()
            elif line.startswith(b"data: "):
                found.append((id_, json.loads(line[6:])))
            if len(found) == count:
                break
    return found


def api(server: PracticeWikipedia, **asked: str) -> Any:
    always = {"action": "query", "format": "json", "formatversion": "2"}
    return requests.get(f"{server.url}/en.wikipedia.org/w/api.php", {**always, **asked}, timeout=10).json()


def test_its_messages_are_those_of_the_published_schema_and_one_that_is_no_news_keeps_it_alive(
    server: PracticeWikipedia,
) -> None:
    told = stream(server, 8)

    for id_, event in told:
        jsonschema.validate(event, EVENT)
        jsonschema.validate(json.loads(id_), TOPICS)
    assert [event["meta"]["domain"] for _, event in told[-2:]] == ["canary"] * 2
    assert [event["$schema"].split("/")[-2] for _, event in told[:6]] == [
        *("links-change",) * 3,
        "move",
        "links-change",
        "delete",
    ]


def test_it_goes_on_where_an_id_says_and_tells_the_last_message_again(server: PracticeWikipedia) -> None:
    first = stream(server, 6)

    assert stream(server, 3, **{"Last-Event-ID": first[3][0]})[0] == first[3]


def test_what_its_articles_link_to_is_what_another_reader_of_wikitext_finds(server: PracticeWikipedia) -> None:
    (page,) = api(server, pageids="7", prop="extlinks|revisions", rvprop="content", rvslots="main")["query"]["pages"]
    code = mwparserfromhell.parse(page["revisions"][0]["slots"]["main"]["content"])

    written = {str(each.url) for each in code.filter_external_links()}
    dois = {str(each.get("doi").value).strip() for each in code.filter_templates()}
    links = {each["url"] for each in page["extlinks"]}

    assert {each for each in links if "doi.org" not in each} == written
    assert {requests.utils.unquote(each).removeprefix("https://doi.org/") for each in links - written} == dois


def test_its_api_pages_as_documented(server: PracticeWikipedia) -> None:
    server.rows = 1
    asked = {"pageids": "7", "prop": "revisions", "rvprop": "ids|timestamp", "rvdir": "newer", "rvlimit": "max"}
    times = []
    while True:
        told = api(server, **asked)
        times += [each["timestamp"] for each in told["query"]["pages"][0]["revisions"]]
        if "continue" not in told:
            break
        asked |= told["continue"]
    listed = api(server, list="exturlusage", euquery="doi.org", euprotocol="https", euprop="ids|url")
    server.rows = 500

    assert times == ["2026-11-01T12:00:00Z", "2026-11-01T13:00:00Z", "2026-11-01T14:00:00Z"]
    assert told["batchcomplete"] is True
    assert [each["pageid"] for each in listed["query"]["exturlusage"]] == [7]
    assert api(server, pageids="8", prop="info")["query"]["pages"] == [{"pageid": 8, "missing": True}]


def test_an_unknown_stream_is_none(server: PracticeWikipedia) -> None:
    told = requests.get(f"{server.url}/v2/stream/no-such", timeout=10)

    assert not told.headers["Content-Type"].startswith("text/event-stream")
