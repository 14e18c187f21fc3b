"""One post as the API tells it: boosts, odd values anywhere, and recorded ones."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from mastodon_source import LINK, ONE, TWO

from connectors import NotUnderstood
from connectors.mastodon.statuses import mention, taken_back
from sandbox.mastodon import Author, Post, linked
from sandbox.mastodon.post import status

RECORDED = Path("attention") / "mastodon"
HOME = "https://social.example.org"


class Everything:
    """All that a post could name is looked for."""

    def __contains__(self, _: object) -> bool:
        return True


def told(post: Post, **changed: Any) -> dict[str, Any]:
    return {**status(HOME, 5, post), **changed}


def test_a_boost_counts_as_a_repost_by_who_boosts_of_what_the_boosted_post_names() -> None:
    boost = Post(boosts=Post(linked(LINK), author=Author("grace")), author=Author("ada", followers=3))

    found = mention(told(boost), {ONE})

    assert found is not None
    assert (found.repost, found.targets, found.key) == (True, (ONE,), "5")
    assert found.account is not None
    assert (found.account.name, found.account.followers) == ("@ada@social.example.org", 3)
    assert found.url == f"{HOME}/users/ada/statuses/5/activity"


@pytest.mark.parametrize(
    "inner", [Post(linked(LINK), visibility="unlisted"), Post(linked(LINK), author=Author(noindex=True))]
)
def test_a_boost_of_what_is_not_for_everybody_is_not_told(inner: Post) -> None:
    assert mention(told(Post(boosts=inner)), {ONE}) is None


def test_a_post_that_names_two_outputs_has_evidence_of_each() -> None:
    found = mention(told(Post("<p>10.5555/one and doi:10.5555/two, not 10.5555/three</p>")), {ONE, TWO})

    assert found is not None
    assert set(found.targets) == {ONE, TWO}
    assert {each.digest for each in found.evidence} == {found.evidence[0].digest}


def test_a_quoted_post_is_not_what_the_post_itself_says() -> None:
    quote = {"state": "accepted", "quoted_status": told(Post(linked(LINK)))}

    assert mention(told(Post("<p>worth reading</p>"), quote=quote), {ONE}) is None


def test_a_post_whose_server_tells_no_address_has_the_one_that_names_it() -> None:
    found = mention(told(Post(linked(LINK), url=False, author=Author("ada", "elsewhere.example"))), {ONE})

    assert found is not None
    assert found.url == "https://elsewhere.example/users/ada/statuses/5"


def test_when_it_was_said_is_when_it_was_written_however_often_it_was_edited() -> None:
    edited = Post(linked(LINK), edited_at=datetime(2026, 10, 1, tzinfo=UTC))

    found = mention(told(edited), {ONE})

    assert found is not None
    assert found.occurred_at == edited.at


@pytest.mark.parametrize("followers", [-1, 10**12, True, "7", None, 1.5])
def test_followers_that_are_no_number_of_people_are_not_known(followers: object) -> None:
    post = told(Post(linked(LINK)))
    post["account"] = {**post["account"], "followers_count": followers}

    found = mention(post, {ONE})

    assert found is not None
    assert found.account is not None
    assert found.account.followers is None


def test_whose_words_these_are_is_told_by_no_title_and_no_excerpt_but_the_smallest() -> None:
    found = mention(told(Post(linked(LINK, words="Ada Lovelace was here"))), {ONE})

    assert found is not None
    assert "Ada Lovelace" not in f"{found.title} {found.evidence[0].excerpt}"


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None}, {"id": 5}, {"id": ""}, {"id": "5\x00"}, {"id": " 5"}, {"content": None}, {"visibility": None},
        {"account": []}, {"reblog": "5"}, {"created_at": "yesterday"}, {"created_at": None}, {"url": None, "uri": 5},
        {"account": {"url": None}},
    ],
)  # fmt: skip
def test_what_is_no_post_is_not_understood(changed: dict[str, object]) -> None:
    with pytest.raises(NotUnderstood):
        mention(told(Post(linked(LINK)), **changed), {ONE})


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(
        ["\ud800", "a\x00", "x" * 9000, "https://[", "https://x.example.org/\ud800", "9999-12-31T23:59:59-12:00",
         "0001-01-01T00:00:00+12:00", "<p>\ud800 10.5555/one\x00</p>", "&#0;&#xD800;"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
WHOLE = told(Post(boosts=Post(linked(LINK), card=LINK)))


def places(value: Any) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((name, *rest) for name, each in inner for rest in places(each))]


def put(value: Any, way: tuple[Any, ...], other: Any) -> Any:
    if not way:
        return other
    changed = copy.copy(value)
    changed[way[0]] = put(value[way[0]], way[1:], other)
    return changed


@settings(max_examples=80)
@given(data=st.data())
def test_an_odd_value_anywhere_in_a_post_is_understood_or_not_and_breaks_nothing(data: st.DataObject) -> None:
    spoiled = put(WHOLE, data.draw(st.sampled_from(places(WHOLE))), data.draw(odd))

    try:
        found = mention(spoiled, {ONE})
        taken_back(spoiled)
    except NotUnderstood as error:
        str(error).encode()
        return
    if found is not None and found.account is not None:
        assert found.targets == (ONE,)
        kept = (found.key, found.url, found.account.key, found.account.name, *(e.excerpt for e in found.evidence))
        "".join(kept).encode()  # no halves of characters
        assert "\x00" not in "".join(kept)


# Recorded ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(shared_data: Path) -> list[dict[str, Any]]:
    """Every post in the recorded exchanges of an outside client with a real server."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for file in sorted((shared_data / RECORDED).glob("*.yaml")):
        for exchange in yaml.load(file.read_text(), loader)["interactions"]:  # noqa: S506 - both are the safe ones
            body = exchange["response"]["body"]["string"]
            found += list(_statuses(_json(body)))
    return found


def _json(body: object) -> Any:
    try:
        return json.loads(body) if isinstance(body, str) else None
    except ValueError:
        return None


def _statuses(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "reblog" in value and "content" in value:  # what is answered to who deletes a post has its source instead
            yield value
        for each in value.values():
            yield from _statuses(each)
    elif isinstance(value, list):
        for each in value:
            yield from _statuses(each)


def test_recorded_posts_are_all_understood(recorded: list[dict[str, Any]]) -> None:
    assert len(recorded) >= 10
    for post in recorded:
        for each in (post, {**post, "visibility": "public", "card": {"url": LINK}}):
            found = mention(each, Everything())
            assert (found is None) or (found.account is not None and found.account.key == post["account"]["uri"])
        assert found is not None or post["account"]["discoverable"] is False or post["account"]["noindex"]


def test_the_practice_instance_tells_posts_in_the_shape_of_recorded_ones(recorded: list[dict[str, Any]]) -> None:
    ours = told(Post(linked(LINK), card=LINK))
    for part in (lambda post: post, lambda post: post["account"], lambda post: post["card"] or {}):
        shapes: dict[str, set[str]] = {}
        for post in recorded:
            for name, value in part(post).items():
                shapes.setdefault(name, set()).add(type(value).__name__)
        mine = {name: type(value).__name__ for name, value in part(ours).items()}
        assert {name for name in mine if name not in shapes} == set()
        assert {name for name, kind in mine.items() if kind not in shapes[name] | {"NoneType"}} == set()
