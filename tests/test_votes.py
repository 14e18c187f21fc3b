"""Votes that stayed when their record was deleted: listed with what each keeps closed, released for a reason."""

from pathlib import Path

import pytest
from conftest import House
from flags_house import GONE, LINKED, LINKS, filled, tell


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> House:
    """`gone` is no longer told by the source that called it private, nor is a private link."""
    house = filled(tmp_path_factory.mktemp("votes") / "house")
    house.ok("backup", str(house.folder / "before.tar"))
    tell(house.folder, without=("gone",), links=tuple(each for each in LINKS if not each.startswith("linked")))
    house.ok("sync")
    return house


@pytest.fixture
def house(told: House, tmp_path: Path) -> House:
    return told.copy(tmp_path / "house")


def test_a_vote_that_stays_is_listed_with_what_it_keeps_closed(told: House) -> None:
    listed = {each["vote"]: each for each in told.json("vote", "list")["votes"]}

    gone = listed["item:gone"]
    assert (gone["connection"], gone["visibility"], gone["stays"]) == ("local", "private", "deleted")
    assert [(on["level"], on["without"], on["closed_by_it"]) for on in gone["on"]] == [("private", "public", True)]
    assert any(vote.startswith("authorship:") for vote in listed)


def test_a_trial_of_a_release_tells_what_would_appear_and_changes_nothing(told: House) -> None:
    would = told.json("vote", "release", "local", "item:gone", "--dry-run")

    assert would["public"]["outputs"] == {"appear": [f"doi:{GONE}"], "vanish": []}
    assert GONE not in told.dois()
    assert "item:gone" in told.ok("vote", "list")


def test_what_a_released_vote_kept_closed_shows_at_once_and_stays(house: House) -> None:
    house.ok("vote", "release", "local", "item:gone", "--why", "its author agrees")

    assert GONE in house.dois()
    assert "item:gone" not in house.ok("vote", "list")
    house.ok("pull", "--full")
    house.ok("sync")
    assert GONE in house.dois()
    assert "item:gone" not in house.ok("vote", "list")


def test_a_released_link_lets_its_person_be_named(house: House) -> None:
    (vote,) = [
        each["vote"] for each in house.json("vote", "list")["votes"] if each["vote"].startswith("authorship:linked")
    ]
    before = next(row for row in house.rows("internal") if row["doi"] == LINKED) if LINKED in house.dois() else None

    house.ok("vote", "release", "local", vote, "--why", "a mistake")

    assert before is None
    assert next(row["people"] for row in house.rows() if row["doi"] == LINKED)


def test_a_release_needs_a_reason_and_a_vote_that_stays(house: House) -> None:
    assert house.run("vote", "release", "local", "item:gone").code == 2
    assert house.run("vote", "release", "local", "gone", "--why", "x").code == 2
    assert "is no vote that stays" in house.run("vote", "release", "local", "item:seals", "--why", "x").err
    assert "is no vote that stays" in house.run("vote", "release", "nobody", "item:gone", "--why", "x").err
    assert GONE not in house.dois()


def test_a_release_of_several_where_one_is_refused_releases_none(house: House) -> None:
    refused = house.run("vote", "release", "local", "item:gone", "item:seals", "--why", "x")

    assert refused.code == 1
    assert GONE not in house.dois()
    assert "item:gone" in house.ok("vote", "list")


def test_a_release_is_in_the_audit_log_with_its_reason(house: House) -> None:
    house.ok("vote", "release", "local", "item:gone", "--why", "its author agrees")

    (line,) = house.stored("SELECT subject, detail FROM audit WHERE verb = 'vote release'")
    assert line[0] == "local item:gone"
    assert "its author agrees" in line[1]


def test_restoring_an_older_backup_brings_a_released_vote_back_and_nothing_opens(house: House) -> None:
    house.ok("backup", str(house.folder / "deleted.tar"))
    house.ok("vote", "release", "local", "item:gone", "--why", "its author agrees")

    for name in ("deleted.tar", "before.tar"):
        house.ok("restore", str(house.folder / name))
        house.ok("pull", "--full")
        house.ok("score")

        assert GONE not in house.dois("internal"), name
        assert "item:gone" in house.ok("vote", "list"), name


def test_a_vote_of_a_removed_connection_is_released_alone_and_it_is_asked_for_everything_should_it_come_back(
    house: House,
) -> None:
    both = house.file.read_text()
    house.write(both.replace('[connections.local]\nkind = "files"\npath = "import"\n', ""))
    house.run("sync")
    listed = {each["vote"]: each for each in house.json("vote", "list")["votes"]}
    assert listed["item:seals"]["stays"] == "removed"

    house.ok("vote", "release", "local", "item:gone", "--why", "x")

    assert house.stored("SELECT cursor FROM connection WHERE name = 'local'")[0][0] == ""
    house.write(both)
    house.ok("sync")
    assert "item:gone" not in house.ok("vote", "list")


def test_what_votes_by_way_of_another_record_is_not_lost_with_it(house: House) -> None:
    house.stored("UPDATE authorship_record SET state = 0 WHERE item_key = 'walls'")
    house.stored("UPDATE item SET into_key = 'gone', state = 0 WHERE key = 'walls' AND connection_id = 1")

    alone = house.run("vote", "release", "local", "item:gone", "--why", "x")

    assert alone.code == 1
    assert "item:walls was merged into it" in alone.err
    house.ok("vote", "release", "local", "item:gone", "item:walls", "--why", "x")


def test_vetoes_are_counted_and_nothing_of_them_is_told(house: House) -> None:
    house.write(house.file.read_text().replace('path = "import"\n', 'path = "import"\nkeep = "internal"\n'))
    house.run("sync")

    (local,) = [each for each in house.json("vote", "list")["connections"] if each["connection"] == "local"]

    assert local["vetoes"] > 0
    assert "item:walls" not in house.ok("vote", "list")
