"""Where an output stands among others, against a plain count: exact windows, ties, small populations, hidden peers."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
import stores
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import context
from sync import store
from sync.store import FOREVER, Shown, Store

DAYS = (0, 41, 42, 43, 84, 85)  # around 42, six weeks either way and one day more
PEER = st.tuples(
    st.integers(0, 4),
    st.integers(0, 2),
    st.sampled_from(("", "book", "thesis")),
    st.sampled_from(DAYS),
    st.integers(0, 1),
)
COLUMNS = "millipoints, journal, type, day, precise"
NOW = 1_800_000_000_000_000


def place(population: list[int], own: int, *, inserted: bool = False) -> dict[str, Any]:
    """By counting: `population` are scores, that of the output among them."""
    higher = sum(score > own for score in population)
    share = 100 * (len(population) - higher) / len(population)
    percentile = int(share * 10 + 0.5 + 1e-9) / 10 if len(population) >= 30 else None
    also = {"inserted": True} if inserted else {}
    return {"count": len(population), "rank": 1 + higher, "percentile": percentile, **also}


@given(peers=st.lists(PEER, max_size=80), own=PEER, inside=st.booleans())
@settings(max_examples=200, deadline=None)
def test_rank_and_percentile_are_those_of_a_plain_count(
    peers: list[tuple[Any, ...]], own: tuple[Any, ...], inside: bool
) -> None:
    own = (*own[:3], 42, own[4])
    others = [*peers, own]  # the population with the output in it
    asked = context.parameters(millipoints=own[0], journal=own[1], type_=own[2], day=own[3], precise=bool(own[4]))
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"CREATE TABLE population ({COLUMNS})")
        db.executemany("INSERT INTO population VALUES (?, ?, ?, ?, ?)", others if inside else peers)
        counts = db.execute(context.statement(), asked).fetchone()

    told = context.context(counts, journal=own[1], type_=own[2], precise=bool(own[4]), inside=inside).as_json()

    def among(holds: Any) -> dict[str, Any]:
        return place([peer[0] for peer in others if holds(peer)], own[0], inserted=not inside)

    def near(peer: tuple[Any, ...]) -> bool:
        return bool(peer[4]) and abs(peer[3] - own[3]) <= 42

    assert told == {
        "all": among(lambda _: True),
        "journal": among(lambda peer: peer[1] == own[1]) if own[1] else {},
        "similar_age": among(near) if own[4] else {},
        "similar_age_journal": among(lambda peer: near(peer) and peer[1] == own[1]) if own[1] and own[4] else {},
        "type": among(lambda peer: peer[2] == own[2]) if own[2] else {},
        "groups": [],
        "subjects": [],
        "field_percentile": None,
    }


@pytest.mark.parametrize(("members", "told"), [(1, None), (29, None), (30, 100.0)])
def test_there_is_no_percentile_among_fewer_than_thirty(members: int, told: float | None) -> None:
    assert context.placed(members, 0, inside=True).percentile == told
    assert context.placed(members - 1, 0, inside=False).percentile == told


def test_equal_scores_share_their_rank_and_none_is_below_itself() -> None:
    all_alike = context.placed(100, 0, inside=True)
    last = context.placed(100, 99, inside=True)

    assert (all_alike.rank, all_alike.percentile) == (1, 100.0)
    assert (last.rank, last.percentile) == (100, 1.0)


def test_the_counts_run_on_duckdb_too() -> None:
    asked = context.parameters(millipoints=5, journal=1, type_="book", day=100, precise=True)
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE population AS SELECT 6 AS millipoints, 1 AS journal, 'book' AS type, 142 AS day, 1 AS precise"
        )
        connection.execute("CREATE TABLE members AS SELECT 7 AS grp, 6 AS millipoints, 1 AS own")
        counts = connection.execute(context.statement().replace(":", "$"), asked).fetchone()
        groups = connection.execute(context.group_statement().replace(":", "$"), {"output_millipoints": 5}).fetchall()

    assert counts == (1, 1) * 5
    assert groups == [(7, 1, 1, 1)]


@pytest.fixture(scope="module")
def crowd(scored: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Store]]:
    """A house of its own, whose badges are made what a test wants."""
    house = scored.copy(tmp_path_factory.mktemp("crowd") / "house")
    home = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key", create=False)
    yield house, home
    home.engine.dispose()


def shuffle(folder: Path, chance: random.Random) -> None:
    """Other facts for every badge, the same for both audiences; some have closed, and some groups too."""
    with stores.database(folder) as db:
        mark = "%s" if stores.POSTGRESQL else "?"
        facts = ("millipoints", "journal_id", "type", "day", "precision", "closes_at")
        change = f"UPDATE badge SET {', '.join(f'{name} = {mark}' for name in facts)} WHERE output_id = {mark}"
        for (output,) in db.execute("SELECT DISTINCT output_id FROM badge").fetchall():
            day, closes = chance.choice((*DAYS, 10_000)), chance.choice((FOREVER, FOREVER, NOW))
            type_ = chance.choice(("", "book", "thesis"))
            told = (chance.randrange(6), chance.randrange(3), type_, day, chance.randrange(4), closes)
            db.execute(change, (*told, output))
        for output, group in db.execute("SELECT DISTINCT output_id, group_id FROM badge_group").fetchall():
            closes = chance.choice((FOREVER, FOREVER, FOREVER, NOW))
            sql = f"UPDATE badge_group SET closes_at = {mark} WHERE output_id = {mark} AND group_id = {mark}"
            db.execute(sql, (closes, output, group))


def expected(shown: Shown, public: dict[int, Shown]) -> dict[str, Any]:
    """What a reader of the whole public list would count."""
    others = [each for each in public.values() if each.output != shown.output]
    inserted = shown.output not in public

    def among(holds: Any) -> dict[str, Any]:
        scores = [each.millipoints for each in others if holds(each)]
        return place([*scores, shown.millipoints], shown.millipoints, inserted=inserted)

    def near(each: Shown) -> bool:
        return each.precision >= 2 and abs(each.day - shown.day) <= 42

    def same(each: Shown) -> bool:
        return each.journal_id == shown.journal_id

    dated = shown.precision >= 2
    groups = []
    for group, name in shown.groups:
        members = {each.output: each.millipoints for each in public.values() if group in dict(each.groups)}
        if members:
            there = shown.output in members
            scores = list({**members, shown.output: shown.millipoints}.values())
            groups.append({"group": str(group), "name": name, **place(scores, shown.millipoints, inserted=not there)})
    return {
        "all": among(lambda _: True),
        "journal": among(same) if shown.journal_id else {},
        "similar_age": among(near) if dated else {},
        "similar_age_journal": among(lambda each: near(each) and same(each)) if dated and shown.journal_id else {},
        "type": among(lambda each: each.type == shown.type) if shown.type else {},
        "groups": groups,
        "subjects": [],
        "field_percentile": None,
    }


@given(seed=st.integers(0, 2**32))
@settings(max_examples=12, deadline=None)
def test_every_context_is_what_the_list_of_public_badges_tells(crowd: tuple[House, Store], seed: int) -> None:
    house, home = crowd
    shuffle(house.folder, random.Random(seed))

    with home.read() as db:
        public = {shown.output: shown for shown in store.walk(db, "public", now=NOW)}
        for audience in store.AUDIENCES:
            for shown in store.walk(db, audience, now=NOW):
                assert store.context(db, shown, now=NOW).as_json() == expected(shown, public)


def test_a_group_that_the_public_may_not_see_is_no_context(scored: House) -> None:
    public = {group for row in scored.rows() for group in row["groups"]}
    inside = [row for row in scored.rows("internal") if set(row["groups"]) - public]
    assert inside

    for row in inside[:5]:
        told = scored.json("explain", f"output:{row['output']}", "--audience", "internal")["context"]
        assert {each["name"] for each in told["groups"]} <= public
        assert all(each["count"] > 0 for each in told["groups"])
