"""A file with all badges in a folder: whole or not at all, and at once without what may not show."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from push_library import Library
from stores import sqlite_alone
from told_places import Drop, with_folder

from config.settings import Connection
from connectors.errors import NotUnderstood
from connectors.file_drop import FileDrop
from connectors.file_drop.folder import Folder
from connectors.http import client
from sync import export

CODES = {"failed": 1, "incomplete": 3, "held": 4}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Drop]:
    """Two public works, no file yet; one private."""
    with with_folder(tmp_path) as place:
        yield place


@pytest.fixture
def lying(place: Drop) -> Drop:
    """The same, with a file."""
    assert place.push()["written"] == 2
    return place


def made(place: Drop, name: str = "badges.csv") -> tuple[int, int]:
    """What tells one file from the next of its name."""
    found = (place.folder / name).stat()
    return found.st_ino, found.st_mtime_ns


def names(folder: Path) -> list[str]:
    """What lies in a folder, hidden or not."""
    return sorted(each.name for each in folder.iterdir())


def exported(place: Library, format_: str) -> bytes:
    file = place.house.folder / f"export.{format_}"
    place.house.ok("export", "--format", format_, "--output", str(file))
    return file.read_bytes()


def test_the_file_is_the_export_of_what_the_public_sees_for_its_owner_alone(lying: Drop) -> None:
    assert lying.shown() == {"one": 3, "two": 6}
    assert (lying.folder / "badges.csv").read_bytes() == exported(lying, "csv")
    assert stat.S_IMODE((lying.folder / "badges.csv").stat().st_mode) == 0o600
    assert names(lying.folder) == ["badges.csv"]


def test_the_ending_of_the_name_says_which_kind_of_file(place: Drop) -> None:
    place.settings(more='field = "badges.jsonl"\n')
    place.push()
    lines = [json.loads(line) for line in (place.folder / "badges.jsonl").read_text().splitlines()]
    assert {line["doi"]: line["score"] for line in lines} == {"10.5555/one": 3, "10.5555/two": 6}

    place.settings(more='field = "badges.parquet"\n')
    place.push()
    assert names(place.folder) == ["badges.parquet"]  # the one of another name is gone
    table = pq.read_table(place.folder / "badges.parquet")
    assert set(table.column_names) >= {*export.COLUMNS, "policy"}
    found = duckdb.sql(f"SELECT doi, score FROM '{place.folder / 'badges.parquet'}' ORDER BY doi").fetchall()
    assert found == [("10.5555/one", 3), ("10.5555/two", 6)]


def test_it_is_not_written_again_when_nothing_has_changed(lying: Drop) -> None:
    before = made(lying)
    lying.days(30)
    lying.house.ok("score", "--full")

    assert lying.push()["written"] == 0
    assert made(lying) == before


def test_a_new_score_and_a_new_output_come_after_push_every(lying: Drop) -> None:
    before = made(lying)
    lying.mention(one=2)
    lying.tell(four="public")
    lying.push()
    assert made(lying) == before

    lying.days(8)
    assert lying.push()["written"] == 2
    assert lying.shown() == {"one": 6, "two": 6, "four": 0}


def test_what_may_not_show_goes_at_once_and_nothing_new_comes_with_it_before_its_time(lying: Drop) -> None:
    lying.tell(one="private", four="public")

    report = lying.push()

    assert (report["withdrawn"], report["written"]) == (1, 0)
    assert lying.shown() == {"two": 6}
    assert "10.5555/one" not in (lying.folder / "badges.csv").read_text()
    lying.days(8)
    lying.push()
    assert lying.shown() == {"two": 6, "four": 0}


def test_a_title_that_has_changed_makes_a_new_file_at_once(lying: Drop) -> None:
    before = made(lying)
    file = lying.house.folder / "import" / "outputs.csv"
    file.write_text(file.read_text().replace("Canary title of two", "Another title"))
    lying.house.ok("pull", "local")
    lying.house.ok("score")
    lying.push()

    assert made(lying) != before
    assert "Canary title of two" not in (lying.folder / "badges.csv").read_text()


def sign(place: Drop, level: str, *, score: bool = True) -> None:
    """Ann Example is an author of the first work, and the source tells that at a level."""
    folder = place.house.folder / "import"
    (folder / "people.csv").write_text("person,name,visibility,current\np1,Ann Example,public,true\n")
    (folder / "authorships.csv").write_text(f"output,person,visibility\none,p1,{level}\n")
    place.tell(score=score)


def test_a_name_that_may_no_longer_show_goes_before_the_score_and_the_line_comes_back_with_it(lying: Drop) -> None:
    sign(lying, "public")
    lying.push()
    assert "Ann Example" in (lying.folder / "badges.csv").read_text()

    sign(lying, "private", score=False)
    assert (lying.push()["withdrawn"], lying.shown()) == (1, {"two": 6})

    before = made(lying)
    assert (lying.push()["withdrawn"], made(lying)) == (0, before)  # nothing is left to be done
    lying.house.ok("score")
    assert (lying.push()["written"], lying.shown()) == (1, {"one": 3, "two": 6})
    assert "Ann Example" not in (lying.folder / "badges.csv").read_text()
    assert lying.ledger("SELECT intended FROM pushed") == [("",), ("",)]


def test_what_waited_for_its_score_and_may_not_show_after_it_does_not_come_back(lying: Drop) -> None:
    sign(lying, "public", score=False)
    lying.push()
    lying.tell(one="private")
    lying.push()

    assert lying.shown() == {"two": 6}
    assert lying.ledger("SELECT count(*) FROM pushed") == [(1,)]


def test_where_all_lines_wait_for_their_score_a_file_of_somebody_else_stays(lying: Drop) -> None:
    lying.tell(two="private")
    lying.push()
    sign(lying, "public", score=False)
    lying.push()
    assert names(lying.folder) == []
    (lying.folder / "badges.csv").write_text("somebody else's")
    lying.push()
    lying.house.ok("score")

    assert "Ringmark did not write" in lying.push(code=CODES["failed"])["why"]
    assert (lying.folder / "badges.csv").read_text() == "somebody else's"


def test_a_paused_connection_gets_back_the_lines_that_waited_for_their_score(lying: Drop) -> None:
    lying.house.ok("connection", "pause", "library")
    sign(lying, "public", score=False)
    lying.push()
    assert lying.shown() == {"two": 6}
    lying.house.ok("score")
    lying.push()

    assert lying.shown() == {"one": 3, "two": 6}


def test_after_a_restore_there_is_no_file_until_every_source_was_read_again(lying: Drop) -> None:
    backup = str(lying.house.folder / "night.backup")
    lying.house.ok("backup", backup)
    lying.house.ok("restore", backup)
    assert (lying.push(code=CODES["incomplete"])["withdrawn"], names(lying.folder)) == (2, [])

    lying.house.ok("sync")
    assert lying.shown() == {"one": 3, "two": 6}


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("when", ["it goes", "it comes back"])
def test_a_kill_between_file_and_ledger_loses_no_line_that_waits_and_keeps_none_that_may_not_show(
    lying: Drop, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    sign(lying, "public", score=False)
    if when == "it comes back":
        lying.push()
        lying.house.ok("score")

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("sync.store.dropped.stands", dies)
        with pytest.raises(Killed):
            lying.house.run("push")
    if when == "it comes back":
        lying.tell(one="private")
        lying.push()
        assert lying.shown() == {"two": 6}
        return
    lying.push()
    assert lying.shown() == {"two": 6}
    lying.house.ok("score")
    lying.push()
    assert lying.shown() == {"one": 3, "two": 6}


@sqlite_alone
def test_a_ledger_from_before_the_file_is_not_believed_after_a_restore(lying: Drop) -> None:
    backup = str(lying.house.folder / "night.backup")
    lying.house.ok("backup", backup)
    lying.tell(four="public")
    lying.days(8)
    lying.push()
    for part in ("", "-wal", "-shm"):
        (lying.house.folder / f"ringmark.db{part}").unlink(missing_ok=True)
    lying.house.ok("restore", backup)
    lying.tell(four="private")
    lying.push()
    assert lying.shown() == {"one": 3, "two": 6}

    before = made(lying)
    lying.push()
    assert made(lying) == before


def test_where_nothing_may_show_there_is_no_file(lying: Drop) -> None:
    lying.tell(one="private", two="internal")

    assert lying.push()["withdrawn"] == 2
    assert names(lying.folder) == []
    lying.tell(one="public")
    lying.days(8)
    lying.push()
    assert lying.shown() == {"one": 3}


def test_a_paused_connection_loses_what_may_not_show_and_gets_nothing_new(lying: Drop) -> None:
    lying.house.ok("connection", "pause", "library")
    lying.tell(one="private", four="public")
    lying.days(8)
    lying.push()

    assert lying.shown() == {"two": 6}


def test_without_push_what_lies_there_is_tended_and_nothing_new_comes(lying: Drop) -> None:
    lying.house.write(lying.house.file.read_text().replace('push = "public"\n', ""))
    lying.tell(one="private", four="public")
    lying.days(8)
    lying.push()

    assert lying.shown() == {"two": 6}


def test_more_lines_than_the_limit_wait_and_what_must_go_does_not(place: Drop) -> None:
    place.settings(more="push_limit = 1\n")
    report = place.push(code=CODES["held"])
    assert (report["waiting"], place.shown()) == (2, {})

    place.house.ok("accept", str(report["run"]))
    place.push()
    assert place.shown() == {"one": 3, "two": 6}

    place.tell(one="private", four="public", five="public")
    place.days(8)
    place.push(code=CODES["held"])
    assert place.shown() == {"two": 6}


def test_a_file_that_is_not_ours_stays(place: Drop) -> None:
    (place.folder / "badges.csv").write_text("somebody else's")

    report = place.push(code=CODES["failed"])

    assert "Ringmark did not write" in report["why"]
    assert (place.folder / "badges.csv").read_text() == "somebody else's"


def test_a_file_that_somebody_took_away_is_put_there_again(lying: Drop) -> None:
    (lying.folder / "badges.csv").unlink()
    lying.push()

    assert lying.shown() == {"one": 3, "two": 6}


@pytest.mark.parametrize("how", ["paused", "without push"])
def test_where_nothing_is_to_be_written_a_file_that_somebody_took_away_stays_away(lying: Drop, how: str) -> None:
    if how == "paused":
        lying.house.ok("connection", "pause", "library")
    else:
        lying.house.write(lying.house.file.read_text().replace('push = "public"\n', ""))
    (lying.folder / "badges.csv").unlink()
    lying.tell(one="private")
    lying.push()

    assert names(lying.folder) == []
    assert lying.rows("pushed") == []


@pytest.mark.parametrize("name", ["../badges.csv", ".badges.csv", "badges", "badges.xlsx", "a/b.csv", "badges.csv\\n"])
def test_a_name_that_leads_elsewhere_or_says_no_kind_is_refused(place: Drop, name: str) -> None:
    place.settings(more=f'field = "{name}"\n')

    ran = place.house.run("push")

    assert (ran.code, "connections.library.field: is no name of a file" in ran.err) == (2, True)
    assert names(place.folder) == []


def test_no_other_name_leads_out_of_the_folder_whoever_asks_for_it(place: Drop) -> None:
    settings = Connection(name="library", kind="file_drop", path=place.folder)
    (place.house.folder / "badges.csv").write_text("somebody else's")

    with FileDrop(settings, client(settings)) as connector, pytest.raises(NotUnderstood, match="is no name of a file"):
        connector.drop("../badges.csv", None, permit=lambda: True)
    assert (place.house.folder / "badges.csv").exists()


def test_a_folder_that_is_not_there_is_named_with_its_mend(lying: Drop) -> None:
    lying.tell(one="private")
    (lying.folder / "badges.csv").unlink()
    lying.folder.rmdir()

    report = lying.push(code=CODES["failed"])

    assert "make it" in report["why"]
    assert lying.stands()["pushed"]["badges"] == 2  # nobody knows that they are gone
    assert lying.house.run("check", "--connect").code != 0


def test_what_was_in_the_way_is_forgotten_once_the_file_lies_there(lying: Drop) -> None:
    (lying.folder / "badges.csv").unlink()
    lying.folder.rmdir()
    lying.tell(one="private")
    lying.push(code=CODES["failed"])
    lying.folder.mkdir()
    lying.push()

    assert lying.shown() == {"two": 6}
    assert lying.ledger("SELECT tries, why FROM pushed") == [(0, "")]


def test_a_dry_run_says_what_would_change_and_writes_nothing(place: Drop) -> None:
    report = place.push("--dry-run", "--diff")

    assert report["written"] == 2
    assert {change["address"] for change in report["diff"]} == {"badges.csv"}
    assert names(place.folder) == []


def test_forgetting_takes_the_file_away(lying: Drop) -> None:
    lying.house.ok("connection", "forget", "library", "--withdraw")

    assert names(lying.folder) == []
    assert lying.rows("pushed") == []


def test_another_folder_leaves_what_lies_in_the_first_and_says_so(lying: Drop) -> None:
    (lying.house.folder / "other").mkdir()
    lying.house.write(lying.house.file.read_text().replace('path = "drop"', 'path = "other"'))
    lying.push()

    assert names(lying.house.folder / "other") == ["badges.csv"]
    assert any(row.startswith(str(lying.folder)) for (row,) in lying.ledger("SELECT target FROM pushed"))


def test_url_and_path_together_or_neither_are_refused(place: Drop) -> None:
    one = place.house.file.read_text()
    for text in (one.replace('path = "drop"\n', ""), one + 'url = "sftp://files.example.edu/drop"\n'):
        place.house.write(text)
        ran = place.house.run("push")
        assert (ran.code, "set path, or url, and not both" in ran.err) == (2, True)


def test_a_permission_that_ends_while_the_file_is_made_makes_it_anew(
    lying: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, times = Folder.put, []

    def meanwhile(self: Folder, name: str, file: Path, permit: Any) -> None:
        if not times:
            times.append(name)
            lying.house.run("hide", "10.5555/one", "--why", "x")
        put(self, name, file, permit)

    lying.mention(two=4)
    lying.days(8)
    monkeypatch.setattr(Folder, "put", meanwhile)
    lying.push()

    assert times
    assert lying.shown() == {"two": 12}


def test_what_a_kill_has_left_of_a_file_is_gone_with_the_next(lying: Drop) -> None:
    lying.tell(one="private")
    (lying.folder / ".badges.csv.new").write_text("half of it")
    lying.push()

    assert names(lying.folder) == ["badges.csv"]
    assert lying.shown() == {"two": 6}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sftp://ann@files.example.edu/drop", "give them as username and password_file"),
        ("sftp:///drop", "write such as sftp://host/path"),
        ("ftp://files.example.edu/drop", "is no web address"),
    ],
)
def test_an_address_with_a_user_or_without_a_host_is_refused_by_its_mend(place: Drop, url: str, why: str) -> None:
    place.house.write(place.house.file.read_text().replace('path = "drop"', f'url = "{url}"'))

    ran = place.house.run("push")

    assert (ran.code, why in ran.err, "ann" in ran.err) == (2, True, False)


def test_a_key_of_ssh_is_somebodys(place: Drop) -> None:
    place.settings(more='key_file = "id"\n')

    assert "there is a key_file" in place.house.run("push").err
