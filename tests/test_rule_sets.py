"""The files of rule sets: those that come with Ringmark, those of administrators, and what is wrong with one."""

from pathlib import Path

import pytest

from scoring import rules

SHIPPED = (Path(rules.__file__).parent / "rulesets" / "ringmark-2026.toml").read_text(encoding="utf-8")


def test_the_shipped_rule_sets_are_named_and_show_every_constant():
    assert rules.names() == ("counts-2018", "published-2020", "published-2021", "ringmark-2026")
    shown = rules.load("ringmark-2026").as_json()
    assert shown["tiers"] == {"1": 8000, "2": 7000, "3": 4000, "4": 1000}
    promised = {"name", "version", "sources", "tiers", "unknown_tier", "neutral", "curves", "clamp"}
    assert promised | {"counts", "exclude"} <= set(shown)
    assert {"source", "unit", "millipoints", "repost", "static", "published"} <= set(shown["sources"][0])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("reddit = {", "redit = {", "sources.redit is an unknown source"),
        ("reddit = {", "redit = {", "sources.reddit is missing"),
        ('policy = { unit = "policy_source", ', "policy = { ", "sources.policy.unit is missing"),
        ('patent = { unit = "jurisdiction"', 'patent = { unit = "country"', "sources.patent.unit must be jurisdiction"),
        ("linkedin = { unit = \"author\", millipoints = 500", "linkedin = { unit = \"author\", millipoints = -5",
         "sources.linkedin.millipoints must not be negative"),
        ("linkedin = { unit = \"author\", millipoints = 500", "linkedin = { unit = \"author\", millipoints = 0.5",
         "sources.linkedin.millipoints must be a whole number, not 0.5"),
        ("2 = 7000", "2 = 9000", "tiers overlap"),
        ("4 = 1000", "4 = 1000\n5 = 10", "tiers.5 is outside 1 to 4"),
        ("unknown_tier = 4", "unknown_tier = 5", "unknown_tier must be one of 1 to 4"),
        ("{ from = 5000, milli = 600 }", "{ from = 900, milli = 600 }", "curves.reach overlaps"),
        ("{ from = 0, milli = 250 }", "{ from = 7, milli = 250 }", "curves.reach must begin at 0"),
        ("least = 250", "least = 1200", "clamp.least is above clamp.most"),
        ("reach = 250", "reach = true", "neutral.reach must be a whole number, not True"),
        ("counts = false", "counts = false, millipoints = 5", "does not count, so it can have no points"),
        ("name = \"ringmark-2026\"", "name = \"other\"", "name must be the file's own"),
        ("[counts]", "[counts]\nredit = [{ from = 1, milli = 1 }]", "counts.redit is an unknown source"),
        ("[counts]", "[counts]\nreaders = [{ from = 1, milli = 1 }]", "counts.readers: the source does not count"),
        ("[counts]", "[counts]\nreddit = [{ from = 0, milli = 1 }]", "counts.reddit must begin at 1"),
        ("[counts]", "[counts]\nqna = [{ from = 1, milli = -1 }]", "counts.qna step 1: milli must not be negative"),
        ("[counts]", "[counts]\nqna = []", "counts.qna must be a list of steps like { from = 1"),
        ("[counts]", "[counts]\nqna = [{ from = 1, milli = 9 }, { from = 1, milli = 2 }]", "counts.qna overlaps"),
        ("[clamp]", "[clamp", "not TOML"),
        ("unknown_tier = 4", 'unknown_tier = 4\nexclude = ["bots"]', "exclude: 'bots' is no check; there are: new-"),
        ("unknown_tier = 4", 'unknown_tier = 4\nexclude = [1]', "exclude: 1 is no check"),
        ("unknown_tier = 4", 'unknown_tier = 4\nexclude = "one-journal"', "exclude must be a list of checks: new-"),
        ("unknown_tier = 4", 'unknown_tier = 4\nexclude = ["one-journal", "one-journal"]',
         "exclude names 'one-journal' twice"),
    ],
)  # fmt: skip
def test_a_wrong_rule_set_is_refused_with_the_place_named(tmp_path, old, new, fault):
    mine = SHIPPED.replace('name = "ringmark-2026"', 'name = "mine"') if "name" not in old else SHIPPED
    (tmp_path / "mine.toml").write_text(mine.replace(old, new), encoding="utf-8")

    with pytest.raises(rules.RuleSetError, match="rule set mine: ") as refused:
        rules.load("mine", tmp_path)

    assert fault in str(refused.value)


def test_a_rule_set_of_an_administrator_is_found_in_their_folder(tmp_path):
    (tmp_path / "mine.toml").write_text(SHIPPED.replace('name = "ringmark-2026"', 'name = "mine"'), encoding="utf-8")

    assert rules.names(tmp_path)[-1] == "mine"
    assert rules.load("mine", tmp_path).source("policy").millipoints == 3000


def test_a_rule_set_that_is_nowhere_is_named_with_those_that_are():
    with pytest.raises(rules.RuleSetError, match="no rule set is called 'other'; there are: counts-2018"):
        rules.load("other")
