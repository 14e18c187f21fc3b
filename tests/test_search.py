"""Searching what an audience sees, against looking at every badge."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import House
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import search as naive
from search_house import TYPES, WORDS, reading, seen, written
from sqlalchemy import Connection as Database

from badges import searched
from connectors import Identifier
from sync import store
from sync.store import Audience, Search, Shown

EVIL = (
    '"', '""', "*", "a*", "^a", "a OR b", "NOT a", "a NEAR b", "NEAR(a b)", "terms:a", "{a}", "(a", "a)", "-a", "+a",
    "'; DROP TABLE badge; --", "%", "_", "\\", "a\\", ":*", "a:*", "& | !", "<->", "\x00",
    "\ud800", "a" * 500, '"a b', "é" * 190, "a " * 90, "found_public", "😀", "\u202e", "$1", ":text", "?", "%s",
    "%(text)s", "{where}",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> House:
    return written(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def db(world: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with reading(world.copy(tmp_path_factory.mktemp("read") / "world")) as found:
        yield found


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
