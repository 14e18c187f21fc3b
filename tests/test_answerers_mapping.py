"""What is taken of single answers, and that no answer, however odd, breaks anything, names another output, or is told
by halves: it is understood or it is not."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from answerers import DOI, WHEN, act, doi
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import Mention, NotUnderstood
from connectors.altmetric_api.record import heard as altmetric
from connectors.answering import entries
from connectors.datacite_events.events import mentions as datacite
from connectors.hackernews.hits import dated
from connectors.hackernews.hits import mentions as hackernews
from connectors.mendeley.catalog import readers
from connectors.overton.citing import heard as overton
from connectors.pubpeer.feedbacks import heard as pubpeer
from connectors.stackexchange.posts import found, rows
from connectors.stackexchange.posts import mentions as stackexchange
from connectors.x.posts import mentions as x
from connectors.youtube.videos import ids
from connectors.youtube.videos import mentions as youtube
from sandbox.answerers import altmetric_api as practice_altmetric
from sandbox.answerers import datacite_events as practice_datacite
from sandbox.answerers import hackernews as practice_hackernews
from sandbox.answerers import mendeley as practice_mendeley
from sandbox.answerers import overton as practice_overton
from sandbox.answerers import pubpeer as practice_pubpeer
from sandbox.answerers import stackexchange as practice_stackexchange
from sandbox.answerers import x as practice_x
from sandbox.answerers import youtube as practice_youtube

Read = Callable[[Any], list[Mention]]

FEEDBACKS: Any = {"feedbacks": [practice_pubpeer.feedback(act())]}
STORY: Any = practice_hackernews.hit_of(act())
COMMENT: Any = practice_hackernews.hit_of(act(2))
EXCERPT: Any = practice_stackexchange.excerpt_of(act())
CALL: Any = practice_stackexchange.Call(method="GET", path="/posts/1", asked={"filter": "withbody"})
POST: Any = practice_stackexchange.post_of(act(), CALL)
VIDEO: Any = practice_youtube.video_of(act())
ARTICLES: Any = {"query": {}, "results": {"results": [practice_overton.article_of(DOI.value, [act()])]}}
EVENTS: Any = {"data": practice_datacite.events_of(act())}
RECORD: Any = practice_altmetric.record_of([act(), act(2)])
TWEET: Any = practice_x.post_of(act())
ENTRY: Any = practice_mendeley.entry_of(DOI.value, 7)


def of_pubpeer(told: Any) -> list[Mention]:
    return [mention for heard in pubpeer(told, [DOI]) for mention in heard.mentions]


def of_hackernews(told: Any) -> list[Mention]:
    hits, _ = dated(told)
    return list(hackernews([hit for hit, _ in hits.values()], DOI))


def of_stackexchange(told: Any) -> list[Mention]:
    return list(stackexchange("stats", found(told["found"]), rows(told["posts"]), asked=DOI))


def of_youtube(told: Any) -> list[Mention]:
    ids(told["found"])
    return list(youtube(told["videos"], DOI))


def of_overton(told: Any) -> list[Mention]:
    return [mention for heard in overton([told], [DOI]) for mention in heard.mentions]


def of_datacite(told: Any) -> list[Mention]:
    return list(datacite(entries(told, "data"), DOI))


def of_altmetric(told: Any) -> list[Mention]:
    heard = altmetric(told, DOI)
    return list(heard.mentions) if heard else []


READ: dict[str, tuple[Any, Read]] = {
    "pubpeer": (FEEDBACKS, of_pubpeer),
    "hackernews": ({"hits": [STORY, COMMENT], "nbHits": 2}, of_hackernews),
    "stackexchange": ({"found": {"items": [EXCERPT]}, "posts": {"items": [POST]}}, of_stackexchange),
    "overton": (ARTICLES, of_overton),
    "datacite_events": (EVENTS, of_datacite),
    "altmetric_api": (RECORD, of_altmetric),
    "x": ({"data": [TWEET], "meta": {"result_count": 1}}, lambda told: list(x(told, DOI))),
    "youtube": ({"found": {"items": [{"id": {"videoId": "vid-0000001"}}]}, "videos": {"items": [VIDEO]}}, of_youtube),
}


def changed(told: Any, **values: Any) -> Any:
    return {**told, **values}


def test_every_service_is_understood_as_it_is() -> None:
    assert {name: len(read(told)) for name, (told, read) in READ.items()} == {
        "pubpeer": 1, "hackernews": 2, "stackexchange": 1, "youtube": 1, "overton": 1,
        "datacite_events": 1, "altmetric_api": 2, "x": 1,
    }  # fmt: skip
    assert readers([ENTRY], DOI) == 7


# PubPeer -----------------------------------------------------------------------------------------------------------


def feedback(**values: Any) -> Any:
    return {"feedbacks": [changed(FEEDBACKS["feedbacks"][0], **values)]}


@pytest.mark.parametrize("id_", ["10.5555/TIDES.1", "https://doi.org/10.5555/tides.1", "doi:10.5555/tides.1"])
def test_a_page_is_of_a_doi_however_it_is_written(id_: str) -> None:
    (mention,) = of_pubpeer(feedback(id=id_))

    assert mention.targets == (DOI,)


@pytest.mark.parametrize(
    ("users", "told"),
    [("Statcheck", 0), ("statcheck ", 0), ("Statcheck, Ann Reader", 1), ("", 1), ("Ann Reader", 1)],
)
def test_what_only_a_program_has_commented_on_is_told_by_nobody(users: str, told: int) -> None:
    assert len(of_pubpeer(feedback(users=users))) == told


def test_a_page_without_a_comment_speaks_of_nothing() -> None:
    assert of_pubpeer(feedback(total_comments=0)) == []


def test_a_page_of_what_was_not_asked_about_is_not_heard() -> None:
    assert of_pubpeer(feedback(id="10.5555/other")) == []


def test_two_pages_of_one_article_are_two_mentions_and_one_told_twice_is_one() -> None:
    page = FEEDBACKS["feedbacks"][0]
    other = changed(page, url="https://pubpeer.com/publications/00000000000000000000000000000002#3")

    assert [m.key[-1] for m in of_pubpeer({"feedbacks": [page, other, page]})] == ["1", "2"]


@pytest.mark.parametrize(
    "values",
    [
        {"id": None}, {"id": "tides"}, {"id": 7}, {"total_comments": None}, {"total_comments": "2"},
        {"total_comments": True}, {"total_comments": -1}, {"url": None}, {"url": "https://elsewhere.example/x"},
        {"url": "https://pubpeer.com.elsewhere.example/publications/00000000"}, {"users": []},
        {"url": "javascript:alert(1)"}, {"last_commented_at": None}, {"last_commented_at": "2026-05-01"},
        {"last_commented_at": {"date": "2026-05-01 10:30:00", "timezone": "Europe/Berlin"}},
        {"last_commented_at": {"date": "yesterday", "timezone": "UTC"}},
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_read_is_not_left_out_but_not_understood(values: Any) -> None:
    with pytest.raises(NotUnderstood):
        of_pubpeer(feedback(**values))


# Hacker News -------------------------------------------------------------------------------------------------------


def hits(*each: Any) -> list[Mention]:
    return of_hackernews({"hits": list(each), "nbHits": len(each)})


@pytest.mark.parametrize(
    ("values", "method"),
    [
        ({"url": "https://doi.org/10.5555/tides.1"}, "doi-url"),
        ({"url": "https://publisher.example/doi/full/10.5555/tides.1?utm_source=x"}, "publisher-url"),
        ({"url": "https://publisher.example/1", "title": "Tides (doi:10.5555/tides.1)"}, "prefixed"),
        ({"url": None, "story_text": "See 10.5555&#x2F;tides.1, <i>all</i> of it"}, "plain-doi"),
    ],
)
def test_a_story_names_an_output_by_its_address_its_title_or_its_text(values: Any, method: str) -> None:
    (mention,) = hits(changed(STORY, **values))

    assert [each.method for each in mention.evidence] == [method]


@pytest.mark.parametrize(
    "values",
    [
        {"url": "https://doi.org/10.5555/tides.12"},
        {"url": "https://news.example/tides", "title": "10 5555 tides 1"},
        {"url": "https://news.example/tides", "title": "doi.org/10.5555/tides.1…"},
        {"deleted": True, "title": None, "url": None},
        {"dead": True},
    ],
)
def test_a_story_that_does_not_name_it_or_is_gone_is_none(values: Any) -> None:
    assert hits(changed(STORY, **values)) == []


def test_a_comment_under_a_story_that_names_it_does_not_name_it_itself() -> None:
    under = changed(COMMENT, comment_text="Nice!", story_url="https://doi.org/10.5555/tides.1", story_title=DOI.value)

    assert hits(under) == []


def test_an_author_who_is_not_told_is_nobody() -> None:
    assert [m.account for m in hits(changed(STORY, author=None), changed(COMMENT, author="a\x00b"))] == [None, None]


def test_points_are_no_followers_and_a_title_is_one_short_line() -> None:
    (mention,) = hits(changed(STORY, points=10**6, title="a\nb \ud800" + "x" * 5000))

    assert mention.account is not None
    assert mention.account.followers is None
    assert mention.title.startswith("a b \ufffdxx")
    assert len(mention.title) <= 300


def test_ten_megabytes_in_one_comment_are_read_in_time() -> None:
    (mention,) = hits(changed(COMMENT, comment_text=f"<p>{DOI.value} <p>" + "low tide " * 1_200_000))

    assert mention.evidence[0].excerpt == DOI.value


@pytest.mark.parametrize(
    "values",
    [
        {"objectID": None}, {"objectID": 40000001}, {"objectID": "1; x"}, {"created_at_i": None}, {"created_at_i": -1},
        {"created_at_i": 1e9}, {"created_at_i": 10**30}, {"url": 7}, {"title": ["x"]}, {"comment_text": {}},
        {"url": None, "title": None},
    ],
)  # fmt: skip
def test_a_hit_that_cannot_be_read_is_not_left_out_but_not_understood(values: Any) -> None:
    with pytest.raises(NotUnderstood):
        hits(changed(STORY, **values))


# Stack Exchange ----------------------------------------------------------------------------------------------------


def posts(post: Any = POST, excerpt: Any = EXCERPT) -> list[Mention]:
    return of_stackexchange({"found": {"items": [excerpt]}, "posts": {"items": [post]}})


def test_a_post_is_read_whole_since_its_excerpt_is_cut() -> None:
    assert posts(changed(POST, body="<p>nothing</p>")) == []
    assert [m.evidence[0].method for m in posts(changed(POST, body="<p>see 10.5555/tides.1</p>"))] == ["plain-doi"]


def test_a_title_is_of_its_question_and_names_nothing_for_an_answer() -> None:
    titled = changed(EXCERPT, title="What does doi:10.5555/tides.1 say?")
    answer = changed(titled, item_type="answer", answer_id=EXCERPT["question_id"])
    bare = changed(POST, body="<p>nothing</p>")

    assert [m.evidence[0].method for m in posts(bare, titled)] == ["prefixed"]
    assert posts(changed(bare, post_type="answer"), answer) == []


def test_somebody_is_the_same_on_all_sites_and_without_an_account_of_that_one_alone() -> None:
    (everywhere,) = posts(changed(POST, owner={"account_id": 4, "user_id": 5, "display_name": "Ann &amp; Co"}))
    (here,) = posts(changed(POST, owner={"user_id": 5, "user_type": "unregistered"}))
    (nobody,) = posts(changed(POST, owner={"user_type": "does_not_exist", "display_name": "user5"}))

    assert [m.account and m.account.key for m in (everywhere, here, nobody)] == ["4", "stats:5", None]
    assert everywhere.account is not None
    assert everywhere.account.name == "Ann & Co"


def test_what_is_neither_asked_nor_answered_is_no_mention() -> None:
    assert posts(changed(POST, post_type="article")) == []
    assert posts(POST, changed(EXCERPT, item_type="article")) == []


def test_a_post_that_was_not_searched_for_is_not_believed() -> None:
    assert posts(changed(POST, post_id=1)) == []


@pytest.mark.parametrize(
    "values",
    [{"post_id": None}, {"post_id": "7"}, {"link": None}, {"link": "https://[x/q/1"}, {"link": "https://127.0.0.1/q"},
     {"creation_date": None}, {"body": 7}, {"body": None}, {"post_type": 7}, {"post_type": "Question"}],
)  # fmt: skip
def test_a_post_that_cannot_be_read_is_not_left_out_but_not_understood(values: Any) -> None:
    with pytest.raises(NotUnderstood):
        posts(changed(POST, **values))


# YouTube -----------------------------------------------------------------------------------------------------------


def video(**snippet: Any) -> Any:
    return {"items": [changed(VIDEO, snippet=changed(VIDEO["snippet"], **snippet))]}


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ("Read doi:10.5555/tides.1!", 1),
        ("https://doi.org/10.5555/tides.1\nhttps://doi.org/10.5555/other", 1),
        ("https://doi.org/10.5555/tides.1...", 0),
        ("https://doi.org/10.5555/tides.12", 0),
        ("All about 10.5555 and tides.1", 0),
        ("", 0),
    ],
)
def test_a_description_must_literally_have_the_doi(description: str, told: int) -> None:
    assert len(youtube(video(description=description), DOI)) == told


@pytest.mark.parametrize(
    "snippet",
    [
        {"publishedAt": None},
        {"publishedAt": "soon"},
        {"channelId": None},
        {"channelId": "a b"},
        {"description": 7},
        {"title": None},
    ],
)
def test_a_video_that_cannot_be_read_is_not_left_out_but_not_understood(snippet: Any) -> None:
    with pytest.raises(NotUnderstood):
        youtube(video(**snippet), DOI)


def test_a_moment_is_in_utc_whatever_zone_it_is_told_in() -> None:
    (mention,) = youtube(video(publishedAt="2026-05-01T12:30:00+02:00"), DOI)

    assert (mention.occurred_at, mention.occurred_at and mention.occurred_at.tzinfo) == (WHEN, UTC)


# Mendeley ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "count"),
    [
        (ENTRY, 7),
        (changed(ENTRY, identifiers={"doi": "10.5555/TIDES.1"}), 7),
        (changed(ENTRY, identifiers={"doi": "10.5555/other"}), 0),
        (changed(ENTRY, identifiers=None), 0),
        ({"uuid": "130834f1"}, 0),  # as it has of what it hardly knows
        (changed(ENTRY, reader_count=0), 0),
    ],
)
def test_readers_are_of_the_doi_that_the_entry_has(entry: Any, count: int) -> None:
    assert readers([entry], DOI) == count


def test_readers_of_what_is_not_told_any_more_are_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        readers([{name: value for name, value in ENTRY.items() if name != "identifiers"}], DOI)


@pytest.mark.parametrize("count", [None, "7", 7.0, True, -1, 10**12])
def test_a_number_of_readers_that_cannot_be_is_not_understood(count: Any) -> None:
    with pytest.raises(NotUnderstood):
        readers([changed(ENTRY, reader_count=count)], DOI)


# Anything ----------------------------------------------------------------------------------------------------------

odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(
        ["\ud800", "10.5555/\x00", "x" * 9000, DOI.value, "https://x.example.org/\ud800", "https://[", "doi", "<p>\x00"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def places(told: Any) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    return [(), *((name, *rest) for name, each in inner for rest in places(each))]


def put(told: Any, way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return value
    other = copy.copy(told)
    other[way[0]] = put(told[way[0]], way[1:], value)
    return other


@pytest.mark.parametrize("kind", READ)
@settings(max_examples=80)
@given(data=st.data())
def test_an_odd_value_anywhere_is_understood_or_not_and_names_no_other_output(kind: str, data: st.DataObject) -> None:
    told, read = READ[kind]
    way = data.draw(st.sampled_from([each for each in places(told) if len(each) > 1]))

    try:
        mentions = read(put(told, way, data.draw(odd)))
    except NotUnderstood:
        return

    for each in mentions:
        assert each.targets == (DOI,)
        assert [shown.identifier for shown in each.evidence] == [DOI]
        assert each.occurred_at is not None
        assert replace(each) == each
        texts = (each.key, each.url, each.title, each.account.name if each.account else "")
        json.dumps(texts).encode()
        "".join(texts).encode()  # no halves of characters
        assert not any(sign in "".join(texts) for sign in "\x00\n")


@settings(max_examples=50)
@given(odd)
def test_an_odd_value_anywhere_in_a_catalogue_is_a_number_or_not_understood(value: Any) -> None:
    for way in places(ENTRY):
        try:
            assert readers([put(ENTRY, way, value)], DOI) >= 0
        except NotUnderstood:
            continue


def test_another_output_is_never_told_of_by_the_same_answer() -> None:
    other = doi("10.5555/other")

    assert list(pubpeer(FEEDBACKS, [other])) == []
    assert hackernews([STORY, COMMENT], other) == ()
    assert list(stackexchange("stats", found({"items": [EXCERPT]}), [POST], asked=other)) == []
    assert youtube({"items": [VIDEO]}, other) == ()
