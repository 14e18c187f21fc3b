"""A file in a folder beside what others do there: what is theirs stays, and a wrong name or address is refused."""

import pytest
from dropped_file import CODES, a_file, a_folder, names
from told_places import Drop

from config.settings import Connection
from connectors.errors import NotUnderstood
from connectors.file_drop import FileDrop
from connectors.http import client

place, lying = a_folder(), a_file()


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
