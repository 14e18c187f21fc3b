"""Mentions as JSON lines: what can be read is told, what cannot is set aside with its line and reason."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.attention import Mention
from connectors.mentions import count_lines, read_mentions
from connectors.records import Aside

GOOD = {"id": "m1", "source": "blog", "url": "https://blog.example/1", "occurred_at": "2026-03-01"}


def read(*lines):
    file = BytesIO(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
    return list(read_mentions(file, "mentions.jsonl"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "id is missing or not readable"),
        ({"id": "a\u0000b"}, "id is missing or not readable"),
        ({"id": ["m1"]}, "id is not a text"),
        ({"source": ""}, "source is missing"),
        ({"source": 7}, "source is not a text"),
        ({"occurred_at": None}, "occurred_at is missing"),
        ({"occurred_at": "2026-02-31"}, 'occurred_at "2026-02-31" is no ISO 8601 time'),
        ({"occurred_at": "yesterday"}, 'occurred_at "yesterday" is no ISO 8601 time'),
        ({"occurred_at": "0001-01-01T00:00:00+10:00"}, 'occurred_at "0001-01-01T00:00:00+10:00" is no ISO 8601 time'),
        ({"url": None}, "neither output nor url can be read"),
        ({"url": "javascript:x"}, "neither output nor url can be read"),
        ({"output": {"doi": "10.5555/x"}}, "output is not a list of identifiers"),
        ({"output": [10]}, "output is not a list of identifiers"),
        ({"author": "Ada"}, "author is not an object"),
        ({"author": {"id": "a", "followers": "many"}}, "followers is not a number"),
        ({"author": {"id": "a", "followers": True}}, "followers is not a number"),
        ({"outlet": {"id": "a", "tier": "1"}}, "tier is not a number"),
        ({"repost": "yes"}, "repost is neither true nor false"),
        ({"deleted": 1}, "deleted is neither true nor false"),
    ],
)
def test_a_wrong_mention_is_set_aside(change, reason):
    aside = read(GOOD, GOOD | change)[1]

    assert isinstance(aside, Aside)
    assert (aside.place, aside.reason, aside.keyless) == ("mentions.jsonl:2", reason, False)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "m1"', "the line is not JSON"),
        (b"[" * 100_000, "the line is not JSON"),
        (b'{"id": 1e99999999999999999999}', "the line is not JSON"),
        (b'{"id": NaN}', "NaN is not JSON"),
        (b'{"id": "a", "id": "b"}', "a field stands twice in one object"),
        (b'"m1"', "the line is not a JSON object"),
        (b'{"id": "\xe9"}', "the line is not UTF-8"),
        (b'{"id": "' + b"x" * 3_000_000 + b'"}', "the line is longer than 1048576 bytes"),
    ],
)
def test_a_line_that_is_no_object_is_set_aside_and_the_next_is_read(line, reason):
    aside, mention = read(line, GOOD)

    assert (aside.place, aside.reason) == ("mentions.jsonl:1", reason)
    assert len(aside.evidence) <= 4000
    assert mention.key == "m1"


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("tier", 0, 0),
        ("tier", 5, 0),
        ("tier", 2.5, 0),
        ("tier", 4.0, 4),
        ("reach_milli", 2.0001, None),
        ("reach_milli", 1.9999, 1999),
        ("reach_milli", -0.1, None),
    ],
)
def test_an_outlets_number_out_of_range_is_left_out_and_told(part, value, told):
    mention, *asides = read(GOOD | {"outlet": {"id": "o", part.removesuffix("_milli"): value}})

    assert getattr(mention.outlet, part) == told
    assert len(asides) == (not told)


@pytest.mark.parametrize(
    ("part", "value", "told"),
    [
        ("followers", 0, 0),
        ("followers", -1, None),
        ("followers", 10**30, None),
        ("posts_per_month_milli", 0.0019, 1),
        ("posts_per_month_milli", 10**9, None),
        ("domain_share_milli", 0.29, 290),
        ("domain_share_milli", 1.01, None),
    ],
)
def test_an_accounts_number_out_of_range_is_left_out_and_told(part, value, told):
    mention, *asides = read(GOOD | {"author": {"id": "a", part.removesuffix("_milli"): value}})

    assert getattr(mention.account, part) == told
    assert len(asides) == (told is None)


def test_a_number_without_bounds_costs_nothing():
    line = b'{"id":"m","source":"x","url":"https://a.example/","occurred_at":"2026","author":{"id":"a","followers":1e999999}}'

    assert read(line)[0].account.followers is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T10:00:00z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00.1234569Z", datetime(2026, 3, 1, 10, 0, 0, 123456, UTC)),
        ("2026-03-01 10:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T01:00:00+02:00", datetime(2026, 2, 28, 23, tzinfo=UTC)),
    ],
)
def test_times_are_in_utc(text, instant):
    assert read(GOOD | {"occurred_at": text})[0].occurred_at == instant


def test_an_output_that_is_no_identifier_is_told_and_the_others_count():
    mention, aside = read(GOOD | {"output": ["10.5555/x", "doi:10.5555/X", "nonsense"]})

    assert [str(target) for target in mention.targets] == ["doi:10.5555/x"]
    assert (aside.key, aside.reason) == ("m1", 'output "nonsense" is no identifier')


def test_a_deleted_mention_needs_only_its_id():
    assert read({"id": 7, "deleted": True, "source": 9}) == [Mention(key="7", deleted=True)]


def test_an_account_without_id_is_none():
    assert read(GOOD | {"author": {"name": "Someone"}, "outlet": None})[0].account is None


def test_half_characters_and_controls_do_not_pass():
    assert read(GOOD | {"title": "a\ud800b\u0000c"})[0].title == "a\ufffdb c"


def test_a_byte_order_mark_and_blank_lines_are_nothing():
    file = b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\n  \n"

    assert [told.key for told in read_mentions(BytesIO(file), "x")] == ["m1"]
    assert count_lines(BytesIO(file)) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "output", "title", "author", "outlet", "deleted", "repost"]), JSON))
def test_no_json_raises(change):
    assert all(isinstance(told, Mention | Aside) for told in read(GOOD | change))


@given(st.binary(max_size=200))
def test_no_bytes_raise(line):
    assert all(isinstance(told, Mention | Aside) for told in read(line))
