"""What changes something is sent once, only while it is permitted, and tells nothing it should not."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

import pytest
import requests
import responses
from http_places import BASE, SECRETS, Clock, Quiet, connection, loopback

from connectors import http
from connectors.errors import NotAllowed, NotUnderstood, Recalled, TryLater
from connectors.http import Client, client

TOKEN = "t0ken-9"
ITEM = f"{BASE}/items/1"


def yes() -> bool:
    return True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ours(clock: Clock) -> Iterator[Client]:
    made = client(connection(), basic=False, sleep=clock.sleep, clock=clock)
    yield made
    made.close()


@responses.activate
def test_a_change_goes_out_once_with_its_body_and_its_headers(ours: Client) -> None:
    responses.patch(ITEM, body=b"{}")

    with ours.change("PATCH", "/items/1", permit=yes, body=b"[1]", headers={"Authorization": TOKEN}) as answer:
        assert (answer.status, answer.body.read()) == (200, b"{}")

    sent = responses.calls[0].request
    assert (sent.body, sent.headers["Authorization"]) == (b"[1]", TOKEN)


@responses.activate
def test_where_permission_has_ended_nothing_is_sent(ours: Client) -> None:
    responses.patch(ITEM)

    with pytest.raises(Recalled, match=r"^PATCH /secure-api/v6.13/items/1: no longer permitted; nothing was sent$"):
        ours.change("PATCH", "/items/1", permit=lambda: False)

    assert len(responses.calls) == 0


@responses.activate
def test_permission_is_asked_after_the_wait_for_our_turn(clock: Clock) -> None:
    ours = client(connection(pace=5), sleep=clock.sleep, clock=clock)
    responses.get(ITEM)
    responses.put(ITEM)
    ours.get("/items/1").close()
    asked_at: list[float] = []

    ours.change("PUT", "/items/1", permit=lambda: asked_at.append(clock.now) is None).close()

    assert (clock.slept, asked_at) == ([5.0], [1005.0])


@responses.activate
def test_when_the_time_of_the_run_is_up_nobody_is_asked_for_permission(ours: Client, clock: Clock) -> None:
    clock.now += http.RUN_SECONDS + 1

    with pytest.raises(TryLater, match="12 hours"):
        ours.change("PATCH", "/items/1", permit=partial(pytest.fail, "asked"))


@responses.activate
@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 529])
def test_a_passing_trouble_leaves_the_outcome_open_and_is_not_tried_again(
    ours: Client, clock: Clock, status: int
) -> None:
    responses.patch(ITEM, status=status, headers={"Retry-After": "9"})

    with pytest.raises(TryLater, match=f"status {status}; whether it was done, only reading can tell") as caught:
        ours.change("PATCH", "/items/1", permit=yes)

    assert (caught.value.after, len(responses.calls), clock.slept) == (9, 1, [])


@responses.activate
@pytest.mark.parametrize(
    "trouble",
    [
        requests.ConnectionError(TOKEN),
        requests.ConnectTimeout(TOKEN),
        requests.ReadTimeout(TOKEN),
        requests.exceptions.SSLError(TOKEN),
        requests.exceptions.ChunkedEncodingError(TOKEN),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
def test_a_broken_connection_leaves_the_outcome_open_and_is_not_tried_again(ours: Client, trouble: Exception) -> None:
    responses.delete(ITEM, body=trouble)

    with pytest.raises(TryLater, match="whether it was done, only reading can tell") as caught:
        ours.change("DELETE", "/items/1", permit=yes)

    assert len(responses.calls) == 1
    assert TOKEN not in str(caught.value)


@responses.activate
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 412, 422])
def test_any_other_status_comes_back_for_who_knows_the_protocol(ours: Client, status: int) -> None:
    responses.patch(ITEM, status=status, body=b"told")

    with ours.change("PATCH", "/items/1", permit=yes) as answer:
        assert (answer.status, answer.body.read()) == (status, b"told")


@responses.activate
@pytest.mark.parametrize("target", ["/secure-api/v6.13/login", "https://elsewhere.example.org/login?word=t0ken-9", ""])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_of_a_change_is_followed(ours: Client, status: int, target: str) -> None:
    responses.patch(ITEM, status=status, headers={"Location": target})

    with pytest.raises(NotUnderstood, match="not followed") as caught:
        ours.change("PATCH", "/items/1", permit=yes)

    assert len(responses.calls) == 1
    assert TOKEN not in str(caught.value)


@responses.activate
def test_no_redirect_of_a_form_is_followed(ours: Client) -> None:
    responses.post(f"{BASE}/login", status=307, headers={"Location": f"{BASE}/elsewhere"})

    with pytest.raises(NotUnderstood, match="not followed"):
        ours.post("/login", {"password": SECRETS[0]})

    assert len(responses.calls) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda ours, url: ours.change("PATCH", url, permit=yes),
        lambda ours, url: ours.post(url, {}),
        lambda ours, url: ours.query(url, {}),
    ],
)
def test_nothing_is_sent_outside_the_configured_address(ours: Client, ask: Callable[[Client, str], object]) -> None:
    with pytest.raises(NotUnderstood, match="refused a request outside"):
        ask(ours, "https://elsewhere.example.org/x")


@responses.activate
def test_an_answer_to_a_change_beyond_the_limit_is_refused(ours: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LIMIT", 10)
    responses.patch(ITEM, body=b"x" * 11)

    with pytest.raises(NotUnderstood, match="larger than"):
        ours.change("PATCH", "/items/1", permit=yes)


@responses.activate
def test_an_untrusted_certificate_names_the_mend(ours: Client) -> None:
    responses.patch(ITEM, body=requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"))

    with pytest.raises(NotUnderstood, match="set ca_file"):
        ours.change("PATCH", "/items/1", permit=yes)


@responses.activate
def test_a_form_is_encoded_and_tried_again_like_a_question(ours: Client, clock: Clock) -> None:
    responses.post(f"{BASE}/login", status=503)
    responses.post(f"{BASE}/login", body=b"in")

    with ours.post("/login", {"user": "ringmark@example.edu", "password": "ä&=+"}) as answer:
        assert answer.body.read() == b"in"

    assert responses.calls[1].request.body == b"user=ringmark%40example.edu&password=%C3%A4%26%3D%2B"
    assert responses.calls[1].request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert len(clock.slept) == 1


@responses.activate
def test_a_search_is_sent_as_json_and_tried_again_like_a_question(ours: Client, clock: Clock) -> None:
    responses.post(f"{BASE}/search", status=503)
    responses.post(f"{BASE}/search", body=b"found")

    with ours.query("/search", {"searchString": "ä", "size": 3}) as answer:
        assert answer.body.read() == b"found"

    assert responses.calls[1].request.body == b'{"searchString": "\\u00e4", "size": 3}'
    assert responses.calls[1].request.headers["Content-Type"] == "application/json"
    assert len(clock.slept) == 1


@responses.activate
def test_a_search_that_is_not_everybodys_to_hear_asks_for_permission_each_time_that_it_leaves(ours: Client) -> None:
    responses.post(f"{BASE}/search", status=503)
    answers = iter([True, False])

    with pytest.raises(Recalled, match="no longer permitted") as recalled:
        ours.query("/search", {"doi": "10.5555/x"}, params={"key": "k-4711"}, permit=lambda: next(answers))

    (call,) = responses.calls
    assert call.request.url == f"{BASE}/search?key=k-4711"
    assert "4711" not in str(recalled.value)


@responses.activate
def test_what_is_asked_by_query_stands_in_no_answer_message_or_log(
    ours: Client, caplog: pytest.LogCaptureFixture
) -> None:
    responses.post(f"{BASE}/search", status=503)
    responses.post(f"{BASE}/search", status=422)

    with caplog.at_level("DEBUG"), ours.query("/search", {}, params={"key": "k-4711"}) as answer:
        assert "4711" not in f"{answer.url} {answer.path} {caplog.text} {[each.__dict__ for each in caplog.records]}"
    assert caplog.records


@responses.activate
def test_a_refused_form_is_read_by_who_knows_the_protocol(ours: Client) -> None:
    responses.post(f"{BASE}/login", status=401)

    with pytest.raises(NotAllowed, match="no such account"):
        ours.post("/login", {}, refusal=lambda _: NotAllowed("no such account"))


@responses.activate
def test_a_kind_with_a_login_of_its_own_sends_no_password_by_itself(ours: Client) -> None:
    responses.get(ITEM)

    ours.get("/items/1").close()

    assert "Authorization" not in responses.calls[0].request.headers


@responses.activate
def test_headers_of_a_question_go_with_it_alone_and_along_redirects_within_the_place(ours: Client) -> None:
    responses.get(f"{BASE}/find", status=302, headers={"Location": ITEM})
    responses.get(ITEM)

    ours.get("/find", headers={"Authorization": TOKEN}).close()
    ours.get("/items/1").close()

    sent = [call.request.headers.get("Authorization") for call in responses.calls]
    assert sent == [TOKEN, TOKEN, None]


@responses.activate
def test_a_listener_has_the_headers_of_every_answer(ours: Client) -> None:
    heard: list[str | None] = []
    ours.listen(lambda headers: heard.append(headers.get("Token")))
    responses.get(f"{BASE}/find", status=500, headers={"Token": "1"})
    responses.get(f"{BASE}/find", status=302, headers={"Token": "2", "Location": ITEM})
    responses.get(ITEM, headers={"Token": "3"})
    responses.patch(ITEM, status=502, headers={"Token": "4"})

    ours.get("/find").close()
    with pytest.raises(TryLater):
        ours.change("PATCH", "/items/1", permit=yes)

    assert heard == ["1", "2", "3", "4"]


class Giver(Quiet):
    """Hands out cookies, notes what comes back, and hangs up on a PATCH after having read it."""

    seen: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:  # noqa: N802  the name is that of http.server
        self.seen.append(self.headers["Cookie"])
        self.send_response(200)
        self.send_header("Set-Cookie", "ours=1; Path=/; HttpOnly")
        self.send_header("Set-Cookie", "theirs=2; Path=/; Domain=elsewhere.example.org")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_PATCH(self) -> None:  # noqa: N802
        self.seen.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.close_connection = True


@pytest.fixture
def giver() -> Iterator[Client]:
    Giver.seen.clear()
    handler: type[BaseHTTPRequestHandler] = Giver
    with loopback(handler) as url:
        made = client(connection(url=url))
        yield made
        made.close()


def test_cookies_of_the_place_itself_are_kept_and_no_others(giver: Client) -> None:
    giver.get("/a").close()
    giver.get("/b").close()

    assert Giver.seen == [None, "ours=1"]


def test_a_change_that_was_read_but_not_answered_is_not_sent_again(giver: Client) -> None:
    giver.get("/a").close()

    with pytest.raises(TryLater, match=r"^PATCH /api/a: the connection broke; whether it was done"):
        giver.change("PATCH", "/a", permit=yes, body=b"once")

    assert Giver.seen == [None, "once"]


def test_no_log_line_holds_a_query_a_token_or_a_body(giver: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    giver.get("/a", {"query": "harbour"}, headers={"Authorization": TOKEN}).close()
    with pytest.raises(TryLater) as caught:
        giver.change("PATCH", "/a?word=harbour", permit=yes, body=TOKEN.encode(), headers={"X-Token": TOKEN})

    said = f"{caught.value} {vars(caught.value)} {caplog.text} {[vars(record) for record in caplog.records]}"
    assert [word for word in (*SECRETS, TOKEN, "harbour") if word in said] == []
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("value", [f"{TOKEN}\r\nX-Evil: 1", f"{TOKEN}\n"])
def test_a_token_with_a_line_break_is_refused_and_not_shown(giver: Client, value: str) -> None:
    with pytest.raises(NotUnderstood, match="no valid request") as caught:
        giver.change("PATCH", "/a", permit=yes, headers={"X-Token": value})

    assert TOKEN not in f"{caught.value} {vars(caught.value)}"
    assert Giver.seen == []
