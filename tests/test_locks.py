"""The five locks on the command line and in the store: a canary looks for hidden words in everything that an audience
can reach, and then for each of the first four locks it is shown to find them once that lock alone is taken away.

What is served is visited in test_locks_doors, what is pushed, asked, logged and written in test_locks_push.
"""

from pathlib import Path

import pytest
import stores
from canary import (
    HIDDEN,
    Desk,
    canary,
    copied,
    told_to,
    without_the_first,
    without_the_second,
    without_the_third,
    words_in,
)
from naive.hidden_house import CLOSED

from badges import ledger
from config.load import load
from sync import steps, store
from sync.store import evidence


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("world"))
    desk.fill()
    return desk


@pytest.fixture
def early(world: Desk, tmp_path: Path) -> Desk:
    """The world pulled and scored; three works are still public that their source will take back."""
    return copied(world, tmp_path / "early")


@pytest.fixture(scope="module")
def tightened(world: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The world after the pull that takes them back, before any score; looked at, and never changed."""
    desk = copied(world, tmp_path_factory.mktemp("tightened") / "desk")
    desk.tighten()
    return desk


@pytest.fixture
def desk(tightened: Desk, tmp_path: Path) -> Desk:
    """The same, to be changed."""
    return copied(tightened, tmp_path / "desk")


@pytest.mark.parametrize("audience", HIDDEN)
def test_no_hidden_word_reaches_an_audience_before_the_score_or_after_it(desk: Desk, audience: str) -> None:
    canary(desk, audience, quickly=True)

    desk.ok("score", "--full")

    canary(desk, audience)


def test_what_may_be_seen_is_there_so_that_silence_proves_nothing_by_accident(desk: Desk) -> None:
    desk.ok("score")

    named = {"10.5555/open", "10.5555/canaryint", "10.5555/canaryint-beta"}
    public, internal = (str(list(told_to(desk, audience, named))) for audience in ("public", "internal"))

    assert all(words in public for words in ("Open work", "Ann Open", "Open Group", "news.example.com/open"))
    assert all(words in internal for words in ("canaryint work", "Ivy canaryint", "canaryint group", "canaryint beta"))


@pytest.mark.parametrize("kind", ["work", "pat", "group", "10.9999", "10.5555"])
def test_what_is_below_keep_is_nowhere_in_the_store(tightened: Desk, kind: str) -> None:
    words = {"work": b"belowkeep work", "pat": b"Pat belowkeep", "group": b"belowkeep group"}
    word = words.get(kind, f"{kind}/belowkeep".encode())

    assert word not in stores.whole(tightened.folder)


# Each lock taken away ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["NULL", "3", "-1", "'public'", "''"])
def test_the_first_lock_refuses_a_level_that_is_none(desk: Desk, value: str) -> None:
    asked = [(table, name) for table, name in stores.columns(desk.folder) if name in ("visibility", "effective")]
    let = [one for one in asked if not stores.refuses(desk.folder, f"UPDATE {one[0]} SET {one[1]} = {value}")]
    empty = {table for table, _ in let if not stores.run(desk.folder, f"SELECT 1 FROM {table}")}
    assert {table for table, _ in let} == empty

    assert {"item", "output", "person", "person_record", "group_record", "authorship", "authorship_record",
            "badge"} <= {table for table, _ in asked}  # fmt: skip


def test_without_the_first_lock_a_typo_outvotes_a_private_vote(desk: Desk) -> None:
    without_the_first(desk)

    with pytest.raises(AssertionError, match="canarypri-voted"):
        canary(desk, "public", quickly=True)


def test_the_second_lock_lets_no_level_out_that_got_past_the_first(desk: Desk) -> None:
    stores.without_checks(desk.folder, "output", "UPDATE output SET visibility = 7 WHERE visibility < 2")
    desk.ok("score", "--full")

    canary(desk, "public", quickly=True)


def test_without_the_second_lock_a_pair_too_many_shows_what_it_names(desk: Desk) -> None:
    without_the_second(desk)

    with pytest.raises(AssertionError, match="canaryint"):
        canary(desk, "public", quickly=True)


def test_without_the_third_lock_a_badge_shows_what_nobody_permitted(desk: Desk) -> None:
    without_the_third(desk)

    with pytest.raises(AssertionError, match="canarypri"):
        canary(desk, "public", quickly=True)


def test_what_is_quoted_of_a_mention_that_everybody_sees_is_read_by_administrators_alone(desk: Desk) -> None:
    desk.ok("score")

    told = desk.ok("explain", "10.5555/open", "--json")
    (seen,) = desk.json("mention", "list", "--output", "10.5555/open")["mentions"]

    assert '"plain-doi"' in told
    assert not words_in(told)
    assert words_in(seen["evidence"][0]["excerpt"]) == {"canarypri"}


def test_without_what_keeps_quotes_from_readers_the_canary_finds_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ok("score")
    monkeypatch.setattr(evidence, "ways", evidence.ties)
    monkeypatch.setattr(ledger, "_evidence", lambda line: line["way"].excerpt)

    assert words_in(desk.ok("explain", "10.5555/open", "--json")) == {"canarypri"}


def test_the_third_lock_holds_while_a_pull_hides_what_a_score_has_just_computed(
    early: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.store.scores.AT_ONCE", 1)  # so that the pull comes between two of its transactions
    settings = load(early.file)
    pulls = iter([early.tighten])
    house = steps.open_house(settings)

    steps.score(house, settings, full=True, clock=store.now, progress=lambda *_: next(pulls, lambda: None)())

    house.engine.dispose()
    assert next(pulls, None) is None
    canary(early, "public", quickly=True)


def test_without_the_fourth_lock_a_tightened_pull_leaves_its_badges(
    early: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Checked by making the end of every writing transaction drop no badges, then pulling the closed work.
    monkeypatch.setattr("sync.store.settle.unpublish", lambda _db, _ids: None)
    early.tighten(CLOSED)

    with pytest.raises(AssertionError, match="canarypri-closing"):
        canary(early, "public", quickly=True)
