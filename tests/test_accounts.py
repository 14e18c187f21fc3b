"""Accounts: who says what of them, whose word counts, and what administrators are shown."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stores
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st
from three_works import WORKS, three_works, waiting

from connectors.attention import Account, Outlet
from scoring.rules import SOURCES
from sync import lists
from sync.store import AccountFacts

HEADER = "source,account,name,followers,posts_per_month,domain_share\n"
DAY = 86_400_000_000


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> House:
    return three_works(tmp_path_factory.mktemp("works"))


@pytest.fixture
def house(works: House, tmp_path: Path) -> House:
    return works.copy(tmp_path / "house")


def post(house: House, *posts: dict[str, Any]) -> None:
    """Posts on X about the work `one`, each by an account of its own, unless they say otherwise."""
    lines = []
    for n, each in enumerate(posts):
        common = {"source": "x", "output": ["doi:10.5555/one"], "occurred_at": "2026-01-01", "author": {"id": f"a{n}"}}
        url = f"https://x.example/{n}/{json.dumps(each.get('output', ''))}"
        lines.append(json.dumps({"id": url, "url": url, **common, **each}))
    (house.folder / "posts.jsonl").write_text("\n".join(lines) + "\n")
    house.ok("import", str(house.folder / "posts.jsonl"))


def listed(house: House, *rows: str) -> str:
    (house.folder / "accounts.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return str(house.folder / "accounts.csv")


def millipoints(house: House, work: str = "one") -> int:
    house.ok("score")
    return int(house.json("explain", f"10.5555/{work}")["millipoints"])


def test_an_administrator_s_word_comes_before_what_a_source_told_and_can_be_taken_back(house: House) -> None:
    post(house, {"author": {"id": "a", "followers": 50_000}})
    told = millipoints(house)
    house.ok("account", "import", listed(house, "x,a,,1000,,"))
    said = millipoints(house)
    post(house, {"author": {"id": "a", "followers": 2_000_000}})
    still = millipoints(house)
    house.ok("account", "import", listed(house, "x,a,,,,"))

    assert (told, said, still, millipoints(house)) == (800, 400, 400, 1100)


def test_each_fact_counts_on_its_own(house: House) -> None:
    post(house, {"author": {"id": "a", "followers": 100_000, "posts_per_month": 1000, "domain_share": 1}})

    house.ok("account", "import", listed(house, "x,a,,,0.5,"))

    story = house.json("account", "show", "x:a")
    assert story["holds"] == {"followers": 100_000, "posts_per_month": 0.5, "domain_share": 1}
    assert story["administrator"] == {"followers": None, "posts_per_month": 0.5, "domain_share": None}
    assert story["source"] == {"followers": 100_000, "posts_per_month": 1000, "domain_share": 1}


def test_new_scores_are_asked_for_only_where_the_factor_is_another_one(house: House) -> None:
    for n, work in enumerate(WORKS):
        post(house, {"output": [f"doi:10.5555/{work}"], "author": {"id": f"a{n}", "followers": 100}})
    house.ok("score")

    within_a_step = house.json("account", "import", listed(house, "x,a0,,900,,"))
    beyond = house.json("account", "import", listed(house, "x,a0,,900,,", "x,a1,,1000,,", "bluesky,a2,,9000,,"))
    again = house.json("account", "import", listed(house, "x,a1,,1000,,"))

    assert [(each["accounts"], each["outputs"]) for each in (within_a_step, beyond, again)] == [(1, 0), (2, 1), (0, 0)]
    assert waiting(house) == 1
    assert (millipoints(house, "one"), millipoints(house, "two")) == (250, 400)


def test_followers_over_time_are_kept_by_the_day(house: House) -> None:
    for followers in (100, 200, 300):
        post(house, {"author": {"id": "a", "followers": followers}})
    house.later += 3 * DAY
    post(house, {"author": {"id": "a", "followers": 300, "name": "Another name"}})
    post(house, {"author": {"id": "a", "followers": 400}})

    past = house.json("account", "show", "x:a")["followers_until"]

    assert [each["followers"] for each in past] == [100, 300]
    assert past[0]["day"] < past[1]["day"]


def test_what_a_factor_is_made_of_is_shown_to_administrators_and_noted(house: House) -> None:
    author = {"id": "a:1", "name": "Ada Invented", "followers": 5000, "posts_per_month": 30, "domain_share": 0.5}
    post(house, {"author": author})

    story = house.json("account", "show", "x:a:1")

    assert story["name"] == "Ada Invented"
    assert story["factor"] == {
        "rules": {"name": "ringmark-2026", "version": "1"},
        "factor": 0.405, "reach": 0.6, "promiscuity": 0.9, "bias": 0.75,
    }  # fmt: skip
    assert "factor: rules name ringmark-2026, version 1, factor 0.405" in house.ok("account", "show", "x:a:1")
    house.ok("score")
    (line,) = house.json("explain", "10.5555/one")["ledger"]
    assert line["why"] == "first mention by this account; account factor applied"
    (one, two) = house.stored("SELECT verb, subject FROM audit WHERE verb = 'account show'")
    assert one == two
    assert "Ada" not in str(one)
    assert "a:1" not in str(one)


@pytest.mark.parametrize(
    ("account", "code", "words"),
    [("x:nobody", 1, "unknown account"), ("telepathy:a", 2, "telepathy:a: write SOURCE:ACCOUNT; sources are news, "),
     ("x", 2, "x: write SOURCE:ACCOUNT")],
)  # fmt: skip
def test_an_account_that_nobody_has_spoken_of_is_unknown(house: House, account: str, code: int, words: str) -> None:
    ran = house.run("account", "show", account)

    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(words)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,a,,-1,,", 'followers "-1" is no whole number within 0 and 999999999'),
        ("x,a,,1000000000,,", 'followers "1000000000" is no whole number within 0 and 999999999'),
        ("x,a,,NaN,,", 'followers "NaN" is no whole number within 0 and 999999999'),
        ("x,a,,1e3,,", 'followers "1e3" is no whole number within 0 and 999999999'),
        ("x,a,,12.5,,", 'followers "12.5" is no whole number within 0 and 999999999'),
        ("x,a,,,Infinity,", 'posts_per_month "Infinity" is no number within 0 and 10000000'),
        ("x,a,,,-0.1,", 'posts_per_month "-0.1" is no number within 0 and 10000000'),
        ("x,a,,,,1.1", 'domain_share "1.1" is no number within 0 and 1'),
        ("telepathy,a,,,,", 'unknown source "telepathy"'),
        ("x,,,1,,", "account is missing or not readable"),
        ("x,good,,1,,", "the same account stands in line 2"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_the_others_are_kept(house: House, row: str, reason: str) -> None:
    ran = house.run("account", "import", listed(house, "x,good,,1,,", row, "bluesky,good,,2,,"), "--json")

    assert (ran.code, ran.document["wrong"]) == (3, [{"place": "accounts.csv:3", "reason": reason}])
    assert [(each["account"], each["followers"]) for each in house.json("account", "list")["accounts"]] == [
        ("x:good", 1), ("bluesky:good", 2)
    ]  # fmt: skip


def test_a_dry_run_says_the_same_and_changes_nothing(house: House) -> None:
    post(house, {})
    house.ok("score")
    before = stores.dump(house.folder)
    file = listed(house, "x,a0,,5000,,", "x,new,,1,,")

    tried = house.json("account", "import", file, "--dry-run")

    assert stores.dump(house.folder) == before
    assert tried == house.json("account", "import", file) | {"dry_run": True}
    assert (tried["accounts"], tried["outputs"]) == (2, 1)


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
said = st.builds(
    AccountFacts, source=st.sampled_from(list(SOURCES)), account=texts | st.sampled_from(["@a@b.example", "'=1", "'@"]),
    name=texts | st.just(""), followers=st.integers(-1, 999_999_999), posts=st.integers(-1, 10**10),
    share=st.integers(-1, 1000),
)  # fmt: skip


@given(st.lists(said, max_size=6, unique_by=lambda each: each.key))
@settings(max_examples=60, deadline=None)
def test_what_is_exported_is_read_as_it_was(tmp_path_factory: pytest.TempPathFactory, told: list[AccountFacts]) -> None:
    file = tmp_path_factory.getbasetemp() / "round.csv"

    lists.write_accounts(told, str(file))

    assert lists.accounts(file) == (told, [])
    assert not any(line.startswith(("=", "+", "@")) for line in file.read_text().splitlines())


def test_an_export_holds_what_was_said_or_all_that_holds(house: House) -> None:
    post(house, {"author": {"id": "told", "followers": 7}})
    house.ok("account", "import", listed(house, "x,said,Said,1,,"))

    file = house.folder / "out.csv"
    house.ok("account", "export", "-o", str(file))
    said = file.read_text().splitlines()
    house.ok("account", "export", "--all", "-o", str(file))
    every = file.read_text().splitlines()

    assert said[1:] == ["x,said,Said,1,,"]
    assert every[1:] == ["x,said,Said,1,,", "x,told,,7,,"]
    assert file.stat().st_mode & 0o077 == 0


# What cannot be so ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("followers", ["1000000000", "-5", "1e400", "1000000000000000000000000000000"])
def test_followers_that_nobody_can_have_are_named_and_count_as_not_told(house: House, followers: str) -> None:
    line = '{"id": "m", "source": "x", "occurred_at": "2026-01-01", "output": ["doi:10.5555/one"], "author": '
    (house.folder / "posts.jsonl").write_text(line + f'{{"id": "a", "followers": {followers}}}}}\n')

    house.ok("import", str(house.folder / "posts.jsonl"))

    (row,) = house.json("setaside", "list")["set_aside"]
    assert row["reason"] == "followers is not within 0 and 999999999 and was left out"
    assert (row["place"], row["what"]) == ("posts.jsonl:1", "stored without a part")
    assert millipoints(house) == 250


@pytest.mark.parametrize("followers", ["NaN", "Infinity", "-Infinity"])
def test_a_line_with_what_is_no_number_is_set_aside_whole(house: House, followers: str) -> None:
    line = '{"id": "m", "source": "x", "occurred_at": "2026-01-01", "output": ["doi:10.5555/one"], "author": '
    (house.folder / "posts.jsonl").write_text(line + f'{{"id": "a", "followers": {followers}}}}}\n')

    house.ok("import", str(house.folder / "posts.jsonl"))

    (row,) = house.json("setaside", "list")["set_aside"]
    assert (row["reason"], row["what"]) == (f"{followers} is not JSON", "set aside")
    assert millipoints(house) == 0


def test_mentions_without_an_author_count_once(house: House) -> None:
    post(house, {"author": None}, {"author": {}}, {"author": {"name": "Somebody"}})

    assert millipoints(house) == 250


@pytest.mark.parametrize("value", [-1, 10**9, 2.0, float("nan"), True, "7"])
def test_no_connector_can_tell_a_number_that_cannot_be_so(value: Any) -> None:
    with pytest.raises(ValueError, match=r"Account.followers must be a whole number from 0 to 999999999, or None"):
        Account(key="a", followers=value)
    with pytest.raises(ValueError, match=r"Outlet.tier must be a whole number from 0 to 4, or None"):
        Outlet(key="a", tier=value)


def test_a_past_day_is_scored_by_the_followers_of_that_day(house: House) -> None:
    for days, followers in ((0, 1000), (10, 50_000), (20, 2_000_000)):
        house.later = days * DAY
        post(house, {"author": {"id": "a", "followers": followers}})
    began = int(house.stored("SELECT known_at FROM mention")[0][0]) // DAY

    def of(day: int) -> int:
        told = house.json("score", "--rules", "ringmark-2026", "--as-of", moment(day * DAY))
        return max(row["millipoints"] for row in told["outputs"])

    days = (began + 1, began + 10, began + 11, began + 20, began + 21)
    assert [of(day) for day in days] == [400, 400, 800, 800, 1100]
    assert millipoints(house) == 1100


def moment(at: int) -> str:
    return datetime.fromtimestamp(at / 1e6, UTC).isoformat()
