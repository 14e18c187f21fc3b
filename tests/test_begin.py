"""The first-run guide: what it writes, what it refuses, and how far it says that a house has come."""

import io
import os
import re
import stat
from collections.abc import Iterator

import pytest
from begin_house import empty, opened, run_errands, said
from conftest import PASSWORD, House
from console_visitor import Somebody, a_server, signed_in, somebody, words
from naive.elements import WIRES, serve, small
from served import Reply, Served

from config.load import load
from sandbox.elements import PracticeElements
from sync import store

SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')
WHO = {"name": "University of Testonia", "base_url": "http://127.0.0.1:8000", "contact": "office@example.edu"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = empty(tmp_path_factory.mktemp("begin"))
    house.ok("session", "list")  # makes the store
    return house


served, ada = a_server(), somebody("ada")


@pytest.fixture(scope="module")
def elements() -> Iterator[PracticeElements]:
    with serve(small(), WIRES["v6.13"]) as server:
        yield server


@pytest.fixture(autouse=True)
def as_before(home: House) -> Iterator[None]:
    """Each test begins with the settings that `init` wrote."""
    before = home.file.read_text()
    yield
    home.file.write_text(before)
    for file in (*home.folder.glob("*.password"), *home.folder.glob("*.token")):
        file.unlink()


def seen(page: Reply) -> str:
    """The digest of the settings that a page which shows what will be written was made with."""
    found = SEEN.search(page.text)
    assert found, words(page)
    return found[1]


def tag(page: Reply, name: str) -> str:
    """The tag of a field."""
    found = re.search(f'<input id="{name}"[^>]*>', page.text)
    assert found, words(page)
    return found[0]


def told(server: PracticeElements, **more: str) -> dict[str, str]:
    return {"kind": "elements", "name": "elements", "url": server.url, "username": server.username, **more}


def test_an_empty_house_leads_to_the_guide(ada: Somebody) -> None:
    assert "Nothing is here yet" in words(ada.get(""))
    assert 'href="/console/begin"' in ada.get("").text
    assert "Begin" in words(ada.get("/begin"))


def test_an_editor_sees_the_overview_and_not_the_guide(served: Served, home: House) -> None:
    eve = signed_in(served, home, "editor", "eve")

    assert eve.get("").status == 200
    assert "Not for you" in words(eve.get("/begin"))
    assert eve.post("/begin/institution", **WHO, do="write").status == 403


def test_what_will_be_written_is_shown_first_and_nothing_is_written_by_that(ada: Somebody, home: House) -> None:
    before = home.file.read_text()

    page = ada.post("/begin/institution", **WHO, do="look")

    assert "+name = &#34;University of Testonia&#34;" in page.text
    assert home.file.read_text() == before


def test_the_institution_is_written_with_all_comments_and_makes_the_step_done(ada: Somebody, home: House) -> None:
    comments = [line for line in home.file.read_text().splitlines() if line.startswith("#")]
    look = ada.post("/begin/institution", **WHO)

    wrote = ada.post("/begin/institution", **WHO, do="write", seen=seen(look))

    assert (wrote.status, wrote.header("location")) == (303, "/console/begin/restart")
    assert load(home.file).institution.name == WHO["name"]
    assert [line for line in home.file.read_text().splitlines() if line.startswith("#")] == comments
    assert home.json("begin")["next"] == "system"


def test_faults_stand_at_their_fields(ada: Somebody) -> None:
    page = ada.post("/begin/institution", name="", base_url="ftp://x", contact="nobody", do="write")

    assert page.status == 422
    assert "is empty" in page.text[page.text.index('id="name-error"') :][:80]
    page = ada.post("/begin/institution", name="X", base_url="ftp://x", contact="nobody", do="write")
    assert "is no web address" in page.text[page.text.index('id="base_url-error"') :][:80]
    assert "is neither an e-mail address" in page.text[page.text.index('id="contact-error"') :][:90]


def test_markup_in_a_name_stays_text(ada: Somebody, home: House) -> None:
    name = '</title><script>alert(1)</script>"]\n[store]\nurl="x'

    look = ada.post("/begin/institution", **{**WHO, "name": name})
    ada.post("/begin/institution", **{**WHO, "name": name}, do="write", seen=seen(look))

    assert "<script>alert" not in look.text
    assert "<script>alert" not in ada.get("/begin/institution").text
    assert load(home.file).institution.name == name


def test_of_two_administrators_the_second_is_told(ada: Somebody, home: House) -> None:
    look = ada.post("/begin/institution", **WHO)
    home.ok("institution", "set", "--name", "Somebody Else")

    wrote = ada.post("/begin/institution", **WHO, do="write", seen=seen(look))

    assert wrote.status == 422
    assert "somebody else has changed it meanwhile" in words(wrote)
    assert load(home.file).institution.name == "Somebody Else"


def test_a_system_is_connected_and_its_password_stands_in_one_file_alone(
    ada: Somebody, home: House, elements: PracticeElements
) -> None:
    ask = told(elements)
    look = ada.post("/begin/system", **ask)

    wrote = ada.post("/begin/system", **ask, do="write", seen=seen(look), password=PASSWORD)

    file = home.folder / "elements.password"
    assert (wrote.status, wrote.header("location")) == (303, "/console/begin/check")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (PASSWORD, 0o600)
    assert load(home.file).connections["elements"].username == elements.username
    assert home.json("connection", "list")["connections"][0]["state"] == "paused"
    pages = [
        ada.get(path) for path in ("", "/begin/system?name=elements", "/begin/check", "/begin/pull", "/begin/system")
    ]
    assert not [page for page in (look, wrote, *pages) if PASSWORD in page.text]
    assert PASSWORD not in said(home)


def test_a_password_is_not_sent_elsewhere_by_who_does_not_know_it(
    ada: Somebody, home: House, elements: PracticeElements
) -> None:
    ask = told(elements, there="elements")
    ada.post("/begin/system", **told(elements), do="write", password=PASSWORD)

    page = ada.post("/begin/system", **{**ask, "url": "https://elsewhere.example.edu"}, do="write", password="")
    again = ada.post("/begin/system", **ask, do="write", password="another word")

    assert page.status == 422
    assert "it would go elsewhere now" in words(page)
    assert load(home.file).connections["elements"].url == elements.url
    assert again.status == 303
    assert (home.folder / "elements.password").read_text() == "another word"


@pytest.mark.parametrize(
    ("more", "field", "fault"),
    [
        ({"url": "http://elements.example.edu/api"}, "url", "would send credentials over plain http"),
        ({"url": "https://u:p@elements.example.edu"}, "url", "holds a user name or password"),
        ({"url": "javascript:alert(1)"}, "url", "is no web address"),
        ({"url": ""}, "url", "missing"),
        ({"name": "Bad Name"}, "name", "is no connection name"),
        ({"name": "../../etc/x"}, "name", "is no connection name"),
        ({"name": ""}, "name", "is empty"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    ada: Somebody, home: House, elements: PracticeElements, more: dict[str, str], field: str, fault: str
) -> None:
    before = home.file.read_text()

    page = ada.post("/begin/system", **told(elements, **more), do="write", password=PASSWORD)

    assert page.status == 422
    assert fault in page.text[page.text.index(f'id="{field}-error"') :][:200]
    assert PASSWORD not in page.text
    assert home.file.read_text() == before
    assert not list(home.folder.glob("*.password"))


def test_a_name_that_is_taken_is_refused(ada: Somebody, home: House, elements: PracticeElements) -> None:
    home.file.write_text(home.file.read_text() + '\n[connections.elements]\nkind = "files"\npath = "import"\n')

    page = ada.post("/begin/system", **told(elements), do="write", password=PASSWORD)

    assert page.status == 422
    assert "is there already" in page.text[page.text.index('id="name-error"') :][:80]


def test_an_account_without_a_password_is_asked_for_it(ada: Somebody, elements: PracticeElements) -> None:
    page = ada.post("/begin/system", **told(elements), do="write", password="")

    assert page.status == 422
    assert "the account needs one" in page.text[page.text.index('id="password-error"') :][:80]


def test_what_is_assumed_goes_into_its_table_and_a_folder_is_made(ada: Somebody, home: House) -> None:
    ask = {"kind": "elements", "name": "old", "url": "https://old.example.edu", "assume.people": "internal"}
    ada.post("/begin/system", **ask, do="write")
    ada.post("/begin/system", **{"kind": "files", "name": "lists", "path": "lists/today"}, do="write")

    connections = load(home.file).connections
    assert connections["old"].assume.people is not None
    assert connections["old"].assume.outputs is None
    assert (home.folder / "lists" / "today").is_dir()


def test_what_was_asked_for_waits_for_the_daemon_and_says_so(
    ada: Somebody, home: House, elements: PracticeElements
) -> None:
    ada.post("/begin/system", **told(elements), do="write", password="not that")

    ada.post("/begin/check", name="elements")
    waits = words(ada.get("/begin/check"))
    run_errands(home)
    wrong = words(ada.get("/begin/check"))

    assert "waits for the daemon" in waits
    assert "ringmark check --connect" in waits
    assert "will not do yet" in wrong
    assert "invalid credentials'; check username and password" in wrong
    assert not home.json("begin")["steps"][2]["done"]


def test_a_variable_that_decides_is_named(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGMARK_INSTITUTION__NAME", "From outside")

    ran = home.run("institution", "set", "--name", "X")

    assert (ran.code, "RINGMARK_INSTITUTION__NAME" in ran.err) == (1, True)


def test_a_file_that_may_not_be_written_is_named(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = home.file.read_text()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    monkeypatch.setattr(os, "access", lambda path, mode: not (mode == os.W_OK and str(path).endswith(".toml")))

    ran = home.run(
        *("connection", "add", "elements", "--kind", "elements", "--url", "https://elements.example.edu"),
        *("--username", "ringmark", "--password-stdin"),
    )

    assert (ran.code, "may not be written" in ran.err) == (1, True), ran
    assert home.file.read_text() == before
    assert not list(home.folder.glob("*.password"))
    assert "elements" not in [
        each["name"] for each in home.json("connection", "list")["connections"] if each["state"] == "active"
    ]


def test_the_verbs_do_the_same(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    add = ("connection", "add", "pure", "--kind", "elements", "--url", "https://pure.example.edu")

    dry = home.json(*add, "--username", "ringmark", "--password-stdin", "--set", "pull=manual", "--dry-run")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    home.ok(*add, "--username", "ringmark", "--password-stdin", "--set", "pull=manual")
    home.ok("connection", "change", "pure", "--set", "pull=", "--set", "assume.outputs=internal")

    assert '+password_file = "pure.password"' in dry["lines"]
    connection = load(home.file).connections["pure"]
    assert (connection.pull.text, connection.assume.outputs is not None) == ("3h", True)
    assert home.run("connection", "add", "x", "--kind", "nothing").code == 2
    assert home.run("connection", "add", "x", "--kind", "files", "--set", f"password={PASSWORD}").code == 2
    assert home.run("connection", "change", "nobody", "--url", "https://x.example.edu").code == 1


PURE = {"kind": "pure", "name": "crux", "url": "https://pure.example.edu/ws/api", "push": "", "field": ""}


def test_a_system_that_gives_a_token_is_asked_for_it_in_place_of_an_account(ada: Somebody, home: House) -> None:
    form = ada.get("/begin/system?kind=pure")
    look = ada.post("/begin/system", **PURE, do="look")
    wrote = ada.post("/begin/system", **PURE, do="write", seen=seen(look), password=PASSWORD)
    file = home.folder / "crux.token"

    assert 'name="username"' not in form.text
    assert "Token" in look.text
    assert wrote.status == 303
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (PASSWORD, 0o600)
    token = load(home.file).connections["crux"].token
    assert token is not None
    assert token.get_secret_value() == PASSWORD
    assert PASSWORD not in said(home)


def test_a_place_whose_notices_are_signed_is_added_with_its_key(
    ada: Somebody, home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    add = ("connection", "add", "hook", "--kind", "webhook", "--url", "https://portal.example.edu/hooks")
    home.ok(*add, "--password-stdin")
    token = load(home.file).connections["hook"].token
    assert token is not None
    assert token.get_secret_value() == PASSWORD

    other = {**PURE, "kind": "webhook", "name": "other"}
    look = ada.post("/begin/system", **other, do="look")
    wrote = ada.post("/begin/system", **other, do="write", seen=seen(look), password=PASSWORD)
    assert wrote.status == 303, wrote.text


def test_a_token_is_not_sent_elsewhere_by_who_does_not_know_it(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    home.ok("connection", "add", "crux", "--kind", "pure", "--url", PURE["url"], "--password-stdin")

    moved = home.run("connection", "change", "crux", "--url", "https://elsewhere.example.edu/ws/api")
    told = home.run("connection", "add", "other", "--kind", "pure", "--url", PURE["url"], "--set", f"token={PASSWORD}")

    assert (moved.code, "connections.crux.token: missing; give it again" in moved.err) == (2, True), moved
    assert (told.code, "a token on a command line can be read by others" in told.err) == (2, True), told


def test_the_guide_asks_for_the_token_again_where_it_would_go_elsewhere(ada: Somebody, home: House) -> None:
    ada.post("/begin/system", **PURE, do="write", password=PASSWORD)
    moved = {**PURE, "there": "crux", "url": "https://elsewhere.example.edu/ws/api"}

    look = ada.post("/begin/system", **moved, do="look")
    without = ada.post("/begin/system", **moved, do="write", seen=seen(look), password="")
    kept = load(home.file).connections["crux"].url
    wrote = ada.post("/begin/system", **moved, do="write", seen=seen(without), password="another word")

    for page in (look, without):
        assert " required" in tag(page, "password")
        assert "Leave it empty" not in words(page)
    assert (without.status, kept) == (422, PURE["url"])
    assert "it would go elsewhere now" in words(without)
    assert wrote.status == 303
    assert (home.folder / "crux.token").read_text() == "another word"


def test_a_removed_connection_of_another_kind_keeps_its_name(home: House) -> None:
    home.ok("connection", "add", "gone", "--kind", "files", "--path", "import")
    home.file.write_text(home.file.read_text().replace('[connections.gone]\nkind = "files"\npath = "import"\n', ""))
    home.ok("connection", "list")

    ran = home.run("connection", "add", "gone", "--kind", "elements", "--url", "https://gone.example.edu")

    assert "whose votes still stand" in ran.err


def test_the_overview_tells_what_waits_and_what_was_done(home: House, ada: Somebody) -> None:
    home_store = opened(home)
    store.alarms.notice(
        home_store, [store.Alarm("decision:x", "x: run 5 waits; `ringmark accept 5` agrees")], now=store.now()
    )
    with home_store.write() as db:
        store.note(db, "hide", "doi:10.5555/hidden", by="ada", now=store.now())
        store.note(db, "outlet import", "<b>x</b>", by='"><script>', now=store.now())
    home_store.engine.dispose()

    page = ada.get("")

    assert "<code>ringmark accept 5</code>" in page.text
    assert 'href="/console/decisions"' in page.text
    assert "hid an output or a person" in words(page)
    assert "10.5555" not in page.text
    assert "<script>" not in page.text.replace("<script src", "")
    assert "Outputs known" in words(ada.get("/figures", hx_request="true"))
    assert "<h1" not in ada.get("/figures", hx_request="true").text
