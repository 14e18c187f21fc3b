"""The brake: what a listing no longer names is deleted only when that is likely, agreed to, or decided by a person."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from naive.elements import WIRES, expected, serve, small, told

from config.load import load
from sandbox.elements import PracticeElements
from sandbox.faults import Fault
from sandbox.institution import Institution
from sync import steps, store

HOUR = 3600 * 1_000_000
MANY = 50_060
"""Outputs from this id on are more than the share that may vanish at once."""


@dataclass(frozen=True)
class Ready:
    """A house that has pulled and scored a whole institution, and what it showed then."""

    house: House
    institution: Institution
    server: PracticeElements
    before: list[dict[str, Any]]


@pytest.fixture
def ready(house: House) -> Iterator[Ready]:
    institution = small()
    with serve(institution, WIRES["v6.13"]) as server:
        house.elements(server.url)
        house.ok("sync")
        yield Ready(house, institution, server, house.rows())


def lose_many(ready: Ready) -> None:
    """More outputs vanish than is likely, and no feed of deletions tells of it."""
    for output in [number for number in ready.institution.outputs if number >= MANY]:
        ready.institution.delete_output(output)
    ready.institution.deletions.clear()


def doubted(house: House) -> bool:
    """Whether the daemon would list everything once more."""
    home = steps.open_house(load(house.file))
    lately = store.lately(home, "elements", now=store.now())
    home.engine.dispose()
    return lately is not None and lately.doubted


def held(house: House) -> list[int]:
    """The runs that wait for an administrator."""
    runs: list[int] = house.json("status")["waits_for_accept"]
    return runs


def test_an_empty_feed_where_there_was_a_full_one_deletes_nothing(ready: Ready) -> None:
    house = ready.house
    ready.server.faults.append(Fault("empty feed", address=r"/publications\?", times=None))

    first = house.run("pull", "--full")
    house.ok("score")
    shown = house.rows()
    second = house.run("pull", "--full")

    assert (first.code, first.err) == (4, "")
    assert "held back" in first.out
    assert "ringmark accept" in first.out
    assert shown == ready.before
    assert second.code in (0, 4)
    house.ok("score")
    assert house.json("status")["connections"][0]["items"] > 50  # each was asked for, and is still there

    ready.server.faults.clear()
    house.ok("pull", "--full")
    house.ok("score")

    assert house.rows() == ready.before
    assert held(house) == []


def test_an_empty_feed_of_people_hides_nobody(ready: Ready) -> None:
    ready.server.faults.append(Fault("empty feed", address=r"/users\?.*full", times=None))

    ran = ready.house.run("pull", "--full")

    ready.house.ok("score")
    assert ran.code == 4
    assert ready.house.rows() == ready.before


def test_a_source_that_lists_no_relationship_any_more_changes_no_authorship(ready: Ready) -> None:
    """Each output would come without its authors, and take part no more."""
    ready.server.faults.append(Fault("empty feed", address=r"/relationships\?", times=None))

    for _ in range(2):
        ran = ready.house.run("pull", "--full")

        assert (ran.code, "relationships" in ran.out) == (3, True)
        ready.house.ok("score")
        assert ready.house.rows() == ready.before

    ready.server.faults.clear()
    ready.house.ok("pull", "--full")
    ready.house.ok("score")
    assert ready.house.rows() == ready.before


def test_what_is_held_shows_right_after_the_pull_without_a_score(ready: Ready) -> None:
    lose_many(ready)

    assert ready.house.run("pull", "--full").code == 4

    assert ready.house.rows() == ready.before


def test_a_listing_that_lost_many_waits_until_a_second_run_agrees(ready: Ready) -> None:
    house = ready.house
    lose_many(ready)

    first = house.run("pull", "--full", "--json")
    house.ok("score")
    between, doubt = house.rows(), doubted(house)
    house.ok("pull", "--full")
    house.ok("score")

    assert (first.code, doubt, doubted(house)) == (4, True, False)
    assert first.document["connections"][0]["outcome"] == "held"
    assert first.document["connections"][0]["held"]["item"] > 20
    assert between == ready.before
    assert told(house.rows()) == expected(ready.institution, WIRES["v6.13"], "public")
    assert held(house) == []


def test_a_listing_that_lost_many_waits_until_an_administrator_agrees(ready: Ready) -> None:
    house = ready.house
    lose_many(ready)
    assert house.run("pull", "--full").code == 4
    (run,) = held(house)
    assert doubted(house)

    accepted = house.json("accept", str(run))

    assert not doubted(house)

    assert accepted["deleted"] > 20
    assert told(house.rows()) == expected(ready.institution, WIRES["v6.13"], "public")
    assert held(house) == []
    assert house.run("accept", str(run)).code == 1
    assert house.run("accept", "999999").code == 1


def test_what_is_held_keeps_its_badge_for_a_day_and_then_hides_until_decided(ready: Ready) -> None:
    house = ready.house
    lose_many(ready)
    assert house.run("pull", "--full").code == 4
    house.ok("score")
    left = expected(ready.institution, WIRES["v6.13"], "public")

    house.later = 23 * HOUR
    assert house.rows() == ready.before
    house.later = 25 * HOUR

    assert told(house.rows()) == left
    assert house.run("explain", f"10.5555/example.{50_101}").err == "unknown output\n"
    house.ok("score")
    assert told(house.rows()) == left


def test_what_was_held_and_comes_back_shows_again(ready: Ready) -> None:
    house = ready.house
    gone = {number: output for number, output in ready.institution.outputs.items() if number >= MANY}
    links = [link for number in gone for link in ready.institution.of_output(number)]
    lose_many(ready)
    assert house.run("pull", "--full").code == 4
    house.later = 25 * HOUR
    ready.institution.outputs.update(gone)
    for link in links:
        ready.institution.link(link)

    house.ok("pull", "--full")
    house.ok("score")

    assert house.rows() == ready.before
    assert held(house) == []


def test_a_few_that_are_gone_are_deleted_at_once_when_the_source_confirms_it(ready: Ready) -> None:
    for output in range(50_060, 50_066):
        ready.institution.delete_output(output)
    ready.institution.delete_person(1008)
    ready.institution.deletions.clear()

    ready.house.ok("pull", "--full")
    ready.house.ok("score")

    assert told(ready.house.rows()) == expected(ready.institution, WIRES["v6.13"], "public")


def test_deletions_that_the_source_states_apply_at_once_at_any_volume(ready: Ready) -> None:
    for output in [number for number in ready.institution.outputs if number >= MANY]:
        ready.institution.delete_output(output)

    ready.house.ok("pull")

    assert told(ready.house.rows()) == [
        row for row in expected(ready.institution, WIRES["v6.13"], "public") if row in told(ready.house.rows())
    ]
    ready.house.ok("score")
    assert told(ready.house.rows()) == expected(ready.institution, WIRES["v6.13"], "public")


def test_tightenings_apply_at_once_at_any_volume(ready: Ready) -> None:
    for person in ready.institution.people:
        ready.institution.change_person(person, privacy="private")

    ready.house.ok("pull")

    assert ready.house.rows() == ready.house.rows("internal") == []


def test_what_an_incomplete_listing_does_not_name_is_not_gone(ready: Ready) -> None:
    ready.house.elements(ready.server.url, "per_page = 5")
    lose_many(ready)
    ready.server.faults.append(Fault("repeated next", address=r"/publications\?.*after-id", times=None))

    for _ in range(2):
        assert ready.house.run("pull", "--full").code == 3

    assert ready.house.rows() == ready.before


@pytest.fixture
def folder(house: House, tmp_path: Path) -> Path:
    """A house that has pulled and scored a folder of files, and that folder."""
    small().write_files(tmp_path / "import")
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.ok("sync")
    return tmp_path / "import"


@pytest.mark.parametrize(
    ("file", "how"),
    [("people.csv", "missing"), ("outputs.csv", "missing"), ("memberships.csv", "missing"),
     ("people.csv", "without a row"), ("authorships.csv", "without a row"), ("groups.csv", "without a row"),
     ("outputs.csv", "of no byte")],
)  # fmt: skip
def test_a_file_that_was_there_and_is_missing_or_empty_changes_nothing(
    house: House, folder: Path, file: str, how: str
) -> None:
    before = house.rows("internal")
    whole = (folder / file).read_text()
    if how == "missing":
        (folder / file).unlink()
    else:
        (folder / file).write_text("" if how == "of no byte" else whole.splitlines()[0] + "\n")

    ran = house.run("pull")

    assert (ran.code, len(ran.out.splitlines())) == (3, 1)
    assert file in ran.out
    assert file in "".join(house.json("status")["alarms"])
    assert house.rows("internal") == before
    (folder / file).write_text(whole)
    house.ok("pull")
    assert house.json("status")["alarms"] == []


def test_row_counts_that_do_not_agree_with_ready_change_nothing(house: House, folder: Path) -> None:
    before = house.rows()
    lines = (folder / "outputs.csv").read_text().count("\n") - 1
    (folder / "READY").write_text(f"outputs.csv,{lines + 1}\n")

    ran = house.run("pull")

    assert ran.code == 3
    assert "READY" in ran.out
    assert house.rows() == before


def test_a_folder_that_lost_many_rows_waits_for_a_second_pull(house: House, folder: Path) -> None:
    before = house.rows()
    keep_rows(folder / "outputs.csv", lambda key: int(key) < MANY)

    first = house.run("pull")
    house.ok("score")
    between = house.rows()
    second = house.run("pull")
    house.ok("score")

    assert (first.code, second.code) == (4, 0)
    assert between == before
    assert 0 < len(house.rows()) < len(before)


def test_a_few_rows_that_left_a_folder_are_gone(house: House, folder: Path) -> None:
    assert {"10.5555/example.50070", "10.5555/example.50071"} <= house.dois()
    keep_rows(folder / "outputs.csv", lambda key: key not in ("50070", "50071"))

    house.ok("pull")

    assert not {"10.5555/example.50070", "10.5555/example.50071"} & house.dois("internal")


def keep_rows(file: Path, wanted: Callable[[str], bool]) -> None:
    """Write a table anew with only the rows whose first cell is wanted."""
    with file.open(newline="") as old:
        header, *rows = csv.reader(old)
    with file.open("w", newline="") as new:
        csv.writer(new).writerows([header, *(row for row in rows if wanted(row[0]))])
