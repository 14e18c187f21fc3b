"""Short stories about who sees what its source takes back: deleted, hidden or merged away; told to the store and to the
plain model, each with the sentence it proves."""

from dataclasses import replace

import pytest
from naive.worlds import INTERNAL, PRIVATE, PUBLIC
from stories_house import FORGETFUL, OPEN, PAST, SOON, item, link, look, person, pull, seen, two_houses

from connectors.records import Gone, Group, Members, Page

both = two_houses()


# Deleted -------------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("closing", [PAST, SOON])
def test_a_deleted_record_whose_level_closes_goes_on_voting(both, closing):
    house = both(alpha=OPEN, beta=OPEN)
    pull(house, "alpha", Page(items=(item("alpha", "i", closes_at=closing),)))
    pull(house, "beta", Page(items=(item("beta", "i"),)))

    pull(house, "alpha", Page(gone=(Gone(kind="item", key="i"),)))
    house.days(3)
    look(house)

    assert not seen(house)


def test_what_a_complete_listing_no_longer_names_is_gone_and_its_private_vote_stays(both):
    house = both(alpha=OPEN, beta=OPEN)
    many = [item("alpha", f"i{n}", PRIVATE if n == 1 else PUBLIC, f"doi:10.5555/{n}") for n in range(8)]
    listed = frozenset({"item"})
    pull(house, "alpha", Page(items=tuple(many)), listed=listed)
    pull(house, "beta", Page(items=(item("beta", "j", PUBLIC, "doi:10.5555/1"),)))
    missing = [Gone(kind="item", key="i0"), Gone(kind="item", key="i1")]

    pull(house, "alpha", Page(items=tuple(many[2:])), absent=missing, listed=listed)

    assert {key for one in seen(house) for key in one} == {("alpha", f"i{n}") for n in range(2, 8)}


# Hidden --------------------------------------------------------------------------------------------------------------


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


# Merged --------------------------------------------------------------------------------------------------------------


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
