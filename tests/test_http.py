"""The one client: patient with sources, suspicious of addresses, silent about credentials."""

import gzip
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests
import responses
from pydantic import SecretStr

from config.settings import Connection
from connectors import http
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http import Client, client

BASE = "https://elements.example.edu:8091/secure-api/v6.13"
SECRETS = ("s3cret-word", "key-4711")


def connection(**more: object) -> Connection:
    given = {
        "name": "elements",
        "kind": "elements",
        "url": BASE,
        "username": "ringmark",
        "password": SecretStr(SECRETS[0]),
        "headers": {"Subscription-Key": SecretStr(SECRETS[1])},
        "pace": 0.0,
    }
    return Connection(**{**given, **more})


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ours(clock: Clock) -> Iterator[Client]:
    made = client(connection(), sleep=clock.sleep, clock=clock)
    yield made
    made.close()


@contextmanager
def loopback(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api"
        finally:
            server.shutdown()
            thread.join()


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


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
@pytest.mark.parametrize("status", [409, 429, 500, 502, 503, 504])
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
@pytest.mark.parametrize("status", [400, 404, 410, 422])
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


@responses.activate
def test_a_redirect_within_the_same_place_is_followed(ours: Client) -> None:
    responses.get(f"{BASE}/users", status=302, headers={"Location": "/secure-api/v6.13/people?page=1"})
    responses.get(f"{BASE}/people", body=b"fine")

    with ours.get("/users") as answer:
        assert answer.body.read() == b"fine"


@responses.activate
@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example.org/users",
        "http://elements.example.edu:8091/users",
        "https://elements.example.edu/users",
        "//elsewhere.example.org/users",
        "https://elements.example.edu:8091@elsewhere.example.org/users",
        "https://someone:word@elements.example.edu:8091/users",
        "https://[",
        "https://elements.example.edu:99999/",
    ],
)
def test_a_redirect_elsewhere_is_refused_and_nothing_is_sent_there(ours: Client, target: str) -> None:
    responses.get(f"{BASE}/users", status=302, headers={"Location": target})

    with pytest.raises(NotUnderstood, match="not followed; if that is the source, set url to it"):
        ours.get("/users")

    assert len(responses.calls) == 1


@responses.activate
def test_a_ring_of_redirects_ends(ours: Client) -> None:
    responses.get(f"{BASE}/users", status=301, headers={"Location": f"{BASE}/users"})

    with pytest.raises(NotUnderstood, match="more than 5 times"):
        ours.get("/users")


@pytest.mark.parametrize("address", ["https://elsewhere.example.org/x", "ftp://elements.example.edu/x", "https://[/x"])
def test_a_request_outside_the_configured_address_is_refused(ours: Client, address: str) -> None:
    with pytest.raises(NotUnderstood, match=r"refused a request outside https://elements.example.edu:8091"):
        ours.get(address)


def test_a_connection_without_an_address_asks_nobody() -> None:
    ours = client(Connection(name="local", kind="files", path="import"))

    with pytest.raises(NotUnderstood, match="no address"):
        ours.get("/x")


@responses.activate
def test_an_answer_beyond_the_limit_is_refused(ours: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LIMIT", 100_000)
    responses.get(f"{BASE}/users", body=b"x" * 100_001)

    with pytest.raises(NotUnderstood, match="larger than"):
        ours.get("/users")


def test_the_limit_counts_what_a_small_body_unfolds_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LIMIT", 1_000_000)
    packed = gzip.compress(b"0" * 2_000_000)

    class Bomb(Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            self.wfile.write(packed)

    with loopback(Bomb) as url, pytest.raises(NotUnderstood, match="larger than"):
        client(connection(url=url)).get("/users")


@pytest.mark.parametrize(
    "framing",
    [{"Content-Length": "500"}, {"Transfer-Encoding": "chunked"}],
    ids=["shorter than told", "a chunk that breaks off"],
)
def test_a_truncated_body_is_tried_again_and_then_left_for_later(framing: dict[str, str], clock: Clock) -> None:
    class Broken(Quiet):
        def do_GET(self) -> None:
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


def test_a_large_body_waits_on_disk_and_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "IN_MEMORY", 1000)

    class Large(Quiet):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "50000")
            self.end_headers()
            self.wfile.write(b"x" * 50_000)

    with loopback(Large) as url:
        ours = client(connection(url=url))
        with ours.get("/users") as answer:
            assert len(answer.body.read()) == 50_000
        ours.close()

    assert answer.body.closed


@responses.activate
def test_a_certificate_that_is_not_trusted_names_the_mend(ours: Client) -> None:
    error = requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    responses.get(f"{BASE}/users", body=error)

    with pytest.raises(NotUnderstood, match=r"https://elements.example.edu:8091 is not trusted; set ca_file"):
        ours.get("/users")


def test_a_certificate_authority_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match=r"connections\.elements\.ca_file is no file"):
        client(connection(ca_file=tmp_path / "ca.pem"))


def test_credentials_in_the_address_are_refused() -> None:
    bad = connection().model_copy(update={"url": "https://ringmark:s3cret-word@elements.example.edu/api"})

    with pytest.raises(NotAllowed, match=r"connections.elements.url holds credentials") as caught:
        client(bad)

    assert "s3cret" not in str(caught.value)


def test_credentials_over_plain_http_are_refused_before_any_request() -> None:
    bad = connection().model_copy(update={"url": "http://elements.example.edu/api"})

    with pytest.raises(NotAllowed, match="plain http"):
        client(bad)


def test_a_header_with_a_line_break_is_refused_without_showing_it() -> None:
    bad = connection().model_copy(update={"headers": {"Subscription-Key": SecretStr("key-4711\r\nX-Evil: 1")}})

    with pytest.raises(NotAllowed, match=r"headers.Subscription-Key holds a line break") as caught:
        client(bad)

    assert "4711" not in str(caught.value)


@responses.activate
def test_no_netrc_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine elements.example.edu login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    responses.get(f"{BASE}/users", body=b"fine")

    client(connection(username=None, password=None, headers={})).get("/users").close()

    assert "Authorization" not in responses.calls[0].request.headers


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 401},
        {"status": 503},
        {"body": requests.ConnectionError("https://ringmark:s3cret-word@x key-4711")},
        {"body": requests.exceptions.InvalidHeader("key-4711 s3cret-word")},
        {"status": 302, "headers": {"Location": "https://ringmark:s3cret-word@elsewhere.example.org/key-4711"}},
        {"body": requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED s3cret-word")},
    ],
    ids=["401", "503", "connection", "header", "redirect", "certificate"],
)
def test_no_error_log_line_or_chain_holds_a_credential(
    ours: Client, answer: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    responses.get(f"{BASE}/users", **answer)

    with pytest.raises((NotAllowed, NotUnderstood, TryLater)) as caught:
        ours.get("/users?token=s3cret-word")

    said = f"{caught.value} {vars(caught.value)} {caplog.text} {[vars(record) for record in caplog.records]}"
    assert [secret for secret in SECRETS if secret in said] == []
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
