"""A local vote hides at once, survives what the sources do, and ends only after they have been read again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import House

DAY = 24 * 3600 * 1_000_000
DOI = "10.5555/harbour"


@pytest.fixture
def open_house(house: House) -> House:
    """Two public outputs of one public person, scored."""
    folder = house.folder / "import"
    folder.mkdir()
    _write(folder, "people.csv", "person,name,visibility,current", "p1,Ada Abernook,public,true")
    _write(folder, "outputs.csv", "output,title,type,visibility,doi", f"o1,Harbour seals,book,public,{DOI}",
           "o2,Harbour walls,book,public,10.5555/walls")  # fmt: skip
    _write(folder, "authorships.csv", "output,person,visibility", "o1,p1,public", "o2,p1,public")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    return house


def test_a_hidden_output_is_gone_before_the_command_ends_and_the_others_stay(open_house: House) -> None:
    open_house.ok("hide", f"doi:{DOI}", "--why", "asked by its author")

    assert open_house.dois() == {"10.5555/walls"}
    assert open_house.run("explain", DOI).code == 1


def test_a_hidden_person_takes_along_the_outputs_that_need_an_author(open_house: House) -> None:
    person = open_house.json("why", DOI)["authorships"][0]["person"]

    open_house.ok("hide", person, "--why", "asked by the person")

    assert [row["people"] for row in open_house.rows("internal")] == []


def test_a_hide_survives_a_pull_that_tells_the_output_under_another_key(open_house: House) -> None:
    open_house.ok("hide", f"doi:{DOI}", "--why", "asked by its author")
    folder = open_house.folder / "import"
    _write(folder, "outputs.csv", "output,title,type,visibility,doi", f"new,Harbour seals,book,public,{DOI}",
           "o2,Harbour walls,book,public,10.5555/walls")  # fmt: skip
    _write(folder, "authorships.csv", "output,person,visibility", "new,p1,public", "o2,p1,public")

    open_house.run("sync")

    assert open_house.dois() == {"10.5555/walls"}


def test_an_unhidden_output_shows_again_at_once(open_house: House) -> None:
    open_house.ok("hide", f"doi:{DOI}", "--why", "a mistake")

    open_house.ok("unhide", f"doi:{DOI}")

    assert DOI in open_house.dois()


def test_the_end_of_a_hide_opens_nothing_until_its_sources_were_read_after_it(open_house: House) -> None:
    open_house.ok("hide", f"doi:{DOI}", "--why", "until the press day", "--until", _day(open_house, 2))

    open_house.later = 3 * DAY

    assert DOI not in open_house.dois()
    assert any("a hide has ended" in alarm for alarm in open_house.json("status")["alarms"])


def test_a_hide_that_has_ended_is_over_with_the_next_complete_pull(open_house: House) -> None:
    open_house.ok("hide", f"doi:{DOI}", "--why", "until the press day", "--until", _day(open_house, 2))
    open_house.later = 3 * DAY

    open_house.ok("pull")

    assert DOI in open_house.dois()
    assert open_house.json("status")["alarms"] == []


def test_a_pull_before_the_end_of_a_hide_leaves_it(open_house: House) -> None:
    open_house.ok("hide", f"doi:{DOI}", "--why", "until the press day", "--until", _day(open_house, 2))

    open_house.ok("sync")

    assert DOI not in open_house.dois()


def test_a_hide_without_a_reason_or_with_a_broken_date_is_wrong_usage(open_house: House) -> None:
    assert open_house.run("hide", DOI, "--why", " ").code == 2
    assert open_house.run("hide", DOI, "--why", "x", "--until", "soon").code == 2
    assert json.loads(open_house.run("hide", DOI, "--why", " ", "--json").out)["error"].startswith("why")


def _write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _day(house: House, days: int) -> str:
    """The date that many days after the house's own clock."""

    return (datetime.now(UTC) + timedelta(days=days, microseconds=house.later)).date().isoformat()
