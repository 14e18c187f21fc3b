"""Groups and journals, as an audience sees them."""

import pytest
from conftest import House
from search_house import reading, written

from sync import store


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> House:
    return written(tmp_path_factory.mktemp("world"))


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
