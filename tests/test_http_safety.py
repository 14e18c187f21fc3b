"""The one client is suspicious of addresses and answers, and silent about credentials."""

import gzip
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import responses
from http_places import BASE, SECRETS, Clock, Quiet, connection, loopback
from pydantic import SecretStr

from config.settings import Connection
from connectors import http
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http import Client, client
from connectors.http import body as http_body


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ours(clock: Clock) -> Iterator[Client]:
    made = client(connection(), sleep=clock.sleep, clock=clock)
    yield made
    made.close()


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
        def do_GET(self) -> None:  # noqa: N802  the name is that of http.server
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            self.wfile.write(packed)

    with loopback(Bomb) as url, pytest.raises(NotUnderstood, match="larger than"):
        client(connection(url=url)).get("/users")


def test_a_large_body_waits_on_disk_and_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_body, "IN_MEMORY", 1000)

    class Large(Quiet):
        def do_GET(self) -> None:  # noqa: N802  the name is that of http.server
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
