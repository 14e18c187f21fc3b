"""The practice services against what is not ours: recorded answers of YouTube and Mendeley, schemas after the
documentation of the others, and an outside client's way to read PubPeer."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from answerers import DOI, KINDS, WHEN, act, doi

from connectors.youtube.videos import ids
from connectors.youtube.videos import mentions as videos
from sandbox.answerers import Name, ServiceFault, practice_answerer
from sandbox.answerers.mendeley import TOKEN
from sandbox.answerers.pubpeer import NOBODY

KEY = {"X-Goog-Api-Key": "practice-token"}
TEXT, NUMBER, TRUTH = str, int, bool

# Members and their types, as the documentation of each service names them.
STORY = {"objectID": TEXT, "title": TEXT, "url": TEXT, "author": TEXT, "points": NUMBER, "num_comments": NUMBER,
         "created_at": TEXT, "created_at_i": NUMBER, "story_id": NUMBER, "_tags": list, "updated_at": TEXT}  # fmt: skip
COMMENT = {"objectID": TEXT, "author": TEXT, "comment_text": TEXT, "story_id": NUMBER, "story_title": TEXT,
           "story_url": TEXT, "parent_id": NUMBER, "created_at": TEXT, "created_at_i": NUMBER, "_tags": list,
           "updated_at": TEXT}  # fmt: skip
SEARCH = {"hits": list, "nbHits": NUMBER, "page": NUMBER, "nbPages": NUMBER, "hitsPerPage": NUMBER, "query": TEXT,
          "params": TEXT, "exhaustive": dict, "exhaustiveNbHits": TRUTH}  # fmt: skip
WRAPPER = {"items": list, "has_more": TRUTH, "quota_max": NUMBER, "quota_remaining": NUMBER}
EXCERPT = {"tags": list, "item_type": TEXT, "question_id": NUMBER, "score": NUMBER, "creation_date": NUMBER,
           "title": TEXT, "excerpt": TEXT}  # fmt: skip
POST = {"owner": dict, "score": NUMBER, "last_activity_date": NUMBER, "creation_date": NUMBER, "post_type": TEXT,
        "post_id": NUMBER, "content_license": TEXT, "link": TEXT, "body": TEXT}  # fmt: skip
FEEDBACK = {"id": TEXT, "title": TEXT, "total_comments": NUMBER, "users": TEXT, "last_commented_at": dict, "url": TEXT}


def types(told: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in told.items()}


def shape(told: object, at: str = "") -> set[str]:
    """Where members stand, whatever they hold."""
    if isinstance(told, dict):
        return {f"{at}/{name}" for name in told} | {way for n, each in told.items() for way in shape(each, f"{at}/{n}")}
    return {way for each in told for way in shape(each, f"{at}[]")} if isinstance(told, list) else set()


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    with practice_answerer(request.param) as running:
        running.known.acts = {1: act(), 2: act(2)}
        yield running


def at(name: Name) -> Any:
    return pytest.mark.parametrize("server", [name], indirect=True)


@at("youtube")
def test_the_practice_youtube_has_the_members_of_recorded_answers(server: Any, shared_data: Path) -> None:
    recorded = shared_data / "attention" / "youtube"
    searched = requests.get(f"{server.url}/search?q={DOI.value}&maxResults=5", headers=KEY, timeout=5).json()
    listed = requests.get(f"{server.url}/videos?id={','.join(ids(searched))}", headers=KEY, timeout=5).json()

    for told, name in ((searched, "search_by_keywords_p1.json"), (listed, "videos_info_single.json")):
        assert shape(told) <= shape(json.loads((recorded / name).read_text())) | {"/nextPageToken"}


def test_recorded_answers_of_youtube_are_understood(shared_data: Path) -> None:
    recorded = shared_data / "attention" / "youtube"
    listing = json.loads((recorded / "videos_info_single.json").read_text())
    found = [ids(json.loads(path.read_text())) for path in sorted(recorded.glob("search_by_*.json"))]

    assert [len(each) > 3 for each in found] == [True] * 3
    assert videos(listing, DOI) == ()
    listing["items"][0]["snippet"]["description"] += f" doi:{DOI.value}"
    (mention,) = videos(listing, DOI)
    assert mention.key == listing["items"][0]["id"]


@at("mendeley")
def test_the_practice_mendeley_has_the_members_of_a_recorded_answer(server: Any, shared_data: Path) -> None:
    from connectors.mendeley.catalog import readers

    recorded = json.loads((shared_data / "attention" / "mendeley" / "mendeley.json").read_text())
    asked = {"doi": DOI.value, "view": "stats"}
    told = requests.get(
        f"{server.url}/catalog", params=asked, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5
    ).json()

    spread = {"/reader_count_by_", "[]/reader_count_by_"}
    plain = {way for way in shape(told) if not any(each in way for each in spread)}
    assert plain <= shape(recorded)
    assert readers(recorded, doi(recorded[0]["identifiers"]["doi"])) == recorded[0]["reader_count"]
    assert (
        readers([json.loads((shared_data / "attention" / "mendeley" / "mendeley_incomplete.json").read_text())], DOI)
        == 0
    )


@at("mendeley")
def test_mendeley_gives_a_token_to_its_application_alone(server: Any) -> None:
    form = {"grant_type": "client_credentials", "scope": "all"}
    given = requests.post(f"{server.url}/oauth/token", form, auth=("1234", "practice-token"), timeout=5)
    refused = requests.post(f"{server.url}/oauth/token", form, auth=("1234", "x"), timeout=5)
    without = requests.get(f"{server.url}/catalog", timeout=5)

    assert given.json() == {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600, "msso": None}
    assert (refused.status_code, without.status_code) == (401, 401)


@at("hackernews")
def test_the_practice_hacker_news_has_the_members_that_are_documented(server: Any) -> None:
    query = {"query": f'"{DOI.value}"', "advancedSyntax": "true"}
    told = requests.get(f"{server.url}/search_by_date", params=query, timeout=5).json()

    assert types(told) == SEARCH
    assert [types(hit) for hit in told["hits"]] == [COMMENT, STORY]
    assert "https:&#x2F;&#x2F;doi.org" in told["hits"][0]["comment_text"]


@at("hackernews")
def test_hacker_news_searches_by_words_and_takes_quotes_only_when_told_to(server: Any) -> None:
    server.known.acts |= {3: act(3, doi("10.5555/tides.12")), 5: act(5, doi("10.5555/x"), text="1 tides 5555 10")}

    def found(**query: str) -> list[str]:
        told = requests.get(f"{server.url}/search_by_date", params=query, timeout=5).json()
        return sorted(hit["objectID"][-1] for hit in told["hits"])

    assert found(query=f'"{DOI.value}"', advancedSyntax="true") == ["1", "2", "3"]
    assert found(query=f'"{DOI.value}"') == ["1", "2", "5"]


@at("stackexchange")
def test_the_practice_stack_exchange_has_the_members_that_are_documented(server: Any) -> None:
    asked = {"site": "stackoverflow", "body": DOI.value}
    told = requests.get(f"{server.url}/search/excerpts", params=asked, timeout=5).json()
    whole = requests.get(
        f"{server.url}/posts/70000001;70000002", params={**asked, "filter": "withbody"}, timeout=5
    ).json()

    assert types(told) == WRAPPER
    assert [types({**each, "answer_id": 0}) for each in told["items"]] == [{**EXCERPT, "answer_id": NUMBER}] * 2
    assert [types(each) for each in whole["items"]] == [POST] * 2
    assert {each["post_type"] for each in whole["items"]} == {"question", "answer"}
    assert all(DOI.value not in each["excerpt"] for each in told["items"])


@at("stackexchange")
def test_stack_exchange_zips_every_answer_and_says_errors_with_400(server: Any) -> None:
    plain = requests.get(
        f"{server.url}/info?site=nowhere", headers={"Accept-Encoding": "identity"}, timeout=5, stream=True
    )

    assert (plain.status_code, plain.headers["Content-Encoding"]) == (400, "gzip")
    assert json.loads(gzip.decompress(plain.raw.read(decode_content=False)))["error_id"] == 400


@at("pubpeer")
def test_pubpeer_is_read_as_public_clients_read_it_and_says_nothing_without_a_key(server: Any) -> None:
    address = f"{server.url}/v3/publications"
    question = {"dois": [DOI.value, NOBODY]}
    told = requests.post(f"{address}?devkey=practice-token", json=question, timeout=5).json()
    keyless = requests.post(address, json=question, timeout=5)

    assert [types(each) for each in told["feedbacks"]] == [FEEDBACK] * 2
    latest = told["feedbacks"][0]["last_commented_at"]
    assert (latest["timezone"], latest["date"]) == ("UTC", f"{WHEN:%Y-%m-%d %H:%M:%S}.000000")
    assert keyless.status_code == 422


@pytest.mark.parametrize("name", KINDS)
def test_faults_happen_on_demand(name: Name) -> None:
    with practice_answerer(name) as server:
        server.faults.append(ServiceFault("too many requests", retry_after="7"))
        first = requests.get(f"{server.url}/x", timeout=5)
        server.faults.append(ServiceFault("login page"))
        second = requests.get(f"{server.url}/x", timeout=5)

    assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
    assert "text/html" in second.headers["Content-Type"]
