"""What settings make of what a provider says: roles, names, and how long a session holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import House

from config.errors import SettingsError
from config.load import load
from config.sign_in import SignIn, claimed
from sync import store
from sync.acts import Office, sessions
from sync.store.sessions import Abroad

MINUTE = 60_000_000
PROXIED = {"proxy_header": "x-user", "trusted_proxies": ["127.0.0.1"]}
RULES: dict[str, Any] = {
    **PROXIED,
    "internal_if": {"groups": ["staff"], "https://example.edu/claims/kind": ["member"], "email": ["ada@example.edu"]},
    "editor_if": {"realm_access.roles": ["editor"]},
    "admin_if": {"admin": ["true"], "level": ["7"]},
}


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({}, None),
        ({"groups": ["staff"]}, "internal"),
        ({"https://example.edu/claims/kind": "member"}, "internal"),
        ({"https://example": {"edu/claims/kind": "member"}}, "internal"),
        ({"realm_access": {"roles": ["x", "editor"]}}, "editor"),
        ({"realm_access.roles": "editor"}, "editor"),
        ({"realm_access": "editor"}, None),
        ({"realm_access": {"roles": {"editor": True}}}, None),
        ({"groups": ["staff"], "realm_access": {"roles": ["editor"]}, "admin": True}, "admin"),
        ({"admin": False}, None),
        ({"level": 7}, "admin"),
        ({"level": 7.0}, None),
        ({"email": "ada@example.edu"}, "internal"),
        ({"email": "ada@example.edu", "email_verified": True}, "internal"),
        ({"email": "ada@example.edu", "email_verified": False}, None),
        ({"email": "ada@example.edu", "email_verified": "false"}, None),
    ],
)
def test_a_role_is_the_highest_that_a_claim_gives(claims: dict[str, object], role: str | None) -> None:
    assert SignIn(**RULES).role(claims) == role


def test_without_rules_nobody_is_anything() -> None:
    everything = {"groups": ["staff"], "roles": ["admin"], "admin": True, "": ""}

    assert SignIn(**PROXIED).role(everything) is None


def test_a_name_is_one_line_that_says_who() -> None:
    told = SignIn(name_claim="names.full")

    assert told.name({"names": {"full": " Ada\n\x00L. "}, "sub": "1"}) == "Ada L."
    assert told.name({"names": {"full": " \n"}, "sub": "1"}) == "1"
    assert told.name({"names": {"full": "a" * 999}}) == "a" * 200
    assert told.name({"names": {}}) == ""


@pytest.mark.parametrize("proved", [False, "false"])
def test_nobody_is_called_by_an_address_that_they_have_not_proved(proved: object) -> None:
    claims = {"email": "boss@example.edu", "email_verified": proved, "sub": "1"}

    assert SignIn().name(claims) == "1"
    assert SignIn().name({**claims, "email_verified": True}) == "boss@example.edu"


def test_a_claim_within_what_is_no_table_is_none() -> None:
    assert claimed({"a": ["b"]}, "a.b") == ()
    assert claimed({"a": None}, "a") == ()


@pytest.mark.parametrize(
    ("issuer", "base", "line"),
    [
        ("http://login.example.edu", "https://r.example.edu", "sign_in.issuer: is plain http, where anybody"),
        ("https://login.example.edu?x=1", "https://r.example.edu", "sign_in.issuer: has a part after ? or #"),
        ("https://login.example.edu", "http://r.example.edu", "institution.base_url: is plain http, where nobody"),
        ("https://login.example.edu", "", "institution.base_url: missing; people come back to it"),
    ],
)
def test_a_way_that_others_could_read_is_refused(
    written: Callable[[str], Path], issuer: str, base: str, line: str
) -> None:
    at = f'[institution]\nbase_url = "{base}"\n' if base else ""
    file = written(f'{at}[sign_in]\nissuer = "{issuer}"\nclient_id = "r"\n')

    with pytest.raises(SettingsError, match=r"client_secret|.") as caught:
        load(file, {"RINGMARK_SIGN_IN__CLIENT_SECRET": "hush"})

    assert [each for each in caught.value.lines if line in each]
    assert "hush" not in str(caught.value)


def test_rules_and_networks_may_come_from_the_environment(written: Callable[[str], Path]) -> None:
    told = load(
        written('[sign_in]\nproxy_header = "X-User"\n'),
        {"RINGMARK_SIGN_IN__ADMIN_IF__GROUPS": "a, b", "RINGMARK_SIGN_IN__TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"},
    ).sign_in

    assert told.role({"groups": ["b"]}) == "admin"
    assert told.trusts("10.1.2.3")


@pytest.fixture
def office(own: House) -> Any:
    own.file.write_text(own.file.read_text() + '\n[sign_in]\nsession = "30m"\nidle = "10m"\n')
    settings = load(own.file)
    home = store.open_store(settings.store.url, key_file=own.folder / "ringmark.key")
    yield Office(home, settings, by="ada", clock=store.now)
    home.engine.dispose()


def test_a_session_is_over_after_its_time_and_after_a_while_without_a_look(office: Office) -> None:
    word = sessions.followed(office, sessions.link(office, "eve", "editor").rpartition("/")[2])
    now, idle = store.now(), sessions.idle(office)

    def there(minutes: int) -> bool:
        with office.house.read() as db:
            return store.sessions.found(db, word or "", now=now + minutes * MINUTE, idle=idle) is not None

    assert (there(9), there(11)) == (True, False)
    with office.house.write() as db:
        store.sessions.seen(db, sessions.listed(office)[0].id, now=now + 25 * MINUTE)
    assert (there(29), there(31)) == (True, False)


def test_a_provider_ends_its_own_sessions_and_no_link(office: Office) -> None:
    now = store.now()
    told = [
        Abroad(account="i\na", visit="i\n1"),
        Abroad(account="i\na", visit="i\n2"),
        Abroad(account="i\nb"),
        Abroad(),
    ]
    with office.house.write() as db:
        ids = [store.sessions.begin(db, "x", "editor", "oidc", now=now, abroad=each)[1] for each in told]

        assert store.sessions.end_abroad(db, Abroad(account="i\na", visit="i\n2"), now=now) == [ids[1]]
        assert store.sessions.end_abroad(db, Abroad(account="i\na"), now=now) == [ids[0]]
        assert store.sessions.end_abroad(db, Abroad(), now=now) == []
        assert store.sessions.end_abroad(db, Abroad(account="i\nz"), now=now) == []


def test_what_may_work_once_works_once(office: Office) -> None:
    now = store.now()
    with office.house.write() as db:
        used = [store.sessions.use(db, "a way", now=now, lasts=MINUTE) for _ in range(2)]

        assert used == [True, False]
