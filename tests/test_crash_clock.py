"""Clocks that jump, and hours that come twice or not at all.

Commands run while their clock is an hour or a day back, or a year ahead; then it is right again. Nothing opens by our
clock, nothing is lost, and nothing waits for a year that never was.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import House
from interleaving_child import Terms
from interleaving_process import Process
from interleaving_university import BASE, FIELD, University, add_output, correct, doi_of, link, opened

from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import made
from sandbox.faults import Fault
from sync import store

HOUR = 3600 * 1_000_000
DAY = 24 * HOUR
JUMPS = {"an hour back": -HOUR, "a day back": -DAY, "a year ahead": 365 * DAY}
WAITS = 4
jumps = pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS.keys())


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[University]:
    with opened(tmp_path_factory.mktemp("university")) as found:
        house = found.at(found.states["new"])
        house.ok("pull")
        house.ok("score")
        found.states["scored"] = found.keep(house)
        house.ok("push")
        found.states["pushed"] = found.keep(house)
        yield found


def a_change(there: University) -> None:
    """What the source tells next."""
    institution = there.institution
    institution.change_output(101, privacy="internal")
    institution.change_output(105, privacy="public")
    institution.delete_output(106)
    correct(institution, 104, "10.5555/corrected")
    add_output(institution, 201)
    link(institution, 201, 1001)


def meanwhile(house: House, jump: int, *words: str, code: int = 0) -> None:
    """A command while the clock is wrong."""
    house.later += jump
    assert house.run(*words).code == code
    house.later -= jump


def mention(house: House, number: int, *, days: int = -1) -> None:
    """A policy source mentions the first output, some days from now."""
    at = datetime.now(UTC) + timedelta(microseconds=house.later, days=days)
    told = {"id": str(number), "source": "policy", "policy_source": str(number), "occurred_at": at.isoformat(),
            "output": [f"doi:{doi_of(101)}"]}  # fmt: skip
    (house.folder / "news.jsonl").write_text(json.dumps(told))
    house.ok("import", str(house.folder / "news.jsonl"))


def stands(there: University, number: int) -> str:
    """The score that the item of an output shows; nothing where it shows none."""
    (uuid,) = (
        item.uuid for item in there.library.items.values() if item.texts("dc.identifier.doi") == (doi_of(number),)
    )
    return " ".join(text.split()[1] for text in there.library.texts(uuid, FIELD))


@jumps
def test_a_sync_by_a_wrong_clock_leads_to_the_same_end(there: University, jump: int) -> None:
    if "right" not in there.endings:
        house = there.at(there.states["pushed"])
        a_change(there)
        house.ok("sync")
        there.endings["right"] = there.go_on(house, pulls=True)
    house = there.at(there.states["pushed"])
    a_change(there)

    meanwhile(house, jump, "sync")

    assert there.go_on(house, pulls=True) == there.endings["right"]


@jumps
def test_what_is_hidden_until_a_day_does_not_open_by_our_clock(there: University, jump: int) -> None:
    house = there.at(there.states["pushed"])
    until = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
    house.ok("hide", f"doi:{doi_of(101)}", "--why", "x", "--until", until)

    meanwhile(house, jump, "sync")
    assert doi_of(101) not in house.dois("internal")

    house.later += 11 * DAY
    there.pass_time(house, timedelta(days=11))
    house.ok("sync")
    assert doi_of(101) in house.dois("internal")


@jumps
def test_a_mention_counts_when_its_time_has_come(there: University, jump: int) -> None:
    house = there.at(there.states["pushed"])
    mention(house, 1, days=30)

    meanwhile(house, jump, "score")
    house.later += DAY
    house.ok("score")
    assert next(row["score"] for row in house.rows() if row["doi"] == doi_of(101)) == 0

    house.later += 31 * DAY
    house.ok("score")
    assert next(row["score"] for row in house.rows() if row["doi"] == doi_of(101)) == 3


def test_a_mention_that_is_newer_than_the_clock_counts_all_the_same(there: University) -> None:
    house = there.at(there.states["pushed"])
    mention(house, 1, days=-30)

    meanwhile(house, -HOUR, "score")
    house.ok("score")

    assert next(row["score"] for row in house.rows() if row["doi"] == doi_of(101)) == 3


@jumps
def test_a_score_that_was_pushed_by_a_wrong_clock_is_pushed_again_when_it_changed(there: University, jump: int) -> None:
    house = there.at(there.states["scored"])
    meanwhile(house, jump, "push")
    mention(house, 1)
    house.ok("score")

    house.later += 9 * DAY
    house.ok("push")

    assert stands(there, 101) == "3"


@jumps
def test_what_failed_by_a_wrong_clock_is_tried_again_in_time(there: University, jump: int) -> None:
    house = there.at(there.states["scored"])
    there.library.faults.append(DSpaceFault("status", status=500, method="PATCH", times=None))
    meanwhile(house, jump, "push", code=3)
    there.library.faults.clear()

    house.later += 2 * DAY
    house.ok("push")

    assert stands(there, 101) == "0"


@jumps
def test_an_item_that_was_not_found_by_a_wrong_clock_is_looked_for_in_time(there: University, jump: int) -> None:
    house = there.at(there.states["scored"])
    meanwhile(house, jump, "push")
    there.library.items |= {item.uuid: item for item in [made(110, dc_identifier_doi=doi_of(110))]}

    house.later += 9 * DAY
    house.ok("push")

    assert stands(there, 110) == "0"


@jumps
def test_what_the_brake_holds_by_a_wrong_clock_is_hidden_after_a_day_at_most(there: University, jump: int) -> None:
    house = there.at(there.states["pushed"])
    for number in range(104, 109):
        there.institution.delete_output(number)
    there.institution.deletions.clear()
    meanwhile(house, jump, "pull", "--full", code=WAITS)
    house.ok("score")  # which finds what a clock that was ahead has written

    house.later += DAY + HOUR

    assert doi_of(104) not in house.dois("internal")


@jumps
def test_a_bookmark_that_was_left_by_a_wrong_clock_ages_out(there: University, jump: int) -> None:
    house = there.at(there.states["new"])
    there.elements.faults.append(Fault("not xml", address=r"/publications\?", times=None))
    meanwhile(house, jump, "pull", code=1)
    there.elements.faults.clear()

    there.pass_time(house, timedelta(days=3))
    house.ok("pull")

    assert "bookmark" not in house.json("status")["connections"][0]["last_run"]["asked"]


CHANGES = {
    "America/New_York": ("2026-03-08T06:30:00Z", "2026-11-01T05:45:00Z"),
    "Europe/Dublin": ("2026-03-29T00:45:00Z", "2026-10-25T00:45:00Z"),
}
"""Half an hour or less before the clocks change, in each direction, of 2026."""
VERBS = (
    ("import", "{folder}/news.jsonl"),
    ("sync",),
    ("hide", f"doi:{doi_of(103)}", "--why", "x", "--until", "{day}"),
    ("score", "--as-of", "{day}T02:15:00", "--json"),
    ("export", "--format", "jsonl", "-o", "-", "--audience", "internal"),
    ("status", "--json"),
)
TIMES = ("{day}", "{day}T02:30:00", "{day}T01:30:00Z", "{day}T01:30:00-05:00", "{day}T01:30:00+01:00")
MINUTE = 60_000_000
SECONDS = re.compile(r':\d\d(\.\d+)?(?=Z|\+00:00)|"mention": "\d+"|"seconds": [\d.]+')
"""What is not the same twice: seconds of times, random ids, how long something took."""


@pytest.mark.parametrize(("zone", "change"), [(zone, at) for zone, changes in CHANGES.items() for at in changes])
def test_no_result_depends_on_the_time_zone_of_the_process(there: University, zone: str, change: str) -> None:
    assert told(there, zone, change) == told(there, "UTC", change)


def told(there: University, zone: str, change: str) -> list[Any]:
    """What commands say, an hour apart of each other, while a zone changes its clocks, and what is pushed by them."""
    house = there.at(there.states["scored"])
    day = change.partition("T")[0]
    lines = [
        {"id": str(number), "source": "policy", "policy_source": str(number), "occurred_at": at.format(day=day),
         "output": [f"doi:{doi_of(101)}"]}
        for number, at in enumerate(TIMES)
    ]  # fmt: skip
    (house.folder / "news.jsonl").write_text("\n".join(map(json.dumps, lines)))
    house.later = store.micros(datetime.fromisoformat(change)) - store.now()
    said: list[Any] = []
    for verb in VERBS:
        words = [word.format(folder=house.folder, day=day) for word in verb]
        with Process(house.file, words, terms=Terms(later=house.later, zone=zone)) as process:
            said.append((verb[0], process.wait(), SECONDS.sub("", process.said["out"]), process.said["err"]))
        house.later += 15 * MINUTE
    texts = [item.texts(FIELD) for item in there.library.items.values()]
    assert any(f"{BASE}/" in text for held in texts for text in held)
    return [*said, texts]
