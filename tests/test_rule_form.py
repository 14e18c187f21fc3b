"""A rule set as a form: what it shows is what the loader reads, to the last thousandth, and nothing else gets in."""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.console import rule_form
from badges.forms import Form, asked_of
from scoring import rules
from scoring.checks import HAS_OUTLET, MOST_MILLI, MOST_POINTS, ways
from scoring.checks import faults as checked
from scoring.signs import checks
from sync.acts import rule_files

SHIPPED = rules.text("ringmark-2026")
MINE = rule_files.copied(SHIPPED, "mine", "1", "ours")
FIELDS = rule_form.shown(tomllib.loads(MINE))

POINTS = st.integers(0, MOST_POINTS) | st.sampled_from((0, 1, 250, 999, 1000, 1001))
MILLI = st.integers(0, MOST_MILLI)
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), max_size=20)


@st.composite
def steps(draw: st.DrawFn, first: int) -> list[dict[str, int]]:
    starts = draw(st.lists(st.integers(first + 1, 2**62), max_size=8, unique=True).map(sorted))
    return [{"from": start, "milli": draw(MILLI)} for start in (first, *starts)]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any rule set that the loader takes, with every key that a file may have or leave out."""
    tiers = draw(st.lists(POINTS, min_size=4, max_size=4).map(lambda told: sorted(told, reverse=True)))
    bounds = [dict(zip(("least", "most"), sorted(draw(st.tuples(MILLI, MILLI))), strict=True)) for _ in range(2)]
    found: dict[str, Any] = {
        "name": "mine",
        "version": draw(WORDS.filter(bool)),
        "summary": draw(WORDS),
        "unknown_tier": draw(st.integers(1, 4)),
        "tiers": dict(zip("1234", tiers, strict=True)),
        "neutral": {name: draw(MILLI) for name in rule_form.NUMBERS["neutral"]},
        "clamp": bounds[0],
        "blog_reach": bounds[1],
        "curves": {name: draw(steps(0)) for name in rule_form.CURVES},
        "sources": {},
    }
    counts = {}
    for source, unit in rules.UNITS.items():
        line: dict[str, Any] = {"unit": draw(st.sampled_from((unit, "source")))}
        if draw(st.booleans()):
            line |= {"published": draw(st.booleans())}
        if draw(st.booleans()):
            by = draw(st.sampled_from(ways(unit)))
            line |= {"by": by, "millipoints": tiers[0] if by == "tier" else draw(POINTS)}
            if draw(st.booleans()):
                line |= {"repost": draw(POINTS), "round_reposts": draw(st.booleans())}
            if draw(st.booleans()):
                counts[source] = draw(steps(1))
        else:
            line["counts"] = False
        found["sources"][source] = line
    if counts or draw(st.booleans()):
        found["counts"] = counts
    if excluded := draw(st.lists(st.sampled_from(tuple(checks())), unique=True)):
        found["exclude"] = sorted(excluded, key=tuple(checks()).index)
    return found | ({"fitted": fitted} if (fitted := draw(WORDS)) else {})


@given(documents())
@settings(max_examples=12)
def test_what_the_form_shows_is_what_the_loader_reads(document: dict[str, Any]) -> None:
    aim = rules.made("mine", document)

    text = rule_files.edited("mine", MINE, document)
    fields = rule_form.shown(tomllib.loads(text))
    back = rule_form.sent(asked_of(urlencode({name: value for name, value in fields.items() if value}).encode()))
    told = rule_form.told("mine", back)

    assert rules.parsed("mine", text) == aim
    assert back == fields
    assert told.errors == {}
    assert rules.made("mine", told.document) == aim
    assert rule_files.edited("mine", text, told.document) == text


@given(st.integers(-(10**17), 10**17), st.integers(0, 3))
def test_a_number_is_read_as_it_is_written(number: int, decimals: int) -> None:
    assert rule_form.read(rule_form.written(number, decimals), decimals) == number


@pytest.mark.parametrize(
    "text", ["0,85", "1.2345", "1e3", "+1", ".5", "1.", "٣", "0x10", "NaN", "1_000", "1 000", "--1", "9" * 30]
)
def test_what_is_no_plain_number_is_not_guessed(text: str) -> None:
    assert rule_form.read(text, 3) is None


def test_a_change_leaves_comments_and_all_other_lines_as_they_are() -> None:
    commented = MINE.replace("2 = 7000", "2 = 7000  # as our library agreed")
    told = rule_form.told("mine", {**FIELDS, "version": "2", "tiers.2": "6.5", "sources.reddit.repost": "0.125"})

    text = rule_files.edited("mine", commented, told.document)

    pairs = zip(commented.splitlines(), text.splitlines(), strict=True)
    changed = [after for before, after in pairs if before != after]
    assert changed[:2] == ['version = "2"', "2 = 6500  # as our library agreed"]
    assert [line.partition(" ")[0] for line in changed[2:]] == ["reddit"]
    assert rules.parsed("mine", text).source("reddit").repost == 125


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("tiers.2", "9", ""),
        ("tiers.4", "", "is missing"),
        ("tiers.1", "1,5", "write a number such as 0.85"),
        ("sources.linkedin.millipoints", "-5", "must not be negative"),
        ("sources.linkedin.millipoints", "1000.001", "must be at most 1000"),
        ("sources.readers.millipoints", "1", "does not count, so it can have no points"),
        ("sources.patent.unit", "country", "must be jurisdiction or source, not 'country'"),
        ("sources.x.by", "tier", "cannot be tier, of which nothing is told"),
        ("sources.news.millipoints", "3", "must be the points of tier 1"),
        ("curves.reach", "7: 1", "must begin at 0"),
        ("curves.bias", "0: 1\n0: 2", "overlaps"),
        ("curves.bias", "0 1", "step 1: write where it begins, a colon"),
        ("curves.promiscuity", "", "must be a list of steps"),
        ("counts.reddit", "0: 1", "must begin at 1"),
        ("counts.readers", "1: 1", "the source does not count"),
        ("clamp.least", "2", "is above clamp.most"),
        ("unknown_tier", "5", "must be one of 1 to 4"),
        ("version", "", "must be a word in quotes"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_by_the_checks_of_the_loader(field: str, value: str, words: str) -> None:
    fields = {**FIELDS, field: value}
    told = rule_form.told("mine", fields)

    with pytest.raises(rules.RuleSetError) as refused:
        rules.made("mine", told.document)

    errors = {**rule_form.at_fields("mine", str(refused.value).splitlines(), fields), **told.errors}
    at = "sources.readers.millipoints" if field == "sources.readers.millipoints" else field
    assert words in errors.get(at, errors.get(field.partition(".")[0] + ".1", "")), errors


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(max_size=20), st.text(max_size=40), max_size=30))
@settings(max_examples=25)
def test_whatever_is_sent_gets_into_no_file_but_as_a_rule_set(sent: dict[str, str]) -> None:
    fields = rule_form.sent(Form({name: [value] for name, value in {**FIELDS, **sent}.items()}))
    told = rule_form.told("mine", fields)

    assert fields.keys() == FIELDS.keys()
    faults = list(checked(told.document, rules.UNITS, checks()))
    assert rule_form.at_fields("mine", faults, fields).keys() <= {"", *FIELDS}
    if not faults:
        aim = rules.made("mine", told.document)
        assert rules.parsed("mine", rule_files.edited("mine", MINE, told.document)) == aim


def test_what_may_be_asked_of_a_source_is_what_is_told_of_its_units() -> None:
    assert ways("outlet") == ("nothing", "tier", "reach")
    assert ways("account") == ("nothing", "account")
    assert {ways(unit) for unit in HAS_OUTLET} == {ways("outlet")}
    assert ways("jurisdiction") == ("nothing",)


def test_every_shipped_rule_set_goes_through_the_form_unchanged() -> None:
    for name in rules.names():
        text = rules.text(name)
        told = rule_form.told(name, rule_form.shown(tomllib.loads(text)))

        assert told.errors == {}
        assert rule_files.edited(name, text, told.document) == text


def test_a_file_that_is_read_is_the_one_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE)

    assert rules.text("mine", tmp_path) == MINE
    with pytest.raises(rules.RuleSetError, match="no rule set is called"):
        rules.text("../mine", tmp_path)
