"""Rule sets as administrators meet them: shown in plain words, compared before anyone switches, and every slip of the
pen named with its place."""

import re
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import rules
from scoring.checks import faults
from scoring.compared import EDGES, SIZES, compared, constants
from scoring.sheets import sheets

SHIPPED = (Path(rules.__file__).parent / "rulesets" / "ringmark-2026.toml").read_text(encoding="utf-8")
MINE = SHIPPED.replace('name = "ringmark-2026"', 'name = "mine"')
OURS, OTHER = "published-2020", "ringmark-2026"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("reddit = {", "redit = {", 'sources.redit is an unknown source; did you mean "reddit"?'),
        ('repost = 850, by = "account"', 'repots = 850, by = "account"',
         'sources.x.repots is an unknown key; did you mean "repost"?'),
        ("[neutral]", "[neutrals]", 'neutrals is an unknown key; did you mean "neutral"?'),
        ("[neutral]", "[neutral]\nraech = 5", 'neutral.raech is an unknown key; did you mean "reach"?'),
        ("{ from = 5000, milli = 600 }", "{ form = 5000, milli = 600 }",
         'curves.reach step 3: form is an unknown key; did you mean "from"?'),
        ("milli = 600 }", "milli = 0.6 }", "curves.reach step 3: milli must be a whole number, not 0.6"),
        ("{ from = 5000,", "{ from = inf,", "curves.reach step 3: from must be a whole number, not inf"),
        ("1 = 8000", "1 = nan", "tiers.1 must be a whole number, not nan"),
        ("1 = 8000", "1 = 9223372036854775808", "tiers.1 must be at most 1000000"),
        ("1 = 8000", "1 = 9000", "sources.news.millipoints must be the points of tier 1"),
        ("most = 1100", "most = -1", "clamp.most must not be negative"),
        ("promiscuity = [", "promiscuity = []\nunused = [", "curves.promiscuity must be a list of steps like"),
        ('policy = { unit = "policy_source",', 'policy = { unit = "policy_source", by = "account",',
         "sources.policy.by cannot be account, of which nothing is told for this source"),
        ('by = "reach"', 'by = "fame"', "sources.blog.by must be one of nothing, tier, reach, account, not 'fame'"),
        ('by = "reach"', 'by = "reach", published = 1', "sources.blog.published must be true or false"),
        ("summary = ", "summary = 5 # ", "summary must be a text in quotes"),
        ("gplus = {", '"a\\nb" = {', "sources.a b is an unknown source"),
        ("unknown_tier = 4", "unknown_tier = 4\nunknown_tier = 4", "Cannot overwrite a value (at line 10"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_one_line_with_its_place(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (tmp_path / "mine.toml").write_text(MINE.replace(old, new), encoding="utf-8")

    with pytest.raises(rules.RuleSetError) as refused:
        rules.load("mine", tmp_path)

    assert MINE.count(old)
    assert fault in str(refused.value)
    assert all(line.startswith("rule set mine: ") for line in str(refused.value).splitlines())


@pytest.mark.parametrize("part", ["tiers", "neutral", "clamp", "blog_reach", "curves", "sources"])
def test_a_part_that_is_no_table_is_named(part: str) -> None:
    assert f"{part} must be a table" in list(faults({**tomllib.loads(SHIPPED), part: 5}, rules.UNITS))


@pytest.mark.parametrize("wrong", [None, -1, 0.5, float("nan"), "word", [], {}, True, 10**30], ids=repr)
def test_a_value_of_another_kind_is_named_wherever_it_stands(wrong: object) -> None:
    document = tomllib.loads(SHIPPED)
    for *way, last in places(document):
        changed = deepcopy(document)
        at: Any = changed
        for each in way:
            at = at[each]
        right, at[last] = at[last], wrong
        if type(wrong) is not type(right):
            assert list(faults(changed, rules.UNITS)), (way, last)


def places(value: object, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for key, part in inside for each in ((*way, key), *places(part, (*way, key)))]


def test_what_cannot_be_used_is_named_by_list_and_check(own: House) -> None:
    folder = own.folder / "rules"
    folder.mkdir()
    (folder / "mine.toml").write_text(MINE)
    (folder / "typo.toml").write_text(MINE.replace('"mine"', '"typo"').replace("reddit", "redit"))
    (folder / "ringmark-2026.toml").write_text(SHIPPED)
    (folder / "latin.toml").write_bytes(b"name = '\xe9'")
    (folder / "folder.toml").mkdir()

    told = own.json("rules", "list")

    assert [each["name"] for each in told["rules"]] == ["published-2020", "published-2021", "ringmark-2026", "mine"]
    assert list(told["unusable"]) == ["folder", "latin", "ringmark-2026", "typo"]
    assert told["unusable"]["typo"][0] == ('rule set typo: sources.redit is an unknown source; did you mean "reddit"?')
    assert "cannot be read: Is a directory" in told["unusable"]["folder"][0]
    assert "the name is one of ours" in told["unusable"]["ringmark-2026"][0]
    assert own.json("check")["unusable_rules"] == told["unusable"]
    for verb in (("rules", "list"), ("check",)):
        assert "cannot be used: rule set latin: not TOML" in own.ok(*verb)


def test_a_house_without_own_rule_sets_has_none_that_cannot_be_used(scored: House) -> None:
    assert scored.json("rules", "list")["unusable"] == {}
    assert "cannot be used" not in scored.ok("check")


def test_a_rule_set_is_shown_in_words_that_need_no_manual(scored: House) -> None:
    text = scored.ok("rules", "show", "ringmark-2026")

    for line in (
        r"news +outlet +by the outlet's tier +published",
        r"blog +blog +5, times the blog's reach +published",
        r"policy +policy source +3 +published",
        r"guideline +policy source +3 +ours",
        r"wikipedia +the whole source +3 +published",
        r"x +account +1, times the account's factor +0.85, rounded up +published",
        r"mendeley +author +never counts +published",
        r"2 +7",
        r"not known +1, as tier 4",
        r"1,000,000 +1.1",
        r"30 +0.9",
        r"25 % +0.9",
        r"account factor +0.25 +1.1 +as the tables above say",
        r"reach of a blog +0 +2 +1",
    ):
        assert re.search(rf"^{line} *$", text, re.MULTILINE), line
    assert re.search("^podcast +show +never counts +none is published", scored.ok("rules", "show", OURS), re.MULTILINE)


@pytest.mark.parametrize("name", ["published-2020", "published-2021", "ringmark-2026"])
def test_every_constant_of_a_rule_set_is_on_a_sheet(name: str) -> None:
    chosen = rules.load(name)

    told = " ".join(cell for sheet in sheets(chosen) for row in sheet.rows for cell in row).replace(",", "")

    assert {each.source for each in chosen.sources} <= set(told.split())
    for curve, steps in chosen.curves.items():
        for step in steps:
            start = step.start if curve == "reach" else step.start / (1000 if curve == "promiscuity" else 10)
            assert f"{start:g}" in told or str(step.start) in told
            assert f"{step.milli / 1000:g}" in told
    assert all(sheet.sentence.endswith(".") for sheet in sheets(chosen))


def test_a_rule_set_differs_from_itself_in_nothing(scored: House) -> None:
    told = scored.json("rules", "diff", OURS, OURS)

    assert (told["constants"], told["changes"]) == ([], [])
    assert told["outputs"]["same"] == told["outputs"]["all"] == len(scored.rows("internal"))
    assert "no constant differs" in scored.ok("rules", "diff", OURS, OURS)


def test_a_difference_is_what_the_scores_of_both_say_and_changes_nothing(scored: House) -> None:
    before = scored.rows("internal")
    by = [{row["output"]: row for row in scored.json("score", "--rules", name)["outputs"]} for name in (OURS, OTHER)]

    told = scored.json("rules", "diff", OURS, OTHER)

    differing = {id_ for id_ in by[0] if by[0][id_]["millipoints"] != by[1][id_]["millipoints"]}
    assert {row["output"] for row in told["changes"]} == differing
    for row in told["changes"]:
        assert [row[key]["millipoints"] for key in "ab"] == [each[row["output"]]["millipoints"] for each in by]
        assert row["difference"] == row["b"]["millipoints"] - row["a"]["millipoints"]
    sizes = [abs(row["difference"]) for row in told["changes"]]
    assert sizes == sorted(sizes, reverse=True)
    assert told["outputs"]["up"] + told["outputs"]["down"] == len(differing) > 0
    assert [sum(each[key] for each in told["sources"]) for key in "ab"] == [
        sum(row["millipoints"] for row in each.values()) for each in by
    ]
    assert {"place": "neutral.reach", "a": "1000", "b": "250"} in told["constants"]
    assert {"place": "sources.podcast.counts", "a": "false", "b": "true"} in told["constants"]
    assert scored.rows("internal") == before


def test_a_difference_is_printed_for_people(scored: House) -> None:
    text = scored.ok("rules", "diff", OURS, OTHER)

    assert text.startswith("from published-2020 1 to ringmark-2026 1; nothing was changed\n")
    for title in ("Constants that differ", "Outputs", "Size of the change", "Points by source", "Largest changes"):
        assert f"\n{title}" in text


def test_a_difference_to_what_is_nowhere_is_refused(scored: House) -> None:
    ran = scored.run("rules", "diff", OURS, "nobodys")

    assert (ran.code, ran.out) == (2, "")
    assert "no rule set is called 'nobodys'" in ran.err


def test_constants_tell_every_change_of_a_file(tmp_path: Path) -> None:
    changed = (
        MINE.replace("{ from = 5000, milli = 600 }", "{ from = 6000, milli = 600 }")
        .replace("patent = { unit", "patent = { published = false, unit")
        .replace("unknown_tier = 4", "unknown_tier = 3")
        .replace("most = 2000", "most = 3000")
    )
    (tmp_path / "mine.toml").write_text(changed, encoding="utf-8")

    told = {place: (a, b) for place, a, b in constants(rules.load(OTHER), rules.load("mine", tmp_path))}

    assert told.keys() == {"curves.reach", "sources.patent.published", "unknown_tier", "blog_reach.most"}
    assert told["unknown_tier"] == ("4", "3")


MILLI = st.sampled_from((0, 0, 1, 999, 1000, 1001, 10_000, 10_001, 100_000, 250_000))


@given(pairs=st.dictionaries(st.integers(1, 400), st.tuples(MILLI, MILLI), max_size=150))
@settings(max_examples=100, deadline=None)
def test_what_is_counted_is_what_a_plain_count_gives(pairs: dict[int, tuple[int, int]]) -> None:
    a, b = ({output: pair[side] for output, pair in pairs.items()} for side in (0, 1))

    told = compared(a, b)

    ranks = [{o: 1 + sum(other > score for other in by.values()) for o, score in by.items()} for by in (a, b)]
    assert list(told.ranks) == ranks
    assert (told.up, told.down) == (sum(x < y for x, y in pairs.values()), sum(x > y for x, y in pairs.values()))
    assert told.shown == sum(-(-x // 1000) != -(-y // 1000) for x, y in pairs.values())
    assert told.moved == sum(ranks[0][o] != ranks[1][o] for o in pairs)
    first = [{o for o in pairs if by[o] and ranks[side][o] <= 100} for side, by in enumerate((a, b))]
    assert (told.highest, told.stay) == (len(first[0]), len(first[0] & first[1]))
    spans = list(zip(SIZES, (1, *EDGES), (*EDGES, 10**9), strict=True))
    assert told.sizes == {
        size: (
            sum(least <= y - x < most for x, y in pairs.values()),
            sum(least <= x - y < most for x, y in pairs.values()),
        )
        for size, least, most in spans
    }
