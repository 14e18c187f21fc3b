"""Rule sets by the command line: copied, put in force and removed; and scores that notice a file that was edited."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import stores
import tomlkit
from conftest import House

from config.load import load
from scoring import rules
from sync import steps, store
from sync.acts import Office, Refused, settings_file

TABLE = "\n[score]\nrules = 'published-2020' # as agreed\n"


@pytest.fixture
def own(scored: House, tmp_path: Path) -> House:
    house = scored.copy(tmp_path / "own")
    return house.write(house.file.read_text() + TABLE)


def test_a_copy_says_the_same_and_can_be_put_in_force(own: House) -> None:
    made = own.json("rules", "copy", "ringmark-2026", "mine")
    tried = own.json("rules", "use", "mine", "--why", "x", "--dry-run")
    before = own.file.read_text()
    used = own.json("rules", "use", "mine", "--why", "x")
    own.ok("score")

    assert made == {"name": "mine", "version": "1", "copy_of": "ringmark-2026", "file": "rules/mine.toml"}
    assert own.json("rules", "diff", "ringmark-2026", "mine")["constants"] == []
    assert tried == {"before": {"name": "published-2020", "version": "1"}, "after": {"name": "mine", "version": "1"},
                     "errand": None, "dry_run": True}  # fmt: skip
    assert "published-2020" in before
    assert used["errand"] > 0
    assert own.file.read_text() == before.replace("'published-2020' # as", '"mine" # as')
    assert {row["rules"] for row in own.rows("internal")} == {"mine"}
    verbs = own.stored("SELECT verb, subject FROM audit WHERE verb IN ('rules copy', 'rules use') ORDER BY id")
    assert [tuple(row) for row in verbs] == [("rules copy", "mine"), ("rules use", "mine")]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("copy", "ringmark-2026", "../mine"), 2, "name: must be of a to z"),
        (("copy", "ringmark-2026", "published-2020"), 1, "there is a rule set published-2020 already"),
        (("copy", "nobodys", "mine"), 1, "no rule set is called 'nobodys'"),
        (("copy", "broken", "mine"), 2, "rule set broken: version must be a word in quotes"),
        (("use", "published-2021", "--why", " "), 2, "why: is empty"),
        (("use", "published-2020", "--why", "x"), 1, "published-2020: is in force already"),
        (("use", "nobodys", "--why", "x"), 1, "no rule set is called 'nobodys'"),
        (("use", "../import/mine", "--why", "x"), 1, "no rule set is called"),
        (("use", "broken", "--why", "x"), 2, "rule set broken: version must be a word in quotes"),
        (("delete", "published-2021"), 1, "comes with Ringmark"),
        (("delete", "../ringmark"), 1, "no rule set of your own"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(
    own: House, words: tuple[str, ...], code: int, said: str
) -> None:
    folder = own.folder / "rules"
    folder.mkdir()
    (folder / "broken.toml").write_text(rules.text("published-2020").replace('version = "1"', 'version = ""'))
    before = own.file.read_text(), sorted(own.folder.rglob("*.toml"))

    ran = own.run("rules", *words, "--json")

    assert ran.code == code, ran
    assert said in ran.document["error"]
    assert (own.file.read_text(), sorted(own.folder.rglob("*.toml"))) == before
    assert own.stored("SELECT count(*) FROM audit WHERE verb IN ('rules copy', 'rules use', 'rules delete')")[0][0] == 0


def test_a_switch_that_a_variable_would_undo_is_refused_with_its_name(
    own: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGMARK_SCORE__RULES", "counts-2018")

    ran = own.run("rules", "use", "published-2021", "--why", "x")

    assert ran.code == 1
    assert "score.rules: is set by the variable RINGMARK_SCORE__RULES, over the file" in ran.err
    assert "published-2020" in own.file.read_text()


def test_what_is_in_force_cannot_be_removed_and_what_is_not_can(own: House) -> None:
    own.ok("rules", "copy", "ringmark-2026", "mine")
    own.ok("rules", "use", "mine", "--why", "x")

    refused = own.run("rules", "delete", "mine")
    own.ok("rules", "use", "published-2020", "--why", "as before")
    own.ok("rules", "delete", "mine")

    assert (refused.code, "is in force; put another in force first" in refused.err) == (1, True)
    assert list((own.folder / "rules").iterdir()) == []


def test_a_rule_set_that_was_edited_under_the_same_version_is_noticed_and_everything_scored_anew(own: House) -> None:
    own.ok("rules", "copy", "published-2020", "mine")
    own.ok("rules", "use", "mine", "--why", "x")
    own.ok("score")
    file = own.folder / "rules" / "mine.toml"
    before = {row["output"]: row["millipoints"] for row in own.rows()}
    assert own.json("score")["outputs"] == 0

    file.write_text(file.read_text().replace('wikipedia = { unit = "source", millipoints = 3000',
                                             'wikipedia = { unit = "source", millipoints = 5000'))  # fmt: skip
    own.ok("score")

    after = {row["output"]: row["millipoints"] for row in own.rows()}
    assert after != before
    assert {after[output] - before[output] for output in after} == {0, 2000}
    reasons = own.stored("SELECT DISTINCT reason FROM score_change WHERE rules = 'mine' AND after - before = 2000")
    assert [tuple(row) for row in reasons] == [("rules",)]
    assert own.json("score")["outputs"] == 0


@pytest.fixture
def ada(own: House) -> Iterator[Office]:
    settings = load(own.file, {})
    home = steps.open_house(settings)
    yield Office(home, settings, by="ada", clock=store.now)
    home.engine.dispose()


def test_a_change_that_could_not_be_loaded_is_refused_with_each_fault_and_leaves_the_file(
    own: House, ada: Office
) -> None:
    before = own.file.read_bytes()

    def wrong(document: tomlkit.TOMLDocument) -> None:
        document["score"]["rules"] = 7  # type: ignore[index]
        document["connections"]["local"]["pull"] = "often"  # type: ignore[index]

    with pytest.raises(Refused) as refused:
        settings_file.written(ada, wrong)

    lines = refused.value.message.splitlines()
    assert [line.startswith(f"{own.file}: ") for line in lines] == [True, True]
    assert "score.rules" in refused.value.message
    assert "connections.local.pull" in refused.value.message
    assert own.file.read_bytes() == before
    assert not list(own.folder.glob(".ringmark.toml.*"))


def test_a_table_is_added_and_what_stands_there_stays_as_it_is_written(own: House, ada: Office) -> None:
    own.file.write_bytes(b"\xef\xbb\xbf# Kept.\r\n" + own.file.read_bytes().replace(b"\n", b"\r\n"))
    own.file.chmod(0o604)
    before = own.file.read_bytes()
    mark = settings_file.digest(ada)

    def more(document: tomlkit.TOMLDocument) -> None:
        document["connections"]["more"] = {"kind": "files", "path": "import"}  # type: ignore[index]

    told = settings_file.written(ada, more, seen=mark)

    assert list(told.connections) == ["local", "more"]
    assert told.file == own.file
    after = own.file.read_bytes()
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert own.file.stat().st_mode & 0o777 == 0o604
    with pytest.raises(Refused, match="somebody else has changed it meanwhile"):
        settings_file.written(ada, more, seen=mark)


def test_a_line_that_is_only_a_dotted_key_or_is_not_there_is_written_too(own: House) -> None:
    for told in ("score.rules = 'published-2020'\n", "score = { versions = true }\n", ""):
        own.write(told + stores.table(own.folder) + "[connections.local]\nkind = 'files'\npath = 'import'\n")

        own.ok("rules", "use", "published-2021", "--why", "x")

        assert load(own.file, {}).score.rules == "published-2021"
        assert json.loads(own.ok("rules", "list", "--json"))["rules"][2]["published"]
