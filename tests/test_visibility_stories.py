"""Short stories about who sees what, told to the store and to the plain model, each with the sentence it proves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from naive.both import Both
from naive.worlds import BEGAN, INTERNAL, PRIVATE, PUBLIC

from config.scope import Least, Scope
from connectors.identifiers import Identifier
from connectors.records import Authorship, Done, Gone, Group, Item, Members, Page, Person
from sync import store

ORCID = "0000-0002-1825-0097"
SOON, PAST = BEGAN + timedelta(days=2), BEGAN - timedelta(days=1)
OPEN, PICKY = (True, False, PRIVATE), (True, True, PRIVATE)  # people, require_author, keep
FORGETFUL = (True, False, PUBLIC)


def person(key, level=PUBLIC, orcid=ORCID, **more):
    return Person(key=key, name=key, visibility=level, orcid=orcid, current=True, **more)


def item(source, key, level=PUBLIC, *names, **more):
    known = [Identifier("url", f"https://{source}.example.edu/{key}")]
    known += [Identifier(*name.split(":")) for name in names or ("doi:10.5555/a",)]
    return Item(key=key, title=key, type="book", visibility=level, identifiers=tuple(known), **more)


def link(key, item, person, level=PUBLIC, **more):
    return Authorship(key=key, item=item, person=person, visibility=level, **more)


def scope(**least):
    return Scope(visibility=Least(**least))


@pytest.fixture
def both(tmp_path):
    """Makes both houses: `both(alpha=OPEN)`, with the default scope."""

    def make(**sources):
        made.append(Both(tmp_path, [(name, *facts) for name, facts in sources.items()], Scope()))
        return made[0]

    made = []
    yield make
    made[0].home.engine.dispose()


def pull(house, name, *pages, absent=(), listed=frozenset()):
    """One run of a source; then nothing shows that may not, and after a score everything that may."""
    house.tell(name, [*pages, Page(done=Done(cursor="x", listed=listed))], absent)
    look(house)


def look(house):
    house.compare(False)
    house.score()
    house.compare(True)


def seen(house, audience="public"):
    return {frozenset(one): row["people"] for one, row in house.exported(audience).items()}


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


def test_a_profile_that_is_gone_takes_its_groups_from_the_person(both):
    house = both(alpha=OPEN, beta=OPEN)
    pull(house, "beta", Page(people=(person("b"),), items=(item("beta", "i"),), authorships=(link("l", "i", "b"),)))
    group = Group(key="g", name="g", visibility=PUBLIC)
    pull(house, "alpha", Page(people=(person("a"),), groups=(group,), members=(Members(group="g", people=("a",)),)))
    assert [row["groups"] for row in house.exported("public").values()] == [["g"]]

    pull(house, "alpha", Page(gone=(Gone(kind="person", key="a"),)))

    assert [row["groups"] for row in house.exported("public").values()] == [[]]


@pytest.mark.parametrize("gone", [Gone(kind="item", key="i"), Gone(kind="person", key="a")])
def test_the_vote_of_a_deleted_link_outlives_its_item_and_its_profile(both, gone):
    house = both(alpha=OPEN, beta=OPEN)
    works, two = (item("alpha", "i"),), (link("l", "i", "a", PRIVATE), link("m", "i", "a"))
    pull(house, "alpha", Page(people=(person("a"),), items=works, authorships=two))
    pull(house, "beta", Page(people=(person("b"),), items=(item("beta", "i"),), authorships=(link("l", "i", "b"),)))
    pull(house, "alpha", Page(items=works, authorships=two[1:]))

    pull(house, "alpha", Page(gone=(gone,)))

    assert list(seen(house).values()) == [[]]


def test_a_link_told_anew_for_a_forgotten_person_is_no_longer_the_old_one(both):
    house = both(alpha=FORGETFUL)
    people = person("ann", orcid=None), person("bob", PRIVATE, orcid=None)
    pull(house, "alpha", Page(people=people, items=(item("alpha", "i"),), authorships=(link("l", "i", "ann"),)))

    pull(house, "alpha", Page(authorships=(link("l", "i", "bob"),)))

    assert list(seen(house).values()) == [[]]


@pytest.mark.parametrize("closing", [PAST, SOON])
def test_a_deleted_record_whose_level_closes_goes_on_voting(both, closing):
    house = both(alpha=OPEN, beta=OPEN)
    pull(house, "alpha", Page(items=(item("alpha", "i", closes_at=closing),)))
    pull(house, "beta", Page(items=(item("beta", "i"),)))

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i"),)))
    house.days(3)
    look(house)

    assert not seen(house)


@pytest.mark.parametrize("level", [PUBLIC, INTERNAL])
def test_what_its_source_states_to_be_hidden_is_hidden_until_that_source_tells_it_again(both, level):
    house = both(alpha=OPEN, beta=OPEN)
    pull(house, "alpha", Page(items=(item("alpha", "i", level),)))
    pull(house, "beta", Page(items=(item("beta", "j"),)))
    assert seen(house, "internal")

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i", hidden=True),)))
    assert not seen(house, "internal")

    pull(house, "alpha", Page(items=(item("alpha", "i"),)))
    assert seen(house)


def test_a_vote_that_stays_is_private_once_its_source_states_that_it_is_hidden(both):
    house = both(alpha=OPEN, beta=OPEN)
    pull(house, "alpha", Page(items=(item("alpha", "i", INTERNAL),)))
    pull(house, "beta", Page(items=(item("beta", "j"),)))
    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i"),)))
    assert seen(house, "internal")

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i", hidden=True),)))

    assert not seen(house, "internal")


def test_what_is_hidden_goes_on_voting_when_another_source_opens_what_was_private(both):
    house = both(alpha=OPEN, beta=OPEN)
    pull(house, "beta", Page(items=(item("beta", "j", PRIVATE),)))
    pull(house, "alpha", Page(items=(item("alpha", "i"),)))
    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i", hidden=True),)))

    pull(house, "beta", Page(items=(item("beta", "j"),)))

    assert not seen(house, "internal")


def test_what_a_page_hides_is_not_shown_by_a_later_page_of_the_run(both):
    house = both(alpha=OPEN)
    pull(house, "alpha", Page(items=(item("alpha", "i"),)))

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i", hidden=True),)), Page(items=(item("alpha", "i"),)))

    assert not seen(house, "internal")


def test_a_person_who_is_stated_to_be_hidden_is_named_by_no_other_source(both):
    house = both(alpha=OPEN, beta=OPEN)
    pull(house, "alpha", Page(people=(person("ann"),)))
    pull(house, "beta", Page(people=(person("b"),), items=(item("beta", "i"),), authorships=(link("l", "i", "b"),)))
    assert list(seen(house).values()) == [["ann"]]

    pull(house, "alpha", Page(gone=(Gone(kind="person", key="ann", hidden=True),)))

    assert list(seen(house).values()) == [[]]


def test_what_is_hidden_leaves_no_more_than_a_veto_where_private_records_are_forgotten(both):
    house = both(alpha=FORGETFUL, beta=OPEN)
    pull(house, "alpha", Page(items=(item("alpha", "i"),)))
    pull(house, "beta", Page(items=(item("beta", "j"),)))

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i", hidden=True),)))
    assert not seen(house, "internal")
    with house.home.read() as db:
        assert not db.exec_driver_sql("SELECT 1 FROM item WHERE key = 'i'").all()

    pull(house, "alpha", Page(items=(item("alpha", "i"),)))
    assert seen(house)


def test_what_a_complete_listing_no_longer_names_is_gone_and_its_private_vote_stays(both):
    house = both(alpha=OPEN, beta=OPEN)
    many = [item("alpha", f"i{n}", PRIVATE if n == 1 else PUBLIC, f"doi:10.5555/{n}") for n in range(8)]
    listed = frozenset({"item"})
    pull(house, "alpha", Page(items=tuple(many)), listed=listed)
    pull(house, "beta", Page(items=(item("beta", "j", PUBLIC, "doi:10.5555/1"),)))
    missing = [Gone(kind="item", key="i0"), Gone(kind="item", key="i1")]

    pull(house, "alpha", Page(items=tuple(many[2:])), absent=missing, listed=listed)

    assert {key for one in seen(house) for key in one} == {("alpha", f"i{n}") for n in range(2, 8)}


def test_a_merge_survivor_takes_the_less_open_of_both_along_a_chain_of_merges(both):
    house = both(alpha=OPEN)
    names = {"i": "doi:10.5555/a", "j": "doi:10.5555/b", "k": "doi:10.5555/c"}
    told = {key: item("alpha", key, PUBLIC, name) for key, name in names.items()}
    told["i"] = replace(told["i"], visibility=PRIVATE)
    pull(house, "alpha", Page(items=tuple(told.values())))
    pull(house, "alpha", Page(items=(item("alpha", "twin", PUBLIC, names["j"]),)))

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i", into="j"),)))
    pull(house, "alpha", Page(gone=(Gone(kind="item", key="j", into="k"),)))
    pull(house, "alpha", Page(items=(told["k"],)))

    assert ("alpha", "k") not in {key for one in seen(house, "internal") for key in one}


def test_a_forgotten_record_that_is_merged_away_closes_its_survivor(both):
    house = both(alpha=FORGETFUL)
    pull(house, "alpha", Page(items=(item("alpha", "i", PRIVATE), item("alpha", "j", PUBLIC, "doi:10.5555/b"))))
    assert seen(house)

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i", into="j"),)))

    assert not seen(house)


def test_a_forgotten_profile_that_is_merged_away_closes_its_survivor(both):
    house = both(alpha=FORGETFUL)
    people = person("old", PRIVATE), person("new", orcid=None)
    pull(house, "alpha", Page(people=people, items=(item("alpha", "i"),), authorships=(link("l", "i", "new"),)))
    assert list(seen(house).values()) == [["new"]]

    pull(house, "alpha", Page(gone=(Gone(kind="person", key="old", into="new"),)))

    assert list(seen(house).values()) == [[]]


def test_a_forgotten_record_that_was_merged_away_and_is_told_again_lets_its_survivor_go(both):
    house = both(alpha=FORGETFUL)
    survivor = item("alpha", "j", PUBLIC, "doi:10.5555/b")
    pull(house, "alpha", Page(items=(item("alpha", "i", PRIVATE), survivor)))
    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i", into="j"),)))

    pull(house, "alpha", Page(items=(item("alpha", "i", PUBLIC, "doi:10.5555/a"),)))

    assert len(seen(house)) == 2


def test_a_forgotten_profile_that_was_merged_away_and_is_told_again_lets_its_survivor_go(both):
    house = both(alpha=FORGETFUL)
    people = person("old", PRIVATE, orcid=None), person("new", orcid=None)
    pull(house, "alpha", Page(people=people, items=(item("alpha", "i"),), authorships=(link("l", "i", "new"),)))
    pull(house, "alpha", Page(gone=(Gone(kind="person", key="old", into="new"),)))

    pull(house, "alpha", Page(people=(person("old", orcid=None),)))

    assert list(seen(house).values()) == [["new"]]


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


def test_forgetting_a_connection_lifts_its_vetoes(both):
    house = both(alpha=OPEN, beta=FORGETFUL)
    pull(house, "alpha", Page(items=(item("alpha", "i"),)))
    pull(house, "beta", Page(items=(item("beta", "i", PRIVATE),)))
    assert not seen(house)

    house.forget("beta")
    look(house)

    assert seen(house)


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
