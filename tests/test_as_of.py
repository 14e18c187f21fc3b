"""The score of a day that is past: the mentions that had happened and were known by then, by a plain model; and who may
be seen today."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
import stores
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st

from config.visibility import Visibility
from connectors.attention import Mention
from connectors.identifiers import Identifier
from connectors.records import Item, Page
from scoring.rules import load
from sync import store
from sync.store import Store

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
RULES = load("ringmark-2026")
NEVER = 10**6
Event = tuple[int, str, int, str, bool]  # days to wait, key, days by which it happened later or before, who, taken back


class Told(NamedTuple):
    """Since which day a mention is known, on which it happened and was taken back, and who spoke."""

    known: int
    happened: int
    taken: int
    who: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("past")
    opened = store.open_store(stores.url(folder), key_file=folder / "key")
    yield opened
    opened.engine.dispose()


examples = count()


def life(chance: random.Random) -> list[Event]:
    """What was told of one output, in order."""
    return [
        (chance.randint(0, 2), chance.choice("abc"), chance.randint(-3, 3), chance.choice(("who", "oecd")), back)
        for back in chance.choices((False, False, True), k=chance.randint(1, 8))
    ]


def live(home: Store, doi: Identifier, told: list[Event]) -> list[Told]:
    """Tell it to the store; what a plain reader keeps of each mention."""
    item = Item(key=str(doi), title="Then", type="other", visibility=Visibility.PUBLIC, identifiers=(doi,), raw={})
    source = store.local(home, step="import", now=moment(0))
    store.apply(home, source, Page(items=(item,)), now=moment(0))
    day, facts = 0, dict[str, Told]()
    for wait, key, shift, who, back in told:
        day += wait
        mention = Mention(
            key=f"{doi}-{key}",
            source="policy",
            targets=(doi,),
            url=f"https://policy.example.org/{doi.value}/{key}",
            title="",
            occurred_at=BEGIN + timedelta(days=day + shift),
            policy_source=who,
            deleted=back,
        )
        store.apply(home, source, Page(mentions=(mention,)), now=moment(day))
        if not back:  # what is told again counts as never taken back
            facts[key] = Told(facts[key].known if key in facts else day, day + shift, NEVER, who)
        elif key in facts:
            facts[key] = facts[key]._replace(taken=min(facts[key].taken, day))
    return list(facts.values())


@given(seed=st.integers(0, 2**32), asked=st.lists(st.integers(0, 14), min_size=3, max_size=3))
@settings(max_examples=4, deadline=None)
def test_a_past_day_counts_what_had_happened_and_was_known_by_then(home: Store, seed: int, asked: list[int]) -> None:
    chance = random.Random(seed)
    dois = [Identifier("doi", f"10.5555/example-{next(examples)}") for _ in range(20)]
    told = {doi: live(home, doi, life(chance)) for doi in dois}
    with home.read() as db:
        ids = {row.doi: row.public_id for row in db.exec_driver_sql("SELECT doi, public_id FROM output")}

    for day in asked:
        points = store.compute(home, "public", RULES, now=moment(day), today=store.now())

        for doi, facts in told.items():
            speakers = {each.who for each in facts if each.known <= day and each.happened <= day and each.taken > day}
            assert points.get(ids[doi.value], store.NO_SCORE).millipoints == 3000 * len(speakers), (doi, facts, day)


def moment(day: int) -> int:
    return store.micros(BEGIN + timedelta(days=day))


def test_a_past_day_shows_what_may_be_seen_today(own: House) -> None:
    row = max(own.rows(), key=lambda row: row["millipoints"])
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    before = {each["output"]: each["millipoints"] for each in own.json("score", "--as-of", tomorrow)["outputs"]}

    own.ok("hide", f"output:{row['output']}", "--why", "not any more")
    after = {each["output"] for each in own.json("score", "--as-of", tomorrow)["outputs"]}

    assert before[row["output"]] == row["millipoints"]
    assert after == before.keys() - {row["output"]}


def test_a_score_of_now_is_that_which_is_shown(scored: House, tmp_path: Path) -> None:
    now = datetime.now(UTC).isoformat()

    told = {each["output"]: each["millipoints"] for each in scored.json("score", "--as-of", now)["outputs"]}

    assert told == {row["output"]: row["millipoints"] for row in scored.rows("internal")}
    assert list(tmp_path.iterdir()) == []
