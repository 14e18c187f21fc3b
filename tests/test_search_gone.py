"""Nothing is found a moment longer than it may be seen, nor by what it is no longer called."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stores
from conftest import House
from naive import search as naive
from search_house import WORDS, reading, seen, written

from sync import store
from sync.store import Audience, Search


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> House:
    return written(tmp_path_factory.mktemp("world"))


@pytest.fixture
def mine(world: House, tmp_path: Path) -> House:
    return world.copy(tmp_path / "mine")


def found(house: House, text: str, audience: Audience = "public") -> int:
    with reading(house) as db:
        return store.total(db, audience, Search(text=text), now=store.now())


def one(house: House) -> tuple[str, str]:
    """The DOI and a title of its own of a public work, whose title is told anew."""
    doi = next(row["doi"] for row in house.rows() if row["title"] and row["people"])
    retold(house, doi, "Unheard zebras")
    return doi, "unheard zebras"


def retold(house: House, doi: str, title: str) -> None:
    file = house.folder / "import" / "outputs.csv"
    key = doi.rpartition("/")[2]
    lines = [line.split(",") for line in file.read_text().splitlines()]
    file.write_text(
        "\n".join(",".join([line[0], title, *line[2:]] if line[0] == key else line) for line in lines) + "\n"
    )
    house.run("sync")


def test_what_is_hidden_is_not_found_and_not_counted_from_that_moment_on(mine: House) -> None:
    doi, title = one(mine)
    assert found(mine, title) == 1

    mine.ok("hide", doi, "--why", "a test")

    assert (found(mine, title), found(mine, title, "internal"), found(mine, "zeb")) == (0, 0, 0)
    with mine_index(mine) as left:
        assert left == 0


@contextmanager
def mine_index(house: House) -> Iterator[int]:
    """How many rows the very indexes still have of it, whatever is joined to them."""
    count = "SELECT count(*) FROM badge_text WHERE replace(terms, 'zebras', '') <> terms"
    rows = int(house.stored(count)[0][0])
    if not stores.POSTGRESQL:
        for audience in store.AUDIENCES:
            rows += int(
                house.stored(f"SELECT count(*) FROM found_{audience} WHERE found_{audience} MATCH 'zebras'")[0][0]
            )
    yield rows


def test_a_title_that_was_changed_is_found_by_the_new_one_alone(mine: House) -> None:
    doi, title = one(mine)

    retold(mine, doi, "Heard yaks")

    assert (found(mine, title), found(mine, "heard yaks")) == (0, 1)
    with mine_index(mine) as left:
        assert left == 0


def test_a_narrower_scope_takes_works_and_names_out_of_the_search(mine: House) -> None:
    before = found(mine, "tides"), found(mine, "Ann Møen")
    (mine.folder / "scope.toml").write_text('[scope]\nprofile = "academic"\n')

    mine.ok("scope", "apply", str(mine.folder / "scope.toml"))

    assert before[0] > 0
    assert before[1] > 0
    assert (found(mine, "tides"), found(mine, "Ann Møen")) == (0, 0)


def test_a_name_that_goes_before_its_badge_is_not_found_by(mine: House) -> None:
    before = found(mine, "Ann Møen")
    soon = store.now() + store.DAY
    hers = "SELECT id FROM person WHERE name = 'Ann Møen'"
    mine.stored(f"UPDATE authorship SET closes_at = {soon} WHERE person_id IN ({hers})")

    mine.ok("score", "--full")

    with reading(mine) as db:
        asked = Search(text="Ann Møen")
        stay = [each for each in store.walk(db, "public", now=soon + 1) if each.people]
        assert store.total(db, "public", asked, now=soon + 1) == 0 < before
        assert store.total(db, "public", asked, now=soon - store.DAY) < before
        assert stay


def test_both_audiences_have_an_index_of_their_own(world: House) -> None:
    with reading(world) as db:
        inside = [each for each in seen(db, "internal") if each.visibility == 1 and each.title and each.people]
        outside = {each.output for each in seen(db, "public")}
        for each in inside:
            asked = Search(text=each.title, identifier=each.identifiers[0])
            assert each.output not in outside
            assert store.total(db, "public", asked, now=store.now()) == 0


def test_a_badge_that_has_closed_is_not_found_and_not_counted(mine: House) -> None:
    with reading(mine) as db:
        now = store.now()
        badges = seen(db, "public")
        before = store.facets(db, "public", Search(), now=now)[0]
    closing = next(each for each in badges if "tides" in each.title)
    mine.stored(f"UPDATE badge SET closes_at = {now - 1} WHERE public_id = {closing.output}")

    with reading(mine) as db:
        count, facets = store.facets(db, "public", Search(), now=store.now())
        expected = naive.facets(each for each in badges if each.output != closing.output)
        groups = {each.id: each.outputs for each in store.groups(db, "public", now=store.now())}
        of_words = {word: store.facets(db, "public", Search(text=word), now=store.now())[0] for word in WORDS}

    open_ = [each for each in badges if each.output != closing.output]
    assert of_words == {word: sum(naive.fits(each, word) for each in open_) for word in WORDS}
    assert count == before - 1
    for facet in store.FACETS:
        told = {each.label if facet == "source" else each.value: each.count for each in facets[facet]}
        assert told == +expected[facet]
    assert {str(id_): number for id_, number in groups.items()} == +expected["group"]
