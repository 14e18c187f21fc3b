"""The audit log only grows, what was done to it is found, and whoever reads it is in it."""

import csv
import io
import json
from pathlib import Path

import psycopg
import pytest
import stores
from conftest import House
from restore_house import Sources

from sync.store.chain import BEGINNING, tie

LINES = ("hide", "unhide", "hide")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    house = Sources(tmp_path_factory.mktemp("told")).tell("one", a="public", b="public")
    house.ok("sync")
    house.ok("hide", "doi:10.5555/a", "--why", "=HYPERLINK(1)")
    house.ok("unhide", "doi:10.5555/a")
    house.ok("hide", "doi:10.5555/b", "--why", "two")
    return house


@pytest.fixture
def house(told: Sources, tmp_path: Path) -> Sources:
    return told.copied(tmp_path / "house")


@pytest.mark.parametrize(
    "sql", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 2"]
)
def test_the_database_refuses_to_change_or_delete_a_line(house: Sources, sql: str) -> None:
    with pytest.raises(Exception, match="the audit log is never changed"):
        house.stored(sql)

    assert [verb for (verb,) in house.stored("SELECT verb FROM audit ORDER BY id")] == [*LINES]


@stores.postgresql_alone
def test_the_database_refuses_to_empty_the_log(house: Sources) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="the audit log is never changed"):
        house.stored("TRUNCATE audit")


@pytest.mark.parametrize(
    ("sql", "broken", "short"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE id = 2", [2], False),
        ("UPDATE audit SET at = at + 1 WHERE id = 1", [1], False),
        ("UPDATE audit SET detail = '{}' WHERE id = 3", [3], False),
        ("DELETE FROM audit WHERE id = 2", [3], True),
        ("DELETE FROM audit WHERE id = 1", [2], True),
        ("DELETE FROM audit WHERE id = 3", [], True),
        ("DELETE FROM audit", [], True),
        ("INSERT INTO audit (at, actor, verb, subject, detail) VALUES (1, 'x', 'hide', 'y', '{}')", [4], True),
        ("UPDATE audit SET hash = (SELECT a.hash FROM audit a WHERE a.id = 1) WHERE id = 2", [2, 3], False),
    ],
)
def test_what_was_done_to_the_log_past_its_guards_is_found(
    house: Sources, sql: str, broken: list[int], short: bool
) -> None:
    assert house.json("audit", "verify")["whole"] is True
    _unguarded(house, sql)

    ran = house.run("audit", "verify", "--json")

    assert (ran.code, ran.document["whole"]) == (1, False)
    assert (ran.document["broken"], ran.document["short"]) == (broken, short)
    assert house.run("audit", "verify").code == 1


def test_a_log_that_was_tied_anew_from_its_beginning_no_longer_has_the_hash_that_was_written_down(
    house: Sources,
) -> None:
    head = house.json("audit", "verify")["head"]
    lines = house.stored("SELECT id, at, actor, verb, subject, detail FROM audit ORDER BY id")
    before = BEGINNING
    for id_, at, _, *rest in lines:
        before = tie(before, at, "nobody", *rest)
        _unguarded(house, f"UPDATE audit SET actor = 'nobody', hash = '{before}' WHERE id = {id_}")
    house.stored("UPDATE meta SET value = ? WHERE name = 'audit_head'", f"3 {before}")

    assert house.json("audit", "verify")["whole"] is True
    assert house.run("audit", "verify", "--head", head).code == 1


def test_lines_are_found_by_who_what_whom_and_when_and_looking_is_a_line(house: Sources) -> None:
    by = house.stored("SELECT actor FROM audit WHERE id = 1")[0][0]

    def found(*asked: str) -> list[int]:
        return [each["line"] for each in house.json("audit", "list", *asked)["lines"]]

    assert found("--verb", "hide", "--subject", "doi:10.5555/") == [3, 1]
    assert found("--subject", "doi:10.5555/a", "--by", by, "--until", "2100-01-01") == [2, 1]
    assert found("--since", "2100-01-01") == []
    assert [each["verb"] for each in house.json("audit", "list", "--most", "3")["lines"]] == ["audit list"] * 3
    assert house.run("audit", "list", "--since", "soon").code == 2
    assert house.run("audit", "export", "-o", "-", "--format", "xml").code == 2


def test_the_log_is_taken_along_without_a_cell_that_a_spreadsheet_would_run(house: Sources) -> None:
    house.ok("hide", "doi:10.5555/a", "--why", "three")
    house.stored("INSERT INTO audit (at, actor, verb, subject, detail) VALUES (1, '=cmd', 'x', '@y', '{}')")

    rows = list(csv.DictReader(io.StringIO(house.ok("audit", "export", "-o", "-"))))
    lines = [json.loads(each) for each in house.ok("audit", "export", "-o", "-", "--format", "jsonl").splitlines()]

    assert (rows[1]["by"], rows[1]["subject"]) == ("'=cmd", "'@y")
    assert [row["line"] for row in rows] == ["6", "5", "4", "3", "2", "1"]
    assert [each["detail"].get("why") for each in lines][-4:] == ["three", "two", None, "=HYPERLINK(1)"]


def test_the_lines_of_a_store_of_earlier_are_tied_when_it_is_brought_up_to_date(tmp_path: Path) -> None:
    house = House(tmp_path)
    dump = (Path(__file__).parent / "recorded" / "store-0004.sql").read_text()
    stores.restore(tmp_path, "0004", dump)
    before = house.stored("SELECT id, verb FROM audit ORDER BY id")

    house.write("")
    told = house.json("audit", "verify")

    assert before
    assert (told["whole"], told["lines"]) == (True, len(before))
    assert house.stored("SELECT id, verb FROM audit ORDER BY id") == before


# Restores ----------------------------------------------------------------------------------------------------------


def test_a_restore_leaves_the_log_as_it_is_and_adds_to_it(house: Sources) -> None:
    backup = house.backup()
    house.ok("unhide", "doi:10.5555/b")
    before = house.stored("SELECT * FROM audit ORDER BY id")

    house.restored(backup)

    after = house.stored("SELECT * FROM audit ORDER BY id")
    assert after[: len(before)] == before
    assert [row[3] for row in after[len(before) :]] == ["restore"]
    assert house.json("audit", "verify")["whole"] is True


def test_a_restore_into_a_new_store_brings_the_log_of_the_backup_tied_as_it_was(house: Sources, tmp_path: Path) -> None:
    head = house.json("audit", "verify")["head"]
    backup = house.backup()
    other = Sources(tmp_path / "other")
    other.folder.mkdir()
    other.tell("one", a="public", b="public")

    other.ok("restore", backup)

    assert [verb for (verb,) in other.stored("SELECT verb FROM audit ORDER BY id")] == [*LINES, "restore"]
    assert other.json("audit", "verify", "--head", head)["whole"] is True


def test_where_both_have_gone_on_by_themselves_the_log_of_the_backup_follows_as_a_segment(
    house: Sources, tmp_path: Path
) -> None:
    backup = house.backup()
    other = Sources(tmp_path / "other")
    other.folder.mkdir()
    other.tell("one", a="public", b="public").ok("sync")
    other.ok("hide", "doi:10.5555/a", "--why", "its own")

    other.ok("restore", backup)

    lines = other.stored("SELECT verb, detail FROM audit ORDER BY id")
    assert [verb for verb, _ in lines] == ["hide", "audit segment", *LINES, "restore"]
    assert json.loads(lines[1][1])["lines"] == 3
    assert other.json("audit", "verify")["whole"] is True


def test_what_was_done_to_a_log_stays_found_after_a_restore(house: Sources) -> None:
    backup = house.backup()
    _unguarded(house, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")

    house.restored(backup)

    assert house.run("audit", "verify").code == 1


def _unguarded(house: House, sql: str) -> None:
    """Do what the triggers of the log refuse, as somebody would who owns the database."""
    with stores.database(house.folder) as db:
        if stores.POSTGRESQL:
            db.execute("SET session_replication_role = replica")
            db.execute(sql)
            return
        guards = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).fetchall()
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(sql)
        for _, made in guards:
            db.execute(made)
