"""How attention is shared between groups, journals and searches, against a plain count in small random houses."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import stores
from conftest import House
from naive.voice import SOURCES, WORDS, World, counted
from versions_house import ARTICLE, PREPRINT, SETTINGS, TWO, works
from versions_house import told as tell

from badges.periods import UNITS, Period, between, holding
from scoring.rules import SOURCES as NUMBERS
from sync import store
from sync.store import AUDIENCES, Audience, Measure, Search, Store

SEEDS = range(3)
NOW = datetime(2027, 1, 15, tzinfo=UTC)


@pytest.fixture(scope="module", params=SEEDS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Store]]:
    """A random house, told, partly taken back and scored."""
    house, world = House(tmp_path_factory.mktemp("voice")), World(request.param)
    world.write(house.folder)
    house.write('[connections.local]\nkind = "files"\npath = "import"\nrequire_author = false\n')
    for words in (("pull",), ("import", "told.jsonl"), ("import", "back.jsonl"), ("score",)):
        house.ok(*words[:1], *(str(house.folder / each) for each in words[1:]))
    opened = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key", create=False)
    yield world, opened
    opened.engine.dispose()


def sides(world: World, opened: Store, audience: Audience) -> dict[str, tuple[Search, set[str]]]:
    """Everything that can be compared, by its name, with its outputs by a plain count."""
    with opened.read() as db:
        groups = store.groups(db, audience, now=store.micros(NOW))
        journals = store.journals(db, audience, now=store.micros(NOW))
    found = {each.name: (Search(group=each.id), world.of_group(audience, each.name[-2:])) for each in groups}
    found |= {each.name: (Search(journal=each.id), world.of_journal(audience, each.name)) for each in journals}
    assert {each.name: each.outputs for each in (*groups, *journals)} == {
        name: len(outputs) for name, (_, outputs) in found.items()
    }
    return found | {word: (Search(text=word), world.saying(audience, word)) for word in WORDS}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_group_and_journal_that_an_audience_sees_is_there_to_choose(
    built: tuple[World, Store], audience: Audience
) -> None:
    world, opened = built

    names = set(sides(world, opened, audience))

    groups = {f"Group {key}" for key in world.groups if world.of_group(audience, key)}
    journals = {journal for _, journal, _ in world.outputs.values() if world.of_journal(audience, journal)}
    assert names == groups | journals | set(WORDS)


@pytest.mark.parametrize("measure", ["mentions", "outputs"])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_counted_is_what_a_plain_count_finds(
    built: tuple[World, Store], audience: Audience, measure: Measure
) -> None:
    world, opened = built
    there = sides(world, opened, audience)
    for _ in range(12):
        names = world.chance.sample(sorted(there), world.chance.randrange(2, 6))
        some = tuple(world.chance.sample(SOURCES, world.chance.choice((0, 0, 1, 2))))
        unit = world.chance.choice(UNITS)
        first = holding(unit, date(world.chance.choice((2024, 2025, 2026)), world.chance.randrange(1, 13), 1))
        periods = list(between(first, Period(unit, first.number + world.chance.randrange(20))))

        with opened.read() as db:
            told = store.voices(
                db,
                audience,
                [there[name][0] for name in names],
                [period.begins for period in periods],
                periods[-1].after.begins,
                measure=measure,
                sources=[NUMBERS[source] for source in some],
                now=store.micros(NOW),
            )

        outputs = [there[name][1] for name in names]
        assert told == expected(world, outputs, measure, some, periods), (names, some, periods)


def expected(
    world: World, outputs: list[set[str]], measure: Measure, sources: tuple[str, ...], periods: list[Period]
) -> store.Voices:
    """By looking at every mention for every side."""

    def acts(period: Period, last: Period, of: set[str]) -> dict[Any, Any]:
        begins, until = store.moment(period.begins), store.moment(last.after.begins)
        return world.heard(of, measure, sources, begins, until, NOW)

    whole = [acts(periods[0], periods[-1], of) for of in outputs]
    heard = {act[0] for each in whole for act in each}
    every = [output for of in outputs for output in of]
    return store.Voices(
        counts=[
            [
                counted([act for act, at in each.items() if holding(period.unit, at.date()) == period], measure)
                for each in whole
            ]
            for period in periods
        ],
        sources={
            NUMBERS[source]: [counted([act for act in each if act[0] == source], measure) for each in whole]
            for source in heard
        },
        totals=[counted(each, measure) for each in whole],
        together=counted(set().union(*whole), measure),
        outputs=[len(of) for of in outputs],
        shared=sum(every.count(output) > 1 for output in set(every)),
    )


def test_an_output_that_is_hidden_takes_its_mentions_along_at_once(built: tuple[World, Store]) -> None:
    world, opened = built
    with opened.read() as db:
        before = _total(db, Search(text="bees"))
    loud = next(
        output
        for output in sorted(world.saying("public", "bees"))
        if world.heard({output}, "mentions", (), datetime(2025, 1, 1, tzinfo=UTC), NOW, NOW)
    )
    with opened.write() as db:
        rows = db.exec_driver_sql(f"SELECT output_id, closes_at FROM badge WHERE doi = '10.5555/{loud}'").fetchall()
        db.exec_driver_sql(f"UPDATE badge SET closes_at = 1 WHERE doi = '10.5555/{loud}'")

    with opened.read() as db:
        after = _total(db, Search(text="bees"))

    with opened.write() as db:
        db.exec_driver_sql(f"UPDATE badge SET closes_at = {rows[0].closes_at} WHERE doi = '10.5555/{loud}'")
    others = world.saying("public", "bees") - {loud}
    gone = world.heard(others, "mentions", (), datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC), NOW)
    assert after == len(gone) < before


def _total(db: Any, side: Search, first: int = 2025) -> int:
    begins = [Period("year", year).begins for year in range(first, 2028)]
    told = store.voices(
        db, "public", [side], begins, Period("year", 2028).begins, measure="mentions", sources=(), now=store.micros(NOW)
    )
    return told.totals[0]


@pytest.mark.parametrize("level", ["public", "internal"])
def test_what_was_told_of_a_version_counts_for_that_and_for_no_other(house: House, level: str) -> None:
    house.write(SETTINGS)
    works(house, TWO[0], TWO[1].replace("public", level))
    tell(house, one=f"doi:{ARTICLE}", two=f"doi:{PREPRINT}", three=f"doi:{PREPRINT}")
    opened = store.open_store(stores.url(house.folder), key_file=house.folder / "ringmark.key", create=False)

    with opened.read() as db:
        found = [_total(db, Search(text=title), first=2026) for title in ("article", "preprint")]

    opened.engine.dispose()
    assert found == [1, 2 if level == "public" else 0]
