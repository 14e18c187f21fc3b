"""From the files of GDELT to a score that is explained, by the command line."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from conftest import House
from gdelt_source import LINK, story
from mention_house import SETTINGS, a_copy, ledger, some_works

from connectors.gdelt import reading
from sandbox.gdelt import QUARTER, GdeltFault, PracticeGdelt, practice_gdelt

works, house = some_works(), a_copy()

CONTACT = '[institution]\ncontact = "library@example.edu"\n'


@pytest.fixture(autouse=True)
def a_short_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BACK", timedelta(hours=1))


@pytest.fixture
def server() -> Iterator[PracticeGdelt]:
    with practice_gdelt() as server:
        yield server


def settle(house: House, server: PracticeGdelt, *, contact: str = CONTACT) -> None:
    listening = f'[connections.gdelt]\nkind = "gdelt"\nurl = "{server.url}"\npace = 0\n'
    house.write(contact + SETTINGS.format(name="told") + listening)


def test_an_article_becomes_a_point_that_is_explained(house: House, server: PracticeGdelt) -> None:
    settle(house, server)
    (house.folder / "outlets.csv").write_text("outlet,domains,tier\ncourier,courier.example,2\n")
    house.ok("outlet", "import", str(house.folder / "outlets.csv"))
    server.put(story(1, published=server.newest - timedelta(hours=5)), story(2, "https://doi.org/10.5555/hidden"))
    server.put(story("far", outlet="https://nobody-knows.example"), story("far", outlet="https://nor-this.example"))

    house.ok("pull", "gdelt")
    house.ok("score")

    assert ledger(house) == {
        "https://courier.example/story/1": 7000,
        "https://nobody-knows.example/story/far": 1000,  # outlets that nobody knows are one, of the last tier
        "https://nor-this.example/story/far": 0,
    }
    (mention,) = house.json("mention", "list", "--url", "https://courier.example/story/1")["mentions"]
    assert mention["names"] == ["doi:10.5555/one"]
    assert house.run("explain", "10.5555/hidden").code == 1


def test_what_was_read_is_not_read_again_and_an_edit_moves_the_point(house: House, server: PracticeGdelt) -> None:
    settle(house, server)
    server.put(story(1))
    house.ok("pull", "gdelt")
    before = len(server.requests)
    house.ok("pull", "gdelt")
    assert len(server.requests) == before + 2

    server.newest += QUARTER
    server.put(story(1, "https://doi.org/10.5555/two", published=server.newest - QUARTER))
    house.ok("pull", "gdelt")
    house.ok("score")

    assert ledger(house) == {}
    assert ledger(house, "two") == {"https://courier.example/story/1": 1000}


def test_a_form_that_changed_overnight_is_an_alarm_and_scores_nothing(house: House, server: PracticeGdelt) -> None:
    settle(house, server)
    server.put(story(1))
    server.bent.add("more columns")

    ran = house.run("pull", "gdelt")
    house.ok("score")

    assert ran.code == 1
    assert "columns" in ran.out + ran.err
    assert LINK not in ran.out + ran.err
    assert ledger(house) == {}
    server.bent.clear()
    house.ok("pull", "gdelt")
    house.ok("score")
    assert len(ledger(house)) == 1


def test_without_somebody_to_write_to_it_says_so(house: House, server: PracticeGdelt) -> None:
    settle(house, server, contact="")

    ran = house.run("pull", "gdelt")

    assert ran.code == 1
    assert "institution.contact" in ran.out + ran.err


def test_missing_files_are_in_the_list_of_what_was_set_aside(house: House, server: PracticeGdelt) -> None:
    reading.BACK = timedelta(hours=3)
    settle(house, server)
    missing = server.newest - timedelta(hours=2, minutes=30)
    server.faults.append(GdeltFault("missing", address=f"{missing:%Y%m%d%H%M%S}.gkg", times=None))

    house.ok("pull", "gdelt")

    assert [each["place"] for each in house.json("setaside", "list")["set_aside"]] == [
        f"{missing:%Y%m%d%H%M%S}.gkg.csv.zip"
    ]
