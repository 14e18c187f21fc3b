"""What a source says of its limits is kept to, by its own clock, whatever words it has for it; and nonsense is not."""

import math
from collections.abc import Iterator

import pytest
import responses
from http_places import BASE, Clock, connection
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from connectors.errors import NotAllowed, TryLater
from connectors.http import Client, client
from connectors.http.rates import LONGEST_PACE, LONGEST_TOLD, Rates, patience, rates, retry_after

DATE = "Fri, 20 Nov 2026 14:00:00 GMT"
NOW = 1795183200  # the same moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ours(clock: Clock) -> Iterator[Client]:
    made = client(connection(), sleep=clock.sleep, clock=clock)
    yield made
    made.close()


def told(**headers: str) -> Rates:
    return rates(CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()}))


IN_30_SECONDS = [
    {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"},
    {"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "30.0"},
    {"RateLimit-Limit": "100", "RateLimit-Remaining": "0", "RateLimit-Reset": "30"},
    {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW + 30), "Date": DATE},
    {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": str((NOW + 30) * 1000), "date": DATE},
    {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "Fri, 20 Nov 2026 14:00:30 GMT", "Date": DATE},
    {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "Fri, 20 Nov 2026 15:00:30 +0100", "Date": DATE},
    {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-20T14:00:30.000Z", "Date": DATE},
    {"RateLimit": '"default";r=0;t=30'},
    {
        "RateLimit": '"hour";r=900;t=30, "a, \\"b;r=9;t=9"; r=0; t=30; pk=:cHsdsRa894==:',
        "RateLimit-Policy": '"x";q=1',
    },
    {"RateLimit": "limit=100, remaining=0, reset=30"},
]


@responses.activate
@pytest.mark.parametrize("headers", IN_30_SECONDS, ids=str)
def test_a_source_with_nothing_left_is_not_asked_before_its_time_also_after_a_good_answer(
    ours: Client, clock: Clock, headers: dict[str, str]
) -> None:
    responses.get(f"{BASE}/users", headers=headers)
    responses.get(f"{BASE}/users")

    ours.get("/users").close()
    ours.get("/users").close()
    ours.get("/users").close()

    assert clock.slept[0] == 30
    assert sum(clock.slept) == 30


@responses.activate
@pytest.mark.parametrize(
    ("status", "said"), [(429, NotAllowed("no rights")), (403, NotAllowed("no rights")), (503, None), (500, None)]
)
def test_a_refusal_that_names_its_end_only_in_rate_headers_is_waited_for(
    ours: Client, clock: Clock, status: int, said: NotAllowed | None
) -> None:
    responses.get(f"{BASE}/users", status=status, headers=IN_30_SECONDS[0])
    responses.get(f"{BASE}/users")

    ours.get("/users", refusal=lambda _: said).close()

    assert clock.slept == [30]


@responses.activate
def test_a_refusal_without_an_end_is_one_whatever_is_left(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", status=403, headers={"X-RateLimit-Remaining": "17", "X-RateLimit-Reset": "30"})

    with pytest.raises(NotAllowed):
        ours.get("/users")

    assert clock.slept == []


@responses.activate
@pytest.mark.parametrize("reset", ["60", "1795175815", "Fri, 20 Nov 2026 11:56:55 GMT"])
def test_when_a_window_ends_that_has_requests_left_is_no_time_to_wait_for(
    ours: Client, clock: Clock, reset: str
) -> None:
    """Flask-Limiter says it with every answer, so a refusal that has it is no refusal for a while."""
    headers = {"Date": "Fri, 20 Nov 2026 11:55:55 GMT", "X-RateLimit-Remaining": "495", "X-RateLimit-Reset": reset}
    responses.get(f"{BASE}/users", status=403, headers={**headers, "Retry-After": "60"})

    with pytest.raises(NotAllowed):
        ours.get("/users")

    assert clock.slept == []


@responses.activate
def test_a_time_to_wait_for_beside_requests_that_are_left_in_another_window_is_waited_for(
    ours: Client, clock: Clock
) -> None:
    headers = {"X-RateLimit-Remaining": "4000", "X-RateLimit-Reset": "3600", "Retry-After": "60"}
    responses.get(f"{BASE}/users", status=403, headers=headers)
    responses.get(f"{BASE}/users")

    ours.get("/users").close()

    assert clock.slept == [60]


@responses.activate
def test_of_all_that_a_refusal_asks_for_the_longest_is_waited_for(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", status=429, headers={"Retry-After": "5", "RateLimit": '"a";r=0;t=30, "b";r=0;t=20'})
    responses.get(f"{BASE}/users")

    ours.get("/users").close()

    assert clock.slept == [30]


@responses.activate
def test_a_change_that_was_refused_as_too_much_says_when_to_come_back(ours: Client) -> None:
    responses.patch(f"{BASE}/items/1", status=403, headers=IN_30_SECONDS[0])

    with pytest.raises(TryLater, match="status 403") as caught:
        ours.change("PATCH", "/items/1", permit=lambda: True)

    assert caught.value.after == 30


@responses.activate
def test_a_source_that_wants_rest_for_hours_is_left_alone_until_then(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "7200"})
    ours.get("/users").close()
    clock.now += 1200

    with pytest.raises(TryLater, match="asked to be left alone for 100 minutes; try again later") as caught:
        ours.get("/users")
    assert (caught.value.after, clock.slept, len(responses.calls)) == (6000, [], 1)

    clock.now += 6000
    ours.get("/users").close()


@responses.activate
def test_what_is_left_is_made_to_last(ours: Client, clock: Clock) -> None:
    """A source with six requests a minute, which counts, tells, and refuses when it was asked once more."""
    begun, used = clock.now, 0

    def count(_: object) -> tuple[int, dict[str, str], bytes]:
        nonlocal begun, used
        if clock.now >= begun + 60:
            begun, used = clock.now, 0
        used += 1
        head = {"X-RateLimit-Remaining": str(max(6 - used, 0)), "X-RateLimit-Reset": str(begun + 60 - clock.now)}
        return (200 if used <= 6 else 429), head, b""

    responses.add_callback(responses.GET, f"{BASE}/users", count)
    for _ in range(30):
        ours.get("/users").close()

    assert [call.response.status_code for call in responses.calls] == [200] * 30
    assert max(clock.slept) < 15
    assert clock.now - 1000 <= 60 * 30 / 6


@responses.activate
def test_a_rate_that_is_told_as_limit_and_interval_is_the_least_pace(ours: Client, clock: Clock) -> None:
    headers = {"x-rate-limit-limit": "5", "x-rate-limit-interval": "1s"}
    responses.get(f"{BASE}/works", headers=headers)

    for _ in range(3):
        ours.get("/works").close()

    assert clock.slept == [pytest.approx(0.2)] * 2


@responses.activate
def test_a_pace_that_a_source_asked_for_ends_with_the_time_it_was_for(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", headers={"RateLimit": '"default";r=1;t=20'})
    responses.get(f"{BASE}/users")

    ours.get("/users").close()
    clock.now += 20
    ours.get("/users").close()
    ours.get("/users").close()

    assert clock.slept == []


@pytest.mark.parametrize(
    ("headers", "at_once"),
    [("3", 3), ("1", 1), ("0", 0), ("-1", 0), ("many", 0), ("3, 3", 0), ("1e3", 0), ("99999999999999", 1000)],
)
def test_a_number_at_once_is_a_number(headers: str, at_once: int) -> None:
    assert told(X_Concurrency_Limit=headers).at_once == at_once


NONSENSE = [
    "",
    "soon",
    "-1",
    "NaN",
    "inf",
    "unlimited",
    "0, 0",
    "0x10",
    "1e3",
    "٣",
    "²",
    "9" * 400,
    "1_000",
    "+5",
    "\0",
]


@pytest.mark.parametrize("word", NONSENSE)
def test_a_reset_that_is_none_says_nothing(word: str) -> None:
    assert told(X_RateLimit_Remaining="0", X_RateLimit_Reset=word) == Rates()
    assert told(RateLimit=f'"default";r=0;t={word}') == Rates()


@pytest.mark.parametrize("word", NONSENSE)
def test_a_number_left_that_is_none_says_nothing(word: str) -> None:
    assert told(X_RateLimit_Remaining=word, X_RateLimit_Reset="30") == Rates()
    assert told(RateLimit=f'"default";r={word};t=30') == Rates()


@pytest.mark.parametrize(
    "reset",
    ["0", str(NOW), str(NOW - 30), str(NOW + 366 * 86_400), "86401", DATE, "Fri, 20 Nov 2020 14:00:00 GMT"],
    ids=["no time", "now", "past", "a year ahead", "more than a day", "now, as a date", "past, as a date"],
)
def test_a_reset_that_is_past_or_beyond_a_day_says_nothing(reset: str) -> None:
    assert told(X_RateLimit_Remaining="0", X_RateLimit_Reset=reset, Date=DATE) == Rates()


def test_without_a_clock_of_the_server_ours_decides() -> None:
    assert told(X_RateLimit_Remaining="0", X_RateLimit_Reset=str(NOW - 10 * 365 * 86_400)) == Rates()


@pytest.mark.parametrize(
    ("interval", "spacing"),
    [("1s", 0.02), ("1", 0.02), ("60s", 1.2), ("1m", 1.2), ("500ms", 0.01), ("0s", 0), ("1w", 0), ("9999d", 0)],
)
def test_an_interval_has_a_unit(interval: str, spacing: float) -> None:
    assert told(X_Rate_Limit_Limit="50", X_Rate_Limit_Interval=interval).spacing == pytest.approx(spacing)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("99999999999999999999999999", LONGEST_TOLD),
        ("Fri, 20 Nov 2026 14:01:30 GMT", 90),
        ("Friday, 20-Nov-26 14:01:30 GMT", 90),
        ("Fri Nov 20 14:01:30 2026", 90),
        ("Fri, 20 Nov 2026 09:01:30 -0500", 90),
        ("Fri, 20 Nov 2026 14:01:30 -0000", 90),
        ("Fri, 20 Nov 2026 13:59:00 GMT", 0),
        ("Sun, 20 Nov 2095 14:01:30 GMT", LONGEST_TOLD),
        ("Mon, 01 Jan 0001 00:00:00 +2300", 0),
        ("120, 120", None),
        ("120.5", None),
        ("-120", None),
        ("never", None),
        ("", None),
    ],
)
def test_both_forms_of_retry_after_are_read(text: str, seconds: float | None) -> None:
    assert retry_after(CaseInsensitiveDict({"Retry-After": text, "Date": DATE})) == seconds


NAMES = [
    *(f"{family}-{part}" for family in ("RateLimit", "X-RateLimit", "X-Rate-Limit") for part in ("Remaining", "Reset")),
    "RateLimit",
    "X-Rate-Limit-Limit",
    "X-Rate-Limit-Interval",
    "X-Concurrency-Limit",
    "Retry-After",
    "Date",
]
WORDS = ['"', ";r=", ";t=", "0", "1", "9" * 15, ",", " ", "remaining=", "reset=", "-", ".", DATE, "s", "ms", "\\"]
ANYTHING = st.one_of(
    st.binary(max_size=60).map(lambda some: some.decode("latin-1")),
    st.lists(st.sampled_from(WORDS), max_size=8).map("".join),
    st.floats().map(str),
    st.integers().map(str),
    st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S +2359")),
    st.text(max_size=30),
)


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_no_header_breaks_anything_or_asks_for_more_than_is_bounded(headers: dict[str, str]) -> None:
    found, wait = rates(CaseInsensitiveDict(headers)), patience(CaseInsensitiveDict(headers))

    assert 0 <= found.rest <= LONGEST_TOLD
    assert 0 <= found.spacing <= LONGEST_PACE
    assert 0 <= found.lasts <= LONGEST_TOLD
    assert 0 <= found.at_once <= 1000
    assert wait is None or 0 <= wait <= LONGEST_TOLD
    assert all(math.isfinite(value) for value in (found.rest, found.spacing, found.lasts, wait or 0.0))
