"""What only Overton, DataCite's events, Altmetric and X have to mind: sets, cursors, records of others, and what each
question costs."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from answerers import DOI, KINDS, WHEN, act, ask, connection, doi, talking

from connectors import Mention, NotUnderstood, TryLater
from connectors.altmetric_api.record import heard as altmetric
from connectors.answering import entries
from connectors.datacite_events.events import mentions as datacite
from connectors.datacite_events.events import next_cursor
from connectors.overton.citing import heard as overton
from connectors.x.posts import mentions as x
from sandbox.answerers import PracticeAnswerer, practice_answerer
from sandbox.answerers import altmetric_api as practice_altmetric
from sandbox.answerers import datacite_events as practice_datacite
from sandbox.answerers import overton as practice_overton
from sandbox.answerers import x as practice_x

OTHER = doi("10.5555/other")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[PracticeAnswerer]:
    with practice_answerer(request.param) as running:
        yield running


def at(name: str) -> Any:
    return pytest.mark.parametrize("server", [name], indirect=True)


# Overton -----------------------------------------------------------------------------------------------------------


def articles(*citing: Any, of: str = DOI.value) -> Any:
    article = practice_overton.article_of(of, [act()])
    return {"query": {}, "results": {"results": [{**article, "cited_by_documents": list(citing)}]}}


def document(**values: Any) -> Any:
    return {**practice_overton.citing_of(act()), **values}


def cited(*citing: Any) -> list[Mention]:
    return [mention for heard in overton([articles(*citing)], [DOI]) for mention in heard.mentions]


def test_a_document_is_a_mention_of_its_publisher_with_the_pages_and_the_country() -> None:
    (policy,) = cited(document())

    assert (policy.source, policy.policy_source, policy.title) == (
        "policy",
        "Ministry of Tides",
        "A good read on tides",
    )
    assert policy.url == "https://ministry.example.org/1"
    assert policy.occurred_at == WHEN.replace(hour=0, minute=0)
    (seen,) = policy.evidence
    assert (seen.level, seen.method) == ("lookup", "overton-citation")
    assert seen.excerpt == f"cites {DOI.value} on page 3, 17 (Portugal)"


@pytest.mark.parametrize(
    ("values", "source"),
    [
        ({"overton_document_series": "Clinical guidelines"}, "guideline"),
        ({"subtype": "Guideline"}, "guideline"),
        ({"overton_document_series": None}, "policy"),
        ({"document_title": "Guideline"}, "policy"),
    ],
)
def test_what_overton_calls_a_guideline_is_one(values: Any, source: str) -> None:
    assert [each.source for each in cited(document(**values))] == [source]


def test_a_document_without_a_day_has_no_place_in_time_and_one_with_a_year_its_first_day() -> None:
    assert cited(document(published_on=None), document(published_on="")) == []
    assert [str(each.occurred_at)[:10] for each in cited(document(published_on="2015"))] == ["2015-01-01"]
    assert [str(each.occurred_at)[:10] for each in cited(document(published_on="2015-09"))] == ["2015-09-01"]


def test_a_publisher_without_a_name_is_called_by_its_id_and_a_document_told_twice_is_one() -> None:
    (told,) = cited(document(source_title=None), document(source_title=None))

    assert told.policy_source == "ministry"


@pytest.mark.parametrize(
    "values",
    [
        {"policy_document_id": None}, {"policy_document_id": "a\nb"}, {"document_url": None, "url": None},
        {"document_url": "javascript:alert(1)", "url": ""}, {"published_on": "soon"}, {"published_on": 2015},
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_read_is_not_left_out_but_not_understood(values: Any) -> None:
    with pytest.raises(NotUnderstood):
        cited(document(**values))


def test_an_article_that_nothing_cites_may_have_no_list_and_no_other() -> None:
    told = articles()
    (article,) = told["results"]["results"]
    del article["cited_by_documents"]
    with pytest.raises(NotUnderstood):
        list(overton([told], [DOI]))

    article["citations"] = 0
    assert list(overton([told], [DOI])) == []


def test_odd_pages_and_countries_cost_nothing_but_themselves() -> None:
    pdfs = {"a": {"on_pages": [True, "3", -1, 10**9, 4]}, "b": None, "c": {"on_pages": list(range(1, 5000))}}
    (told,) = cited(document(cited_by_child_pdfs=pdfs, country=["x"]))

    assert told.evidence[0].excerpt.endswith("18, 19, 20")
    assert cited(document(cited_by_child_pdfs=[]))[0].evidence[0].excerpt == f"cites {DOI.value} (Portugal)"


@at("overton")
def test_all_of_a_set_are_asked_about_at_once_and_read_to_the_last_page_at_our_own_address(server: Any) -> None:
    wanted = [doi(f"10.5555/{n}") for n in range(130)]
    server.known.acts = {n: act(n, each) for n, each in enumerate(wanted)}
    with talking(server) as (connector, _):
        told = ask(connector, *wanted)

    assert [each.asked for each in told] == wanted
    assert [len(each) for each in server.subjects] == [100, 30]
    assert [each.method for each in server.requests] == ["POST", *["GET"] * 10, "POST", *["GET"] * 3]
    assert {each.query.count("api_key=") for each in server.requests} == {1}


@at("overton")
def test_a_set_that_never_ends_is_not_understood(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.overton.PAGES", 3)
    server.known.most = 1
    server.known.acts = {n: act(n, doi(f"10.5555/{n}")) for n in range(5)}
    with talking(server) as (connector, _), pytest.raises(NotUnderstood, match="more than 3 pages"):
        ask(connector, *(doi(f"10.5555/{n}") for n in range(5)))


# DataCite ----------------------------------------------------------------------------------------------------------


def event(relation: str, subject: str, object_: str, **values: Any) -> Any:
    told = practice_datacite.events_of(act())[0]
    said = {"relationTypeId": relation, "subjId": subject, "objId": object_, **values}
    return {**told, "attributes": {**told["attributes"], **said}}


OURS, DATA = f"https://doi.org/{DOI.value.upper()}", "https://doi.org/10.5555/DATA.1"


def test_a_dataset_that_cites_is_one_mention_though_both_sides_say_so() -> None:
    later = event("cites", DATA, OURS, occurredAt="2026-06-01T00:00:00.000Z")
    (told,) = datacite([later, *practice_datacite.events_of(act()), later], DOI)

    assert (told.key, told.url, told.source) == ("doi:10.5555/data.1", "https://doi.org/10.5555/data.1", "misc")
    assert told.occurred_at == WHEN
    assert (told.account, told.title, told.evidence[0].level) == (None, "", "literal")


@pytest.mark.parametrize(
    ("relation", "subject", "object_", "told"),
    [
        ("references", DATA, OURS, 1), ("cites", DATA, OURS, 1), ("is-cited-by", OURS, DATA, 1),
        ("is-referenced-by", OURS, DATA, 1), ("is-reviewed-by", OURS, DATA, 1),
        ("references", "https://data.example.org/7", OURS, 1),
        ("references", OURS, DATA, 0), ("is-cited-by", DATA, OURS, 0),  # we speak of them
        ("is-supplement-to", DATA, OURS, 0), ("is-supplemented-by", OURS, DATA, 0), ("is-version-of", DATA, OURS, 0),
        ("unique-dataset-requests-regular", DATA, OURS, 0), ("has-metadata", OURS, DATA, 0),
        ("references", OURS, OURS, 0), ("references", DATA, "https://doi.org/10.5555/tides.12", 0),
    ],
)  # fmt: skip
def test_what_one_work_says_of_another_counts_and_what_it_says_of_itself_does_not(
    relation: str, subject: str, object_: str, told: int
) -> None:
    assert len(datacite([event(relation, subject, object_)], DOI)) == told


def test_an_event_that_was_deleted_or_has_no_day_is_none() -> None:
    assert datacite([event("cites", DATA, OURS, messageAction="delete")], DOI) == ()
    assert datacite([event("cites", DATA, OURS, occurredAt="0000-01-01T00:00:00.000Z")], DOI) == ()


@pytest.mark.parametrize(
    "values",
    [{"relationTypeId": None}, {"subjId": ""}, {"objId": 7}, {"occurredAt": None}, {"subjId": "nothing at all"}],
)
def test_an_event_that_cannot_be_read_is_not_left_out_but_not_understood(values: Any) -> None:
    with pytest.raises(NotUnderstood):
        datacite([event("cites", DATA, OURS, **values)], DOI)


@pytest.mark.parametrize(
    ("link", "cursor"),
    [
        (None, ""),
        ("https://elsewhere.example.org/events?page%5Bcursor%5D=MTU3%2Cx&doi=y", "MTU3,x"),
    ],
)
def test_of_the_next_address_only_the_cursor_is_taken(link: Any, cursor: str) -> None:
    assert next_cursor({"links": {"next": link}}) == cursor
    for wrong in (7, "", "https://[", "https://api.datacite.org/events?page=2"):
        with pytest.raises(NotUnderstood):
            next_cursor({"links": {"next": wrong}})


@at("datacite_events")
def test_events_are_read_to_their_last_page_and_a_page_that_comes_again_is_not_understood(server: Any) -> None:
    server.known.most = 7
    server.known.acts = {n: act(n) for n in range(1, 11)}
    with talking(server) as (connector, _):
        (told,) = ask(connector, DOI)
        assert len(told.mentions) == 10
        assert len(server.requests) == 6
        server.spoil = lambda body: {**body, "links": {"next": "https://x.example/?page%5Bcursor%5D=7"}}
        with pytest.raises(NotUnderstood, match="there before"):
            ask(connector, DOI)
        turns = iter(range(100))
        server.spoil = lambda body: {**body, "links": {"next": f"https://x.example/?page[cursor]=0{next(turns)}"}}
        with pytest.raises(NotUnderstood, match="more than 20 pages"):
            ask(connector, DOI)


def test_recorded_events_are_understood(shared_data: Path) -> None:
    recorded = (shared_data / "attention" / "datacite-events" / "dc_events.yml").read_text()
    first = re.search(r"^      string: ([A-Za-z0-9+/=]{99,})", recorded, re.MULTILINE)
    assert first
    body = json.loads(base64.b64decode(first[1]))
    events = entries(body, "data")

    kinds = [each["attributes"]["relationTypeId"] for each in events]
    assert {"references", "is-supplement-to", "has-metadata"} <= set(kinds)
    cited_ = events[kinds.index("references")]["attributes"]["objId"].removeprefix("https://doi.org/")
    assert len(datacite(events, doi(cited_))) == 1
    assert next_cursor({"links": {}}) == ""
    assert {*practice_datacite.events_of(act())[0]["attributes"]} == {*events[0]["attributes"]}


# Altmetric ---------------------------------------------------------------------------------------------------------


def record(**values: Any) -> Any:
    return {**practice_altmetric.record_of([act(), act(2)]), **values}


def test_a_record_brings_posts_and_numbers_of_what_has_no_posts_and_not_the_score() -> None:
    told = altmetric(record(), DOI)

    assert told is not None
    news, post = told.mentions
    assert (news.source, news.outlet and news.outlet.key) == ("news", "herald1.example.org")
    assert (post.source, post.account and post.account.followers) == ("x", 120)
    assert told.units == {"mendeley": 7}
    (seen,) = news.evidence
    assert (seen.level, seen.excerpt) == ("lookup", f"record 1812345 is of {DOI.value}")


def test_a_record_of_something_else_is_not_believed_and_one_without_posts_is_none() -> None:
    assert altmetric(record(), OTHER) is None
    assert altmetric(record(posts={}, counts={}), DOI) is None
    for wrong in ({"citation": {"doi": DOI.value}, "score": 3}, {"cited_by_msm_count": 3, "doi": DOI.value}):
        with pytest.raises(NotUnderstood, match="full record"):
            altmetric(wrong, DOI)


@pytest.mark.parametrize("posts", [{"news": [7]}, {"news": [{"url": "x"}]}, {"twitter": [{"posted_on": "soon"}]}])
def test_a_record_with_a_post_that_cannot_be_read_is_not_understood(posts: Any) -> None:
    with pytest.raises(NotUnderstood, match="cannot be read"):
        altmetric(record(posts=posts), DOI)


def test_a_recorded_record_is_understood(shared_data: Path) -> None:
    recorded = json.loads((shared_data / "attention" / "altmetric-api" / "metrics").read_text())
    told = altmetric(recorded, doi(recorded["citation"]["doi"]))

    assert told is not None
    assert len(told.mentions) == recorded["counts"]["twitter"]["posts_count"]
    assert {*practice_altmetric.record_of([act(2)])} <= {*recorded}


# X -----------------------------------------------------------------------------------------------------------------


def post(number: int = 1, **values: Any) -> Any:
    return {**practice_x.post_of(act(number)), **values}


def posts(*each: Any) -> tuple[Mention, ...]:
    return x({"data": list(each), "meta": {"result_count": len(each)}}, DOI)


def test_of_a_post_nothing_is_kept_but_ids_the_day_and_the_address() -> None:
    (told,) = posts(post())

    assert (told.key, told.title, told.repost) == ("1900000000000000001", "", False)
    assert told.url == "https://x.com/i/web/status/1900000000000000001"
    assert told.account is not None
    assert (told.account.name, told.account.followers) == ("", None)
    assert told.evidence[0].excerpt == f"https://doi.org/{DOI.value}"
    assert "read on tides" not in repr(told)


def test_a_repost_says_what_the_original_says_where_that_is_there_too() -> None:
    cut = post(2, entities={}, referenced_tweets=[{"type": "retweeted", "id": post()["id"]}])
    quote = post(3, referenced_tweets=[{"type": "quoted", "id": "77"}])

    assert [(told.key[-1], told.repost) for told in posts(post(), cut, quote)] == [
        ("1", False),
        ("2", True),
        ("3", False),
    ]
    assert posts(cut) == ()


def test_a_short_address_proves_nothing_and_an_answer_without_a_list_must_say_that_nothing_was_found() -> None:
    assert posts(post(entities={"urls": [{"url": f"https://doi.org/{DOI.value}"}]})) == ()
    assert x({"meta": {"result_count": 0}}, DOI) == ()
    for wrong in ({}, {"meta": {"result_count": 3}}, {"meta": {}}):
        with pytest.raises(NotUnderstood):
            x(wrong, DOI)


@pytest.mark.parametrize(
    "values", [{"id": None}, {"id": 7}, {"author_id": "ann"}, {"created_at": None}, {"entities": {"urls": 7}}]
)
def test_a_post_that_cannot_be_read_is_not_left_out_but_not_understood(values: Any) -> None:
    with pytest.raises(NotUnderstood):
        posts(post(**values))


@at("x")
def test_more_posts_than_one_question_may_cost_are_not_paid_for_and_not_half_told(server: Any) -> None:
    server.known.acts = {n: act(n, at=WHEN + timedelta(seconds=n)) for n in range(150)}
    with talking(server) as (connector, _), pytest.raises(NotUnderstood, match="more than 100 posts"):
        ask(connector, DOI)
    assert len(server.requests) == 1

    with talking(server, per_page=200) as (connector, _):
        (told,) = ask(connector, DOI)
    assert len(told.mentions) == 150


@at("x")
def test_check_says_what_a_day_can_cost_at_most(server: Any) -> None:
    with talking(server) as (connector, _):
        assert [each.what for each in connector.check()][1].startswith("a day costs at most 10.00 US dollars: 20 ")
    with talking(server, per_page=500, daily=3) as (connector, _):
        assert "at most 7.50 US dollars" in [each.what for each in connector.check()][1]

    for posts_, wrong in ((9, True), (10, False), (500, False), (501, True)):
        refused = dict(KINDS["x"].refused(connection(server, per_page=posts_)))
        assert ("10 to 500" in refused.get("per_page", "")) == wrong


@at("x")
def test_credit_that_is_used_up_ends_the_run_and_is_no_wrong_token(server: Any) -> None:
    server.known.left = 1
    with talking(server) as (connector, _), pytest.raises(TryLater, match="credit"):
        ask(connector, DOI, OTHER)

    assert len(server.requests) == 2
