"""The one client is patient: what is tried again, for how long, and what comes back."""

from collections.abc import Iterator

import pytest
import requests
import responses
from http_places import BASE, Clock, Quiet, connection, loopback

from connectors import http
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http import Client, client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ours(clock: Clock) -> Iterator[Client]:
    made = client(connection(), sleep=clock.sleep, clock=clock)
    yield made
    made.close()


@responses.activate
def test_an_answer_comes_whole_with_the_servers_own_time(ours: Client) -> None:
    responses.get(f"{BASE}/users", body=b"<x/>", headers={"Date": "Fri, 20 Nov 2026 14:00:00 GMT"})

    with ours.get("/users", {"since": "2026-01-01T00:00:00+00:00"}, accept="text/xml") as answer:
        body = answer.body.read()

    sent = responses.calls[0].request
    assert (answer.status, body, answer.path) == (200, b"<x/>", "/secure-api/v6.13/users")
    assert answer.date is not None
    assert answer.date.isoformat() == "2026-11-20T14:00:00+00:00"
    assert sent.url == f"{BASE}/users?since=2026-01-01T00%3A00%3A00%2B00%3A00"
    assert sent.headers["Accept"] == "text/xml"
    assert sent.headers["User-Agent"].startswith("Ringmark/")
    assert sent.headers["Authorization"].startswith("Basic ")
    assert sent.headers["Subscription-Key"] in ("key-4711", b"key-4711")


@responses.activate
@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529])
def test_a_passing_trouble_is_tried_again(ours: Client, clock: Clock, status: int) -> None:
    responses.get(f"{BASE}/users", status=status)
    responses.get(f"{BASE}/users", body=b"fine")

    with ours.get("/users") as answer:
        assert answer.status == 200

    assert len(clock.slept) == 1


@responses.activate
@pytest.mark.parametrize(
    "trouble", [requests.ConnectionError("x"), requests.ConnectTimeout("x"), requests.ReadTimeout("x")], ids=str
)
def test_a_broken_connection_is_tried_again(ours: Client, trouble: Exception) -> None:
    responses.get(f"{BASE}/users", body=trouble)
    responses.get(f"{BASE}/users", body=b"fine")

    with ours.get("/users") as answer:
        assert answer.status == 200


@responses.activate
def test_used_up_attempts_name_method_path_and_status_but_no_query(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", status=503, headers={"Retry-After": "7"})

    with pytest.raises(
        TryLater, match=r"^GET /secure-api/v6.13/users: status 503, 6 times; try again later$"
    ) as caught:
        ours.get("/users?name=quill")

    assert caught.value.after == 7
    assert len(clock.slept) == http.ATTEMPTS - 1
    assert min(clock.slept) >= 7


@responses.activate
def test_waits_grow_and_are_never_the_same_twice(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", status=500)

    with pytest.raises(TryLater):
        ours.get("/users")

    assert len(set(clock.slept)) == http.ATTEMPTS - 1
    assert all(wait <= 2**attempt for attempt, wait in enumerate(clock.slept))


@responses.activate
def test_retry_after_as_a_date_counts_from_the_servers_own_clock(ours: Client, clock: Clock) -> None:
    headers = {"Retry-After": "Fri, 20 Nov 2026 14:01:30 GMT", "Date": "Fri, 20 Nov 2026 14:00:00 GMT"}
    responses.get(f"{BASE}/users", status=429, headers=headers)
    responses.get(f"{BASE}/users", body=b"fine")

    ours.get("/users").close()

    assert clock.slept == [90.0]


@responses.activate
@pytest.mark.parametrize("told", ["soon", "", "-5", "1e9", "Fri, 99 Nov 2026 14:01:30 GMT", "²"])
def test_an_unreadable_retry_after_is_ignored(ours: Client, clock: Clock, told: str) -> None:
    responses.get(f"{BASE}/users", status=429, headers={"Retry-After": told})
    responses.get(f"{BASE}/users", body=b"fine")

    ours.get("/users").close()

    assert clock.slept[0] <= 1


@responses.activate
def test_a_date_that_is_past_asks_for_no_wait(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", status=429, headers={"Retry-After": "Fri, 20 Nov 2020 14:01:30 GMT"})
    responses.get(f"{BASE}/users", body=b"fine")

    ours.get("/users").close()

    assert clock.slept[0] <= 1


@responses.activate
def test_a_source_that_asks_for_hours_is_left_alone_at_once(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", status=503, headers={"Retry-After": "7200"})

    with pytest.raises(TryLater) as caught:
        ours.get("/users")

    assert caught.value.after == 7200
    assert clock.slept == []


@responses.activate
def test_a_run_that_lasts_too_long_ends_and_a_new_one_begins_afresh(ours: Client, clock: Clock) -> None:
    responses.get(f"{BASE}/users", body=b"fine")
    clock.now += http.RUN_SECONDS + 1

    with pytest.raises(TryLater, match="12 hours"):
        ours.get("/users")
    ours.begin()

    ours.get("/users").close()


@responses.activate
@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_not_tried_again(ours: Client, clock: Clock, status: int) -> None:
    responses.get(f"{BASE}/users", status=status)

    with pytest.raises(NotAllowed, match=f"status {status}; check username, password"):
        ours.get("/users")

    assert clock.slept == []


@responses.activate
@pytest.mark.parametrize("status", [401, 403, 409, 500, 504])
def test_the_protocols_own_error_decides_over_the_status(ours: Client, clock: Clock, status: int) -> None:
    responses.get(f"{BASE}/users", status=status, body=b"deleted")

    with pytest.raises(NotUnderstood, match="deleted"):
        ours.get("/users", refusal=lambda answer: NotUnderstood(answer.body.read().decode()))

    assert clock.slept == []


@responses.activate
@pytest.mark.parametrize("told", [None, TryLater("busy")])
def test_without_an_error_of_the_protocol_or_with_a_passing_one_the_status_decides(ours: Client, told: object) -> None:
    responses.get(f"{BASE}/users", status=504)
    responses.get(f"{BASE}/users", status=403)

    with pytest.raises(NotAllowed):
        ours.get("/users", refusal=lambda _: told)

    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize("status", [400, 404, 410, 422, 501, 505])
def test_other_refusals_come_back_since_they_may_hold_the_protocols_own_error(ours: Client, status: int) -> None:
    responses.get(f"{BASE}/users", status=status, body=b"<error/>")

    with ours.get("/users") as answer:
        assert (answer.status, answer.body.read()) == (status, b"<error/>")


@responses.activate
def test_requests_keep_their_distance() -> None:
    clock = Clock()
    ours = client(connection(pace=0.5), sleep=clock.sleep, clock=clock)
    responses.get(f"{BASE}/users", body=b"fine")

    for _ in range(3):
        ours.get("/users").close()

    assert clock.slept == [0.5, 0.5]


@pytest.mark.parametrize(
    "framing",
    [{"Content-Length": "500"}, {"Transfer-Encoding": "chunked"}],
    ids=["shorter than told", "a chunk that breaks off"],
)
def test_a_truncated_body_is_tried_again_and_then_left_for_later(framing: dict[str, str], clock: Clock) -> None:
    class Broken(Quiet):
        def do_GET(self) -> None:  # noqa: N802  the name is that of http.server
            self.send_response(200)
            for name, value in framing.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"fe\r\n<feed>")
            self.close_connection = True

    with loopback(Broken) as url:
        ours = client(connection(url=url), sleep=clock.sleep, clock=clock)
        with pytest.raises(TryLater, match="the answer broke off, 6 times"):
            ours.get("/users")
        ours.close()
