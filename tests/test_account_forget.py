"""An account whose owner asked to be forgotten: what it has said is gone, and stays gone."""

import json
from pathlib import Path

import pytest
import stores
from erased_house import HANDLE, NAME, Erasing

WHY = ("--why", "case 8")
WORD = HANDLE.encode()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Erasing:
    house = Erasing(tmp_path_factory.mktemp("filled")).fill()
    (house.folder / "said.csv").write_text(f"source,account,name,followers\nx,{HANDLE},The Said {HANDLE},5\n")
    house.ok("account", "import", str(house.folder / "said.csv"))
    return house


@pytest.fixture
def house(filled: Erasing, tmp_path: Path) -> Erasing:
    return filled.copied(tmp_path / "house")


def test_nothing_of_a_forgotten_account_is_left_in_any_file_of_the_store(house: Erasing) -> None:
    done = house.json("forget", f"x:{HANDLE}", *WHY)
    house.ok("forget", f"news:{HANDLE}", *WHY)

    assert house.lies_there(WORD) == set()
    assert done["counts"] == {"accounts": 1, "mentions": 2, "unsigned": 0}


def test_what_it_said_counts_no_more_and_what_others_said_does(house: Erasing) -> None:
    assert _mentions(house) == 4
    would = house.json("forget", f"x:{HANDLE}", "--dry-run")

    house.ok("forget", f"x:{HANDLE}", *WHY)
    house.ok("score")

    assert _mentions(house) == 2
    assert would["rescore"] == 1
    assert {part["source"]: part["units"] for part in _told(house)["breakdown"]} == {"news": 1, "x": 1}


def test_told_again_it_stays_gone_and_an_outlet_is_heard_without_its_author(house: Erasing) -> None:
    house.ok("forget", f"x:{HANDLE}", *WHY)
    house.ok("forget", f"news:{HANDLE}", *WHY)
    mentions = house.folder / "one" / "mentions.jsonl"
    anew = [json.loads(line) for line in mentions.read_text().splitlines()]
    more = {**anew[0], "id": "m9", "url": f"https://x.example/{HANDLE}/9"}
    no_author = {name: told for name, told in anew[1].items() if name != "author"}
    mentions.write_text("".join(json.dumps(each) + "\n" for each in (*anew, more, no_author)))

    house.ok("pull", "--full")
    house.ok("score")

    assert house.lies_there(WORD) == set()
    assert _mentions(house) == 2


def test_a_restored_backup_does_not_bring_it_back_and_allowing_it_does(house: Erasing) -> None:
    backup = house.backup("then.backup")
    subject = house.json("forget", f"x:{HANDLE}", *WHY)["forgotten"]
    house.ok("forget", f"news:{HANDLE}", *WHY)

    house.ok("restore", backup)
    assert house.lies_there(WORD) == set()
    house.ok("sync")
    assert _mentions(house) == 2

    assert house.json("account", "allow", subject, "--why", "case 9")["allowed"] == subject
    house.ok("pull", "--full")
    house.ok("score")
    assert _mentions(house) == 4


def test_what_shares_a_page_with_a_forgotten_mention_is_no_twin_any_more(house: Erasing) -> None:
    mentions = house.folder / "one" / "mentions.jsonl"
    first = json.loads(mentions.read_text().splitlines()[0])
    twin = {**first, "id": "m8", "author": {"id": "late", "name": "Late"}, "occurred_at": "2026-03-02T10:00:00Z"}
    mentions.write_text(mentions.read_text() + json.dumps(twin) + "\n")
    house.ok("sync")
    assert house.stored("SELECT count(*) FROM mark WHERE twin = 1") == [(2,)]

    house.ok("forget", f"x:{HANDLE}", *WHY)

    assert house.stored("SELECT count(*) FROM mark WHERE twin = 1") == [(0,)]
    house.ok("score")
    assert {part["source"]: part["units"] for part in _told(house)["breakdown"]}["x"] == 2


def test_an_unknown_account_and_a_reason_that_names_it_are_refused(house: Erasing) -> None:
    assert house.run("forget", "x:nobody", *WHY).code == 1
    assert house.run("forget", "nosource:somebody", *WHY).code == 2
    assert house.run("forget", f"x:{HANDLE}", "--why", f"asked by @{HANDLE}").code == 2
    assert house.run("account", "allow", f"x:{HANDLE}", "--why", "x").code == 1


def test_everything_that_is_known_of_an_account_is_told(house: Erasing) -> None:
    file = house.folder / "account.json"
    house.ok("account", "export", f"x:{HANDLE}", "-o", str(file))

    told = json.loads(file.read_text())

    assert (told["account"], told["administrator"]["followers"], told["source"]["followers"]) == (
        f"x:{HANDLE}", 5, 1200)  # fmt: skip
    assert [each["about"] for each in told["mentions"]] == [["doi:10.5555/both"]] * 2
    assert stores.run(house.folder, "SELECT verb FROM audit ORDER BY id DESC LIMIT 1") == [("account export",)]
    assert NAME not in file.read_text()


def _told(house: Erasing) -> dict[str, list[dict[str, object]]]:
    return house.json("explain", "10.5555/both")  # type: ignore[no-any-return]


def _mentions(house: Erasing) -> int:
    return len(_told(house)["ledger"])
