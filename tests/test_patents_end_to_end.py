"""From the file of patents to a score that is explained, by the command line."""

from conftest import House
from mention_house import SETTINGS, a_copy, ledger, some_works
from patents_source import cites

from sandbox.patents import OPENALEX, write

works, house = some_works(), a_copy()

CONTACT = '[institution]\ncontact = "library@example.edu"\n'
LISTENING = '[connections.patents]\nkind = "patents"\npath = "pcs.csv"\n'


def settle(house: House) -> None:
    house.write(CONTACT + SETTINGS.format(name="told") + LISTENING)


def test_patents_count_once_for_each_office_and_are_taken_back_with_the_edition(house: House) -> None:
    settle(house)
    rows = [cites(9226437), cites(9532496), cites("ep-1234567-b1", date="2017-05-03"), cites(1, "10.5555/hidden")]
    write(house.folder / "pcs.csv", rows)

    house.ok("pull", "patents")
    house.ok("score")

    assert ledger(house) == {
        "https://patents.google.com/patent/US9226437B2": 3000,
        "https://patents.google.com/patent/US9532496B2": 0,
        "https://patents.google.com/patent/EP1234567B1": 3000,
    }
    assert house.run("explain", "10.5555/hidden").code == 1
    write(house.folder / "pcs.csv", rows[:2])
    house.ok("pull", "patents")
    house.ok("score")

    assert house.json("explain", "10.5555/one")["score"] == 3
    assert house.stored("SELECT key, reason FROM mention WHERE reason <> '' ORDER BY key") == [
        ("ep-1234567-b1", "untold"), ("us-1-b2", "untold")
    ]  # fmt: skip


def test_a_file_that_names_papers_elsewhere_says_so_plainly(house: House) -> None:
    settle(house)
    write(house.folder / "pcs.csv", [cites()], OPENALEX)

    ran = house.run("pull", "patents")

    assert ran.code == 1
    assert "add a column doi" in ran.out + ran.err


def test_a_connection_without_a_file_is_refused(house: House) -> None:
    house.write('[connections.patents]\nkind = "patents"\n')

    ran = house.run("check")

    assert ran.code != 0
    assert "connections.patents.path" in ran.out + ran.err
