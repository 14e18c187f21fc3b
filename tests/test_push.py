"""When badges are written into a repository, when they are taken back, and what is left alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from push_library import BASE, FIELD, THEIRS, Library, opened

from config.load import load
from sandbox.dspace.items import made
from sync import push, steps, store


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two public works, not pushed yet; one private."""
    with opened(tmp_path) as library:
        yield library


@pytest.fixture
def pushed(library: Library) -> Library:
    """The same, pushed."""
    return library.first_push()


def test_a_badge_is_its_stable_address_its_score_and_the_day_it_was_found(pushed: Library) -> None:
    shown = pushed.house.json("explain", "10.5555/one")
    (text,) = pushed.texts("one")

    address, score, day = text.split(" ")

    assert address == f"{BASE}/badge/output/{shown['output']}.svg"
    assert (score, len(day)) == ("3", 10)


def test_what_is_equal_is_not_written_again(pushed: Library) -> None:
    before = pushed.texts("one")

    report = pushed.push()

    assert report["outcome"] == "done"
    assert not any(report[name] for name in ("written", "equal", "withdrawn", "failed"))
    assert len(pushed.server.writes) == 2
    pushed.house.ok("score", "--full")
    pushed.days(30)
    pushed.push()
    assert (pushed.texts("one"), len(pushed.server.writes)) == (before, 2)


def test_a_badge_that_stands_there_already_is_taken_for_ours_without_a_write(pushed: Library) -> None:
    pushed.ledger("DELETE FROM pushed")  # as after an older backup

    assert pushed.push()["equal"] == 2
    assert len(pushed.server.writes) == 2
    pushed.tell(one="private")
    assert pushed.push()["withdrawn"] == 1
    assert pushed.texts("one") == ()


def test_a_changed_score_waits_for_push_every(pushed: Library) -> None:
    pushed.mention(one=3)

    pushed.days(6)
    assert pushed.push()["written"] == 0
    pushed.days(1.1)

    assert pushed.push()["written"] == 1
    assert pushed.scores() == {"one": "9", "two": "6"}
    assert len(pushed.texts("one")) == 1


def test_push_every_is_a_setting(pushed: Library) -> None:
    pushed.settings(more='push_every = "1d"\n')
    pushed.mention(one=3)
    assert pushed.push()["written"] == 0

    pushed.days(1.1)

    assert pushed.push()["written"] == 1


def test_a_withdrawal_does_not_wait_for_push_every(pushed: Library) -> None:
    pushed.tell(one="private")

    assert pushed.push()["withdrawn"] == 1

    assert pushed.scores() == {"two": "6"}


def test_a_hidden_output_is_withdrawn_and_comes_back(pushed: Library) -> None:
    pushed.house.ok("hide", "10.5555/one", "--why", "a court order")
    assert pushed.push()["withdrawn"] == 1
    assert pushed.texts("one") == ()

    pushed.house.ok("unhide", "10.5555/one")
    pushed.house.ok("score")

    assert pushed.push()["written"] == 1
    assert pushed.scores() == {"one": "3", "two": "6"}


def test_a_badge_is_withdrawn_before_its_next_score(pushed: Library) -> None:
    pushed.house.ok("hide", "10.5555/two", "--why", "x")
    pushed.house.ok("unhide", "10.5555/two")
    pushed.tell(score=False, one="private")

    assert pushed.push()["withdrawn"] == 1

    assert pushed.scores() == {"two": "6"}  # which only waits for a score


def test_more_writes_than_push_limit_wait_until_somebody_agrees(library: Library) -> None:
    library.settings(more="push_limit = 1\n")

    held = library.push(code=4)

    assert (held["outcome"], held["waiting"], held["written"]) == ("held", 2, 0)
    assert f"ringmark accept {held['run']}" in held["why"]
    assert library.house.json("status")["waits_for_accept"] == [held["run"]]
    assert library.server.writes == []

    assert library.house.json("accept", str(held["run"])) == {"run": held["run"], "writes": 2}

    assert library.house.json("status")["waits_for_accept"] == []
    assert library.push()["written"] == 2
    assert library.ledger("SELECT verb FROM audit")[-1] == ("accept",)


def test_what_was_agreed_to_is_used_up(library: Library) -> None:
    library.settings(more="push_limit = 1\npush_every = '1d'\n")
    library.house.ok("accept", str(library.push(code=4)["run"]))
    library.push()

    library.mention(one=5, two=5)
    library.days(2)

    assert library.push(code=4)["waiting"] == 2


def test_what_was_agreed_to_outlives_a_push_that_could_write_nothing(library: Library) -> None:
    library.settings(more="push_limit = 1\n")
    library.house.ok("accept", str(library.push(code=4)["run"]))
    library.house.ok("connection", "pause", "library")
    library.push()

    library.house.ok("connection", "resume", "library")

    assert library.push()["written"] == 2


def test_what_waits_is_agreed_to_once(library: Library) -> None:
    library.settings(more="push_limit = 1\n")
    first, second = library.push(code=4)["run"], library.push(code=4)["run"]

    library.house.ok("accept", str(first))

    assert library.house.json("status")["waits_for_accept"] == []
    assert library.house.run("accept", str(first)).code == 1
    assert library.house.run("accept", str(second)).code == 1
    assert library.push()["written"] == 2


def test_agreeing_to_an_older_run_agrees_to_no_more_than_it_told_of(library: Library) -> None:
    library.settings(more="push_limit = 1\n")
    older = library.push(code=4)
    library.tell(four="public", five="public")
    newer = library.push(code=4)
    assert (older["waiting"], newer["waiting"]) == (2, 4)

    assert library.house.json("accept", str(older["run"]))["writes"] == 2

    assert library.house.json("status")["waits_for_accept"] == [newer["run"]]
    assert library.push(code=4)["waiting"] == 4
    assert library.server.writes == []


def test_beside_what_was_agreed_to_as_many_are_written_as_need_no_agreement(library: Library) -> None:
    library.settings(more="push_limit = 1\n")
    library.house.ok("accept", str(library.push(code=4)["run"]))
    library.tell(four="public")

    assert library.push()["written"] == 3


def test_withdrawals_never_wait_for_an_agreement(pushed: Library) -> None:
    pushed.settings(more="push_limit = 1\n")
    pushed.tell(one="private", four="public", five="public")

    held = pushed.push(code=4)

    assert (held["outcome"], held["withdrawn"], held["waiting"]) == ("held", 1, 2)
    assert pushed.scores() == {"two": "6"}


def unattended(library: Library, clock: Callable[[], int] = store.now) -> Any:
    settings = load(library.house.file)
    home = steps.open_house(settings)
    try:
        (report,) = push.push(
            home, settings, ["library"], attended=False, dry_run=False, clock=clock, told=lambda *_: None
        )
    finally:
        home.engine.dispose()
    return report


def test_a_first_push_that_nobody_attends_waits_and_the_next_ones_do_not(library: Library) -> None:
    held = unattended(library)
    assert (held.outcome, held.counts["waiting"], library.server.writes) == ("held", 2, [])

    library.house.ok("accept", str(held.run))

    assert unattended(library).counts["written"] == 2
    library.tell(four="public")
    assert unattended(library).counts["written"] == 1


def test_somebody_elses_value_is_left_alone_and_reported(library: Library) -> None:
    library.server.edit(library.uuid("one"), FIELD, THEIRS)

    report = library.push()

    assert (report["edited"], report["written"]) == (1, 1)
    assert library.texts("one") == (THEIRS,)
    assert library.stands()["pushed"]["failed_or_edited"] == 1
    library.server.edit(library.uuid("one"), FIELD)
    library.days(8)
    assert library.push()["written"] == 1
    assert library.stands()["pushed"]["failed_or_edited"] == 0


def test_a_withdrawal_takes_only_what_is_ours(pushed: Library) -> None:
    pushed.server.edit(pushed.uuid("one"), FIELD, THEIRS, *pushed.texts("one"), "another")
    pushed.tell(one="private")

    assert pushed.push()["withdrawn"] == 1

    assert pushed.texts("one") == (THEIRS, "another")


def test_a_badge_that_somebody_changed_is_taken_back_all_the_same(pushed: Library) -> None:
    (ours,) = pushed.texts("one")
    pushed.server.edit(pushed.uuid("one"), FIELD, f"{ours} (checked)")
    pushed.mention(one=4)
    pushed.days(8)
    assert pushed.push()["edited"] == 1

    pushed.tell(one="private")
    pushed.push()

    assert pushed.texts("one") == ()


def test_an_output_whose_doi_was_corrected_is_looked_for_by_the_new_one(library: Library) -> None:
    library.server.edit(library.uuid("one"), FIELD, THEIRS)
    library.push()
    library.columns["one"] = "10.5555/four,"
    library.tell()
    library.push()

    library.days(100)
    library.push()

    assert (library.texts("one"), len(library.texts("four"))) == ((THEIRS,), 1)


def test_a_badge_moves_with_a_corrected_doi(pushed: Library) -> None:
    (old,) = pushed.texts("one")
    pushed.columns["one"] = "10.5555/four,"
    pushed.tell()

    report = pushed.push()

    assert (report["withdrawn"], report["written"]) == (1, 1)
    assert pushed.texts("one") == ()
    assert pushed.texts("four")[0].split(" ")[0] == old.split(" ")[0]


def test_two_items_with_one_doi_are_not_guessed_between(library: Library) -> None:
    twin = made(9, dc_identifier_doi="https://doi.org/10.5555/ONE")
    library.server.items[twin.uuid] = twin

    report = library.push()

    assert (report["not_found"], report["written"]) == (1, 1)
    assert library.texts("one") == library.server.texts(twin.uuid, FIELD) == ()
    assert library.stands()["pushed"]["not_found"] == 1


def test_an_item_that_is_gone_is_no_error(pushed: Library) -> None:
    pushed.server.remove(pushed.uuid("one"))
    pushed.server.remove(pushed.uuid("two"))
    pushed.tell(one="private")
    pushed.mention(two=5)
    pushed.days(8)

    report = pushed.push()

    assert (report["outcome"], report["withdrawn"], report["not_found"]) == ("done", 1, 1)
    assert pushed.stands()["pushed"]["badges"] == 0


def test_a_limit_counts_what_would_be_written_and_not_what_somebody_else_holds(pushed: Library) -> None:
    pushed.settings(more="push_limit = 1\n")
    pushed.server.edit(pushed.uuid("two"), FIELD, THEIRS)
    pushed.mention(one=2, two=3)
    pushed.days(8)
    assert pushed.push(code=4)["waiting"] == 2
    pushed.house.ok("accept", str(pushed.house.json("status")["waits_for_accept"][0]))
    pushed.push()
    pushed.mention(one=3, two=4)
    pushed.days(8)

    report = pushed.push()

    assert (report["written"], report["edited"], report["waiting"]) == (1, 1, 0)


def test_an_item_that_two_outputs_lead_to_has_the_badge_of_the_one_with_its_doi(library: Library) -> None:
    handle = library.server.items[library.uuid("one")].handle
    library.columns["four"] = f",{handle}"
    library.tell(four="public")

    report = library.push()

    assert (report["written"], report["not_found"], report["edited"]) == (2, 1, 0)
    assert library.scores() == {"one": "3", "two": "6"}
    library.tell(one="private")
    library.days(8)
    assert library.push()["written"] == 1
    assert library.scores() == {"one": "0", "two": "6"}


def test_what_comes_after_somebody_agreed_to_a_first_push_does_not_hold_it_back_again(library: Library) -> None:
    first = unattended(library)
    library.house.ok("accept", str(first.run))
    library.tell(three="public")

    second = unattended(library)

    assert (first.outcome, first.counts["waiting"]) == ("held", 2)
    assert (second.outcome, second.counts["written"]) == ("done", 3)
