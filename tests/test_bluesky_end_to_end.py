"""From what somebody says on Bluesky to a line of a ledger, by the commands that an administrator gives."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bluesky_source import ANN, BOB, EVE, quoting, uri
from conftest import House
from mention_house import SETTINGS, some_works

from sandbox.bluesky import BlueskyFault, PracticeBluesky, practice_bluesky
from sandbox.bluesky.practice import opened
from sync.conformance.practice import FAULTS, NEEDS

LINK = "https://doi.org/10.5555/{}"
CONTACT = '[institution]\ncontact = "library@example.edu"\n'
works = some_works()


@pytest.fixture
def server() -> Iterator[PracticeBluesky]:
    with practice_bluesky() as server:
        yield server


@pytest.fixture
def house(works: House, tmp_path: Path, server: PracticeBluesky) -> House:
    house = works.copy(tmp_path / "house")
    told = f'[connections.bluesky]\nkind = "bluesky"\nurl = "{server.url}"\n'
    return house.write(CONTACT + SETTINGS.format(name="told") + told)


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def ledger(house: House, work: str = "one") -> list[dict[str, Any]]:
    house.ok("score")
    found: list[dict[str, Any]] = house.json("explain", f"10.5555/{work}")["ledger"]
    return found


def test_posts_quotes_and_reposts_count_once_for_each_account_and_say_why(
    house: House, server: PracticeBluesky
) -> None:
    server.post(ANN, "3k1", "doi.org/10.5555/o...", at=ago(hours=9), links=[LINK.format("one")])
    server.post(ANN, "3k2", "doi:10.5555/one, again", at=ago(hours=8))
    server.repost(BOB, "3r1", uri(ANN, "3k1"), at=ago(hours=7))
    server.post(EVE, "3q1", "how true", at=ago(hours=6), embed=quoting(uri(ANN, "3k1")))
    server.post(EVE, "3k3", "10.5555/stranger", at=ago(hours=5))

    house.ok("pull", "bluesky")
    lines = ledger(house)

    assert [(each["unit"], each["evidence"]["method"], each["counted"], each["url"]) for each in lines] == [
        (f"account:{ANN}", "doi-url", True, f"https://bsky.app/profile/{ANN}/post/3k1"),
        (f"account:{ANN}", "prefixed", False, f"https://bsky.app/profile/{ANN}/post/3k2"),
        (f"account:{BOB}", "repost", True, ""),
        (f"account:{EVE}", "quote", True, f"https://bsky.app/profile/{EVE}/post/3q1"),
    ]
    assert [each for each in lines if "repost" in each["why"]] == lines[2:3]
    assert house.stored("SELECT count(*) FROM mention") == [(4,)]
    assert house.stored("SELECT DISTINCT title FROM mention") == [("",)]


def test_what_is_deleted_is_taken_back_and_its_words_go(house: House, server: PracticeBluesky) -> None:
    server.post(ANN, "3k1", "see 10.5555/one", at=ago(hours=9))
    server.repost(BOB, "3r1", uri(ANN, "3k1"), at=ago(hours=8))
    house.ok("pull", "bluesky")
    before = [each["millipoints"] for each in ledger(house)]
    server.delete(ANN, "3k1", at=ago(seconds=3))
    server.account(BOB, at=ago(seconds=2), active=False, status="deactivated")

    house.ok("pull", "bluesky")

    assert len(before) == 2
    assert ledger(house) == []
    assert house.stored("SELECT reason FROM mention ORDER BY id") == [("deleted",), ("gone",)]
    assert house.stored("SELECT DISTINCT excerpt FROM evidence") == [("",)]


def test_what_was_deleted_while_the_line_was_cut_is_heard_of_by_the_next_run(
    house: House, server: PracticeBluesky
) -> None:
    server.post(ANN, "3k1", "see 10.5555/one", at=ago(minutes=9))
    server.faults.append(BlueskyFault("mid frame", behind=1, times=None))
    assert house.run("pull", "bluesky").code != 0
    server.faults.clear()
    server.delete(ANN, "3k1", at=ago(minutes=8))

    house.ok("pull", "bluesky")

    assert ledger(house) == []


def test_a_stream_that_changed_its_shape_overnight_fails_the_run_and_scores_nothing(
    house: House, server: PracticeBluesky
) -> None:
    server.post(ANN, "3k1", "see 10.5555/one", at=ago(hours=9))
    house.ok("pull", "bluesky")
    server.raw += [b'{"$type": "message", "payload": {"text": "10.5555/two"}}'] * 60

    ran = house.run("pull", "bluesky")

    assert ran.code != 0
    assert "not understood" in ran.out + ran.err
    assert [len(ledger(house, work)) for work in ("one", "two")] == [1, 0]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://jetstream.example.org", "write such as wss://host/path"),
        ("ws://jetstream.example.org", "write wss://"),
        ("wss://ann:secret@jetstream.example.org", "give them as username"),
        ("wss://jetstream.example.org?cursor=1", "has a part after"),
    ],
)
def test_an_address_that_is_no_safe_stream_is_refused(house: House, url: str, words: str) -> None:
    ran = house.write(f'[connections.bluesky]\nkind = "bluesky"\nurl = "{url}"\n').run("pull")

    assert ran.code == 2
    assert words in ran.err
    assert "secret" not in ran.err


def test_another_kind_has_no_stream(house: House) -> None:
    ran = house.write('[connections.crossref]\nkind = "crossref"\nurl = "wss://api.example.org"\n').run("pull")

    assert ran.code == 2
    assert "no address of a crossref; write such as https://host/path" in ran.err


# The practice system as the suite drives it ------------------------------------------------------------------------


def test_who_speaks_and_who_deletes_what_they_said(house: House, tmp_path: Path) -> None:
    with opened(tmp_path) as practice:
        house.write(house.file.read_text().replace('url = "', f'url = "{practice.settings["url"]}" # "'))
        practice.say(1, of="10.5555/one", at=ago(hours=2))
        practice.say(2, of="10.5555/one", at=ago(hours=1))
        house.ok("pull", "bluesky")
        first = len(ledger(house))
        practice.say(1, of="10.5555/two", at=ago(hours=2))
        practice.unsay(2)
        house.ok("pull", "bluesky")

        assert (first, len(ledger(house)), len(ledger(house, "two"))) == (2, 0, 1)
        assert [each.path for each in practice.requests] == ["/subscribe"] * 2
        assert practice.changes() == 0


def test_it_says_why_it_lacks_what_it_lacks(tmp_path: Path) -> None:
    with opened(tmp_path) as practice:
        for fault in FAULTS.keys() - practice.lacks.keys() - {"refused"}:
            practice.fault(fault)
        assert set(practice.lacks) <= FAULTS.keys() | NEEDS.keys()
