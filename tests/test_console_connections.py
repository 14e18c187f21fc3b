"""Connections in the console: how they stand, what is asked of them, decisions, and what was not understood."""

import json
import re

import pytest
from conftest import House
from console_visitor import Somebody, a_server, somebody, words

LOCAL = """
[connections.local]
kind = "files"
path = "import"
pull = "manual"
full = "manual"
"""
OTHER = """
[connections.other]
kind = "files"
path = "other"
require_author = false
headers = {x_key = "Hidden-header-1"}
"""
MARKUP = "<script>alert(1)</script>"
SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')


def tell(house: House, number: int) -> None:
    """How many outputs the second source lists."""
    folder = house.folder / "other"
    folder.mkdir(exist_ok=True)
    rows = [f"w{n},Work {n} {MARKUP},public,10.5555/other.{n}\n" for n in range(number)]
    (folder / "outputs.csv").write_text("".join(["output,title,visibility,doi\n", *rows]))


@pytest.fixture(scope="module")
def home(scored: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    house = scored.copy(tmp_path_factory.mktemp("connections") / "house")
    house.write(LOCAL + OTHER)
    tell(house, 10)
    bad = {"id": "m", "source": f"{MARKUP}\u202e\u0007", "output": ["doi:10.5555/other.1"],
           "occurred_at": "2026-03-01T10:00:00Z"}  # fmt: skip
    (house.folder / "other" / "mentions.jsonl").write_text(json.dumps(bad, ensure_ascii=False) + "\n")
    house.ok("pull", "other")
    house.ok("score")
    return house


served = a_server()
ada, bob, eve = somebody("ada"), somebody("bob"), somebody("eve", "editor")


def test_every_connection_is_there_with_what_it_told_and_that_no_daemon_is_at_work(eve: Somebody) -> None:
    page, counts = words(eve.get("/connections")), words(eve.get("/connections/other/counts"))

    assert "No daemon is at work on this store" in page
    assert "other files good" in page
    assert "Next read by hand only" in page
    assert "Next read when a daemon is at work" in page
    assert "Told 10 items, 0 people" in counts


def test_a_connection_shows_its_runs_and_settings_and_no_secret(eve: Somebody, ada: Somebody) -> None:
    page, seen = ada.get("/connections/other"), words(eve.get("/connections/other"))

    assert "Hidden-header-1" not in page.text
    assert "headers 1 set" in words(page)
    assert "everything" in seen
    assert "Run now" in words(page)
    assert "Run now" not in seen, "an editor looks"
    assert ada.get("/connections/nowhere").status == 404


def test_an_editor_can_neither_pause_nor_decide(eve: Somebody) -> None:
    assert eve.post("/connections/other/pause").status == 403
    assert eve.post("/connections/other/ask", what="pull").status == 403
    assert eve.get("/connections/other/forget").status == 403
    assert eve.get("/decisions").status == 403


def test_what_is_asked_for_while_no_daemon_is_at_work_waits_and_names_the_verb(ada: Somebody, home: House) -> None:
    sent = ada.post("/connections/other/ask", what="full")
    page = words(ada.get("/connections/other"))

    assert (sent.status, sent.header("location")) == (303, "/console/connections/other")
    assert "waits for a daemon; by hand: ringmark pull other --full" in page
    (errand,) = home.json("errand", "list")["errands"]
    assert (errand["verb"], errand["by"], errand["begun"]) == ("full", "ada", None)
    assert home.stored("SELECT actor, subject FROM audit WHERE verb = 'errand full'") == [("ada", "other")]
    assert ada.post("/connections/other/ask", what="withdraw").status == 422
    assert ada.post("/connections/nowhere/ask", what="pull").status == 409


def test_pausing_and_resuming_are_those_of_the_command_line(ada: Somebody, home: House) -> None:
    ada.post("/connections/other/pause")
    paused = words(ada.get("/connections/other"))
    state = {each["name"]: each["state"] for each in home.json("connection", "list")["connections"]}
    ada.post("/connections/other/resume")

    assert "Next read not until it is resumed" in paused
    assert state["other"] == "paused"
    audited = home.stored("SELECT actor FROM audit WHERE verb IN ('connection pause', 'connection resume')")
    assert audited == [("ada",), ("ada",)]


def test_what_was_not_understood_is_there_by_reason_and_its_evidence_can_do_nothing(eve: Somebody, home: House) -> None:
    listed = eve.get("/setaside")
    (id_,) = [row["id"] for row in home.json("setaside", "list")["set_aside"] if row["connection"] == "other"]
    home.stored("UPDATE set_aside SET evidence = ? WHERE id = ?", f"{MARKUP}\u202e\u0007{'y' * 3000}", id_)
    one, file = eve.get(f"/setaside/{id_}"), eve.get(f"/setaside/{id_}/evidence")

    for page in (listed, one):
        assert MARKUP not in page.text
        assert not set(page.text) & {"\u202e", "\u0007"}
    assert "\\u202e" in one.text
    assert "more characters" in words(one)
    assert file.header("content-type").startswith("text/plain")
    assert file.header("content-disposition") == f'attachment; filename="setaside-{id_}.txt"'
    assert "y" * 3000 in file.text
    looks = home.stored("SELECT subject FROM audit WHERE verb = 'look at set-aside record' AND actor = 'eve'")
    assert (str(id_),) in looks
    assert [eve.get(f"/setaside/{wrong}").status for wrong in ("0", "999999", "x", "9" * 30)] == [404] * 4


def test_records_of_one_reason_are_listed_and_their_source_is_read_again(eve: Somebody, home: House) -> None:
    link = re.search(r'href="/console(/setaside\?connection=other[^"]*)"', eve.get("/setaside").text)
    assert link
    records = eve.get(link[1].replace("&amp;", "&"))
    sent = eve.post("/setaside/replay", connection="local")

    assert 'href="/console/setaside/' in records.text
    assert sent.status == 303
    assert home.json("errand", "list")["errands"][0]["verb"] == "full"
    assert eve.post("/setaside/replay", connection="(import)").status == 409


def test_what_the_brake_holds_back_is_seen_before_somebody_agrees_and_only_once(
    ada: Somebody, bob: Somebody, eve: Somebody, home: House
) -> None:
    tell(home, 3)
    assert home.run("pull", "other").code == 4
    (run,) = home.json("status")["waits_for_accept"]
    page, effect = ada.get(f"/decisions/{run}"), words(ada.get(f"/decisions/{run}/effect"))
    leads = [each.get("").text.count('href="/console/decisions') for each in (ada, eve)]
    stale = ada.post(f"/decisions/{run}", count=6)
    taken = bob.post(f"/decisions/{run}", count=7)
    late = ada.post(f"/decisions/{run}", count=7)

    assert leads[0] >= 2, "the menu, and what waits"
    assert leads[1] == 0, "an editor is led to nothing that they may not enter"
    assert "7 item records" in words(page)
    assert MARKUP not in page.text
    assert "Work 9" in words(page)
    assert "public outputs vanish 7" in effect
    assert (stale.status, taken.status, late.status) == (409, 303, 409)
    assert f"run {run}: holds nothing back" in words(late)
    assert home.json("connection", "list")["connections"][1]["items"] == 3
    assert home.stored("SELECT actor FROM audit WHERE verb = 'accept'") == [("bob",)]
    tell(home, 10)
    home.ok("pull", "other")
    home.ok("score")


def test_forged_run_numbers_are_unknown(ada: Somebody) -> None:
    answers = [ada.get(f"/decisions/{run}") for run in ("0", "x", "-1", "9" * 40, "1")]

    assert [each.status for each in answers] == [404, 404, 404, 404, 409]
    assert ada.post("/decisions/1", count=0).status == 409


def test_nothing_is_forgotten_unless_what_was_shown_still_holds(ada: Somebody, bob: Somebody, home: House) -> None:
    blind = ada.post("/connections/other/forget", why="we move")
    seen = SEEN.search(ada.get("/connections/other/forget?preview=1").text)
    assert seen
    silent = ada.post("/connections/other/forget", seen=seen[1])
    bob.post("/connections/other/pause")
    tell(home, 11)
    home.ok("pull", "other")
    stale = ada.post("/connections/other/forget", seen=seen[1], why="we move")
    kept = home.json("connection", "list")["connections"][1]["items"]
    again = SEEN.search(stale.text)
    assert again
    done = ada.post("/connections/other/forget", seen=again[1], why="we move")

    assert (blind.status, silent.status, stale.status) == (422, 422, 409)
    looks = "SELECT count(*) FROM audit WHERE verb = 'look at forgetting' AND subject = 'other'"
    assert home.stored(looks)[0][0] == 3, "each answer to a form; the link lay within a minute of the first"
    assert "no longer what was shown" in words(stale)
    assert kept == 11
    assert (done.status, done.header("location")) == (303, "/console/connections?forgotten=other")
    assert "other is forgotten" in words(ada.get("/connections?forgotten=other"))
    assert "evil" not in ada.get("/connections?forgotten=%3Cevil%3E").text
    assert home.json("connection", "list")["connections"][1]["items"] == 0
    (audited,) = home.stored("SELECT actor, detail FROM audit WHERE verb = 'connection forget'")
    assert (audited[0], json.loads(audited[1])) == ("ada", {"why": "we move"})
    bob.post("/connections/other/resume")
    home.ok("pull", "other")


def test_a_connection_that_vanishes_from_the_settings_meanwhile_is_said(ada: Somebody, home: House) -> None:
    home.write(LOCAL)
    sent = [ada.post("/connections/other/ask", what="pull"), ada.post("/connections/other/pause")]
    page = words(ada.get("/connections/other"))

    assert [each.status for each in sent] == [409, 409]
    assert "other: no such connection in ringmark.toml" in words(sent[0])
    assert "No longer in ringmark.toml; its votes stay" in page
    home.write(LOCAL + OTHER)
    assert ada.post("/connections/other/resume").status == 303
