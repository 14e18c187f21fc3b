"""A DSpace is read whole and by what changed, and nothing is missed while it moves."""

import json
import random
from datetime import timedelta

import pytest
from dspace_source import NOW, PEOPLE, connected, end, items, later, levels, pulled, work
from dspace_works import ANN, ONE, PRIVATE, PUBLIC, THREE, TWO, WORKS, a_server

from connectors.base import Since
from connectors.dspace.ranges import SPACE
from connectors.errors import NotUnderstood, TryLater
from connectors.records import Gone
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import STAFF

server = a_server()


@pytest.mark.parametrize("version", ["7", "7.6", "8", "9"])
@pytest.mark.parametrize("per_page", [4, None])
def test_every_item_comes_once_in_every_release(version: str, per_page: int | None) -> None:
    with practice_dspace(WORKS, version) as server:
        pages = pulled(server, per_page=per_page)

    assert [one.key for page in pages for one in page.items] == sorted(one.uuid for one in WORKS)
    assert set(levels(pages).values()) == {PUBLIC}
    assert end(pages).listed == {"item"}
    assert end(pages).cursor is not None


def test_a_smaller_limit_of_the_server_is_kept_to(server: PracticeDSpace) -> None:
    server.page_limit = 7

    pages = pulled(server)

    assert len(items(pages)) == 30
    assert max(len(page.items) for page in pages) <= 7


@pytest.mark.parametrize("seed", range(5))
def test_no_item_is_missed_while_others_come_and_go_between_any_two_answers(server: PracticeDSpace, seed: int) -> None:
    chance = random.Random(seed)
    steady = {one.uuid for one in WORKS if chance.random() < 0.5}
    restless = [one for one in WORKS if one.uuid not in steady]

    def move(at: PracticeDSpace) -> None:
        for one in restless:
            if one.uuid in at.items and chance.random() < 0.2:
                at.remove(one.uuid)
            elif chance.random() < 0.2:
                at.put(one)

    server.faults.append(DSpaceFault("change", address="search/objects", times=None, act=move))

    assert steady <= items(pulled(server, per_page=4)).keys()


def test_changes_are_read_from_before_the_cursor_on_and_no_others(server: PracticeDSpace) -> None:
    cursor = end(pulled(server)).cursor
    later(server, hours=2)
    server.change(ONE.uuid, withdrawn=True)
    server.put(work(2, policies=(STAFF,)))
    server.put(work(3, policies=(STAFF,)), dated=False)

    pages = pulled(server, cursor)

    assert levels(pages) == {ONE.uuid: PRIVATE, TWO.uuid: PRIVATE}
    assert levels(pulled(server))[THREE.uuid] == PRIVATE
    assert end(pages).listed == frozenset()
    assert (end(pages).cursor or "").startswith("2026-06-02T12:00:00+00:00")


def test_what_the_index_learns_late_is_still_found(server: PracticeDSpace) -> None:
    cursor = end(pulled(server)).cursor
    server.lag()
    later(server, minutes=5)
    server.change(ONE.uuid, withdrawn=True)
    later(server, minutes=20)
    second = pulled(server, cursor)
    server.catch_up()
    later(server, minutes=20)

    third = pulled(server, end(second).cursor)

    assert levels(second) == {}
    assert levels(third) == {ONE.uuid: PRIVATE}


def test_an_index_without_dates_makes_every_pull_a_full_one(server: PracticeDSpace) -> None:
    server.dated = False

    assert (end(pulled(server)).cursor, end(pulled(server)).listed) == (None, {"item"})


def test_an_index_that_refuses_to_be_asked_for_dates_does_too(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("status", status=422, address="lastModified", times=None))

    assert end(pulled(server)).cursor is None


def test_an_index_that_has_lost_its_dates_is_not_believed_that_nothing_changed(server: PracticeDSpace) -> None:
    cursor = end(pulled(server)).cursor
    later(server, hours=2)
    server.change(ONE.uuid, withdrawn=True)
    server.dated = False

    pages = pulled(server, cursor)

    assert levels(pages)[ONE.uuid] == PRIVATE
    assert (end(pages).cursor, end(pages).listed) == (None, {"item"})


def test_the_clock_is_that_of_the_server_unless_it_is_ahead(server: PracticeDSpace) -> None:
    behind = end(pulled(server)).cursor
    later(server, days=9)
    ahead = end(pulled(server)).cursor

    assert behind == f"{NOW.isoformat()} none"
    assert ahead == f"{(NOW + timedelta(days=1)).isoformat()} none"


@pytest.mark.parametrize("cursor", ["", "yesterday", "2026-06-02T10:00:00", "{}", "\x00"])
def test_a_cursor_of_another_make_reads_everything(server: PracticeDSpace, cursor: str) -> None:
    assert end(pulled(server, cursor)).listed == {"item"}


def test_a_run_that_broke_anywhere_goes_on_to_the_same_end(server: PracticeDSpace) -> None:
    server.put(ANN)
    whole = pulled(server, per_page=4, **PEOPLE)
    bookmarks = [page.bookmark for page in whole if page.bookmark]

    for bookmark in bookmarks:
        rest = pulled(server, per_page=4, bookmark=bookmark, **PEOPLE)
        assert end(rest) == end(whole)
    assert len(bookmarks) > 7


@pytest.mark.parametrize("bookmark", ["", "x", "[]", "{}", '{"start": -1}', "null", "1"])
def test_a_bookmark_of_another_make_begins_anew(server: PracticeDSpace, bookmark: str) -> None:
    assert len(items(pulled(server, bookmark=bookmark))) == 30


def test_a_bookmark_of_a_run_of_everything_is_none_of_a_run_of_changes(server: PracticeDSpace) -> None:
    pages = pulled(server, per_page=4)
    mark = json.loads(pages[3].bookmark or "")
    assert 0 < mark["start"] < SPACE

    assert len(items(pulled(server, end(pages).cursor, bookmark=pages[3].bookmark))) == 0
    server.change(ONE.uuid, withdrawn=True)
    assert levels(pulled(server, end(pages).cursor, bookmark=pages[3].bookmark)) == {ONE.uuid: PRIVATE}


def test_a_range_that_is_suddenly_empty_is_not_all(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("nothing", address="resourceid%3A%5B(?!00000000)"))

    assert "fewer items than it told of" in end(pulled(server, per_page=4)).incomplete


def test_a_search_that_finds_nothing_any_more_is_not_believed(server: PracticeDSpace) -> None:
    server.items.clear()

    assert "finds no item any more" in end(pulled(server, memory="x")).incomplete
    assert end(pulled(server)).listed == {"item"}


def test_rows_beside_the_range_are_refused(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("rows again", address="resourceid%3A%5B(?!00000000)", times=None))

    with pytest.raises(NotUnderstood, match="not in the range that was asked for"):
        pulled(server, per_page=4)


def test_a_login_that_ends_in_the_middle_is_made_again_and_hides_nothing(server: PracticeDSpace) -> None:
    for one in WORKS:
        server.change(one.uuid, policies=(STAFF,))
    for start in "0248ace":
        at = f"resourceid%3A%5B{start}"
        server.faults.append(DSpaceFault("change", address=at, act=lambda server: server.expire_tokens()))

    pages = pulled(server, per_page=4)

    assert len(items(pages)) == 30
    assert end(pages).listed == {"item"}


def test_a_login_that_never_lasts_ends_the_run(server: PracticeDSpace) -> None:
    ends = DSpaceFault("change", address="search/objects", times=None, act=lambda at: at.expire_tokens())
    server.faults.append(ends)

    with pytest.raises(TryLater, match="did not last as long as one answer"):
        pulled(server)


def test_rows_without_a_key_are_set_aside_and_those_with_one_are_private(server: PracticeDSpace) -> None:
    server.put(work(1, odd={"uuid": 5, "_links": None}))
    server.put(work(2, odd={"uuid": 5}))

    pages = pulled(server)

    assert [aside.keyless for page in pages for aside in page.asides] == [True]
    assert ONE.uuid not in items(pages)
    assert (levels(pages)[TWO.uuid], items(pages)[TWO.uuid].unread) == (PRIVATE, True)


def test_what_became_something_else_is_gone_as_an_output(server: PracticeDSpace) -> None:
    cursor = end(pulled(server)).cursor
    server.edit(ONE.uuid, "dspace.entity.type", "Person")

    pages = pulled(server, cursor)

    assert [one for page in pages for one in page.gone] == [Gone(kind="item", key=ONE.uuid)]
    assert levels(pages) == {}


def test_memory_does_not_grow_with_the_listing(server: PracticeDSpace) -> None:
    """A page is yielded before the next range is asked for."""
    with connected(server, per_page=4) as library:
        pages = library.pull(Since(now=NOW))
        next(pages)
        asked = len(server.requests)
        next(pages)
        assert len(server.requests) > asked
        pages.close()  # type: ignore[attr-defined]  # a generator
