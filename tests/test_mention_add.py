"""A mention that is added by hand counts as one that was imported; what names no output waits for one."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from mention_house import a_copy, ledger, line, number, refuse, some_works, tell

works, house = some_works(), a_copy()


def add(house: House, url: str, *more: str) -> Any:
    return house.json("mention", "add", url, *more)


def test_a_mention_that_is_added_by_hand_counts_as_one_that_was_imported(
    house: House, works: House, tmp_path: Path
) -> None:
    other = works.copy(tmp_path / "other")
    told = line("a", outlet={"id": "daily"}, title="Tides", url="https://news.example/a?b=1&a=2")
    tell(other, told)
    other.ok("score")

    done = add(house, "http://news.example/a?b=1&a=2&utm_source=x#top", "--output", "https://doi.org/10.5555/ONE",
               "--outlet", "daily", "--at", "2026-01-01", "--title", "Tides", "--why", "a reader told us")  # fmt: skip
    house.ok("score")

    assert (done["method"], done["connection"], done["outputs"]) == ("by hand", "(import)", ["doi:10.5555/one"])
    assert ledger(house) == ledger(other) != {}
    ((verb, detail),) = house.stored("SELECT verb, detail FROM audit")
    assert (verb, json.loads(detail)["why"]) == ("mention add", "a reader told us")


def test_what_is_known_already_is_not_added_twice_and_other_works_are(house: House) -> None:
    tell(house, line("a"))
    url = "https://news.example/a"

    known = house.run("mention", "add", url, "--output", "10.5555/one")
    first = add(house, url, "--output", "10.5555/two")
    again = house.run("mention", "add", url, "--output", "10.5555/two")
    more = add(house, url, "--output", "10.5555/three")

    assert (known.code, again.code) == (1, 1)
    assert known.err.startswith(f"url: is known already as mention {number(house, 'a')}")
    assert more["mention"] == first["mention"]
    assert more["names"] == ["doi:10.5555/three", "doi:10.5555/two"]
    assert house.stored("SELECT count(*) FROM mention") == [(2,)]


def test_what_was_refused_is_not_added_by_hand(house: House) -> None:
    tell(house, line("a"))
    refuse(house, "a")

    ran = house.run("mention", "add", "https://news.example/a", "--output", "10.5555/two")

    assert ran.code == 1
    assert f"accept mention {number(house, 'a')} first" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("javascript:alert(1)", "--output", "10.5555/one"), "url: "),
        (("https://", "--output", "10.5555/one"), "url: "),
        (("https://news.example/a",), "output: the address is that of no output"),
        (("https://news.example/a", "--output", "10.5555/nowhere"), 'output: "10.5555/nowhere" is none that is known'),
        (("https://news.example/a", "--output", "person:1"), 'output: "person:1" is none that is known'),
        (
            ("https://news.example/a", "--output", "10.5555/one", "--at", "2026-02-31"),
            'at: "2026-02-31" is no ISO',
        ),
        (("https://news.example/a", "--output", "10.5555/one", "--source", "telegram"), 'source: "telegram" is none'),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_stored(house: House, words: tuple[str, ...], said: str) -> None:
    ran = house.run("mention", "add", *words)

    assert ran.code == 2
    assert ran.err.startswith(said)
    assert house.stored("SELECT count(*) FROM mention") == [(0,)]


def test_the_address_of_an_output_needs_no_other_name_for_it_and_hidden_ones_can_be_meant(house: House) -> None:
    assert add(house, "https://doi.org/10.5555/one", "--source", "misc")["outputs"] == ["doi:10.5555/one"]
    assert add(house, "https://news.example/h", "--output", "10.5555/hidden")["outputs"] == ["doi:10.5555/hidden"]


def test_a_dry_run_adds_nothing(house: House) -> None:
    told = add(house, "https://news.example/a", "--output", "10.5555/one", "--dry-run")

    assert (told["dry_run"], told["outputs"]) == (True, ["doi:10.5555/one"])
    assert house.stored("SELECT count(*) FROM mention") == house.stored("SELECT count(*) FROM audit") == [(0,)]


def test_what_names_no_output_waits_until_one_comes(house: House) -> None:
    tell(house, line("a", output=["doi:10.5555/later"]), line("b"))

    (waits,) = house.json("mention", "waiting")["mentions"]

    assert (waits["state"], waits["names"]) == ("waits", ["doi:10.5555/later"])
    with (house.folder / "told" / "outputs.csv").open("a") as file:
        file.write("later,Later,public,10.5555/later\n")
    house.ok("sync")
    assert house.json("mention", "waiting")["mentions"] == []
    assert ledger(house, "later").keys() == {"https://news.example/a"}
