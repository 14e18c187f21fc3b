"""Searching what an audience sees, against looking at every badge; and that nothing is found a moment too long."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import stores
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import search as naive
from sqlalchemy import Connection as Database

from badges import searched
from config.load import load
from connectors import Identifier
from scoring.rules import SOURCES
from sync import steps, store
from sync.store import Audience, Search, Shown

WORDS = (
    "tides",
    "tide",
    "Moor",
    "Møen",
    "élan",
    "Straße",
    "研究",
    "概要",
    "of",
    "a",
    "covid-19",
    "β",
    "x_y",
    "n1",
    "n12",
)
JOURNALS = ("Annals of Tides", "annals of tides", "Moor & Moon", "研究", "")
TYPES = ("journal-article", "book", "dataset")
LEVELS = ("public", "public", "internal", "private")
DATES = ("", "1969-12-31", "1970", "2020", "2020-05", "2020-05-17", "2024-02-29")
EVIL = (
    '"', '""', "*", "a*", "^a", "a OR b", "NOT a", "a NEAR b", "NEAR(a b)", "terms:a", "{a}", "(a", "a)", "-a", "+a",
    "'; DROP TABLE badge; --", "%", "_", "\\", "a\\", ":*", "a:*", "& | !", "<->", "\x00",
    "\ud800", "a" * 500, '"a b', "é" * 190, "a " * 90, "found_public", "😀", "\u202e", "$1", ":text", "?", "%s",
    "%(text)s", "{where}",
)  # fmt: skip


def written(folder: Path) -> House:
    """A house of random works by five people in a tree of groups."""
    chance = random.Random(6)
    house = House(folder)
    files = folder / "import"
    files.mkdir()
    people = ("Ann Møen", "Bo Tides", "Cy 研究", "Di Moor", "Ed Straße")
    table(
        files,
        "people",
        "person,name,visibility,current",
        [f"p{n},{name},{LEVELS[n % 3]},true" for n, name in enumerate(people)],
    )
    table(
        files,
        "groups",
        "group,name,parents,visibility",
        ["top,Top,,public", "in,Inner,top,public", "far,Far,in,internal"],
    )
    table(files, "memberships", "person,group", ["p0,top", "p0,in", "p1,in", "p2,far", "p3,in", "p4,top"])
    works, links, mentions = [], [], []
    for n in range(90):
        title = " ".join(chance.choices(WORDS, k=chance.randrange(5)))
        work = (title, chance.choice(TYPES), chance.choice(JOURNALS), chance.choice(DATES), chance.choice(LEVELS))
        works.append(f"w{n}," + ",".join(work) + f",10.5555/w{n}")
        links += [f"w{n},p{person},{chance.choice(LEVELS[:3])}" for person in chance.sample(range(5), 2)]
        for m in range(chance.choice((0, 0, 1, 3))):
            source = chance.choice(("news", "blog", "wikipedia", "mendeley"))
            url, at = f"https://{source}.example/{n}/{m}", "2026-03-01T10:00:00Z"
            told = {"id": f"m{n}-{m}", "source": source, "output": [f"doi:10.5555/w{n}"], "url": url, "occurred_at": at}
            mentions.append(told)
    table(files, "outputs", "output,title,type,journal,published,visibility,doi", works)
    table(files, "authorships", "output,person,visibility", links)
    (files / "mentions.jsonl").write_text("".join(json.dumps(each) + "\n" for each in mentions))
    house.write('[connections.local]\nkind = "files"\npath = "import"\n')
    house.run("sync")
    return house


def table(folder: Path, name: str, head: str, rows: list[str]) -> None:
    (folder / f"{name}.csv").write_text("\n".join([head, *rows, ""]))


@contextmanager
def reading(house: House) -> Iterator[Database]:
    opened = steps.open_house(load(house.file, {}))
    with opened.read() as db:
        yield db
    opened.engine.dispose()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> House:
    return written(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def db(world: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with reading(world.copy(tmp_path_factory.mktemp("read") / "world")) as found:
        yield found


@pytest.fixture
def mine(world: House, tmp_path: Path) -> House:
    return world.copy(tmp_path / "mine")


PARTS = ("ti", "mo", "w", "Ann", "tides of", '"of a"', '"a of"', '"研究概"', "COVID 19", "strasse")
texts = st.just("") | st.lists(st.sampled_from((*WORDS, *PARTS)), max_size=3).map(" ".join)
searches = st.builds(
    Search,
    text=texts,
    identifier=st.none() | st.integers(0, 95).map(lambda n: Identifier("doi", f"10.5555/w{n}")),
    types=st.sets(st.sampled_from((*TYPES, "song")), max_size=2).map(lambda some: tuple(sorted(some))),
    journal=st.sampled_from((0, 0, 0, 1, 2, 3, 4)),  # the place among those there are
    group=st.sampled_from((0, 0, 0, 1, 2, 3)),
    sources=st.sets(st.sampled_from(("news", "blog", "mendeley", "x")), max_size=2).map(
        lambda some: tuple(sorted(some))
    ),
    since=st.sampled_from(("", "", "1970", "2020", "2020-05", "2020-05-18")),
    until=st.sampled_from(("", "", "1969", "2020", "2020-05", "2024-02")),
    mentioned=st.booleans(),
    least=st.sampled_from((0, 0, 1, 2, 9)),
    sort=st.sampled_from(store.SORTS),
)


def seen(db: Database, audience: Audience) -> list[Shown]:
    return list(store.walk(db, audience, now=store.now()))


@pytest.fixture(scope="module")
def all_of(db: Database) -> dict[Audience, list[Shown]]:
    return {audience: seen(db, audience) for audience in store.AUDIENCES}


def real(search: Search, badges: list[Shown]) -> Search:
    """With the numbers of journals and groups that there are, for their places."""
    journals = sorted({each.journal_id for each in badges} - {0})
    groups = sorted({id_ for each in badges for id_, _ in each.groups})
    return replace(
        search,
        journal=(0, *journals, 7)[min(search.journal, len(journals) + 1)],
        group=(0, *groups, 7)[min(search.group, len(groups) + 1)],
    )


@pytest.mark.parametrize("audience", store.AUDIENCES)
@settings(max_examples=80)
@given(search=searches)
def test_a_search_finds_what_looking_at_every_badge_finds(
    db: Database, all_of: dict[Audience, list[Shown]], audience: Audience, search: Search
) -> None:
    badges = all_of[audience]
    search = real(search, badges)
    expected = [each for each in badges if naive.finds(search, each)]

    found = list(walked(db, audience, search, most=7))

    assert sorted(each.output for each in found) == sorted(each.output for each in expected)
    assert {each.output: each for each in found} == {each.output: each for each in expected}
    assert store.total(db, audience, search, now=store.now()) == len(expected)
    if search.sort == "score":
        assert [each.millipoints for each in found] == sorted((each.millipoints for each in found), reverse=True)
    elif search.sort == "newest":
        assert [each.day for each in found] == sorted((each.day for each in found), reverse=True)
    else:
        titles = [" ".join(naive.spelt(each.title)) for each in found if each.title]
        assert titles == sorted(titles)


def walked(db: Database, audience: Audience, search: Search, *, most: int) -> Iterator[Shown]:
    """The whole list, part by part, each by the address of the last."""
    while True:
        part = store.listed(db, audience, search, most=most, now=store.now())
        yield from part.outputs
        if not part.after:
            return
        search = searched.read(searched.written(replace(search, after=part.after)).encode())


@pytest.mark.parametrize("audience", store.AUDIENCES)
@settings(max_examples=60)
@given(search=searches)
def test_every_facet_counts_within_the_rest_of_the_search(
    db: Database, all_of: dict[Audience, list[Shown]], audience: Audience, search: Search
) -> None:
    badges = all_of[audience]
    search = real(search, badges)
    year = len(search.since) == 4 and search.since == search.until
    rests = {"type": {"types": ()}, "journal": {"journal": 0}, "group": {"group": 0}, "source": {"sources": ()},
             "year": {"since": "", "until": ""} if year else {}}  # fmt: skip

    count, facets = store.facets(db, audience, search, now=store.now())

    assert count == sum(naive.finds(search, each) for each in badges)
    for facet in store.FACETS:
        rest = replace(search, **rests[facet])
        expected = naive.facets(each for each in badges if naive.finds(rest, each))[facet]
        assert {each.label if facet == "source" else each.value: each.count for each in facets[facet]} == expected
        assert all(each.label for each in facets[facet])


@pytest.mark.parametrize("text", EVIL)
def test_no_text_breaks_a_search_or_finds_what_it_does_not_say(
    db: Database, all_of: dict[Audience, list[Shown]], text: str
) -> None:
    search = Search(text=text)
    badges = all_of["internal"]

    count, _ = store.facets(db, "internal", search, now=store.now())

    assert count <= sum(bool(naive.fits(each, text)) for each in badges)


@settings(max_examples=300)
@given(
    query=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f"q={text}&after={text}&min={text}".encode())
)
def test_whatever_is_sent_is_read_and_written_in_one_way(query: bytes) -> None:
    search = searched.read(query)

    assert searched.read(searched.written(search).encode()) == search


@given(search=searches)
def test_a_search_is_saved_as_an_address(search: Search) -> None:
    search = replace(search, text=" ".join(search.text.split()))

    assert searched.read(searched.written(search).encode()) == search
    assert searched.written(Search()) == ""


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


def test_groups_know_those_above_them_as_far_as_they_are_seen(world: House) -> None:
    with reading(world) as db:
        public = {each.name: each for each in store.groups(db, "public", now=store.now())}
        internal = {each.name: each for each in store.groups(db, "internal", now=store.now())}

    assert set(public) == {"Inner", "Top"}
    assert set(internal) == {"Far", "Inner", "Top"}
    assert public["Inner"].parents == (public["Top"].id,)
    assert internal["Far"].parents == (internal["Inner"].id,)
    assert internal["Top"].parents == ()


def test_journals_are_one_whatever_their_capitals_and_keep_their_number(world: House) -> None:
    with reading(world) as db:
        public = store.journals(db, "public", now=store.now())

    assert len({each.name.casefold() for each in public}) == len(public) == 3
    assert all(0 < each.id < 2**53 for each in public)
    assert SOURCES["news"] == 1
