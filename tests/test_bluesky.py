"""What messages of a Jetstream become, one after the other and in batches; and that no message, however odd, breaks
anything or says more than it does."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bluesky_source import (
    ANN,
    BOB,
    EVE,
    LINK,
    MINE,
    ONE,
    TWO,
    Memory,
    card,
    facet,
    message,
    quoting,
    record,
    repeating,
    uri,
)  # fmt: skip
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.bluesky.acts import Act, act, mentions
from connectors.bluesky.events import POST, REPOST, event
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.records import Page
from connectors.sightings import Tracked

KNOWN = Tracked([ONE, TWO, Identifier("url", "https://repository.example.edu/handle/1")])


def heard(*messages: bytes, memory: Memory | None = None) -> Memory:
    """One batch of messages, on top of what was told before."""
    memory = memory or Memory()
    acts = [found for each in messages if (found := act(event(each), KNOWN))]
    memory.take(Page(mentions=tuple(mentions(acts, memory.ear()))))
    return memory


def seen(*messages: bytes) -> dict[str, list[str]]:
    return heard(*messages).names


# What a post names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        record("Tides rise (doi:10.5555/one)."),
        record(f"see {LINK}"),
        record("doi.org/10.5555/o...", facets=[facet(LINK)]),
        record("read it", facets=[facet("https://publisher.example/doi/full/10.5555/one?utm_source=bsky")]),
        record("read it", embed=card(LINK)),
        record("read it", embed=quoting("at://did:plc:x/app.bsky.feed.post/1", media=card(LINK))),
        record("hi", reply={"root": {"uri": uri(BOB)}, "parent": {"uri": uri(BOB)}}, facets=[facet(LINK)]),
        record("\ud800 10.5555/one \x00"),
    ],
)
def test_a_post_names_what_stands_in_its_text_and_where_its_links_and_its_card_lead(told: dict[str, Any]) -> None:
    assert seen(message(told)) == {"3k1": ["10.5555/one"]}


@pytest.mark.parametrize(
    "told",
    [
        record("nothing of the kind"),
        record("www.example.org/10.5555/o..."),
        record("doi.org/10.5555/one..."),  # cut off for show: it may be any that begins so
        record("10.5555/stranger"),
        record(
            "the tide", embed=card("https://news.example/1")
        ),  # whose card speaks of an output, which is its page's word
        record("the tide", embed=quoting("at://did:plc:x/app.bsky.graph.starterpack/1")),
        record("the tide", tags=["10.5555/one"]),
        record("re", reply={"root": {"uri": uri(BOB)}, "parent": {"uri": uri(BOB)}}),
    ],
)
def test_a_post_that_names_nothing_of_ours_is_not_told(told: dict[str, Any]) -> None:
    assert heard(message(told)).told == []


def test_what_is_kept_of_a_post_is_its_address_time_and_account_and_the_identifier_in_it() -> None:
    (told,) = heard(message(record("My secret diary. See doi:10.5555/one !"))).told

    assert (told.key, told.url) == (MINE, f"https://bsky.app/profile/{ANN}/post/3k1")
    assert (told.source, told.title, told.repost) == ("bluesky", "", False)
    assert told.occurred_at == datetime(2026, 7, 4, 13, 59, 58, 240000, UTC)
    assert told.account
    assert (told.account.key, told.account.name, told.account.followers) == (ANN, "", None)
    (evidence,) = told.evidence
    assert (evidence.method, evidence.level, evidence.excerpt) == ("prefixed", "literal", "doi:10.5555/one")
    assert "diary" not in repr(told)


def test_a_link_to_the_page_of_an_output_is_a_look_up_and_a_post_may_name_several() -> None:
    link = "https://repository.example.edu/handle/1"
    (told,) = heard(message(record("10.5555/two", facets=[facet(link)]))).told

    assert {(each.identifier.scheme, each.method, each.level) for each in told.evidence} == {
        ("doi", "plain-doi", "literal"), ("url", "landing-page", "lookup"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "when"),
    [
        ("2026-07-04T13:00:00Z", "2026-07-04T13:00:00+00:00"),
        ("2026-07-04T15:00:00.5+02:00", "2026-07-04T13:00:00.500000+00:00"),
        ("2026-07-04T13:00:00", "2026-07-04T13:00:00+00:00"),
        ("2016-07-04T13:00:00Z", "2016-07-04T13:00:00+00:00"),  # carried over from elsewhere
        ("2031-01-01T00:00:00Z", "2026-07-04T14:00:00+00:00"),  # a clock that is ahead: not after it was seen
        ("0001-01-01T00:00:00+14:00", "2026-07-04T14:00:00+00:00"),
        ("1950-01-01T00:00:00Z", "2026-07-04T14:00:00+00:00"),
        ("yesterday", "2026-07-04T14:00:00+00:00"),
        (17, "2026-07-04T14:00:00+00:00"),
        (None, "2026-07-04T14:00:00+00:00"),
    ],
)
def test_when_it_was_said_is_its_authors_word_where_that_can_be(told: Any, when: str) -> None:
    (found,) = heard(message(record("10.5555/one", createdAt=told))).told

    assert found.occurred_at
    assert found.occurred_at.isoformat() == when


# What refers to others ----------------------------------------------------------------------------------------------


def test_a_repost_names_what_its_post_names_and_counts_as_one() -> None:
    memory = heard(
        message(record("10.5555/one 10.5555/two")), message(repeating(), did=BOB, collection=REPOST, rkey="3r1")
    )

    told = memory.here[f"{BOB}/{REPOST}/3r1"]
    assert memory.names == {"3k1": ["10.5555/one", "10.5555/two"], "3r1": ["10.5555/one", "10.5555/two"]}
    assert (told.repost, told.url) == (True, "")  # it has no page of its own, and would count as the post's copy
    assert {(each.method, each.level, each.excerpt) for each in told.evidence} == {
        ("repost", "lookup", f"repeats https://bsky.app/profile/{ANN}/post/3k1")
    }


def test_a_quote_of_what_is_a_mention_is_one_in_words_of_its_own() -> None:
    memory = heard(
        message(record(LINK)),
        message(record("how true", embed=quoting(uri())), did=BOB, rkey="3q1"),
        message(
            record("10.5555/one too", embed=quoting(uri(), media=card("https://news.example/"))), did=EVE, rkey="3q2"
        ),
        message(record("how true", embed=quoting(uri(BOB, "3q1"))), did=EVE, rkey="3q3"),
        message(repeating(uri(BOB, "3q1")), did=EVE, collection=REPOST, rkey="3r1"),
    )

    assert memory.names == {name: ["10.5555/one"] for name in ("3k1", "3q1", "3q2", "3q3", "3r1")}
    quote = memory.here[f"{BOB}/{POST}/3q1"]
    assert (quote.repost, quote.evidence[0].method, quote.url) == (
        False,
        "quote",
        f"https://bsky.app/profile/{BOB}/post/3q1",
    )
    assert memory.here[f"{EVE}/{POST}/3q2"].evidence[0].method == "plain-doi"  # its own words are the surer evidence


def test_what_refers_to_a_post_of_an_earlier_batch_is_found_and_to_a_stranger_is_nothing() -> None:
    memory = heard(message(record(LINK)))

    heard(message(repeating(), did=BOB, collection=REPOST, rkey="3r1"), memory=memory)
    heard(message(repeating(uri(EVE, "3x")), did=BOB, collection=REPOST, rkey="3r2"), memory=memory)
    heard(message(record("so", embed=quoting(uri(EVE, "3x"))), did=BOB, rkey="3q2"), memory=memory)
    heard(message(repeating(uri(collection="app.bsky.feed.generator")), collection=REPOST, rkey="3r3"), memory=memory)

    assert set(memory.names) == {"3k1", "3r1"}


# What is taken back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("apart", [False, True])
def test_what_its_author_deletes_is_taken_back_in_the_same_batch_and_in_a_later_one(apart: bool) -> None:
    made = [message(record(LINK)), message(repeating(), did=BOB, collection=REPOST, rkey="3r1")]
    gone = [message(operation="delete"), message(operation="delete", did=BOB, collection=REPOST, rkey="3r1")]
    memory = heard(*made, *([] if apart else gone))

    heard(*gone, memory=memory)

    assert memory.names == {}
    assert {each.reason for each in memory.told if each.deleted} == {"deleted"}


def test_what_was_never_told_is_not_taken_back() -> None:
    assert heard(message(operation="delete"), message(record("the tide"), operation="update")).told == []


def test_an_edited_post_names_what_it_names_now() -> None:
    memory = heard(message(record(LINK)))

    heard(message(record("10.5555/two"), operation="update"), memory=memory)
    assert memory.names == {"3k1": ["10.5555/two"]}

    heard(message(record("sorry"), operation="update"), memory=memory)
    assert memory.names == {}
    assert memory.told[-1].reason == "unlinked"


def account(did: str, active: Any, **more: Any) -> bytes:
    told = {"did": did, "time_us": 1_783_173_600_000_000, "kind": "account", "account": {"active": active, **more}}
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    ("status", "reason"),
    [("deleted", "deleted"), ("takendown", "gone"), ("suspended", "gone"), ("deactivated", "gone"), (None, "gone")],
)
@pytest.mark.parametrize("apart", [False, True])
def test_with_an_account_all_that_it_has_said_is_taken_back(apart: bool, status: str | None, reason: str) -> None:
    other = did = f"{ANN}2"
    made = [
        message(record(LINK)), message(record(LINK), rkey="3k2"), message(record(LINK), did=did, rkey="3k3"),
        message(repeating(uri(other, "3k3")), collection=REPOST, rkey="3r1"),
    ]  # fmt: skip
    gone = account(ANN, False, **({} if status is None else {"status": status}))
    memory = heard(*made, *([] if apart else [gone]))

    heard(gone, memory=memory)

    assert set(memory.names) == {"3k3"}
    assert {each.reason for each in memory.told if each.deleted} == {reason}


def test_what_repeats_a_post_before_its_account_is_gone_stays_as_it_does_there() -> None:
    memory = heard(message(record(LINK)))

    heard(message(repeating(), did=BOB, collection=REPOST, rkey="3r1"), account(ANN, False), memory=memory)

    assert memory.names == {"3r1": ["10.5555/one"]}


@pytest.mark.parametrize(
    "told", [account(ANN, True), account(ANN, False, status="throttled"), account(ANN, False, status="desynchronized")]
)
def test_an_account_of_which_only_a_server_is_in_trouble_has_said_what_it_has_said(told: bytes) -> None:
    assert heard(message(record(LINK)), told).names == {"3k1": ["10.5555/one"]}


def test_the_same_told_again_in_the_same_order_comes_to_the_same() -> None:
    story = [
        message(record(LINK)), message(repeating(), did=BOB, collection=REPOST, rkey="3r1"),
        message(record(LINK), rkey="3k2"), message(operation="delete", rkey="3k2"),
        message(record("10.5555/two"), operation="update"),
    ]  # fmt: skip
    memory = heard(*story)
    before = dict(memory.here)

    heard(*story, memory=memory)

    assert memory.names == {"3k1": ["10.5555/two"], "3r1": ["10.5555/one"]}
    assert memory.here == before


# Bad input ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'"' + b"x" * 1_100_000 + b'"', b"[" * 100_000, b"NaN",
        b'{"time_us": 1' + b"0" * 5000 + b"}",
        message(record(), did=None), message(record(), did="plc:ann"), message(record(), did="did:plc:a\x00"),
        message(record(), did="did:plc:a/b"), message(record(), did="did:plc:" + "a" * 600),
        message(record(), time_us="1783175888090631"), message(record(), time_us=True), message(record(), time_us=-1),
        message(record(), time_us=10**20), message(record(), time_us=1.5), message(record(), kind=None),
        message(record(), commit=None), message(record(), commit=[]), message(record(), commit={}),
        message(record(), operation="upsert"), message(record(), operation=None), message(record(), rkey=""),
        message(record(), rkey="a/b"), message(record(), rkey="\ud800"), message(record(), rkey=7),
        message(record(), rkey="a" * 600), message(record(), collection=1),
        message(), message("text"), message(record(None)), message(record(["10.5555/one"])), message({}),
        message(repeating(17), collection=REPOST), message({"subject": []}, collection=REPOST),
        account(ANN, "no"), json.dumps({"did": ANN, "time_us": 1, "kind": "account"}).encode(),
    ],
    ids=lambda told: told[:40],
)  # fmt: skip
def test_a_message_of_another_shape_is_not_understood(told: bytes) -> None:
    with pytest.raises(NotUnderstood):
        act(event(told), KNOWN)


@pytest.mark.parametrize(
    "told",
    [
        message(record(LINK, facets="no", embed=[]), did=ANN),
        message(record(LINK, facets=[None, {"features": {}}, facet(None, 7, [LINK]), {"features": [LINK]}])),
        message(record(LINK, embed={"external": {"uri": 7}, "record": {"uri": []}, "media": "x"})),
        message(record(LINK, embed={"external": "x", "record": {"record": 7}})),
        message(record(LINK, langs=7, reply="x", createdAt={})),
        message(record(LINK, embed=quoting("at://did:plc:\ud800/app.bsky.feed.post/3"))),
    ],
)
def test_what_is_odd_beside_the_text_is_let_be(told: bytes) -> None:
    assert seen(told) == {"3k1": ["10.5555/one"]}


@pytest.mark.parametrize("kind", ["identity", "sync", "something new"])
def test_what_is_no_act_is_passed_over(kind: str) -> None:
    assert act(event(message(record(LINK), kind=kind)), KNOWN) is None
    assert act(event(message(record(LINK), collection="app.bsky.feed.like")), KNOWN) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([LINK, uri(), ANN, "create"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
STORY: list[dict[str, Any]] = [
    json.loads(each)
    for each in (
        message(record(LINK, facets=[facet(LINK)], embed=quoting(uri(BOB, "3q1"), media=card(LINK)))),
        message(repeating(), did=BOB, collection=REPOST, rkey="3r1"),
        message(record("so", embed=quoting(uri())), did=BOB, rkey="3q1"),
        message(operation="delete"),
        account(ANN, False, status="deleted"),
    )
]


def paths(told: Any, here: Sequence[Any] = ()) -> list[Sequence[Any]]:
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    return [*([here] if here else []), *(path for key, each in inner for path in paths(each, (*here, key)))]


def put(told: Any, path: Sequence[Any], value: Any) -> None:
    for key in path[:-1]:
        told = told[key]
    told[path[-1]] = value


@given(st.data())
@settings(max_examples=150)
def test_no_message_breaks_anything_whatever_stands_in_any_place_of_it(data: st.DataObject) -> None:
    story = json.loads(json.dumps(STORY))
    for told in story:
        if data.draw(st.booleans()):
            put(told, data.draw(st.sampled_from(paths(told))), data.draw(JSON))
    acts: list[Act] = []
    for told in story:
        try:
            found = act(event(json.dumps(told).encode()), KNOWN)
        except NotUnderstood:
            continue
        acts += [found] if found else []
    memory = Memory()

    memory.take(Page(mentions=tuple(mentions(acts, memory.ear()))))

    assert {each.value for told in memory.told for each in told.targets} <= {ONE.value, TWO.value}


@given(st.binary(max_size=60))
@settings(max_examples=100)
def test_no_bytes_break_anything(told: bytes) -> None:
    with pytest.raises(NotUnderstood):
        event(told)


# Real ones ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lines(shared_data: Path) -> list[bytes]:
    return (shared_data / "attention" / "bluesky" / "expected_v1.jsonl").read_bytes().splitlines()


def test_every_real_message_is_understood_and_what_its_author_names_is_found(lines: list[bytes]) -> None:
    events = [event(line) for line in lines]

    assert len(events) == 152
    assert [sum(each.collection == kind for each in events) for kind in (POST, REPOST)] == [18, 15]
    assert sum(each.operation == "delete" for each in events) == 1  # of a post; the others are of what is not wanted

    def links(known: Callable[[Identifier], bool]) -> set[str]:
        class Known:
            def __contains__(self, identifier: Identifier) -> bool:
                return known(identifier)

        acts = [found for each in events if (found := act(each, Known()))]  # type: ignore[arg-type]
        return {each.identifier.value for one in acts for each in one.own}

    assert "https://www.youtube.com/watch?v=V5lDo-jw8mA" in links(lambda each: each.scheme == "url")
    assert links(lambda each: each.scheme == "doi") == set()


def test_a_real_post_with_a_link_of_ours_is_a_mention(lines: list[bytes]) -> None:
    link = b"https://www.youtube.com/watch?v=V5lDo-jw8mA"
    ours = [line.replace(link, LINK.encode()) for line in lines]

    memory = heard(*ours)

    assert [told.targets for told in memory.told] == [(ONE,)]
