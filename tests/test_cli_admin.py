"""The administrator's verbs: hides, the scope, connections, what was set aside, settings and their checks."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conftest import House
from naive.elements import WIRES, serve, small

from sandbox.outputs import COMBINATIONS, FIRST_OUTPUT

SHOWN = "10.5555/example.50040"
PRIVATE = f"10.5555/example.{FIRST_OUTPUT + COMBINATIONS.index(('private', 'public', False, True))}"
INTERNAL = f"10.5555/example.{FIRST_OUTPUT + COMBINATIONS.index(('internal', 'public', False, True))}"
DAY = 86_400 * 1_000_000


def test_a_hide_is_at_once_and_outlives_pulls_until_it_is_taken_back(own: House) -> None:
    assert SHOWN in own.dois("public")

    own.ok("hide", SHOWN, "--why", "a court order")

    assert not {SHOWN} & (own.dois("public") | own.dois("internal"))
    own.ok("pull", "--full")
    own.ok("score", "--full")
    assert SHOWN not in own.dois("internal")
    why = own.json("why", SHOWN)
    assert "a court order" in json.dumps(why)
    assert "hide voted private" in why["decided"]
    own.ok("unhide", SHOWN)
    own.ok("score")
    assert SHOWN in own.dois("public")
    audited = [row[0] for row in own.stored("SELECT verb FROM audit ORDER BY id")]
    assert audited[-3:] == ["hide", "why", "unhide"]


def test_a_hidden_person_is_named_nowhere(own: House) -> None:
    (link, *_) = [each for each in own.json("why", SHOWN)["authorships"] if each["name"] == "Ada Maren Abernook"]

    own.ok("hide", link["person"], "--why", "asked for it")

    for audience in ("public", "internal"):
        assert not any("Ada Maren Abernook" in row["people"] for row in own.rows(audience))
    assert SHOWN not in own.dois("internal")  # nobody else wrote it
    own.ok("unhide", link["person"])
    own.ok("score")
    assert any("Ada Maren Abernook" in row["people"] for row in own.rows())


def test_a_hide_with_an_end_opens_only_after_its_sources_were_read_again(own: House) -> None:
    before = own.rows()
    own.ok("hide", SHOWN, "--why", "an embargo", "--until", _day(own, 2))

    own.later = 5 * DAY
    own.ok("score", "--full")
    assert SHOWN not in own.dois()
    assert own.json("status")["alarms"] != []
    own.ok("pull")
    own.ok("score")

    assert own.rows() == before


def _day(house: House, ahead: int) -> str:
    began = datetime.fromisoformat(house.json("status")["connections"][0]["last_run"]["began_at"])
    return f"{began + timedelta(days=ahead):%Y-%m-%d}"


@pytest.mark.parametrize(
    ("text", "word"),
    [("", "scope"), ("[scope]\nstatus = 'sometimes'\n", "status"), ("[scope]\nstatsu = 'all'\n", "statsu"),
     ("[scope.visibility]\npeople = 'campus'\n", "people"), ("[scope", "scope.toml"),
     ("[scope.visibility]\npeople = 'private'\n", "keep")],
)  # fmt: skip
def test_a_wrong_scope_file_is_refused_with_its_key(own: House, text: str, word: str) -> None:
    own.write(own.file.read_text() + 'keep = "internal"\n')
    own.ok("pull")
    (own.folder / "scope.toml").write_text(text)
    before = own.json("scope", "show")

    for verb in ("preview", "apply"):
        ran = own.run("scope", verb, str(own.folder / "scope.toml"))
        assert ran.code == 2
        assert word in ran.err

    assert own.json("scope", "show") == before


def test_the_scope_in_force_is_the_stores_and_a_difference_is_an_alarm(own: House) -> None:
    own.write('[scope]\nstatus = "current"\n' + own.file.read_text())

    own.ok("sync")

    assert own.json("scope", "show")["status"] == "all"
    assert any("scope" in alarm for alarm in own.json("status")["alarms"])
    assert own.run("status", "--fail-on", "alarm").code == 1
    own.ok("scope", "apply", str(own.file))
    assert own.json("scope", "show")["status"] == "current"
    assert own.run("status", "--fail-on", "alarm").code == 0


def test_a_paused_connection_is_not_pulled_and_keeps_its_votes(own: House) -> None:
    before = own.rows("internal")
    last = own.json("connection", "list")["connections"][0]["last_run"]["id"]
    assert own.json("connection", "pause", "local") == {"connection": "local", "state": "paused"}

    own.ok("pull")
    own.ok("score", "--full")

    runs = own.json("connection", "list")["connections"][0]
    assert (runs["state"], runs["last_run"]["id"]) == ("paused", last)
    assert own.rows("internal") == before
    own.ok("connection", "resume", "local")
    own.ok("pull")
    assert own.json("connection", "list")["connections"][0]["last_run"]["id"] == last + 1


def test_forgetting_a_connection_previews_what_would_appear(own: House) -> None:
    """A second folder hides what the first shows; forgetting it lets that appear."""
    second = own.folder / "second"
    second.mkdir()
    (second / "outputs.csv").write_text(f"output,title,type,visibility,doi\nx,X,book,private,{SHOWN}\n")
    own.write(own.file.read_text() + '[connections.second]\nkind = "files"\npath = "second"\n')
    own.ok("sync")
    assert SHOWN not in own.dois()

    preview = own.json("connection", "forget", "second", "--dry-run")
    assert SHOWN not in own.dois()
    own.write(own.file.read_text().partition("[connections.second]")[0])
    own.ok("sync")
    assert SHOWN not in own.dois()  # its vote stays, though it is in the settings no more
    assert any("second" in alarm for alarm in own.json("status")["alarms"])
    done = own.json("connection", "forget", "second")
    own.ok("score")

    assert preview["public"]["outputs"] == done["public"]["outputs"] == {"appear": [f"doi:{SHOWN}"], "vanish": []}
    assert SHOWN in own.dois()


def test_set_aside_records_are_shown_with_evidence_and_replayed(own: House) -> None:
    table = own.folder / "import" / "outputs.csv"
    good = table.read_text()
    table.write_text(
        good + ",Late,book,Journal,,2020,public,,,,,,,\n90002,Late,book,,,2020,campus,10.5555/late,,,,,,\n"
    )
    own.ok("pull")
    rows = own.json("setaside", "list")["set_aside"]
    late = next(row for row in rows if "campus" in row["reason"])
    short = next(row for row in rows if row["what"] == "set aside" and row["kind"] == "item")

    assert own.json("setaside", "show", str(short["id"]))["evidence"].startswith(",Late,book")
    table.write_text(good + "90002,Late,book,,,2020,public,10.5555/late,,,,,,\n")
    own.ok("setaside", "replay", str(late["id"]))

    left = {row["id"] for row in own.json("setaside", "list")["set_aside"]}
    assert not {late["id"], short["id"]} & left


def test_init_writes_settings_that_pass_and_overwrites_none(tmp_path: Path) -> None:
    house = House(tmp_path / "new")

    house.ok("init", "--dir", str(tmp_path / "new"))
    text = house.file.read_text()
    again = house.run("init", "--dir", str(tmp_path / "new"))

    house.ok("check")
    assert (again.code, house.file.read_text()) == (1, text)
    assert "ringmark.toml" in again.err


def test_check_connect_tells_how_the_flags_are_spread(house: House) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url)

        told = house.ok("check", "--connect")

    for word in ("v6.13", "people", "outputs", "authorships", "public", "internal", "private", "current"):
        assert word in told


def test_an_old_format_says_what_must_be_assumed(house: House) -> None:
    with serve(small(), WIRES["v4.6"]) as server:
        house.elements(server.url)

        ran = house.run("check", "--connect")

    assert ran.code == 1
    assert "[connections.elements.assume]" in ran.out


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ("", "connection"),
        ('[connections.x]\nkind = "elements"\nurl = "http://elements.example.edu/v6.13"\nusername = "u"\n'
         'password_file = "pw"\n', "https"),
        ('[connections.x]\nkind = "carrier-pigeon"\n', "carrier-pigeon"),
        ('[connections.x]\nkind = "files"\n', "connections.x.path"),
        ('[connections.X]\nkind = "files"\npath = "a"\n', "connections.X"),
        ('[store]\nurll = "sqlite:///x.db"\n', "store.urll"),
        ('[score]\nrules = "nobodys"\n[connections.x]\nkind = "files"\npath = "a"\n', "nobodys"),
        ("[connections", "ringmark.toml"),
    ],
)  # fmt: skip
def test_wrong_settings_are_named_before_anything_is_done(house: House, settings: str, word: str) -> None:
    (house.folder / "pw").write_text("secret")
    (house.folder / "pw").chmod(0o600)
    house.write(settings)

    ran = house.run("sync")

    assert (ran.code, ran.out) == (2, "")
    assert word in ran.err
    assert "secret" not in ran.err


def test_missing_settings_are_named(tmp_path: Path) -> None:
    ran = House(tmp_path).run("status", "--json")

    assert ran.code == 2
    assert "ringmark.toml" in ran.document["error"]


def test_a_rule_set_that_is_nowhere_is_one_line_with_file_key_and_mend(own: House) -> None:
    own.write(own.file.read_text() + '[score]\nrules = "nope"\n')

    ran = own.run("check")

    assert ran.code == 2
    assert ran.err.startswith(f"{own.file}: score.rules: no rule set is called 'nope'; there are: counts-2018")
    assert len(ran.err.splitlines()) == 1


def test_a_password_file_that_is_not_there_is_one_line(own: House) -> None:
    own.write(
        '[connections.e]\nkind = "elements"\nurl = "https://elements.example.edu/api"\nusername = "u"\n'
        'password_file = "nope"\n'
    )

    ran = own.run("check")

    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "connections.e.password_file" in ran.err
