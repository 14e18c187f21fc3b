"""The console's pages of people's requests and of the audit log: what they show, do and refuse, and as files."""

import json
import re

import pytest
from browser import Watched, faults
from console_visitor import Somebody, a_server, a_window, signed_in, somebody, words
from erased_house import HANDLE, NAME, ORCID, WORDS, Erasing
from served import Reply, Served, serving

SEEN = re.compile(r'name="seen" value="([0-9a-f]{16})"')


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Erasing:
    return Erasing(tmp_path_factory.mktemp("home")).fill()


served, ada, window = a_server(), somebody("ada"), a_window()


def _person(home: Erasing, name: str = NAME) -> str:
    return f"/requests/person/{home.stored('SELECT public_id FROM person WHERE name = ?', name)[0][0]}"


def _account(home: Erasing) -> str:
    return f"/requests/account/{home.stored('SELECT id FROM account WHERE key = ? ORDER BY id', HANDLE)[0][0]}"


def test_an_editor_may_enter_none_of_it(served: Served, home: Erasing) -> None:
    eve = signed_in(served, home, role="editor", name="eve")

    for path in ("/audit", "/audit/verify", "/audit/export", "/requests", _person(home), f"{_person(home)}/forget"):
        assert eve.get(path).status == 403, path
    assert eve.post(f"{_person(home)}/export").status == 403
    assert "Audit log" not in words(eve.get(""))


def test_somebody_is_found_by_name_orcid_number_and_key_and_the_log_does_not_say_for_whom(
    ada: Somebody, home: Erasing
) -> None:
    for asked in (NAME, "quastel", ORCID, "z1", "two:z2", _person(home).rpartition("/")[2]):
        assert NAME in words(ada.post("/requests", who=asked)), asked
    assert f"x:{HANDLE}" in words(ada.post("/requests", who=f"x:{HANDLE}"))
    assert "Nobody is known by that" in words(ada.post("/requests", who="nobody at all"))
    assert ada.post("/requests", who=" ").status == 422
    assert "<b>" not in ada.post("/requests", who='"><b>').text

    noted = home.stored("SELECT subject, detail FROM audit WHERE verb = 'look for a person'")
    assert {subject for subject, _ in noted} == {"requests"}
    assert not any(word.decode() in detail for _, detail in noted for word in WORDS)


def test_what_is_known_is_shown_and_taken_along_and_both_are_noted(ada: Somebody, home: Erasing) -> None:
    path = _person(home)
    page = ada.get(path)
    file = ada.post(f"{path}/export")
    ada.get(_account(home))

    assert ORCID in words(page)
    assert json.loads(_sent(file))["name"] == NAME
    assert file.header("content-disposition").startswith('attachment; filename="person-')
    assert file.header("cache-control") == "private, no-store"
    assert not file.header("access-control-allow-origin")
    verbs = {verb for (verb,) in home.stored("SELECT verb FROM audit")}
    assert {"look at a person's data", "look at an account's data", "person export"} <= verbs
    assert json.loads(_sent(ada.post(f"{_account(home)}/export")))["mentions"]


@pytest.mark.parametrize("id_", ["0", "1", "999999999999999999999", "-1", "x", "%00", "1%27"])
@pytest.mark.parametrize("kind", ["person", "account"])
def test_a_forged_number_is_nobody(ada: Somebody, kind: str, id_: str) -> None:
    if (kind, id_) == ("account", "1"):
        id_ = "4711"
    for path in (f"/requests/{kind}/{id_}", f"/requests/{kind}/{id_}/forget"):
        assert ada.get(path).status == 404
    assert ada.post(f"/requests/{kind}/{id_}/export").status == 404
    assert ada.post(f"/requests/{kind}/{id_}/forget", why="x", sure="yes", seen="0" * 16).status == 404


def test_nobody_is_erased_without_a_reason_certainty_and_a_preview_that_still_holds(
    ada: Somebody, home: Erasing
) -> None:
    path = f"{_person(home)}/forget"
    page = ada.get(path)
    seen = SEEN.search(page.text)[1]  # type: ignore[index]
    looks = "SELECT count(*) FROM audit WHERE verb = 'look at a person''s data'"
    before = home.stored(looks)[0][0]

    assert "1 outputs vanish" in words(page)
    assert ada.post(path, why="case 7", seen=seen).status == 422
    assert ada.post(path, sure="yes", seen=seen).status == 422
    assert home.stored(looks)[0][0] == before + 2, "what answers a form is looked at as much"
    assert "names whom it is about" in words(ada.post(path, why=f"for {NAME}", sure="yes", seen=seen))
    assert ada.post(path, why="case 7", sure="yes").status == 409
    home.ok("hide", "doi:10.5555/alone", "--why", "meanwhile")
    changed = ada.post(path, why="case 7", sure="yes", seen=seen)
    home.ok("unhide", "doi:10.5555/alone")

    assert (changed.status, "Nothing was erased" in words(changed), "case 7" in changed.text) == (409, True, True)
    assert NAME in home.named()


def test_an_erased_person_and_account_are_gone_from_pages_and_disk_and_may_come_back(
    home: Erasing, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = home.copied(tmp_path_factory.mktemp("copy") / "home")
    with serving(copy.folder) as served:
        ada = signed_in(served, copy)
        assert "Quastelbaum" in served.get("/doi/10.5555/both").text
        assert HANDLE in served.get("/doi/10.5555/both").text
        for path in (_person(copy), _account(copy)):
            seen = SEEN.search(ada.get(f"{path}/forget").text)[1]  # type: ignore[index]
            done = ada.post(f"{path}/forget", why="case 7", sure="yes", seen=seen)
            assert (done.status, done.header("location").partition("?")[0]) == (303, "/console/requests")

        page = served.get("/doi/10.5555/both").text
        assert "Quastelbaum" not in page
        assert f"{HANDLE}/1" not in page
        assert copy.lies_there(*WORDS) == set() or "log=full" in done.header("location")
        listed = words(ada.get("/requests"))
        assert ("person forget" in listed, "Quastelbaum" in listed) == (True, False)
        ((subject,),) = copy.stored("SELECT subject FROM audit WHERE verb = 'person forget'")
        assert ada.post("/requests/allow", subject=subject, why="").status == 422
        assert ada.post("/requests/allow", subject="person:1", why="x").status == 422
        assert ada.post("/requests/allow", subject=subject, why="case 9").status == 303


def test_the_log_is_filtered_paged_checked_and_taken_along(ada: Somebody, home: Erasing) -> None:
    home.ok("hide", "doi:10.5555/twice", "--why", "<i>markup</i>")
    home.ok("unhide", "doi:10.5555/twice")
    while len(home.stored("SELECT 1 FROM audit")) < 60:
        home.ok("audit", "list", "--most", "1")

    page = ada.get("/audit")
    older = re.search(r'href="(/console)(/audit\?before=\d+)" rel="next"', page.text)
    assert older is not None
    rest = ada.get(older[2])

    assert (page.text.count('<th scope="row"'), "&lt;i&gt;markup" in rest.text + page.text) == (50, True)
    assert '<th scope="row" class="n">1</th>' in rest.text
    chosen = ada.get("/audit?verb=hide&subject=doi:10.5555/twice")
    assert chosen.text.count('<th scope="row"') == 1
    assert ada.get("/audit?since=soon").status == 422
    assert "No line is like that" in words(ada.get("/audit?by=somebody-else"))
    part = ada.get("/audit?verb=hide", hx_request="true")
    assert part.text.strip().startswith('<div id="audit-lines"')
    assert "nothing was changed" in words(ada.get("/audit/verify"))
    lines = ada.get("/audit/export?format=jsonl")
    assert (lines.header("content-type"), lines.header("content-disposition")) == (
        "application/jsonl; charset=utf-8", 'attachment; filename="audit.jsonl"')  # fmt: skip
    assert home.stored("SELECT verb FROM audit ORDER BY id DESC LIMIT 1") == [("audit export",)]
    assert home.stored("SELECT count(*) FROM audit WHERE verb = 'look at the audit log'") == [(1,)]


@pytest.mark.parametrize("at", ["/audit", "/audit/verify", "/requests", "person", "account", "person/forget"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_narrow_window(window: Watched, home: Erasing, at: str) -> None:
    path = at.replace("person", _person(home), 1).replace("account", _account(home), 1)
    window.page.goto(f"/console{path}", wait_until="networkidle")

    assert faults(window.page) == []
    assert window.complaints == []


def test_somebody_is_found_in_a_browser_and_what_erasing_does_comes_by_itself(window: Watched) -> None:
    page = window.page
    page.goto("/console/requests", wait_until="networkidle")
    page.get_by_label("Name, ORCID").fill(NAME)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="Erase").wait_for()  # which has come by itself

    assert "outputs vanish" in page.inner_text("main")
    assert window.complaints == []


def _sent(reply: Reply) -> bytes:
    """What was sent in parts (RFC 9112, 7.1)."""
    rest, whole = reply.body, b""
    while size := int(rest.partition(b"\r\n")[0], 16):
        part = rest.partition(b"\r\n")[2]
        whole, rest = whole + part[:size], part[size + 2 :]
    return whole
