"""Logging in to a DSpace: tokens against forged requests, a bearer that ends, and nothing secret that shows."""

import base64
import json
import logging
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy

import pytest
import responses
from dspace_source import FIELD, OURS, connected, doi, sent, settings, yes
from http_places import Clock
from pydantic import SecretStr

from connectors.base import Held
from connectors.dspace import DSpace
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import client
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import STAFF, made

ONE = made(1, dc_identifier_doi="10.5555/harbour.1", dc_title="T")
LOGIN = "/api/authn/login"
WORD = "Sw0rdfish+&"


@pytest.fixture
def server() -> Iterator[PracticeDSpace]:
    with practice_dspace([ONE]) as server:
        server.password = WORD
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(server: PracticeDSpace, clock: Clock) -> Iterator[DSpace]:
    with connected(server, clock) as library:
        yield library


def gets(server: PracticeDSpace, path: str) -> int:
    return [asked for asked, _ in sent(server, "GET")].count(path)


@pytest.mark.parametrize(
    ("version", "asked"),
    [("7", ["/api/security/csrf"]), ("7.6", ["/api/security/csrf"]), ("8", ["/api/security/csrf"])],
)
def test_a_token_is_asked_for_once_and_then_taken_from_what_comes(version: str, asked: list[str]) -> None:
    with practice_dspace([ONE], version=version) as server, connected(server) as library:
        for _ in range(3):
            library.read(ONE.uuid, FIELD)
            library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)
        early = [path for path, _ in sent(server, "GET") if path in ("/api", "/api/security/csrf")]

    assert early == asked
    assert sent(server, "POST") == [(LOGIN, 200)]


@responses.activate
def test_where_no_address_is_for_tokens_any_other_answer_brings_one(server: PracticeDSpace) -> None:
    base = "https://repository.example.edu/server"
    responses.get(f"{base}/api/security/csrf", status=404)
    responses.get(f"{base}/api", json={}, headers={"DSPACE-XSRF-TOKEN": "first"})
    responses.post(f"{base}{LOGIN}", headers={"Authorization": "Bearer abc"})
    responses.get(f"{base}/api/core/items/{ONE.uuid}", json={"uuid": ONE.uuid, "metadata": {FIELD: [{"value": "a"}]}})
    found = settings(server, url=base)

    with DSpace(found, client(found, basic=False)) as library:
        assert library.read(ONE.uuid, FIELD) == Held(values=("a",))

    assert responses.calls[2].request.headers["X-XSRF-TOKEN"] == "first"
    assert responses.calls[3].request.headers["Authorization"] == "Bearer abc"


@responses.activate
def test_an_address_that_gives_no_token_is_no_dspace(server: PracticeDSpace) -> None:
    base = "https://repository.example.edu"
    responses.get(f"{base}/api/security/csrf", status=404)
    responses.get(f"{base}/api", status=404)
    found = settings(server, url=base)

    with DSpace(found, client(found, basic=False)) as library, pytest.raises(NotUnderstood, match="ends with /server"):
        library.read(ONE.uuid, FIELD)


def test_a_token_may_change_with_any_answer(server: PracticeDSpace, library: DSpace) -> None:
    server.faults += [DSpaceFault("rotate", times=None)]

    for _ in range(3):
        library.read(ONE.uuid, FIELD)
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)

    assert sent(server) == [(f"/api/core/items/{ONE.uuid}", 200)] * 3


def test_a_token_that_is_no_longer_good_is_replaced_once(server: PracticeDSpace, library: DSpace) -> None:
    library.read(ONE.uuid, FIELD)
    library._rest._login._csrf = "of yesterday"

    library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)

    assert [status for _, status in sent(server)] == [403, 200]
    assert server.texts(ONE.uuid, FIELD) == (OURS,)


def test_a_second_refusal_of_a_token_is_the_end(server: PracticeDSpace, library: DSpace) -> None:
    library.client._session.cookies.set_policy(_NoCookies())

    with pytest.raises(NotAllowed, match=r"connections.library: the login was refused twice .* drop its cookie"):
        library.read(ONE.uuid, FIELD)

    assert sent(server, "POST") == [(LOGIN, 403), (LOGIN, 403)]


class _NoCookies(DefaultCookiePolicy):
    """What a proxy that drops cookies amounts to."""

    def set_ok(self, *_: object) -> bool:
        return False


def test_a_bearer_is_renewed_before_it_ends(server: PracticeDSpace, library: DSpace, clock: Clock) -> None:
    server.token_seconds = 600
    library.read(ONE.uuid, FIELD)
    clock.now += 470
    library.read(ONE.uuid, FIELD)
    before = len(sent(server, "POST"))
    clock.now += 20

    library.read(ONE.uuid, FIELD)

    renewal = [one for one in server.requests if one.method == "POST"][-1]
    assert (before, len(sent(server, "POST"))) == (1, 2)
    assert (renewal.body, renewal.status) == (b"", 200)
    assert renewal.headers["Authorization"].startswith("Bearer ")


@pytest.mark.parametrize("age", [480, 10_000])
def test_a_bearer_that_cannot_be_renewed_is_replaced_by_a_new_login(
    server: PracticeDSpace, library: DSpace, clock: Clock, age: int
) -> None:
    server.token_seconds = 600
    library.read(ONE.uuid, FIELD)
    clock.now += age
    server.expire_tokens()

    library.read(ONE.uuid, FIELD)

    assert sent(server, "POST") == [(LOGIN, 200), (LOGIN, 401), (LOGIN, 200)]


def test_a_login_that_was_ended_elsewhere_is_made_again_at_a_write(server: PracticeDSpace, library: DSpace) -> None:
    library.read(ONE.uuid, FIELD)
    server.expire_tokens()

    library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)

    assert [status for _, status in sent(server)] == [401, 200]
    assert server.texts(ONE.uuid, FIELD) == (OURS,)


def test_a_login_that_was_ended_elsewhere_is_made_again_at_a_restricted_item(
    server: PracticeDSpace, library: DSpace
) -> None:
    server.edit(ONE.uuid, FIELD, OURS)
    server.change(ONE.uuid, policies=(STAFF,))
    library.read(ONE.uuid, FIELD)
    server.expire_tokens()

    assert library.read(ONE.uuid, FIELD) == Held(values=(OURS,))


def test_a_login_that_never_lasts_is_the_end(server: PracticeDSpace, library: DSpace) -> None:
    server.token_seconds = -1
    server.change(ONE.uuid, policies=(STAFF,))

    with pytest.raises(NotUnderstood, match=f"/server/api/core/items/{ONE.uuid}: refused with status 401"):
        library.read(ONE.uuid, FIELD)
    with pytest.raises(NotUnderstood, match=f"PATCH /api/core/items/{ONE.uuid}: refused with status 401"):
        library.write(ONE.uuid, FIELD, Held(), [OURS], permit=yes)


def test_a_wrong_password_names_the_mend(server: PracticeDSpace) -> None:
    with (
        connected(server, password=SecretStr("guess")) as library,
        pytest.raises(NotAllowed, match=r"^connections.library: the login was refused; check username and password"),
    ):
        library.find([doi("10.5555/harbour.1")])

    assert sent(server, "POST") == [(LOGIN, 401)]


def test_without_an_account_nothing_is_asked(server: PracticeDSpace) -> None:
    with (
        connected(server, username=None, password=None) as library,
        pytest.raises(NotAllowed, match=r"connections.library.username: missing"),
    ):
        library.read(ONE.uuid, FIELD)

    assert server.requests == []


@responses.activate
def test_a_repository_without_passwords_is_told_apart(server: PracticeDSpace) -> None:
    base = "https://repository.example.edu/server"
    responses.get(f"{base}/api/security/csrf", status=204, headers={"DSPACE-XSRF-TOKEN": "x"})
    way = 'shibboleth realm="DSpace REST API", location="https://repository.example.edu/Shibboleth.sso/Login"'
    responses.post(f"{base}{LOGIN}", status=401, headers={"WWW-Authenticate": way})
    found = settings(server, url=base)

    with DSpace(found, client(found, basic=False)) as library, pytest.raises(NotAllowed, match="no login by password"):
        library.read(ONE.uuid, FIELD)


@responses.activate
@pytest.mark.parametrize(
    "told", [None, "Bearer ", "Basic abc", "Bearer a b", "Bearer é", "abc"], ids=lambda told: repr(told).encode().hex()
)
def test_a_login_that_answers_without_a_bearer_is_not_understood(server: PracticeDSpace, told: str | None) -> None:
    base = "https://repository.example.edu/server"
    responses.get(f"{base}/api/security/csrf", status=204, headers={"DSPACE-XSRF-TOKEN": "x"})
    responses.post(f"{base}{LOGIN}", body="<html>", headers={"Authorization": told} if told else {})
    found = settings(server, url=base)

    with DSpace(found, client(found, basic=False)) as library, pytest.raises(NotUnderstood, match="without a bearer"):
        library.read(ONE.uuid, FIELD)


def test_a_login_page_instead_of_a_login_is_not_understood(server: PracticeDSpace, library: DSpace) -> None:
    server.faults.append(DSpaceFault("login page", address="authn/login"))

    with pytest.raises(NotUnderstood, match="status 200 and without a bearer"):
        library.read(ONE.uuid, FIELD)


@responses.activate
@pytest.mark.parametrize("payload", ["", "e30", "WzFd", "!", "bnVsbA", "eyJleHAiOiAieCJ9", "eyJleHAiOiAxZTQwMH0"])
def test_a_bearer_that_does_not_tell_its_end_is_renewed_after_25_minutes(
    server: PracticeDSpace, clock: Clock, payload: str
) -> None:
    logins = _a_day_with(server, clock, f"Bearer h.{payload}.s" if payload != "!" else "Bearer opaque")

    assert logins == [1, 1, 2]


@responses.activate
def test_the_end_of_a_bearer_counts_by_the_servers_own_clock(server: PracticeDSpace, clock: Clock) -> None:
    claims = json.dumps({"exp": 1_000_000_000 + 1500 + 120}).encode()
    bearer = f"Bearer h.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.s"

    assert _a_day_with(server, clock, bearer, date="Sun, 09 Sep 2001 01:46:40 GMT") == [1, 1, 2]


def _a_day_with(server: PracticeDSpace, clock: Clock, bearer: str, date: str = "") -> list[int]:
    """How many logins there were at once, before 25 minutes, and after."""
    base = "https://repository.example.edu/server"
    item = {"uuid": ONE.uuid, "metadata": {FIELD: [{"value": "a"}]}}
    responses.get(f"{base}/api/security/csrf", status=204, headers={"DSPACE-XSRF-TOKEN": "x"})
    login = responses.post(f"{base}{LOGIN}", headers={"Authorization": bearer} | ({"Date": date} if date else {}))
    responses.get(f"{base}/api/core/items/{ONE.uuid}", json=item)
    found = settings(server, url=base)
    counts = []
    with DSpace(found, client(found, basic=False, sleep=clock.sleep, clock=clock)) as library:
        for passed in (0, 1490, 20):
            clock.now += passed
            library.read(ONE.uuid, FIELD)
            counts.append(login.call_count)
    return counts


@pytest.mark.parametrize(
    "fault",
    [
        DSpaceFault("status", address="authn/login", status=403),
        DSpaceFault("status", address="authn/login", status=401),
        DSpaceFault("status", address="authn/login", status=418),
        DSpaceFault("hang up before", address="authn/login", times=None),
        DSpaceFault("status", address="items", status=403),
        DSpaceFault("not json", address="items"),
        DSpaceFault("truncated", address="items", times=None),
    ],
    ids=lambda fault: f"{fault.what} {fault.address} {fault.status}",
)
def test_no_message_log_or_chain_holds_a_password_a_token_or_a_title(
    server: PracticeDSpace, library: DSpace, fault: DSpaceFault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults.append(fault)

    with pytest.raises(ConnectorError) as caught:
        library.read(ONE.uuid, FIELD)

    login = library._rest._login
    secrets = [WORD, login._csrf, login._bearer.removeprefix("Bearer "), "Sw0rdfish"]
    shown = (caught.value, vars(caught.value), caplog.text, [vars(record) for record in caplog.records])
    said = f"{shown} {library!r} {login!r} {library.client!r} {library.settings!r}"
    assert [secret for secret in secrets if secret and secret in said] == []
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
