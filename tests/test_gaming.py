"""Signs of gaming: against a plain model of what docs/gaming.md says, and what comes of them in a whole house."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st
from test_habits import DAY, JOURNALS, journal  # noqa: F401 - a fixture

from scoring import gaming, rules
from scoring.signs import Check, checks

POSTS = ("account", "output", "mention", "occurred", "journal")
SMALL = {
    "new-accounts": {"accounts": 2, "days": 1, "followers": 50},
    "same-account": {"posts": 3},
    "one-journal": {"posts": 3, "share": 750},
    "mutual-only": {"accounts": 2, "outputs": 2},
}
Found = set[tuple[int, int, str]]  # output, mention, check


def model(posts: list[dict[str, int]], followers: dict[int, int]) -> Found:
    """What each check finds, by its sentence and the numbers in SMALL."""
    own = defaultdict(list)
    for post in posts:
        own[post["account"]].append(post)
    said = {name: set[tuple[int, int]]() for name in SMALL}  # (account, output) or (account, journal)
    for output in {post["output"] for post in posts}:
        heard = {}
        for account, some in own.items():
            begins = min(post["occurred"] for post in some)
            times = [p["occurred"] for p in some if p["output"] == output and p["occurred"] - begins <= DAY]
            if times and 0 <= followers.get(account, -1) <= 50:
                heard[account] = min(times)
        for begins in heard.values():
            burst = [account for account, at in heard.items() if begins <= at <= begins + DAY]
            said["new-accounts"] |= {(account, output) for account in burst} if len(burst) >= 2 else set()
    outputs = {account: frozenset(post["output"] for post in some) for account, some in own.items()}
    alike = Counter(outputs.values())
    for account, some in own.items():
        total = len({post["mention"] for post in some})
        for output in outputs[account]:
            if len({post["mention"] for post in some if post["output"] == output}) >= 3:
                said["same-account"].add((account, output))
            if len(outputs[account]) >= 2 and alike[outputs[account]] >= 2:
                said["mutual-only"].add((account, output))
        for journal_ in {post["journal"] for post in some} - {0}:
            about = len({post["mention"] for post in some if post["journal"] == journal_})
            if total >= 3 and about * 4 >= total * 3:
                said["one-journal"].add((account, journal_))
    return {
        (post["output"], post["mention"], name)
        for name, pairs in said.items()
        for post in posts
        if (post["account"], post["journal" if name == "one-journal" else "output"]) in pairs
    }


def table(names: tuple[str, ...], rows: list[tuple[int, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})


# A mention has one account and one time; an output one journal.
spoken = st.dictionaries(
    st.integers(1, 25),
    st.tuples(st.integers(0, 4), st.integers(0, 60), st.frozensets(st.integers(1, 4), min_size=1, max_size=2)),
    max_size=25,
)


@given(spoken, st.dictionaries(st.integers(0, 4), st.sampled_from((-1, 0, 50, 51)), max_size=5))
@settings(max_examples=60, deadline=None)
def test_each_check_finds_what_its_sentence_says(
    spoken: dict[int, tuple[int, int, frozenset[int]]], followers: dict[int, int]
) -> None:
    posts = [
        {"account": account, "output": output, "mention": mention, "occurred": hour * DAY // 24, "journal": output // 2}
        for mention, (account, hour, outputs) in spoken.items()
        for output in outputs
    ]
    small = {name: Check(name, check.number, check.sentence, SMALL[name]) for name, check in checks().items()}
    told = table(POSTS, [tuple(post[name] for name in POSTS) for post in posts])
    accounts = table(("account", "followers"), [(n, followers.get(n, -1)) for n in range(5)])

    with pytest.MonkeyPatch.context() as patch, duckdb.connect(config={"threads": 1}) as connection:
        patch.setattr(gaming, "checks", lambda: small)
        found = gaming.signs(told, accounts, connection=connection).to_pylist()

    names = {check.number: name for name, check in checks().items()}
    assert len(found) == len({tuple(row.values()) for row in found})
    assert {(row["output"], row["mention"], names[row["sign"]]) for row in found} == model(posts, followers)


def test_every_check_has_a_number_of_its_own_and_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[1] / "docs" / "gaming.md").read_text()

    assert [(name, check.number) for name, check in checks().items()] == [
        ("new-accounts", 1), ("same-account", 2), ("one-journal", 3), ("mutual-only", 4)
    ]  # fmt: skip
    for name, check in checks().items():
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{name}`")]
        assert all(f"{value // 10 if limit == 'share' else value}" in line for limit, value in check.limits.items())


# In a whole house ---------------------------------------------------------------------------------------------------


@pytest.fixture
def house(journal: House, tmp_path: Path) -> House:  # noqa: F811
    return journal.copy(tmp_path / "house")


def post(house: House, *posts: tuple[str, str, str], followers: int = 10) -> None:
    """Posts on X: account, work, time. What was posted before stays."""
    lines = []
    for account, work, at in posts:
        url = f"https://x.example/{account}/{work}/{at}"
        author = {"id": account, "name": f"Name of {account}", "followers": followers}
        lines.append(json.dumps({"id": url, "source": "x", "url": url, "output": [f"doi:10.5555/{work}"],
                                 "occurred_at": at, "author": author}))  # fmt: skip
    (house.folder / "posts.jsonl").write_text("\n".join(lines) + "\n")
    house.ok("import", str(house.folder / "posts.jsonl"))


def crowd(house: House, count: int = 10, followers: int = 10) -> None:
    """A burst of new accounts."""
    post(house, *((f"new{n}", "j0", f"2026-03-01T{n:02}:00") for n in range(count)), followers=followers)


def excluding(house: House, *names: str) -> None:
    """Score by our rule set, but for what has a sign."""
    shipped = (Path(rules.__file__).parent / "rulesets" / "ringmark-2026.toml").read_text()
    (house.folder / "rules").mkdir()
    text = shipped.replace('name = "ringmark-2026"', f'name = "strict"\nexclude = {json.dumps(names)}')
    (house.folder / "rules" / "strict.toml").write_text(text)
    house.write('[score]\nrules = "strict"\n' + house.file.read_text())


def signs(house: House) -> dict[tuple[str, str], tuple[int, int]]:
    """Output and check: how many mentions, of how many accounts."""
    found = house.json("gaming")["findings"]
    return {(each["identifier"], each["sign"]): (each["mentions"], len(each["accounts"])) for each in found}


def explained(house: House) -> Any:
    return house.json("explain", "10.5555/j0")


@pytest.mark.parametrize(("count", "followers", "found"), [(10, 50, True), (9, 50, False), (10, 51, False)])
def test_a_burst_of_new_accounts_is_found(house: House, count: int, followers: int, found: bool) -> None:
    crowd(house, count, followers)
    house.ok("score")

    assert signs(house) == ({("doi:10.5555/j0", "new-accounts"): (10, 10)} if found else {})


def test_one_account_that_speaks_again_and_again_is_found(house: House) -> None:
    post(house, *(("loud", "j0", f"2026-03-{day:02}") for day in range(1, 11)), ("loud", "j1", "2026-03-01"))
    house.ok("score")

    assert signs(house) == {("doi:10.5555/j0", "same-account"): (10, 1)}


def test_an_account_of_one_journal_is_found_where_it_speaks_of_it(house: House) -> None:
    post(house, *(("voice", f"j{n}", "2026-03-01") for n in range(19)), ("voice", "j50", "2026-03-01"))
    house.ok("score")

    assert signs(house) == {(f"doi:10.5555/j{n}", "one-journal"): (1, 1) for n in range(19)}


def test_accounts_that_share_only_what_each_other_share_are_found(house: House) -> None:
    works = [f"j{n}" for n in range(40, 45)]
    post(house, *((f"friend{n}", work, "2026-03-01") for n in range(3) for work in works))
    house.ok("score")
    assert signs(house) == {(f"doi:10.5555/{work}", "mutual-only"): (3, 3) for work in works}

    post(house, ("friend2", "j50", "2026-03-02"))
    house.ok("score")

    assert signs(house) == {}


def test_what_was_found_counts_as_ever(house: House) -> None:
    crowd(house)
    before = house.json("score")
    told = explained(house)

    assert (before["outputs"], told["millipoints"]) == (1, 2500)
    assert {line["why"] for line in told["ledger"]} == {"first mention by this account; account factor applied"}
    assert house.json("score")["outputs"] == 0


def test_a_rule_set_may_leave_out_what_was_found_and_the_ledger_says_so(house: House) -> None:
    crowd(house)
    post(house, ("known", "j0", "2026-03-02"), followers=100_000)
    house.ok("score")
    excluding(house, "new-accounts")

    house.ok("score")

    told = explained(house)
    left_out = [line for line in told["ledger"] if not line["counted"]]
    assert (told["millipoints"], told["rules"]["name"], told["basis"]) == (1000, "strict", "mentions")
    assert told["breakdown"] == [{"source": "x", "mentions": 1, "units": 1, "millipoints": 1000, "basis": "mentions"}]
    assert len(left_out) == 10
    for line in left_out:
        assert (line["millipoints"], line["why"]) == (0, "left out by the rule set: a sign of gaming")
        assert (line["unit"], line["url"]) == ("not shown", "")
    assert next(row for row in house.rows() if row["doi"] == "10.5555/j0")["millipoints"] == 1000


def test_what_is_found_later_takes_its_points_and_what_is_none_any_more_gives_them_back(house: House) -> None:
    excluding(house, "new-accounts")
    crowd(house, 9)
    house.ok("score")
    assert explained(house)["millipoints"] == 2250

    post(house, ("new9", "j0", "2026-03-01T09:30"))
    assert house.json("score")["outputs"] == 1
    assert (explained(house)["millipoints"], explained(house)["basis"]) == (0, "none")

    post(house, ("new9", "j1", "2025-01-01"))  # which had been heard of long before

    assert house.json("score")["outputs"] == 2
    assert explained(house)["millipoints"] == 2500


def test_a_rule_set_that_excludes_another_sign_asks_for_no_new_score(house: House) -> None:
    excluding(house, "one-journal")
    crowd(house, 9)
    house.ok("score")

    post(house, ("new9", "j0", "2026-03-01T09:30"))
    house.ok("score")

    assert explained(house)["millipoints"] == 2500
    assert signs(house) != {}


def test_what_is_hidden_has_no_findings_and_plays_no_part_in_any(house: House) -> None:
    works = [f"j{n}" for n in range(40, 45)]
    post(house, *((f"friend{n}", work, "2026-03-01") for n in range(3) for work in works))
    house.ok("score")

    house.ok("hide", "doi:10.5555/j40", "--why", "x")
    house.ok("score", "--full")

    assert signs(house) == {}


def test_accounts_are_named_to_administrators_only_and_that_is_noted(house: House) -> None:
    crowd(house)
    house.ok("score")

    (found,) = house.json("gaming")["findings"]
    text = house.ok("gaming")

    assert found["accounts"][0] == {"account": "x:new0", "name": "Name of new0", "mentions": 1}
    assert "doi:10.5555/j0  new-accounts  10        10        x:new0, x:new1, x:new2, ..." in text
    house.ok("export", "-o", str(house.folder / "out.csv"))
    assert "new0" not in (house.folder / "out.csv").read_text()
    audit = house.stored("SELECT verb, subject, detail FROM audit")
    assert [row for row in audit if row[0] == "gaming"] == [("gaming", "all outputs", '{"findings":1}')] * 2


def test_before_the_first_score_nobody_has_looked(house: House) -> None:
    house.stored("DELETE FROM meta WHERE name = 'looked_at'")

    assert house.ok("gaming") == "not looked yet; `ringmark score` does\n"
    assert house.json("gaming")["looked_at"] is None


def test_another_rule_set_that_is_only_tried_leaves_out_the_same(house: House) -> None:
    crowd(house)
    house.ok("score")
    excluding(house, "new-accounts")
    house.write(house.file.read_text().replace('rules = "strict"', 'rules = "ringmark-2026"'))

    tried = house.json("score", "--rules", "strict")["outputs"]

    assert {row["doi"]: row["millipoints"] for row in tried if row["doi"] == "10.5555/j0"} == {"10.5555/j0": 0}
    assert house.json("rules", "show", "strict")["exclude"] == ["new-accounts"]
    assert "Left out\nMentions with one of these signs of gaming" in house.ok("rules", "show", "strict")
