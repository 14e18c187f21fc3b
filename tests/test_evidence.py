"""What was seen of a mention is kept, shown to those who decide, quoted to nobody else, and gone where it must be."""

from typing import Any

import pytest
from conftest import House
from evidence_house import WORDS, doi, evidence, hear, mention
from mention_house import a_copy, ledger, number, some_works

from connectors.attention import LEVELS, Mention

works, house = some_works(), a_copy()


@pytest.mark.parametrize(
    "told",
    [
        {"method": "title"},
        {"method": "title-and-year"},
        {"method": "two words"},
        {"method": ""},
        {"level": "confirmed by hand"},
        {"level": "unrecognised"},
        {"level": ""},
        {"excerpt": ""},
        {"excerpt": "x" * 301},
        {"excerpt": "two\nlines"},
        {"excerpt": "two\u2028lines"},
        {"excerpt": "half a character \ud83d"},
        {"digest": "abc"},
        {"digest": "A" * 64},
        {"extractor": ""},
    ],
)
def test_evidence_that_is_none_is_refused_and_nothing_of_it_is_cut(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Evidence"):
        evidence(**told)


@pytest.mark.parametrize("level", LEVELS[1:])
def test_an_excerpt_may_have_three_hundred_characters_on_any_step_of_the_ladder(level: str) -> None:
    assert evidence(excerpt="x" * 300, level=level).level == level


@pytest.mark.parametrize("seen", [(evidence("two"),), (evidence(), evidence(method="doi-url"))])
def test_a_mention_has_evidence_of_what_it_names_and_of_each_once(seen: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="evidence"):
        mention(evidence=seen)
    with pytest.raises(ValueError, match="evidence"):
        Mention(key="a", deleted=True, evidence=seen)


def listed(house: House, key: str = "a") -> dict[str, Any]:
    (found,) = house.json("mention", "list", "--url", f"https://news.example/{key}")["mentions"]
    return dict(found)


def test_an_administrator_is_shown_what_was_seen(house: House) -> None:
    hear(house, mention())

    (seen,) = listed(house)["evidence"]
    assert {name: seen[name] for name in ("of", "method", "level", "excerpt", "extractor")} == {
        "of": "doi:10.5555/one",
        "method": "plain-doi",
        "level": "literal",
        "excerpt": WORDS,
        "extractor": "3",
    }
    assert "plain-doi (literal)" in house.ok("mention", "list")


def test_a_reader_is_told_how_it_was_found_and_nothing_of_what_was_seen(house: House) -> None:
    hear(house, mention(), mention("b", evidence=()))
    house.ok("score")

    told = house.ok("explain", "10.5555/one", "--json")
    lines = {line["url"]: line["evidence"] for line in house.json("explain", "10.5555/one")["ledger"]}

    assert lines == {
        "https://news.example/a": {"method": "plain-doi", "level": "literal"},
        "https://news.example/b": {"method": "told by the source", "level": None},
    }
    assert "Saltmarsh" not in told


def test_a_mention_told_again_is_news_only_where_its_evidence_is_another(house: House) -> None:
    assert hear(house, mention()) == 1
    assert hear(house, mention()) == 0

    assert hear(house, mention(evidence=(evidence(method="doi-url", extractor="4"),))) == 1

    (seen,) = listed(house)["evidence"]
    assert (seen["method"], seen["extractor"]) == ("doi-url", "4")
    assert hear(house, mention(evidence=())) == 1
    assert listed(house)["evidence"] == []


def test_what_was_quoted_goes_when_its_source_takes_the_mention_back_and_comes_with_it_again(house: House) -> None:
    hear(house, mention())

    hear(house, Mention(key="a", deleted=True))

    (seen,) = listed(house)["evidence"]
    assert (seen["method"], seen["level"], seen["excerpt"], seen["extractor"]) == ("plain-doi", "literal", None, "3")
    assert (listed(house)["state"], house.stored("SELECT excerpt FROM evidence")) == ("taken back", [("",)])
    hear(house, mention())
    assert (listed(house)["state"], listed(house)["evidence"][0]["excerpt"]) == ("tied", WORDS)


def test_a_restore_does_not_bring_a_quote_back_that_was_taken_back_since(house: House) -> None:
    hear(house, mention())
    backup = str(house.folder / "then.backup")
    house.ok("backup", backup)
    hear(house, Mention(key="a", deleted=True))

    house.ok("restore", backup)

    assert house.stored("SELECT method, excerpt FROM evidence") == [("plain-doi", "")]
    hear(house, mention())
    assert house.stored("SELECT excerpt FROM evidence") == [(WORDS,)]


def test_evidence_goes_with_the_connection_that_told_it(house: House) -> None:
    hear(house, mention())
    house.write(house.file.read_text().replace("[connections.told]", "[connections.other]"))

    house.ok("connection", "forget", "told")

    assert house.stored("SELECT count(*) FROM evidence") == [(0,)]


def test_a_confirmed_tie_is_shown_as_such_and_later_runs_keep_that(house: House) -> None:
    hear(house, mention("a"), mention("b", evidence=()))
    for key in "ab":
        house.ok("mention", "confirm", str(number(house, key)), "--output", "10.5555/one", "--why", "I read it")

    hear(house, mention("a", evidence=(evidence(method="doi-url", level="lookup"),)), mention("b", title="anew"))
    house.ok("score")

    found = {line["url"]: line["evidence"] for line in house.json("explain", "10.5555/one")["ledger"]}
    assert found == {
        "https://news.example/a": {"method": "doi-url", "level": "confirmed by hand"},
        "https://news.example/b": {"method": "plain-doi", "level": "confirmed by hand"},
    }
    again = house.run("mention", "confirm", str(number(house, "a")), "--output", "10.5555/one", "--why", "x")
    assert (again.code, "was confirmed already" in again.err) == (1, True)
    assert house.stored("SELECT count(*) FROM audit WHERE verb = 'mention confirm'") == [(2,)]


def test_refusing_what_was_confirmed_is_the_later_word_and_so_is_the_other_way_round(house: House) -> None:
    hear(house, mention())
    a = str(number(house, "a"))
    asked = (a, "--output", "10.5555/one", "--why", "w")
    house.ok("mention", "confirm", *asked)

    house.ok("mention", "refuse", *asked)
    assert listed(house)["state"] == "waits"
    house.ok("mention", "confirm", *asked)

    assert (listed(house)["state"], listed(house)["evidence"][0]["level"]) == ("tied", "confirmed by hand")
    assert house.json("mention", "refused")["ties"] == []


def test_evidence_of_one_identifier_says_nothing_of_another(house: House) -> None:
    told = mention(targets=(doi("one"), doi("two")), evidence=(evidence("two", level="recognised domain"),))
    hear(house, told)
    house.ok("score")

    found = {work: house.json("explain", f"10.5555/{work}")["ledger"][0]["evidence"] for work in ("one", "two")}

    assert found == {
        "one": {"method": "told by the source", "level": None},
        "two": {"method": "plain-doi", "level": "recognised domain"},
    }
    assert ledger(house).keys() == ledger(house, "two").keys()
