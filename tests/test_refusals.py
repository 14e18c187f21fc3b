"""A refused mention counts nowhere and is shown to nobody, whatever is told again, joined or restored."""

import json
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House
from mention_house import a_copy, ledger, line, number, refuse, some_works, tell
from restore_house import Sources

works, house = some_works(), a_copy()

ALWAYS = (
    line("a", outlet={"id": "daily", "tier": 1}),
    line("r", source="x", author={"id": "eve", "followers": 500}, url="https://x.example/r", repost=True),
)
REFUSED = (
    line("b", outlet={"id": "daily", "tier": 1}, occurred_at="2025-12-01"),  # the first of its outlet
    line("s", source="x", author={"id": "eve", "followers": 90_000}, url="https://x.example/s"),
    line("p", source="policy", policy_source="who", url="https://policy.example/p", output=["doi:10.5555/two"]),
)


def test_after_refusing_a_house_scores_as_if_it_had_never_been_told(house: House, works: House, tmp_path: Path) -> None:
    other = works.copy(tmp_path / "other")
    for one, lines in ((house, (*ALWAYS, *REFUSED)), (other, ALWAYS)):
        tell(one, *lines)
        one.ok("score")
    # The account was told with more followers: what is known of who spoke stays known.
    tell(other, line("later", source="x", author={"id": "eve", "followers": 90_000}, url="https://x.example/s",
                     output=["doi:10.5555/nowhere"]))  # fmt: skip
    before = {row["doi"]: row["millipoints"] for row in house.rows()}

    refuse(house, "b", "s", "p")
    for one in (house, other):
        one.ok("score")

    rows, others = ({row["doi"]: row["millipoints"] for row in one.rows()} for one in (house, other))
    assert rows == others != before
    assert ledger(house) == ledger(other)
    as_of, others_of = (one.json("score", "--as-of", "2030-01-01") for one in (house, other))
    assert as_of == others_of
    for key in ("b", "s", "p"):
        house.ok("mention", "accept", str(number(house, key)))
    house.ok("score")
    assert {row["doi"]: row["millipoints"] for row in house.rows()} == before


def test_a_refused_mention_is_gone_from_the_ledger_before_the_next_score(house: House) -> None:
    tell(house, *ALWAYS)
    house.ok("score")

    refuse(house, "a")

    assert ledger(house).keys() == {"https://x.example/r"}
    assert house.json("status")["outputs"]["waiting_for_score"] == 1


@pytest.mark.parametrize(
    "again",
    [
        {"id": "a", "title": "told anew", "url": "https://news.example/elsewhere"},
        {"id": "other", "url": "https://news.example/a?utm_source=x"},
        {"id": "other", "url": "http://news.example/a", "output": ["doi:10.5555/two"]},
    ],
    ids=["by its key", "by its address", "by its address, of another work"],
)
def test_what_is_told_again_stays_refused(house: House, again: dict[str, Any]) -> None:
    tell(house, *ALWAYS)
    refuse(house, "a")

    tell(house, line("a") | again)
    house.ok("score")

    assert ledger(house).keys() == {"https://x.example/r"}
    assert ledger(house, "two") == {}


def test_the_same_address_of_another_source_is_another_mention(house: House) -> None:
    tell(house, line("a"))
    refuse(house, "a")

    tell(house, line("b", source="blog", url="https://news.example/a"))
    house.ok("score")

    assert ledger(house).keys() == {"https://news.example/a"}


def test_what_is_refused_is_listed_with_who_and_why(house: House) -> None:
    tell(house, *ALWAYS)
    id_ = number(house, "a")
    done = house.json("mention", "refuse", str(id_), "--why", "another work")

    (told,) = house.json("mention", "refused")["refused"]
    assert (told["mention"], told["source"], told["url"], told["why"]) == (
        str(id_), "news", "https://news.example/a", "another work",
    )  # fmt: skip
    assert (done["mentions"], len(done["outputs"])) == ([str(id_)], 1)
    assert "another work" in house.ok("mention", "refused")
    (seen,) = house.json("mention", "list", "--url", "http://news.example/a#part")["mentions"]
    assert (seen["state"], seen["names"], seen["outputs"]) == ("refused", ["doi:10.5555/one"], [])
    verbs = [verb for (verb,) in house.stored("SELECT verb FROM audit ORDER BY id")]
    assert verbs == ["mention refuse", "mention list"]


def test_a_dry_run_says_what_would_be_and_changes_nothing(house: House) -> None:
    tell(house, *ALWAYS)
    id_ = str(number(house, "a"))

    told = house.json("mention", "refuse", id_, "--why", "x", "--dry-run")

    assert (told["dry_run"], len(told["outputs"])) == (True, 1)
    assert house.json("mention", "refused")["refused"] == []
    assert house.stored("SELECT count(*) FROM audit") == [(0,)]
    assert house.run("mention", "accept", id_).code == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("refuse", "4711", "--why", "x"), 1, "mention 4711: there is none"),
        (("refuse", "{a}", "--why", " "), 2, "why: is empty; say why, for those who come after you"),
        (("accept", "{a}"), 1, "mention {a}: is not refused"),
        (("list", "--source", "telegram"), 2, 'source: "telegram" is none of news, '),
        (("list", "--output", "10.5555/nowhere"), 1, "unknown output"),
    ],
)
def test_what_cannot_be_done_is_said(house: House, words: tuple[str, ...], code: int, said: str) -> None:
    tell(house, line("a"))
    a = str(number(house, "a"))

    ran = house.run("mention", *(word.format(a=a) for word in words))

    assert ran.code == code
    assert ran.err.startswith(said.format(a=a))


def test_a_refusal_since_a_backup_stays_and_so_does_one_that_was_taken_back(tmp_path: Path) -> None:
    house = Sources(tmp_path).tell("one", a="public")
    urls = {key: f"https://news.example/{key}" for key in "klm"}
    (house.folder / "one" / "mentions.jsonl").write_text(
        "".join(json.dumps(line(key, output=["doi:10.5555/a"], outlet={"id": key})) + "\n" for key in "klm")
    )
    house.ok("sync")
    refuse(house, "l")
    backup = house.backup()
    refuse(house, "k")
    house.ok("mention", "accept", str(number(house, "l")))

    told = house.restored(backup)
    house.ok("sync")

    assert ledger(house, "a").keys() == {urls["l"], urls["m"]}
    assert told["kept"]["refusals"] == 2
    assert [each["url"] for each in house.json("mention", "refused")["refused"]] == [urls["k"]]


def test_a_refusal_outlives_the_connection_that_told_the_mention(tmp_path: Path) -> None:
    house = Sources(tmp_path).tell("one", a="public").tell("two")
    (house.folder / "two" / "mentions.jsonl").write_text(json.dumps(line("k", output=["doi:10.5555/a"])))
    house.ok("sync")
    refuse(house, "k")

    house.without("two").ok("connection", "forget", "two")
    house.tell("two", more=" ").ok("sync")

    assert stores.run(house.folder, "SELECT refused FROM mention") == [(1,)]
    assert ledger(house, "a") == {}
