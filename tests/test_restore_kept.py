"""What was hidden, released, erased or decided since a backup was made is so after it is restored, too."""

import json
from pathlib import Path

import pytest
from restore_house import Sources


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Two sources that tell of one work, and one of them of two more."""
    house = Sources(tmp_path_factory.mktemp("told")).tell("one", a="public", b="public", c="public")
    house.tell("two", a="public").ok("sync")
    assert house.works() == {"a", "b", "c"}
    return house


@pytest.fixture
def house(told: Sources, tmp_path: Path) -> Sources:
    return told.copied(tmp_path / "house")


def test_a_hide_since_still_hides_and_a_release_since_still_releases(house: Sources) -> None:
    house.ok("hide", "doi:10.5555/b", "--why", "asked for")
    house.ok("hide", "doi:10.5555/c", "--why", "asked for")
    backup = house.backup()
    house.ok("hide", "doi:10.5555/a", "--why", "asked for")
    house.ok("unhide", "doi:10.5555/b")

    told = house.restored(backup)
    house.ok("sync")

    assert house.works() == {"b"}
    assert told["kept"]["hides"] == 2
    assert house.stored("SELECT count(*) FROM hide") == [(3,)]
    house.ok("unhide", "doi:10.5555/a")
    assert house.works() == {"a", "b"}


def test_a_hide_clings_to_what_only_the_store_that_was_there_knew(house: Sources) -> None:
    backup = house.backup()
    house.tell("one", a="public", d="public").ok("sync")
    house.ok("hide", "doi:10.5555/d", "--why", "asked for")

    house.restored(backup)
    house.ok("sync")

    assert house.works() == {"a"}


def test_a_veto_since_still_closes_and_what_it_forgot_does_not_come_back(house: Sources) -> None:
    house.tell("two", a="public", x="internal", y="internal", more='keep = "internal"').ok("sync")
    backup = house.backup()
    house.tell("two", a="private", x="private", y="internal").ok("sync")
    assert house.works() == {"b", "c"}

    told = house.restored(backup)

    assert (told["kept"]["erasures"], told["kept"]["vetoes"] > 0) == (2, True)
    assert house.stored("SELECT count(*) FROM item WHERE title = 'Work x' AND state = 1") == [(0,)]
    assert house.stored("SELECT value FROM identifier WHERE value = '10.5555/x'") == []
    house.ok("sync")
    assert (house.works(), house.works("internal")) == ({"b", "c"}, {"b", "c", "y"})
    house.tell("two", a="public").ok("sync")
    assert "a" in house.works()


def test_a_veto_since_is_lifted_by_what_the_source_says_now(house: Sources) -> None:
    house.tell("two", x="internal", more='keep = "internal"').ok("sync")
    backup = house.backup()
    house.tell("two", x="private").ok("sync")
    house.tell("two", x="internal")

    house.restored(backup)
    house.ok("sync")

    assert house.works("internal") == {"a", "b", "c", "x"}


@pytest.mark.parametrize("before", ["public", "private"])
def test_the_vote_of_a_record_that_was_deleted_since_stays(house: Sources, before: str) -> None:
    house.tell("two", a=before).ok("sync")
    backup = house.backup()
    house.tell("two", a="private", x="private", y="public", z="public").ok("sync")
    house.tell("two", y="public", z="public").ok("sync")
    house.tell("one", a="public", b="public", x="public").ok("sync")
    assert house.works() == {"b", "y", "z"}

    house.restored(backup)
    house.ok("sync")

    assert house.works() == {"b", "y", "z"}
    house.without("two").ok("connection", "forget", "two")
    house.ok("score")
    assert house.works() == {"a", "b", "x"}


def test_the_votes_of_a_connection_that_was_removed_since_are_its_last(house: Sources) -> None:
    house.tell("two", a="public", b="private", x="private", z="private").ok("sync")
    backup = house.backup()
    house.tell("two", a="private", b="public", z="public").ok("sync")
    house.tell("two", a="private", b="public").ok("sync")
    house.without("two").tell("one", a="public", b="public", x="public", z="public").ok("sync")
    before = house.works()

    told = house.restored(backup)
    house.ok("sync")

    assert told["waits"] == ["one"]
    assert house.works() == before == {"b", "z"}
    assert house.stored("SELECT count(*) FROM item i WHERE i.key = 'z'") == [(1,)]


def test_a_connection_that_was_forgotten_since_is_forgotten_again(house: Sources) -> None:
    house.tell("two", a="private", x="private").ok("sync")
    backup = house.backup()
    house.without("two").ok("connection", "forget", "two")
    house.ok("sync")
    assert house.works() == {"a", "b", "c"}

    house.restored(backup)

    assert [row["name"] for row in house.json("connection", "list")["connections"]] == ["one"]
    assert house.stored("SELECT count(*) FROM item WHERE title = 'Work x'") == [(0,)]
    house.ok("sync")
    assert house.works() == {"a", "b", "c"}


def test_a_connection_that_was_forgotten_and_came_back_begins_anew(house: Sources) -> None:
    backup = house.backup()
    house.without("two").ok("connection", "forget", "two")
    house.tell("three", q="public").ok("sync")  # which may have its row key now
    house.tell("two", a="private").ok("sync")

    told = house.restored(backup)
    house.ok("sync")

    assert sorted(told["waits"]) == ["one", "three", "two"]
    assert house.works() == {"b", "c", "q"}


def test_a_scope_that_was_applied_since_stays_in_force(house: Sources) -> None:
    backup = house.backup()
    (house.folder / "narrow.toml").write_text('[scope]\nstatus = "current"\n[scope.visibility]\noutputs = "public"\n')
    house.ok("scope", "apply", str(house.folder / "narrow.toml"))
    narrow = house.json("scope", "show")

    house.restored(backup)

    assert house.json("scope", "show") == narrow


def test_who_did_what_since_is_still_known_and_that_it_was_restored(house: Sources) -> None:
    house.ok("hide", "doi:10.5555/b", "--why", "before")
    backup = house.backup()
    house.ok("hide", "doi:10.5555/c", "--why", "since")

    house.restored(backup)

    verbs = [verb for (verb,) in house.stored("SELECT verb FROM audit ORDER BY id")]
    assert verbs == ["hide", "backup", "hide", "restore"]


def test_a_mention_that_an_import_took_back_since_does_not_count_again(house: Sources) -> None:
    told = {"id": "m1", "source": "wikipedia", "occurred_at": "2026-01-01", "output": ["doi:10.5555/a"]}
    for name, line in (("told", told), ("taken", told | {"deleted": True})):
        (house.folder / f"{name}.jsonl").write_text(json.dumps(line))
    house.ok("import", str(house.folder / "told.jsonl"))
    backup = house.backup()
    house.ok("import", str(house.folder / "taken.jsonl"))

    house.restored(backup)
    house.ok("sync")

    assert {row["doi"]: row["score"] for row in house.rows()}["10.5555/a"] == 0


def test_restoring_can_be_undone(house: Sources) -> None:
    backup = house.backup()
    house.tell("one", a="public", b="public", c="public", d="public").ok("sync")

    aside = house.restored(backup)["aside"]
    assert Path(aside).stat().st_mode & 0o777 == 0o600
    house.ok("hide", "doi:10.5555/a", "--why", "meanwhile")
    house.restored(aside)

    assert house.stored("SELECT count(*) FROM item WHERE title = 'Work d'") == [(1,)]
    house.ok("sync")
    assert house.works() == {"b", "c", "d"}


def test_a_dry_run_says_what_would_be_and_changes_nothing(house: Sources) -> None:
    backup = house.backup()
    house.ok("hide", "doi:10.5555/a", "--why", "asked for")
    house.tell("one", b="public", c="public").ok("sync")
    before, files = house.works(), {path.name for path in house.folder.iterdir()}

    told = house.json("restore", backup, "--dry-run")

    assert (told["dry_run"], told["before"]["item"], told["after"]["item"], told["aside"]) == (True, 19, 20, None)
    assert (told["kept"]["hides"], told["waits"]) == (1, ["one", "two"])
    assert house.works() == before == {"b", "c"}
    assert {path.name for path in house.folder.iterdir()} == files


def test_what_administrators_say_of_outlets_and_accounts_since_stays_said(house: Sources) -> None:
    lists = {
        "outlet": ("outlet,name,tier\n", "daily,The Daily,1\n", "weekly,The Weekly,2\n"),
        "account": ("source,account,followers\n", "x,ada,10\n", "x,bob,20\n"),
    }
    for verb, (header, first, second) in lists.items():
        (house.folder / f"{verb}.csv").write_text(header + first + second)
        house.ok(verb, "import", str(house.folder / f"{verb}.csv"))
    backup = house.backup()
    for verb, (header, first, second) in lists.items():
        nothing = second.partition(",")[0] if verb == "outlet" else "x,bob"
        third = "monthly,The Monthly,3\n" if verb == "outlet" else "x,eve,30\n"
        blank = f"{nothing},,\n" if verb == "outlet" else f"{nothing},\n"
        (house.folder / f"{verb}.csv").write_text(header + first.replace("1", "4") + blank + third)
        house.ok(verb, "import", str(house.folder / f"{verb}.csv"))
    said = [house.json("outlet", "list")["outlets"], house.json("account", "list")["accounts"]]

    told = house.restored(backup)

    assert [house.json("outlet", "list")["outlets"], house.json("account", "list")["accounts"]] == said
    assert told["kept"]["outlets and accounts"] == 6
