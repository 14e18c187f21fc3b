"""Tokens for scripts: made once, for something, for a time, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import House
from console_visitor import Somebody, signed_in, words
from served import Served, serving

from badges.console.door import bearer
from config.load import load
from sync import store

DAY = 86_400_000_000


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    return scored.copy(tmp_path_factory.mktemp("tokens") / "house")


@pytest.fixture(scope="module")
def served(home: House) -> Iterator[Served]:
    with serving(home.folder) as found:
        yield found


@pytest.fixture(scope="module")
def ada(served: Served, home: House) -> Somebody:
    return signed_in(served, home)


@pytest.fixture
def kept(home: House) -> Iterator[store.Store]:
    found = store.open_store(load(home.file).store.url, key_file=Path("no key"))
    yield found
    found.engine.dispose()


def test_a_token_may_what_it_was_made_for_and_no_more(home: House, kept: store.Store) -> None:
    word = home.json("token", "add", "dashboard", "--may", "internal", "--may", "status")["token"]

    may = {scope: bearer(kept, f"Bearer {word}", scope, store.now()) for scope in store.tokens.SCOPES}

    assert may == {"internal": "dashboard", "status": "dashboard", "audit": None}
    for header in ("", word, f"Basic {word}", "Bearer", f"Bearer {word}x", f"Bearer {word[:-1]}", "Bearer \x00é"):
        assert bearer(kept, header, "internal", store.now()) is None


def test_a_token_ends_by_itself_and_its_last_use_is_known(home: House, kept: store.Store) -> None:
    word = home.json("token", "add", "monthly", "--may", "audit", "--days", "30")["token"]
    before = _used(home, "monthly")

    assert bearer(kept, f"Bearer {word}", "audit", store.now() + 29 * DAY) == "monthly"
    assert bearer(kept, f"Bearer {word}", "audit", store.now() + 31 * DAY) is None
    assert before is None
    assert _used(home, "monthly")


def test_a_revoked_token_is_over_at_once_and_its_name_is_free(home: House, kept: store.Store) -> None:
    word = home.json("token", "add", "leaver", "--may", "status")["token"]
    home.ok("token", "revoke", "leaver")

    assert bearer(kept, f"Bearer {word}", "status", store.now()) is None
    assert home.run("token", "revoke", "leaver").code == 1
    assert home.json("token", "add", "leaver", "--may", "status")["token"] != word
    assert home.run("token", "add", "leaver", "--may", "status").code == 1


def test_a_restore_brings_back_no_token_and_nobody_who_was_signed_in(own: House) -> None:
    word = own.json("token", "add", "old", "--may", "status")["token"]
    own.ok("backup", str(own.folder / "night.backup"))
    own.ok("token", "revoke", "old")

    own.ok("restore", str(own.folder / "night.backup"))

    found = store.open_store(load(own.file).store.url, key_file=Path("no key"))
    assert bearer(found, f"Bearer {word}", "status", store.now()) is None
    found.engine.dispose()
    assert own.json("token", "list") == {"tokens": []}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (("x", "--may", "everything"), 'may: "everything" is none of internal, status, audit'),
        (("x", "--may", "status", "--days", "0"), "days: takes 1 to 366"),
        (("x", "--may", "status", "--days", "9999"), "days: takes 1 to 366"),
        (("A <b>", "--may", "status"), "name: takes small letters"),
    ],
)
def test_what_is_wrong_with_a_token_is_said(home: House, told: tuple[str, ...], says: str) -> None:
    ran = home.run("token", "add", *told)

    assert ran.code == 2
    assert says in ran.err


def test_the_store_and_the_audit_log_hold_no_token(home: House) -> None:
    word = home.json("token", "add", "secretive", "--may", "status")["token"]

    rows = [*home.stored("SELECT * FROM token"), *home.stored("SELECT * FROM audit")]

    assert "token:secretive" in str(rows)
    assert word not in str(rows)
    assert word.removeprefix("ringmark_") not in str(rows)


def test_a_token_opens_no_page_of_the_console(served: Served, home: House) -> None:
    word = home.json("token", "add", "curious", "--may", "internal")["token"]

    for path in ("/console", "/console/tokens"):
        assert served.get(path, authorization=f"Bearer {word}").status == 303
    sent = served.get("/console/tokens", method="POST", body=b"name=x", authorization=f"Bearer {word}")
    assert sent.status == 401


def test_the_page_shows_a_new_token_once(ada: Somebody, kept: store.Store) -> None:
    made = ada.post("/tokens", name="from-the-page", may=["status", "audit"], days="30")
    word = made.text.partition("Authorization: Bearer ")[2].partition("<")[0]

    assert made.status == 201
    assert bearer(kept, f"Bearer {word}", "audit", store.now()) == "from-the-page"
    assert word not in ada.get("/tokens").text
    assert "from-the-page" in words(ada.get("/tokens"))

    gone = ada.post("/tokens/from-the-page/revoke")
    assert (gone.status, gone.header("location")) == (303, "/console/tokens")
    assert bearer(kept, f"Bearer {word}", "audit", store.now()) is None


def test_the_page_says_at_its_field_what_is_wrong(ada: Somebody) -> None:
    page = ada.post("/tokens", name="<b>x", may=["status"], days="30")

    assert page.status == 422
    assert 'id="name-error"' in page.text
    assert 'value="&lt;b&gt;x"' in page.text
    assert ada.post("/tokens", name="x", days="30").status == 422
    assert ada.post("/tokens/nothing/revoke").status == 404


def test_only_administrators_see_sessions_and_tokens(served: Served, home: House) -> None:
    eve = signed_in(served, home, role="editor", name="eve")

    for path in ("/sessions", "/tokens"):
        assert eve.get(path).status == 403
    assert eve.post("/tokens", name="x", may="status", days="30").status == 403


def test_an_administrator_ends_a_session_on_the_page(served: Served, home: House, ada: Somebody) -> None:
    eve = signed_in(served, home, role="editor", name="mallory <i>")
    (session,) = [each["session"] for each in home.json("session", "list")["sessions"] if "mallory" in each["name"]]

    page = ada.get("/sessions")
    ended = ada.post(f"/sessions/{session}/end")

    assert "mallory &lt;i&gt;" in page.text
    assert ended.status == 303
    assert eve.get("").status == 303
    assert ada.post(f"/sessions/{session}/end").status == 404
    assert "look at sessions" in str(home.stored("SELECT verb FROM audit"))


def _used(home: House, name: str) -> str | None:
    (used,) = [each["used"] for each in home.json("token", "list")["tokens"] if each["name"] == name]
    return used  # type: ignore[no-any-return]
