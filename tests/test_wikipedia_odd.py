"""What a stream, and a wiki behind it, may do to who listens: nothing is scored wrongly, and nothing is lost."""

import json
from typing import Any

import pytest
import responses
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st
from mention_house import a_copy, some_works
from wikipedia_house import a_wikipedia, ago, listens, running_wikipedia

from config.settings import Connection
from connectors.errors import ConnectorError, NotUnderstood, TryLater
from connectors.http import client
from connectors.wikipedia import listening, stream
from connectors.wikipedia.wiki import Wiki
from sandbox.wikipedia import PracticeWikipedia, WikiFault

works, plain = some_works(), a_copy()
running, server = running_wikipedia(), a_wikipedia()
CITED = "<ref>{{cite journal |doi=10.5555/one}}</ref>"


@pytest.fixture
def house(plain: House, server: PracticeWikipedia) -> House:
    return listens(plain, server, contact="https://example.edu/contact")


def keys(house: House) -> list[str]:
    return [key for (key,) in house.stored("SELECT key FROM mention WHERE taken_at = -1 ORDER BY key")]


def asides(house: House) -> list[str]:
    return [each["reason"] for each in house.json("setaside", "list")["set_aside"]]


def trouble(house: House) -> str:
    ran = house.run("pull", "wikipedia")
    assert ran.code == 1
    return ran.out + ran.err


# Messages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"data: {\n\n", b"data: \x00\n\n", b"data: \xff\xfe\n\n", b'data: {"a":"\\ud800"}\n\n', b"data: []\n\n",
        b"data: " + b"[" * 50_000 + b"\n\n", b"data: " + b"x" * 10_000_000 + b"\n\n",
        b"data: 1\n" * 3 + b"\n", b"id: \x00\xff\ndata: 7\n\n",
    ],
)  # fmt: skip
def test_a_message_that_nobody_understands_is_set_aside_and_the_rest_goes_on(
    house: House, server: PracticeWikipedia, body: bytes
) -> None:
    server.faults.append(WikiFault("raw", address="/v2", body=body))
    server.wikis.edit(7, CITED, at=ago(5))

    house.ok("pull", "wikipedia")

    assert len(asides(house)) == 1
    assert keys(house) == ["enwiki:7"]


def test_a_stream_whose_shape_changed_overnight_is_an_alarm_and_scores_nothing(
    house: House, server: PracticeWikipedia
) -> None:
    for number in range(1, 300):
        server.wikis.edit(number, CITED, at=ago(5))
        server.wikis.events[-1].body["page"] = {"id": server.wikis.events[-1].body.pop("page_id")}

    assert "more than set_aside_max allows" in trouble(house)
    assert keys(house) == []


def test_a_stream_that_tells_of_no_links_to_other_sites_any_more_is_an_alarm(
    house: House, server: PracticeWikipedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "LINKLESS", 50)
    for number in range(1, 60):
        server.wikis.edit(number, CITED, at=ago(5))
        server.wikis.events[-1].body["new_links"] = server.wikis.events[-1].body.pop("added_links")

    assert "has the stream changed?" in trouble(house)


def test_a_clock_in_the_future_is_set_aside_and_ends_no_run(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(6, CITED, at=ago(5))
    server.wikis.events[-1].body["meta"]["dt"] = "2999-01-01T00:00:00Z"
    server.wikis.edit(7, CITED, at=ago(4))

    house.ok("pull", "wikipedia")

    assert asides(house) == ["says that it is from the future"]
    assert keys(house) == ["enwiki:7"]


def test_a_server_that_cannot_go_on_is_asked_later_from_where_it_was(house: House, server: PracticeWikipedia) -> None:
    server.faults.append(WikiFault("error", address="/v2"))
    server.wikis.edit(7, CITED, at=ago(5))

    assert "cannot go on" in trouble(house)
    house.ok("pull", "wikipedia")

    assert keys(house) == ["enwiki:7"]


@pytest.mark.parametrize("how", ["silent", "comments", "nothing new"])
def test_a_stream_that_tells_nothing_is_no_stream_that_has_come_to_its_end(
    house: House, server: PracticeWikipedia, monkeypatch: pytest.MonkeyPatch, how: Any
) -> None:
    monkeypatch.setattr(stream, "SECONDS", 0.3)
    server.faults.append(WikiFault(how, address="/v2"))

    assert "tells nothing new" in trouble(house)
    house.ok("pull", "wikipedia")


@pytest.mark.parametrize("how", ["login page", "status"])
def test_what_is_no_stream_is_not_read_as_one(house: House, server: PracticeWikipedia, how: Any) -> None:
    server.faults.append(WikiFault(how, address="/v2", status=404))

    assert "no stream; is url" in trouble(house)


def test_a_batch_that_is_full_is_stored_before_more_is_read(
    house: House, server: PracticeWikipedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOST_OURS", 2)
    for number in range(1, 8):
        server.wikis.edit(number, CITED, at=ago(9 - number))

    house.ok("pull", "wikipedia")

    assert len(keys(house)) == 7
    assert len([each for each in server.requests if each.path.startswith("/v2")]) >= 4


# Wikis ---------------------------------------------------------------------------------------------------------------


def test_a_wiki_that_asks_for_patience_is_asked_again(house: House, server: PracticeWikipedia) -> None:
    server.faults += [
        WikiFault("maxlag", address="api.php", times=2),
        WikiFault("too many requests", address="api.php", retry_after="7"),
    ]
    server.wikis.edit(7, CITED, at=ago(5))

    house.ok("pull", "wikipedia")

    assert keys(house) == ["enwiki:7"]
    assert len([each for each in server.requests if "api.php" in each.path]) == 3


def test_a_wiki_that_stays_behind_loses_nothing(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(6, CITED, at=ago(5))
    server.faults.append(WikiFault("maxlag", address="api.php", times=6))

    assert "busy" in trouble(house)
    house.ok("pull", "wikipedia")

    assert keys(house) == ["enwiki:6"]


def test_a_copy_that_has_not_what_the_stream_has_told_is_asked_later(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, "Nothing yet.", at=ago(5), told=False)
    server.wikis.edit(7, CITED, at=ago(0.01))
    server.faults.append(WikiFault("behind", address="api.php"))

    assert "does not show yet" in trouble(house)
    house.ok("pull", "wikipedia")

    assert keys(house) == ["enwiki:7"]


def test_a_revision_that_is_gone_for_good_stops_nobody(house: House, server: PracticeWikipedia) -> None:
    server.wikis.edit(7, CITED, at=ago(6))
    server.wikis.edit(7, f"{CITED} Libel.", at=ago(5))
    del server.wikis.article(7).revisions[-1]

    house.ok("pull", "wikipedia")

    assert keys(house) == ["enwiki:7"]


@pytest.mark.parametrize("how", ["not json", "login page", "cut short", "status"])
def test_one_article_that_is_not_understood_is_set_aside_and_the_others_go_on(
    house: House, server: PracticeWikipedia, how: Any
) -> None:
    server.faults.append(WikiFault(how, address="pageids=6&", status=404))
    server.wikis.edit(6, CITED, at=ago(5))
    server.wikis.edit(7, CITED, at=ago(4))

    house.ok("pull", "wikipedia")

    assert len(asides(house)) == 1
    assert keys(house) == ["enwiki:7"]


def test_a_wiki_of_which_nothing_is_understood_any_more_is_an_alarm(house: House, server: PracticeWikipedia) -> None:
    server.faults.append(WikiFault("not json", address="api.php", times=None))
    for number in range(1, 9):
        server.wikis.edit(number, CITED, at=ago(5))

    assert "JSON that is broken" in trouble(house)
    server.faults.clear()
    house.ok("pull", "wikipedia")

    assert len(keys(house)) == 8


def test_a_wiki_that_refuses_us_stops_the_run(house: House, server: PracticeWikipedia) -> None:
    server.faults.append(WikiFault("status", address="api.php", status=403))
    server.wikis.edit(7, CITED, at=ago(5))

    assert "refused with status 403" in trouble(house)


# Answers of the API --------------------------------------------------------------------------------------------------

PAGE = {
    "pageid": 7,
    "ns": 0,
    "title": "Tide",
    "revisions": [{"revid": 3, "timestamp": "2026-01-01T00:00:00Z", "slots": {"main": {"content": CITED}}}],
    "extlinks": [{"url": "https://doi.org/10.5555%2Fone"}],
}


def wiki(*answers: object) -> Wiki:
    """One that answers so, whatever is asked."""
    for each in answers:
        told = each if isinstance(each, str) else json.dumps(each)
        responses.add("GET", "https://en.wikipedia.org/w/api.php", body=told, content_type="application/json")
    base = Connection(name="w", kind="wikipedia", url="https://en.wikipedia.org", people=False)
    return Wiki(client(base, pace=0.0, sleep=lambda _: None))


def page(**told: object) -> dict[str, Any]:
    return {"query": {"pages": [{**PAGE, **told}]}}


@responses.activate
def test_what_is_taken_of_a_page() -> None:
    found = wiki(page()).article(7)

    assert found is not None
    assert (found.title, found.namespace, found.revision, found.wikitext) == ("Tide", 0, 3, CITED)
    assert found.links == ("https://doi.org/10.5555%2Fone",)


@responses.activate
@pytest.mark.parametrize("hidden", [{"texthidden": True}, {"texthidden": True, "missing": True}])
def test_a_text_that_is_hidden_says_nothing_and_its_links_still_do(hidden: dict[str, object]) -> None:
    shown = {"revid": 3, "timestamp": "2026-01-01T00:00:00Z", "slots": {"main": hidden}}

    found = wiki(page(revisions=[shown])).article(7)

    assert found is not None
    assert (found.wikitext, len(found.links)) == ("", 1)


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {}, {"query": {}}, {"query": {"pages": []}}, {"query": {"pages": [PAGE, PAGE]}}, page(pageid=8), page(title=""),
        page(title=None), page(ns="0"), page(revisions=[]), page(revisions=None), page(revisions=[{}]),
        page(revisions=[{"revid": 3, "timestamp": "x", "slots": {"main": {"content": "x"}}}]),
        page(revisions=[{"revid": 3, "timestamp": "2026-01-01T00:00:00Z", "slots": {}}]),
        {"error": {"code": "badvalue"}}, {**page(), "continue": {"elcontinue": "1", "continue": "||"}},
    ],
)  # fmt: skip
def test_an_answer_in_another_shape_is_not_understood(answer: object) -> None:
    with pytest.raises(NotUnderstood):
        wiki(answer).article(7)


@responses.activate
@pytest.mark.parametrize("code", ["maxlag", "ratelimited", "readonly", "internal_api_error_DBQueryError"])
def test_a_wiki_in_trouble_is_asked_later(code: str) -> None:
    with pytest.raises(TryLater):
        wiki({"error": {"code": code}}).article(7)


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"query": {}}, {"query": {"exturlusage": {}}}, {"query": {"exturlusage": [7]}},
        {"query": {"exturlusage": [{"pageid": "7", "url": "https://doi.org/x"}]}},
        {"query": {"exturlusage": []}, "continue": {"eucontinue": "again"}},
    ],
)  # fmt: skip
def test_a_list_in_another_shape_or_without_an_end_is_not_understood(answer: object) -> None:
    with pytest.raises(NotUnderstood):
        wiki(answer).linking("doi.org", "https", "again")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(where=st.sampled_from(["", "query", *PAGE]), junk=JUNK)
def test_whatever_a_wiki_answers_it_is_understood_or_not_and_nothing_breaks(where: str, junk: object) -> None:
    told: Any = page()
    if not where:
        told = junk
    elif where == "query":
        told["query"] = junk
    else:
        told["query"]["pages"][0][where] = junk
    with responses.mock:
        responses.mock.reset()
        asked = wiki(told)
        for ask in (lambda: asked.article(7), lambda: asked.linking("doi.org", "https", ""), lambda: asked.name()):
            try:
                ask()
            except ConnectorError:
                continue
