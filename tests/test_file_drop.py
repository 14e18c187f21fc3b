"""A file with all badges in a folder: whole or not at all, and at once without what may not show."""

import json
import stat
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from dropped_file import CODES, a_file, a_folder, made, names
from push_library import Library
from told_places import Drop

from connectors.file_drop.folder import Folder
from sync import export

place, lying = a_folder(), a_file()


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


def test_a_dry_run_says_what_would_change_and_writes_nothing(place: Drop) -> None:
    report = place.push("--dry-run", "--diff")

    assert report["written"] == 2
    assert {change["address"] for change in report["diff"]} == {"badges.csv"}
    assert names(place.folder) == []


def test_forgetting_takes_the_file_away(lying: Drop) -> None:
    lying.house.ok("connection", "forget", "library", "--withdraw")

    assert names(lying.folder) == []
    assert lying.rows("pushed") == []


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
