"""Who may see an item of a DSpace: flags and READ policies, against a second, naive reading of the same rules."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.visibility import Visibility
from connectors.dspace.access import LONGEST, Access, Judge, policies
from connectors.dspace.rest import Rest

NOW = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE


def policy(group: object = "Anonymous", start: object = None, end: object = None, action: str = "READ") -> Any:
    told = {"name": group} if isinstance(group, str) else group
    return {"action": action, "startDate": start, "endDate": end, "_embedded": {"group": told}}


def listing(*told: object, total: object = None) -> dict[str, Any]:
    page = {"number": 0, "size": 100, "totalElements": len(told) if total is None else total}
    return {"_embedded": {"resourcepolicies": list(told)}, "page": page}


def level(*told: object, now: datetime | None = NOW) -> Visibility:
    return policies(listing(*told), now).visibility


def test_only_anonymous_opens() -> None:
    assert level(policy()) == PUBLIC
    assert level(policy("Staff"), policy()) == PUBLIC
    assert level(policy("Staff")) == PRIVATE
    assert level(policy("anonymous")) == PRIVATE
    assert level(policy(None)) == PRIVATE
    assert level(policy(action="WRITE")) == PRIVATE
    assert level() == PRIVATE
    assert policies(listing(policy("Staff")), NOW).doubts == ()


@pytest.mark.parametrize(
    ("start", "end", "opened"),
    [
        ("2026-06-01", None, True),
        ("2026-06-02", None, False),  # begun in UTC, but not yet twelve hours ago, so not everywhere
        ("2027-01-01", None, False),
        (None, "2026-06-04", True),
        (None, "2026-06-03", True),  # begins somewhere in the world in the next minutes
        (None, "2026-06-02", False),
        (None, "2025-01-01", False),
        ("2026-01-01", "2027-01-01", True),
        ("2025-01-01", "2026-01-01", False),
    ],
)
def test_a_policy_counts_only_while_it_is_in_force_everywhere(start: str | None, end: str | None, opened: bool) -> None:
    now = NOW - timedelta(seconds=1)

    assert (level(policy(start=start, end=end), now=now) == PUBLIC) is opened


def test_what_will_close_says_when() -> None:
    told = policies(listing(policy(end="2026-07-01"), policy(end="2026-08-01")), NOW)

    assert (told.visibility, told.closes_at) == (PUBLIC, datetime(2026, 7, 31, 10, tzinfo=UTC))
    assert policies(listing(policy(end="2026-07-01"), policy()), NOW).closes_at is None


def test_without_the_clock_of_the_server_nothing_with_a_date_is_open() -> None:
    assert level(policy(start="2020-01-01"), now=None) == PRIVATE
    assert level(policy(end="2099-01-01"), now=None) == PRIVATE
    assert level(policy(), now=None) == PUBLIC


@pytest.mark.parametrize("bad", ["soon", "2026-13-01", "", 20260101, True, {}, "9999-12-31T", "0001-01-01"])
def test_a_date_that_is_none_opens_nothing(bad: object) -> None:
    told = policies(listing(policy(start=bad, end=bad)), NOW)

    assert told.visibility == PRIVATE


def test_a_date_that_is_none_is_a_doubt() -> None:
    assert policies(listing(policy(start="soon")), NOW).doubts == ("a date of a policy is none",)


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        [],
        {"page": {"totalElements": 1}},
        listing(policy(), total=2),
        listing(policy(), total="1"),
        listing("x"),
        {"_embedded": {"resourcepolicies": {}}, "page": {"totalElements": 0}},
    ],
    ids=str,
)
def test_a_listing_that_is_not_whole_opens_nothing_and_is_a_doubt(told: Any) -> None:
    found = policies(told, NOW)

    assert (found.visibility, len(found.doubts)) == (PRIVATE, 1)


@pytest.mark.parametrize("group", [{}, {"name": None}, {"name": 5}, "x", 5, []])
def test_a_policy_that_does_not_say_whom_it_is_for_is_a_doubt(group: object) -> None:
    told = {"action": "READ", "_embedded": {"group": group}}

    assert policies(listing(told), NOW).doubts == ("a policy does not tell whom it is for",)
    assert policies(listing({"action": "READ"}), NOW).visibility == PRIVATE


def test_what_was_told_is_kept_short_and_in_an_order() -> None:
    told = policies(listing(policy("Staff"), policy(None), policy(start="2027-01-01")), NOW)

    assert told.raw == {"policies": "Anonymous from 2027-01-01; Staff; a person"}
    assert len(policies(listing(*[policy("x" * 99)] * 20), NOW).raw["policies"]) == LONGEST


DAYS = st.dates(date(2026, 5, 20), date(2026, 6, 15))
POLICIES = st.lists(
    st.tuples(
        st.sampled_from(["Anonymous", "Staff", None]),
        st.sampled_from(["READ", "WRITE"]),
        st.none() | DAYS,
        st.none() | DAYS,
    ),
    max_size=4,
)


@given(POLICIES)
def test_no_policy_opens_more_than_the_naive_reading_allows(told: list[tuple[Any, str, Any, Any]]) -> None:
    """The naive one goes hour by hour through the zones of the world, and asks each whether it is open there."""
    bodies = [
        policy(group, start and start.isoformat(), end and end.isoformat(), action)
        for group, action, start, end in told
    ]

    found = level(*bodies)

    opened = [
        all(
            (start is None or local.date() >= start) and (end is None or local.date() < end)
            for hours in range(-12, 15)
            for local in [NOW.replace(tzinfo=None) + timedelta(hours=hours)]
        )
        for group, action, start, end in told
        if group == "Anonymous" and action == "READ"
    ]
    assert (found == PUBLIC) is any(opened)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["action", "startDate", "endDate", "_embedded", "id"]), ANYTHING), ANYTHING)
def test_whatever_a_policy_is_it_is_read_and_opens_nothing_by_mistake(body: dict[str, Any], page: object) -> None:
    found = policies({"_embedded": {"resourcepolicies": [body]}, "page": page}, NOW)

    assert found.visibility == PRIVATE


class Telling:
    """A DSpace that tells the policies of every item as those that are given."""

    ours, clock = True, NOW

    def __init__(self, *told: object) -> None:
        self.told = told

    def get(self, *_: object, **__: object) -> dict[str, Any]:
        return listing(*self.told)


def judged(files: object, *told: object, **flags: object) -> Access:
    item = {"inArchive": True, "withdrawn": False, "discoverable": True, **flags, "_embedded": {"accessStatus": files}}
    return Judge(cast(Rest, Telling(*told))).access(item, "key")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"status": "open.access"}, "open.access"),
        ({"status": "embargo", "embargoDate": "2027-01-01"}, "embargo until 2027-01-01"),
        ({"status": "embargo", "embargoDate": None}, "embargo"),
        ({"status": "restricted"}, "restricted"),
        ({"status": "metadata.only"}, "metadata.only"),
        ({"status": "unknown"}, "unknown"),
        ({"status": "open.to.all.mankind"}, "open.to.all.mankind"),
        ({"status": "a\nb" + "x" * 99}, "a b" + "x" * 37),
        ({"status": 5}, "5"),
        ({"status": None}, None),
        ({}, None),
        ("open.access", None),
        (None, None),
    ],
)
def test_what_is_told_of_files_is_kept_as_told_and_moves_no_level(files: object, said: str | None) -> None:
    opened, closed = judged(files, policy()), judged(files, policy("Staff"))
    withdrawn = judged(files, policy(), withdrawn=True)

    assert {one.raw.get("accessStatus") for one in (opened, closed, withdrawn)} == {said}
    assert [one.visibility for one in (opened, closed, withdrawn)] == [PUBLIC, PRIVATE, PRIVATE]


@given(ANYTHING, st.booleans())
def test_whatever_stands_for_the_status_of_files_it_opens_and_closes_nothing(files: object, opened: bool) -> None:
    found = judged(files, policy() if opened else policy("Staff"))

    assert (found.visibility == PUBLIC) is opened
    assert (found.doubts, found.closes_at) == ((), None)
