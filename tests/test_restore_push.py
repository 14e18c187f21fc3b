"""What stands in a repository while a restored store waits for its sources, and after."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from push_library import Library, opened


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as found:
        yield found.first_push()


def backup(library: Library) -> str:
    file = str(library.house.folder / "night.backup")
    library.house.ok("backup", file)
    return file


def test_nothing_is_written_and_nothing_swept_away_until_all_was_read_again(library: Library) -> None:
    file = backup(library)
    before = {work: library.texts(work) for work in library.carried()}
    library.house.ok("restore", file)

    for words in ((), ("--dry-run",)):
        pushed = library.push(*words, code=3)
        assert (pushed["written"], pushed["withdrawn"]) == (0, 0)
        assert "until these were read again in full after the restore: local" in pushed["why"]
    assert {work: library.texts(work) for work in library.carried()} == before
    assert library.stands()["pushed"]["to_withdraw"] == 0

    assert library.house.run("sync").code == 0
    assert library.scores() == {"one": "3", "two": "6"}
    assert library.push()["withdrawn"] == 0


def test_what_is_hidden_meanwhile_or_was_since_is_taken_back_at_once(library: Library) -> None:
    library.tell(four="public")
    library.push()
    file = backup(library)
    library.house.ok("hide", "doi:10.5555/one", "--why", "since")
    library.house.ok("restore", file)
    library.house.ok("hide", "doi:10.5555/two", "--why", "meanwhile")

    pushed = library.push(code=3)

    assert pushed["withdrawn"] == 2
    assert set(library.scores()) == {"four"}


def test_what_was_pushed_since_is_known_and_can_be_taken_back(library: Library) -> None:
    file = backup(library)
    library.tell(four="public")
    library.days(10)
    library.mention(one=3)
    library.push()
    assert library.scores() == {"one": "9", "two": "6", "four": "0"}
    library.house.ok("restore", file)
    assert library.ledger("SELECT count(*) FROM pushed WHERE value <> ''") == [(3,)]

    library.tell(four="private", one="private")
    assert library.push()["withdrawn"] == 2

    assert library.scores() == {"two": "6"}


def test_what_was_taken_back_since_is_looked_for_and_not_missed(library: Library) -> None:
    file = backup(library)
    library.tell(one="private")
    library.push()
    library.house.ok("restore", file)
    library.house.ok("pull")
    library.house.ok("score")
    library.push()

    assert library.scores() == {"two": "6"}
    library.tell(one="public")
    library.push()
    assert library.scores() == {"one": "3", "two": "6"}


def test_a_repository_that_was_read_once_is_awaited_though_it_is_read_no_more(library: Library) -> None:
    library.settings(more="read = true\n")
    library.house.ok("pull", "library")
    library.settings()
    library.house.ok("restore", backup(library))

    pushed = library.push(code=3)

    assert "until these were read again in full after the restore: local, library" in pushed["why"]
