"""Lines of a file that wait for a score, or that a restore or a kill interrupts, come back if they may show."""

import pytest
from dropped_file import CODES, a_file, a_folder, made, names
from stores import sqlite_alone
from told_places import Drop

place, lying = a_folder(), a_file()


def sign(place: Drop, level: str, *, score: bool = True) -> None:
    """Ann Example is an author of the first work, and the source tells that at a level."""
    folder = place.house.folder / "import"
    (folder / "people.csv").write_text("person,name,visibility,current\np1,Ann Example,public,true\n")
    (folder / "authorships.csv").write_text(f"output,person,visibility\none,p1,{level}\n")
    place.tell(score=score)


def test_a_name_that_may_no_longer_show_goes_before_the_score_and_the_line_comes_back_with_it(lying: Drop) -> None:
    sign(lying, "public")
    lying.push()
    assert "Ann Example" in (lying.folder / "badges.csv").read_text()

    sign(lying, "private", score=False)
    assert (lying.push()["withdrawn"], lying.shown()) == (1, {"two": 6})

    before = made(lying)
    assert (lying.push()["withdrawn"], made(lying)) == (0, before)  # nothing is left to be done
    lying.house.ok("score")
    assert (lying.push()["written"], lying.shown()) == (1, {"one": 3, "two": 6})
    assert "Ann Example" not in (lying.folder / "badges.csv").read_text()
    assert lying.ledger("SELECT intended FROM pushed") == [("",), ("",)]


def test_what_waited_for_its_score_and_may_not_show_after_it_does_not_come_back(lying: Drop) -> None:
    sign(lying, "public", score=False)
    lying.push()
    lying.tell(one="private")
    lying.push()

    assert lying.shown() == {"two": 6}
    assert lying.ledger("SELECT count(*) FROM pushed") == [(1,)]


def test_where_all_lines_wait_for_their_score_a_file_of_somebody_else_stays(lying: Drop) -> None:
    lying.tell(two="private")
    lying.push()
    sign(lying, "public", score=False)
    lying.push()
    assert names(lying.folder) == []
    (lying.folder / "badges.csv").write_text("somebody else's")
    lying.push()
    lying.house.ok("score")

    assert "Ringmark did not write" in lying.push(code=CODES["failed"])["why"]
    assert (lying.folder / "badges.csv").read_text() == "somebody else's"


def test_a_paused_connection_gets_back_the_lines_that_waited_for_their_score(lying: Drop) -> None:
    lying.house.ok("connection", "pause", "library")
    sign(lying, "public", score=False)
    lying.push()
    assert lying.shown() == {"two": 6}
    lying.house.ok("score")
    lying.push()

    assert lying.shown() == {"one": 3, "two": 6}


def test_after_a_restore_there_is_no_file_until_every_source_was_read_again(lying: Drop) -> None:
    backup = str(lying.house.folder / "night.backup")
    lying.house.ok("backup", backup)
    lying.house.ok("restore", backup)
    assert (lying.push(code=CODES["incomplete"])["withdrawn"], names(lying.folder)) == (2, [])

    lying.house.ok("sync")
    assert lying.shown() == {"one": 3, "two": 6}


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("when", ["it goes", "it comes back"])
def test_a_kill_between_file_and_ledger_loses_no_line_that_waits_and_keeps_none_that_may_not_show(
    lying: Drop, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    sign(lying, "public", score=False)
    if when == "it comes back":
        lying.push()
        lying.house.ok("score")

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("sync.store.dropped.stands", dies)
        with pytest.raises(Killed):
            lying.house.run("push")
    if when == "it comes back":
        lying.tell(one="private")
        lying.push()
        assert lying.shown() == {"two": 6}
        return
    lying.push()
    assert lying.shown() == {"two": 6}
    lying.house.ok("score")
    lying.push()
    assert lying.shown() == {"one": 3, "two": 6}


@sqlite_alone
def test_a_ledger_from_before_the_file_is_not_believed_after_a_restore(lying: Drop) -> None:
    backup = str(lying.house.folder / "night.backup")
    lying.house.ok("backup", backup)
    lying.tell(four="public")
    lying.days(8)
    lying.push()
    for part in ("", "-wal", "-shm"):
        (lying.house.folder / f"ringmark.db{part}").unlink(missing_ok=True)
    lying.house.ok("restore", backup)
    lying.tell(four="private")
    lying.push()
    assert lying.shown() == {"one": 3, "two": 6}

    before = made(lying)
    lying.push()
    assert made(lying) == before


def test_what_a_kill_has_left_of_a_file_is_gone_with_the_next(lying: Drop) -> None:
    lying.tell(one="private")
    (lying.folder / ".badges.csv.new").write_text("half of it")
    lying.push()

    assert names(lying.folder) == ["badges.csv"]
    assert lying.shown() == {"two": 6}
