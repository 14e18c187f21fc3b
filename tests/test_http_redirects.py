"""Where a redirect may lead: within the place, to the same host made secure, and to what the settings allow; but
credentials, keys and cookies go nowhere else."""

import logging

import pytest
import responses
from http_places import BASE, SECRETS, Clock, answer, connection, speaking

from connectors.errors import NotAllowed, NotUnderstood
from connectors.http import Client, client

ELSEWHERE = "https://other.example.edu"
TOKEN = "t0ken-9"


def ours(**more: object) -> Client:
    clock = Clock()
    return client(connection(**more), sleep=clock.sleep, clock=clock)


def sent() -> list[str]:
    """Every request so far as text, headers with it."""
    return [f"{call.request.url} {dict(call.request.headers)}" for call in responses.calls]


@responses.activate
def test_a_redirect_to_an_allowed_place_is_followed_and_takes_nothing_along() -> None:
    responses.get(f"{BASE}/users/1", status=302, headers={"Location": f"{ELSEWHERE}/users/2?a=b", "Set-Cookie": "c=d"})
    responses.get(f"{ELSEWHERE}/users/2", body=b"fine", headers={"Token": "theirs"})
    heard: list[str | None] = []
    asking = ours(redirect_to=(ELSEWHERE,))
    asking.listen(lambda headers: heard.append(headers.get("Token")))

    with asking.get("/users/1", accept="text/xml", headers={"X-Token": TOKEN}) as told:
        assert (told.body.read(), told.path) == (b"fine", "/users/2")

    headers = responses.calls[1].request.headers
    assert responses.calls[1].request.url == f"{ELSEWHERE}/users/2?a=b"
    assert {"Authorization", "Cookie", "Subscription-Key", "X-Token"} & set(headers) == set()
    assert [word for word in (*SECRETS, TOKEN) if word in sent()[1]] == []
    assert headers["Accept"] == "text/xml"
    assert headers["User-Agent"].startswith("Ringmark/")
    assert heard == [None]


@responses.activate
def test_nothing_travels_back_home_from_elsewhere() -> None:
    responses.get(f"{BASE}/users/1", status=302, headers={"Location": f"{ELSEWHERE}/users/1"})
    responses.get(f"{ELSEWHERE}/users/1", status=307, headers={"Location": f"{BASE}/users/2"})
    responses.get(f"{BASE}/users/2", body=b"fine")

    ours(redirect_to=(ELSEWHERE,)).get("/users/1", headers={"X-Token": TOKEN}).close()

    assert [word for word in (*SECRETS, TOKEN) if word in sent()[2]] == []


@responses.activate
@pytest.mark.parametrize(
    "target",
    [
        "https://third.example.edu/x",
        "http://other.example.edu/x",
        "https://other.example.edu:8443/x",
        "https://other.example.edu.example.org/x",
        "https://someone@other.example.edu/x",
    ],
)
def test_a_place_that_is_allowed_allows_no_other(target: str) -> None:
    responses.get(f"{BASE}/users/1", status=302, headers={"Location": f"{ELSEWHERE}/users/1"})
    responses.get(f"{ELSEWHERE}/users/1", status=302, headers={"Location": target})

    with pytest.raises(NotUnderstood, match="which is not followed"):
        ours(redirect_to=(ELSEWHERE,)).get("/users/1")

    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize("status", [401, 403])
def test_a_place_that_wants_credentials_is_named(status: int) -> None:
    responses.get(f"{BASE}/users/1", status=302, headers={"Location": f"{ELSEWHERE}/users/1"})
    responses.get(f"{ELSEWHERE}/users/1", status=status)

    with pytest.raises(
        NotAllowed, match=rf"redirected to {ELSEWHERE}:443, where credentials do not go, .* status {status}"
    ):
        ours(redirect_to=(ELSEWHERE,)).get("/users/1", refusal=lambda _: NotUnderstood("theirs"))


@responses.activate
@pytest.mark.parametrize("ask", ["post", "change"])
def test_nothing_but_a_question_is_redirected_wherever_it_is_allowed(ask: str) -> None:
    responses.post(f"{BASE}/login", status=307, headers={"Location": f"{ELSEWHERE}/login"})
    asking = ours(redirect_to=(ELSEWHERE,))

    with pytest.raises(NotUnderstood, match="which is not followed"):
        asking.post("/login", {}) if ask == "post" else asking.change("POST", "/login", permit=lambda: True)

    assert len(responses.calls) == 1


def test_what_is_allowed_for_redirects_is_not_asked_by_itself() -> None:
    with pytest.raises(NotUnderstood, match="refused a request outside"):
        ours(redirect_to=(ELSEWHERE,)).get(f"{ELSEWHERE}/users")


def plain(url: str = "http://oai.example.edu/oai") -> Client:
    return ours(url=url, username=None, password=None, headers={})


@responses.activate
def test_a_host_that_has_become_secure_is_followed() -> None:
    responses.get("http://oai.example.edu/oai/x", status=301, headers={"Location": "https://oai.example.edu/oai/x"})
    responses.get("https://oai.example.edu/oai/x", body=b"fine")

    with plain().get("/x", headers={"X-Token": TOKEN}) as told:
        assert told.body.read() == b"fine"

    assert TOKEN in sent()[1]


@responses.activate
@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://oai.example.edu/oai", "https://oai.example.edu:8443/oai/x"),
        ("http://oai.example.edu:8080/oai", "https://oai.example.edu/oai/x"),
        ("http://oai.example.edu/oai", "https://www.oai.example.edu/oai/x"),
        ("https://oai.example.edu/oai", "http://oai.example.edu/oai/x"),
    ],
    ids=["to another port", "from another port", "on another host", "the other way"],
)
def test_only_that_and_only_on_the_usual_ports(url: str, target: str) -> None:
    responses.get(f"{url}/x", status=301, headers={"Location": target})

    with pytest.raises(NotUnderstood, match="which is not followed"):
        plain(url).get("/x")

    assert len(responses.calls) == 1


def test_on_the_wire_neither_credentials_nor_cookies_go_to_another_port() -> None:
    """Cookies know no ports, so a jar that both places share would give them away."""
    with speaking(answer()) as there:
        back = answer(b"", "Set-Cookie: session=s3cret-word", f"Location: {there.url}/2", status="302 Found")
        with speaking(back) as here:
            asking = ours(url=here.url, redirect_to=(there.url.removesuffix("/api"),))
            asking.get("/1").close()
            asking.get("/1").close()
            asking.close()

    assert b"Cookie: session=s3cret-word" in here.heads[1]
    for head in there.heads:
        names = {line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:]}
        assert names == {b"host", b"user-agent", b"accept-encoding", b"accept", b"connection", b""}


@responses.activate
def test_no_log_line_holds_where_a_redirect_led(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    responses.get(f"{BASE}/users/1", status=302, headers={"Location": f"{ELSEWHERE}/users/2?key={SECRETS[1]}"})
    responses.get(f"{ELSEWHERE}/users/2", status=503)

    with pytest.raises(Exception, match="status 503") as caught:
        ours(redirect_to=(ELSEWHERE,)).get("/users/1")

    said = f"{caught.value} {vars(caught.value)} {caplog.text} {[vars(record) for record in caplog.records]}"
    assert SECRETS[1] not in said
