"""Who was erased is gone from everything at once, and neither a pull nor a restore brings them back."""

import json
from pathlib import Path

import pytest
import stores
from erased_house import NAME, ORCID, OTHER, OUTPUTS, PEOPLE, WORDS, Erasing

from connectors.records import Gone, Page
from sync import store

WHY = ("--why", "case 7")
ALL = (*WORDS, ORCID.encode())


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Erasing:
    house = Erasing(tmp_path_factory.mktemp("filled")).fill()
    assert NAME in house.named()
    assert set(ALL) == house.lies_there(*ALL)
    return house


@pytest.fixture
def house(filled: Erasing, tmp_path: Path) -> Erasing:
    return filled.copied(tmp_path / "house")


def test_nothing_of_an_erased_person_is_left_in_any_file_of_the_store(house: Erasing) -> None:
    house.ok("hide", "person:" + _id(house), "--why", "first a hide", "--until", "2020-01-01")
    house.ok("unhide", "person:" + _id(house))

    done = house.json("person", "forget", "one:z1", *WHY)

    assert house.lies_there(*ALL) == set()
    assert done["clean"] is True
    assert {name: done["counts"][name] for name in ("profiles", "authorships", "memberships", "hides")} == {
        "profiles": 2, "authorships": 3, "memberships": 1, "hides": 1}  # fmt: skip


def test_what_they_wrote_stays_without_them_where_somebody_else_wrote_it_too(house: Erasing) -> None:
    before = house.json("person", "forget", ORCID, "--dry-run")
    assert NAME in house.named()

    done = house.json("person", "forget", ORCID, *WHY)

    assert house.dois() == {"10.5555/both"}
    assert house.named() == house.named("internal") == {"Bashir Hollowmere"}
    assert done["vanish"]["public"] == before["vanish"]["public"] == ["doi:10.5555/alone"]
    assert (before["unnamed"], done["counts"]) == (done["unnamed"], before["counts"])
    assert "quastelbaum" not in house.ok("explain", "10.5555/both", "--audience", "internal").lower()


def test_neither_a_pull_nor_a_full_one_nor_another_system_brings_them_back(house: Erasing) -> None:
    house.ok("person", "forget", "two:z2", *WHY)

    house.run("pull", "--full")
    house.ok("sync")
    people = (*PEOPLE[1:], f"new,{NAME},{ORCID},public,true")
    house.tell("one", people=people, outputs=OUTPUTS, authorships=("alone,new,public", "both,new,public"))
    house.ok("pull")
    house.tell("one", people=(*PEOPLE[1:], f"new,{NAME},,public,true"))  # without the ORCID, by the key alone
    house.ok("sync")

    assert house.lies_there(*ALL) == set()
    assert NAME not in house.named("internal")
    assert house.stored("SELECT count(*) FROM audit WHERE verb = 'person forget again'") == [(1,)]
    reasons = [reason for (reason,) in house.stored("SELECT reason FROM set_aside")]
    assert not [reason for reason in reasons if "z1" in reason or "new" in reason]


def test_an_orcid_that_is_told_later_joins_the_erased_as_it_would_have_joined_the_living(house: Erasing) -> None:
    without = (f"z1,{NAME},,public,true", *PEOPLE[1:])
    house.tell("one", people=without)
    house.ok("sync")
    house.ok("person", "forget", "one:z1", *WHY)
    assert NAME in house.named("internal")  # two:z2, whom nobody knew to be the same

    house.tell("one", people=PEOPLE)
    house.ok("sync")
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    store.tidy(home, now=store.now())  # as the daemon does, since nobody waits here
    home.engine.dispose()

    assert house.lies_there(*ALL) == set()


def test_a_restored_backup_does_not_bring_them_back(house: Erasing) -> None:
    house.ok("hide", f"person:{_id(house)}", "--why", "asked for")
    backup = house.backup("then.backup")
    house.ok("person", "forget", "one:z1", *WHY)

    told = house.json("restore", backup)

    assert told["kept"]["erasures"] == 2
    assert house.stored("SELECT count(*) FROM person_record WHERE name = ?", NAME) == [(0,)]
    assert house.stored("SELECT count(*) FROM hide") == [(0,)]
    assert house.lies_there(*ALL) == set()
    house.ok("sync")
    assert house.named("internal") == {"Bashir Hollowmere"}


def test_a_restore_into_a_new_store_erases_whom_its_backup_calls_erased(house: Erasing) -> None:
    house.ok("person", "forget", "one:z1", *WHY)
    backup = house.backup("after.backup")
    if not stores.POSTGRESQL:
        for file in house.folder.glob("ringmark.db*"):
            file.unlink()
    house.ok("restore", backup)

    house.ok("sync")

    assert NAME not in house.named("internal")
    assert house.json("audit", "verify")["whole"] is True


def test_an_administrator_lets_them_come_back_and_a_later_restore_knows_it(house: Erasing) -> None:
    done = house.json("person", "forget", "one:z1", *WHY)
    backup = house.backup("erased.backup")

    assert house.json("person", "allow", ORCID, "--why", "asked for")["allowed"] == done["forgotten"]
    house.ok("pull", "--full")
    house.ok("score")
    assert NAME in house.named()
    house.json("restore", backup)
    house.ok("sync")

    assert NAME in house.named()
    assert house.run("person", "allow", "one:z1", "--why", "again").code == 1


def test_a_merge_makes_the_survivor_the_erased_person(house: Erasing) -> None:
    house.ok("person", "forget", "one:z1", *WHY)
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key")
    source = store.begin(home, "one", step="pull", full=False, now=store.now()).source

    store.apply(home, source, Page(gone=(Gone(kind="person", key="z1", into="b1"),)), now=store.now())
    home.engine.dispose()

    assert "Bashir Hollowmere" not in house.named("internal")
    assert house.stored("SELECT count(*) FROM person_record WHERE orcid = ?", OTHER) == [(0,)]


def test_a_reason_that_names_them_is_refused_since_the_log_never_forgets(house: Erasing) -> None:
    refused = house.run("person", "forget", "one:z1", "--why", "Dr. QUASTELBAUM, Zephyrine, has written to us")

    assert refused.code == 2
    assert NAME in house.named()
    assert house.run("person", "forget", "one:z1").code == 2
    assert house.run("person", "forget", "one:nobody", *WHY).code == 1
    assert house.run("person", "forget", "person:" + "9" * 30, *WHY).code == 1


@pytest.mark.parametrize("called", [NAME, "Zéphyrine Quàstelbaum"])
def test_words_that_are_not_theirs_stay_and_are_counted(house: Erasing, called: str) -> None:
    house.ok("hide", "doi:10.5555/both", "--why", f"asked by {called}")
    house.ok("unhide", "doi:10.5555/both")

    done = house.json("person", "forget", "one:z1", "--dry-run")

    assert done["stays"] == {"reasons in the audit log": 1}


def test_everything_that_is_known_of_a_person_is_told_hidden_or_not(house: Erasing) -> None:
    subject = f"person:{_id(house)}"
    house.ok("hide", subject, "--why", "asked for")

    told = json.loads(house.ok("person", "export", subject, "-o", "-"))
    house.ok("person", "export", "two:z2", "-o", str(house.folder / "told.json"))

    assert {(each["connection"], each["key"], each["orcid"]) for each in told["profiles"]} == {
        ("one", "z1", ORCID), ("two", "z2", ORCID)}  # fmt: skip
    assert told["profiles"][0]["raw"]["visibility"] == "public"
    assert {each["doi"] for each in told["outputs"]} == {"10.5555/alone", "10.5555/both", "10.5555/twice"}
    assert [each["group"] for each in told["groups"]] == ["Tidal Group"]
    assert [each["why"] for each in told["local_votes"]] == ["asked for"]
    assert [each["verb"] for each in told["audit"]] == ["hide"]
    assert (house.folder / "told.json").stat().st_mode & 0o777 == 0o600
    assert house.stored("SELECT count(*) FROM audit WHERE verb = 'person export'") == [(2,)]


def _id(house: Erasing) -> str:
    ((public,),) = house.stored("SELECT public_id FROM person WHERE name = ?", NAME)
    return str(public)
