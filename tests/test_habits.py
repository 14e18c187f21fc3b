"""What an account's posts say of it, where nobody has told: against a plain model, and in a whole house."""

import json
from collections import Counter, defaultdict
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.habits import habits

DAY = 86_400_000_000
COLUMNS = ("account", "output", "mention", "occurred", "journal")
JOURNALS = {f"j{n}": "Journal" if n < 40 else f"Journal {n}" for n in range(60)}


def model(posts: list[dict[str, int]]) -> dict[int, tuple[int, int]]:
    """From the words of docs/speakers.md: three posts in ninety days before those we see, nine that went elsewhere."""
    found = {}
    by_account = defaultdict(list)
    for post in posts:
        by_account[post["account"]].append(post)
    for account, own in by_account.items():
        mentions = {post["mention"] for post in own}
        if len(mentions) < 2:
            continue
        times = [post["occurred"] for post in own]
        months = Fraction((max(times) - min(times)) // DAY + 90, 30)
        journals = Counter(journal for _, journal in {(p["mention"], p["journal"]) for p in own if p["journal"]})
        most = max(journals.values(), default=0)
        found[account] = (
            floor((len(mentions) + 3) / months * 1000),
            floor(Fraction(most, len(mentions) + 9) * 1000),
        )
    return found


posts = st.lists(
    st.fixed_dictionaries(
        {"account": st.integers(0, 3), "output": st.integers(1, 4), "mention": st.integers(1, 30),
         "occurred": st.integers(-200, 2000).map(lambda hours: hours * DAY // 24), "journal": st.integers(0, 2)}
    ),
    max_size=60,
)  # fmt: skip


@given(posts)
@settings(max_examples=100, deadline=None)
def test_habits_are_those_of_the_plain_model(told: list[dict[str, int]]) -> None:
    table = pa.table({name: pa.array([post[name] for post in told], pa.int64()) for name in COLUMNS})

    with duckdb.connect(config={"threads": 1}) as connection:
        found = habits(table, connection=connection).to_pylist()

    assert {row["account"]: (row["posts"], row["share"]) for row in found} == model(told)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Sixty works, forty of them in one journal."""
    house = House(tmp_path_factory.mktemp("journal"))
    (house.folder / "import").mkdir()
    rows = "".join(f"{name},{title},{name},public,10.5555/{name}\n" for name, title in JOURNALS.items())
    (house.folder / "import" / "outputs.csv").write_text(f"output,journal,title,visibility,doi\n{rows}")
    house.write('[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n')
    house.ok("sync")
    return house


@pytest.fixture
def house(journal: House, tmp_path: Path) -> House:
    return journal.copy(tmp_path / "house")


def post(house: House, works: Any, author: dict[str, Any] | None = None, *, minutes: int = 1) -> None:
    """A post about each of the works in each of so many minutes, by one account with a hundred thousand followers."""
    account = {"id": "a", "followers": 100_000, **(author or {})}
    lines = [
        json.dumps({"id": f"{account['id']}-{work}-{minute}", "source": "x", "output": [f"doi:10.5555/{work}"],
                    "url": f"https://x.example/{account['id']}/{work}/{minute}", "author": account,
                    "occurred_at": f"2026-01-{1 + n % 28:02}T10:{minute:02}:00Z"})
        for n, work in enumerate(works)
        for minute in range(minutes)
    ]  # fmt: skip
    (house.folder / "posts.jsonl").write_text("\n".join(lines) + "\n")
    house.ok("import", str(house.folder / "posts.jsonl"))


def millipoints(house: House, work: str = "j0") -> int:
    return int(house.json("explain", f"10.5555/{work}")["millipoints"])


def test_an_account_that_posts_about_one_journal_alone_counts_less(house: House) -> None:
    works = list(JOURNALS)
    post(house, works[:2])
    house.ok("score")
    few = millipoints(house)
    post(house, works[2:9])
    told = house.json("score")

    story = house.json("account", "show", "x:a")
    assert (few, millipoints(house)) == (1000, 750)  # 2 of 11, and 9 of 18
    assert story["posts"]["domain_share"] == story["holds"]["domain_share"] == 0.5
    assert (story["source"]["domain_share"], story["factor"]["bias"]) == (None, 0.75)
    assert told["outputs"] == 9  # the seven, and the two of which it had spoken before


def test_what_was_told_comes_before_what_the_posts_say(house: House) -> None:
    post(house, list(JOURNALS)[:9], {"domain_share": 0.1})
    house.ok("score")

    assert millipoints(house) == 1000
    assert house.json("account", "show", "x:a")["posts"]["domain_share"] == 0.5


def test_posts_about_what_is_hidden_play_no_part(house: House) -> None:
    works = list(JOURNALS)[:9]
    post(house, works)
    house.ok("score")
    assert millipoints(house) == 750

    for work in works[2:]:
        house.ok("hide", f"doi:10.5555/{work}", "--why", "x")
    house.ok("score", "--full")

    assert millipoints(house) == 1000
    house.ok("unhide", f"doi:10.5555/{works[3]}")
    house.ok("score", "--full")
    assert house.json("account", "show", "x:a")["posts"]["domain_share"] == 0.25  # 3 of 12


def test_a_post_that_is_taken_back_is_none(house: House) -> None:
    works = list(JOURNALS)[:9]
    post(house, works)
    house.ok("score")
    lines = [json.dumps({"id": f"a-{work}-0", "deleted": True}) for work in works[1:]]
    (house.folder / "posts.jsonl").write_text("\n".join(lines) + "\n")

    house.ok("import", str(house.folder / "posts.jsonl"))
    house.ok("score")

    assert millipoints(house) == 1000
    assert house.json("account", "show", "x:a")["posts"] is None  # one post is no habit


def test_an_account_that_never_sleeps_counts_less(house: House) -> None:
    post(house, list(JOURNALS)[:40:4] + list(JOURNALS)[40:], minutes=60)
    house.ok("score")

    story = house.json("account", "show", "x:a")

    assert story["posts"]["posts_per_month"] == 462.307  # 1,800 + 3 in 27 + 90 days of 30
    assert story["factor"]["promiscuity"] == 0.5


def test_new_scores_are_asked_for_only_where_a_factor_is_another_one(house: House) -> None:
    works = list(JOURNALS)
    post(house, works[:9])
    house.ok("score")

    post(house, works[9:10])

    assert house.json("score")["outputs"] == 1  # 10 of 19 is the same step as 9 of 18
    assert house.json("score")["outputs"] == 0


def test_more_than_a_few_are_looked_through_once_a_day_or_when_all_is_scored(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.store.look.FEW", 0)
    works = list(JOURNALS)[:9]
    post(house, works)
    house.ok("score")
    assert millipoints(house) == 1000

    house.later += DAY
    house.ok("score")
    assert millipoints(house) == 750

    for work in works[2:]:
        house.ok("hide", f"doi:10.5555/{work}", "--why", "x")
    house.ok("score")
    assert millipoints(house) == 750
    house.ok("score", "--full")
    assert millipoints(house) == 1000
