"""A mention that does not speak of one output is no mention of that, and goes on being one of the others."""

import json
from pathlib import Path

import pytest
from conftest import House
from evidence_house import hear, mention
from mention_house import a_copy, ledger, line, number, refuse, some_works, tell
from restore_house import Sources

works, house = some_works(), a_copy()
BOTH = ["doi:10.5555/one", "doi:10.5555/two"]
AT = "https://news.example/a"


def untie(house: House, key: str = "a", work: str = "one") -> None:
    house.ok("mention", "refuse", str(number(house, key)), "--output", f"10.5555/{work}", "--why", "speaks of another")


def test_only_the_output_that_it_does_not_speak_of_is_rid_of_it(house: House) -> None:
    tell(house, line("a", output=BOTH))
    house.ok("score")

    untie(house)

    assert (ledger(house), ledger(house, "two").keys()) == ({}, {AT})  # before the next score
    house.ok("score")
    scores = {row["doi"]: row["score"] for row in house.rows()}
    assert (scores["10.5555/one"], scores["10.5555/two"] > 0) == (0, True)
    (seen,) = house.json("mention", "list", "--url", AT)["mentions"]
    assert (seen["state"], seen["outputs"], seen["refused"]) == ("tied", ["doi:10.5555/two"], ["doi:10.5555/one"])


def test_a_mention_that_has_no_other_tie_waits_and_is_tied_again_when_it_is_accepted(house: House) -> None:
    tell(house, line("a"))
    house.ok("score")
    untie(house)

    assert [each["url"] for each in house.json("mention", "waiting")["mentions"]] == [AT]
    done = house.json("mention", "accept", str(number(house, "a")), "--output", "doi:10.5555/one")

    assert len(done["outputs"]) == 1
    house.ok("score")
    assert ledger(house).keys() == {AT}
    assert house.json("mention", "waiting")["mentions"] == []
    assert house.run("mention", "accept", str(number(house, "a")), "--output", "10.5555/one").code == 1


@pytest.mark.parametrize(
    "again",
    [
        {"id": "a", "title": "told anew", "url": "https://news.example/elsewhere"},
        {"id": "other", "url": "https://news.example/a?utm_source=x"},
        {"id": "a", "output": [*BOTH, "pmid:1"]},
    ],
    ids=["by its key", "by its address", "of more"],
)
def test_it_survives_whatever_is_told_again(house: House, again: dict[str, object]) -> None:
    tell(house, line("a"))
    untie(house)

    tell(house, line("a") | again)
    house.ok("score")

    assert ledger(house) == {}


def test_a_better_match_by_another_identifier_of_the_same_output_stays_refused(house: House) -> None:
    (house.folder / "told" / "outputs.csv").write_text(
        "output,title,visibility,doi,pmid\none,Work,public,10.5555/one,7\nmore,More,public,10.5555/more,8\n"
        "two,Two,public,10.5555/two,\nthree,Three,public,10.5555/three,\nhidden,H,private,10.5555/hidden,\n"
    )
    house.ok("pull")
    tell(house, line("a"))
    untie(house)

    tell(house, line("a", output=["pmid:7", "pmid:8"]))
    house.ok("score")

    assert (ledger(house), ledger(house, "more").keys()) == ({}, {AT})


def test_what_was_refused_is_accepted_also_when_its_source_names_it_no_more(house: House) -> None:
    tell(house, line("a"))
    untie(house)
    tell(house, line("a", output=["doi:10.5555/two"]))

    house.ok("mention", "accept", str(number(house, "a")), "--output", "10.5555/one")

    assert house.json("mention", "refused")["ties"] == []
    tell(house, line("a", output=BOTH))
    assert house.json("mention", "list", "--url", AT)["mentions"][0]["refused"] == []


def test_it_is_listed_with_who_and_why_and_audited(house: House) -> None:
    tell(house, line("a", output=BOTH))
    untie(house)

    told = house.json("mention", "refused")

    assert told["refused"] == []
    assert [(tie["mention"], tie["names"], tie["why"]) for tie in told["ties"]] == [
        (str(number(house, "a")), ["doi:10.5555/one"], "speaks of another")
    ]
    assert "doi:10.5555/one" in house.ok("mention", "refused")
    ((verb, subject, detail),) = house.stored("SELECT verb, subject, detail FROM audit ORDER BY id")
    assert (verb, subject) == ("mention refuse", f"mention:{number(house, 'a')}")
    assert json.loads(detail) == {"why": "speaks of another", "output": ["doi:10.5555/one"]}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("refuse", "4711", "--output", "10.5555/one", "--why", "x"), 1, "mention 4711: there is none"),
        (("refuse", "{a}", "--output", "10.5555/three", "--why", "x"), 2, "output: is not what mention {a} speaks of"),
        (("refuse", "{a}", "--output", "10.5555/nowhere", "--why", "x"), 1, "unknown output"),
        (("refuse", "{a}", "--output", "10.5555/one", "--why", " "), 2, "why: is empty"),
        (("accept", "{a}", "--output", "10.5555/one"), 1, "mention {a}: that it speaks of this output is not refused"),
        (("confirm", "{a}", "--output", "person:1", "--why", "x"), 1, "unknown person"),
    ],
)
def test_what_cannot_be_done_is_said(house: House, words: tuple[str, ...], code: int, said: str) -> None:
    tell(house, line("a"))
    a = str(number(house, "a"))

    ran = house.run("mention", *(word.format(a=a) for word in words))

    assert (ran.code, ran.err.startswith(said.format(a=a))) == (code, True), ran


def test_a_dry_run_changes_nothing(house: House) -> None:
    tell(house, line("a"))
    asked = (str(number(house, "a")), "--output", "10.5555/one", "--why", "x", "--dry-run")

    told = [house.json("mention", verb, *asked) for verb in ("refuse", "confirm")]

    assert [len(each["outputs"]) for each in told] == [1, 0]
    assert house.stored("SELECT count(*) FROM ruling") == [(0,)]
    assert house.stored("SELECT count(*) FROM mark") == [(1,)]


def test_what_names_no_output_that_is_known_can_be_refused_before_its_record_comes(house: House) -> None:
    tell(house, line("a", output=["doi:10.5555/late"]))
    untie(house, work="late")

    file = house.folder / "told" / "outputs.csv"
    file.write_text(file.read_text() + "late,Late,public,10.5555/late\n")
    house.ok("sync")

    assert ledger(house, "late") == {}


def test_a_version_without_a_record_counts_no_more_for_what_it_is_a_version_of(house: House) -> None:
    rows = "".join(f"{work},Work,public,10.5555/{work},\n" for work in ("two", "three", "hidden"))
    rows += "one,One,public,10.5555/one,has_preprint doi:10.5555/draft\n"
    (house.folder / "told" / "outputs.csv").write_text(f"output,title,visibility,doi,versions\n{rows}")
    house.ok("pull")
    tell(house, line("a", output=["doi:10.5555/draft"]))
    house.ok("score")
    assert ledger(house).keys() == {AT}

    untie(house, work="draft")

    assert ledger(house) == {}
    house.ok("score")
    assert house.json("explain", "10.5555/one")["score"] == 0


def test_it_is_not_added_by_hand_for_what_was_refused(house: House) -> None:
    tell(house, line("a", output=BOTH))
    untie(house)

    ran = house.run("mention", "add", AT, "--output", "10.5555/one")

    assert (ran.code, "that this page speaks of it was refused" in ran.err) == (1, True), ran


def test_a_mention_that_is_refused_as_a_whole_is_so_whatever_its_ties(house: House) -> None:
    tell(house, line("a", output=BOTH))
    untie(house)
    refuse(house, "a")
    assert ledger(house, "two") == {}

    house.ok("mention", "accept", str(number(house, "a")))

    assert (ledger(house), ledger(house, "two").keys()) == ({}, {AT})


def test_what_was_ruled_since_a_backup_stays_and_so_does_what_was_taken_back(tmp_path: Path) -> None:
    house = Sources(tmp_path).tell("one", one="public", two="public")
    told = [line(key, output=BOTH, outlet={"id": key}) for key in "klm"]
    (house.folder / "one" / "mentions.jsonl").write_text("".join(json.dumps(each) + "\n" for each in told))
    house.ok("sync")
    untie(house, "l")
    backup = house.backup()
    untie(house, "k")
    house.ok("mention", "accept", str(number(house, "l")), "--output", "10.5555/one")
    house.ok("mention", "confirm", str(number(house, "m")), "--output", "10.5555/one", "--why", "I read it")

    kept = house.restored(backup)["kept"]
    house.ok("sync")

    assert ledger(house).keys() == {f"https://news.example/{key}" for key in "lm"}
    assert ledger(house, "two").keys() == {f"https://news.example/{key}" for key in "klm"}
    assert kept["refusals"] == 3
    levels = {each["url"][-1]: each["evidence"]["level"] for each in house.json("explain", "10.5555/one")["ledger"]}
    assert levels == {"l": None, "m": "confirmed by hand"}


def test_it_outlives_the_connection_that_told_the_mention(house: House) -> None:
    hear(house, mention("a", works=("one", "two")))
    untie(house)
    other = house.file.read_text().replace("[connections.told]", "[connections.other]")
    before, _ = house.file.read_text(), house.write(other).ok("connection", "forget", "told")

    house.write(before).ok("sync")
    hear(house, mention("a", works=("one", "two")))
    house.ok("score")

    assert (ledger(house), ledger(house, "two").keys()) == ({}, {AT})
