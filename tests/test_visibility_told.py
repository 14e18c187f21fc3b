"""Short stories about who sees what is told: levels that close, vetoes, and records that are of one output; told to the
store and to the plain model, each with the sentence it proves."""

from dataclasses import replace

import pytest
from naive.worlds import INTERNAL, PRIVATE, PUBLIC
from stories_house import FORGETFUL, OPEN, PICKY, SOON, item, link, look, person, pull, scope, seen, two_houses

from connectors.records import Gone, Group, Members, Page
from sync import store

both = two_houses()


# Levels that close ---------------------------------------------------------------------------------------------------


def test_the_badge_closes_with_the_authorship_that_lets_its_output_take_part(both):
    house = both(alpha=PICKY)
    pull(house, "alpha", Page(people=(person("ann", INTERNAL, closes_at=SOON),), items=(item("alpha", "i"),),
                              authorships=(link("l", "i", "ann"),)))  # fmt: skip
    assert seen(house)

    house.days(3)
    look(house)

    assert not seen(house)


def test_a_group_that_closes_takes_only_itself_from_the_badge(both):
    house = both(alpha=OPEN)
    group = Group(key="g", name="g", visibility=PUBLIC, closes_at=SOON)
    pull(house, "alpha", Page(people=(person("ann"),), groups=(group,), members=(Members(group="g", people=("ann",)),),
                              items=(item("alpha", "i"),), authorships=(link("l", "i", "ann"),)))  # fmt: skip

    house.days(3)
    look(house)

    assert seen(house) == {frozenset({("alpha", "i")}): ["ann"]}


def test_a_scope_renews_the_closing_times_of_what_goes_on_showing(both):
    house = both(alpha=PICKY)
    house.scope(scope(people="private"))
    pull(house, "alpha", Page(people=(person("ann", closes_at=SOON),), items=(item("alpha", "i"),),
                              authorships=(link("l", "i", "ann"),)))  # fmt: skip
    house.scope(scope(people="internal"))
    assert seen(house)

    house.days(3)
    look(house)

    assert not seen(house)


# Vetoes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pages", [1, 2])
def test_a_later_row_of_the_run_does_not_lift_a_veto(both, pages):
    house = both(alpha=FORGETFUL)
    closed, opened = item("alpha", "i", PRIVATE), item("alpha", "i")

    pull(
        house,
        "alpha",
        *[Page(items=(closed, opened))] if pages == 1 else [Page(items=(closed,)), Page(items=(opened,))],
    )

    assert not seen(house)


def test_a_veto_hides_what_other_sources_show_already_and_lifts_when_its_source_says_so(both):
    house = both(alpha=OPEN, beta=FORGETFUL)
    pull(house, "alpha", Page(items=(item("alpha", "i"),)))
    assert seen(house)

    pull(house, "beta", Page(items=(item("beta", "i", PRIVATE),)))
    assert not seen(house)

    pull(house, "beta", Page(items=(item("beta", "i"),)))
    assert seen(house)


def test_a_veto_of_a_person_hides_them_by_their_orcid(both):
    house = both(alpha=OPEN, beta=FORGETFUL)
    work = Page(people=(person("ann"),), items=(item("alpha", "i"),), authorships=(link("l", "i", "ann"),))
    pull(house, "alpha", work)

    pull(house, "beta", Page(people=(person("a", PRIVATE),)))

    assert seen(house) == {frozenset({("alpha", "i")}): []}


def test_a_veto_of_one_link_closes_all_links_of_the_pair(both):
    house = both(alpha=FORGETFUL)
    items = item("alpha", "i"), item("alpha", "j")

    pull(house, "alpha", Page(people=(person("ann", orcid=None),), items=items,
                              authorships=(link("l", "i", "ann", PRIVATE), link("m", "j", "ann"))))  # fmt: skip

    assert list(seen(house).values()) == [[]]


def test_a_veto_of_a_link_stays_with_the_work_when_its_item_is_told_under_another_key(both):
    house = both(alpha=FORGETFUL)
    old, new = item("alpha", "old", PUBLIC, "handle:1/x"), item("alpha", "new", PUBLIC, "doi:10.5555/a", "handle:1/x")
    ann = person("ann", orcid=None)
    pull(house, "alpha", Page(people=(ann,), items=(old,), authorships=(link("l", "old", "ann", PRIVATE),)))

    pull(
        house, "alpha", Page(items=(new,), authorships=(link("m", "new", "ann"),), gone=(Gone(kind="item", key="old"),))
    )

    assert list(seen(house).values()) == [[]]


def test_a_veto_of_a_link_leaves_works_with_another_doi_alone(both):
    house = both(alpha=FORGETFUL)
    works = tuple(item("alpha", key, PUBLIC, f"doi:10.5555/{key}", "handle:1/x") for key in "ab")

    pull(house, "alpha", Page(people=(person("ann"),), items=works,
                              authorships=(link("l", "a", "ann", PRIVATE), link("m", "b", "ann"))))  # fmt: skip

    assert seen(house) == {frozenset({("alpha", "a")}): [], frozenset({("alpha", "b")}): ["ann"]}


def test_a_link_told_anew_for_a_forgotten_person_is_no_longer_the_old_one(both):
    house = both(alpha=FORGETFUL)
    people = person("ann", orcid=None), person("bob", PRIVATE, orcid=None)
    pull(house, "alpha", Page(people=people, items=(item("alpha", "i"),), authorships=(link("l", "i", "ann"),)))

    pull(house, "alpha", Page(authorships=(link("l", "i", "bob"),)))

    assert list(seen(house).values()) == [[]]


def test_forgetting_a_connection_lifts_its_vetoes(both):
    house = both(alpha=OPEN, beta=FORGETFUL)
    pull(house, "alpha", Page(items=(item("alpha", "i"),)))
    pull(house, "beta", Page(items=(item("beta", "i", PRIVATE),)))
    assert not seen(house)

    house.forget("beta")
    look(house)

    assert seen(house)


def test_hiding_holds_until_somebody_unhides_whatever_a_pull_says(both):
    house = both(alpha=OPEN)
    pull(house, "alpha", Page(items=(item("alpha", "i"),)))
    with house.home.read() as db:
        public = next(store.walk(db, "public", now=house.now)).output
        row = store.output_of(db, public)

    house.hide("output", 0)
    look(house)
    assert not seen(house)
    pull(house, "alpha", Page(items=(item("alpha", "i", PUBLIC, "doi:10.5555/other", "pmid:7"),)))
    assert not seen(house)

    house.model.hides.clear()
    store.unhide(house.home, "output", row, now=house.clock())
    look(house)
    assert seen(house)


# Records of one output -----------------------------------------------------------------------------------------------


def test_a_record_between_two_dois_joins_the_one_that_is_left(both):
    house = both(alpha=OPEN)
    one, other = (item("alpha", key, PUBLIC, f"doi:10.5555/{key}", "handle:1/x") for key in "ab")
    pull(house, "alpha", Page(items=(one, other, item("alpha", "between", PUBLIC, "handle:1/x"))))
    assert len(seen(house)) == 3

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="a"),)))

    assert seen(house).keys() == {frozenset({("alpha", "b"), ("alpha", "between")})}


def test_a_record_without_a_doi_between_two_dois_joins_neither_and_votes_on_both(both):
    house = both(alpha=OPEN)
    one = item("alpha", "one", PUBLIC, "doi:10.5555/a", "pmid:1")
    other = item("alpha", "other", PUBLIC, "doi:10.5555/b", "handle:1/x")

    pull(house, "alpha", Page(items=(one, other, item("alpha", "between", INTERNAL, "pmid:1", "handle:1/x"))))

    assert not seen(house)
    assert len(seen(house, "internal")) == 3


def test_an_isbn_joins_books_and_no_chapter(both):
    house = both(alpha=OPEN, beta=OPEN)
    book = item("alpha", "book", PUBLIC, "isbn:9783161484100")
    pull(
        house,
        "alpha",
        Page(items=(book, replace(item("alpha", "chapter", PRIVATE, "isbn:9783161484100"), type="chapter"))),
    )
    assert seen(house)

    pull(house, "beta", Page(items=(item("beta", "book", PRIVATE, "isbn:9783161484100"),)))

    assert not seen(house)
