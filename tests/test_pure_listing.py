"""A listing of a Pure is read whole while others edit, gone on with where it broke off, or not believed."""

import contextlib
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pure_institution import APIS, a_server, reader
from pure_source import Copy, since

from connectors.errors import NotUnderstood, TryLater
from connectors.pure.spool import Spool
from connectors.pure.values import key_of
from connectors.pure.walk import Unproven, walk
from sandbox.pure import PracticePure, PureFault
from sandbox.pure.model import made

server = a_server()

LISTING = r"^/ws/api(/524)?/research-outputs(\?size=[^1]|/search)"


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("what", ["no rows", "page again"])
def test_a_page_that_brings_nothing_new_before_the_end_leaves_the_run_incomplete(
    server: PracticePure, api: str, what: str
) -> None:
    server.faults.append(PureFault(what, address=rf"{LISTING}.*offset=[1-9]", times=None))  # type: ignore[arg-type]
    told = Copy(reader(server, api).pull(since()))

    assert "and then no more" in told.incomplete
    assert (told.cursor, told.listed) == (None, frozenset())


@pytest.mark.parametrize("api", APIS)
def test_a_listing_that_counts_more_than_it_has_is_not_proven_whole(server: PracticePure, api: str) -> None:
    server.faults.append(PureFault("rewrite", address=LISTING, old='"count": 12', new='"count": 13', times=None))
    told = Copy(reader(server, api).pull(since()))

    assert "12 of 13 records came" in told.incomplete


def test_what_is_deleted_while_pages_are_read_hides_no_other_output(server: PracticePure) -> None:
    def delete(held: PracticePure) -> None:
        for number in (1, 2, 3):  # of the page before
            held.held.remove(held.held.outputs[made("output", number)])

    server.faults.append(PureFault("change", address=rf"{LISTING}.*offset=[1-9]", act=delete))
    told = Copy(reader(server, "current").pull(since()))

    assert told.incomplete == ""
    assert {made("output", number) for number in range(4, 13)} <= told.items.keys()


@pytest.mark.parametrize("per_page", [1, 2, 3, 4, 7, 100, 5000])
@pytest.mark.parametrize("api", APIS)
def test_pages_of_any_size_have_everything_once(server: PracticePure, api: str, per_page: int) -> None:
    told = [
        one.key for page in reader(server, api, per_page=per_page).pull(since()) for one in (*page.items, *page.people)
    ]

    assert sorted(told) == sorted({*told})
    assert len(told) == 15


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("after", range(1, 4))
def test_a_run_that_broke_off_goes_on_where_it_was_and_ends_where_a_whole_one_does(
    server: PracticePure, api: str, after: int
) -> None:
    whole = Copy(reader(server, api).pull(since()))
    house, bookmark, outputs = Copy(), None, 0
    for page in reader(server, api).pull(since()):
        house.apply([page])
        bookmark = page.bookmark or bookmark
        outputs += bool(page.items)
        if outputs == after:
            break
    before = len(server.requests)
    house.apply(reader(server, api).pull(since(bookmark=bookmark)))

    assert house.same(whole)
    assert house.incomplete == ""
    assert house.listed == whole.listed
    assert not [each for each in server.requests[before:] if "/persons" in each.path]


def test_a_bookmark_that_the_listing_has_moved_past_begins_again(server: PracticePure) -> None:
    pages = [page for page in reader(server, "current").pull(since()) if page.bookmark]
    for number in range(1, 8):
        server.held.remove(server.held.outputs[made("output", number)])
    told = Copy(reader(server, "current").pull(since(bookmark=pages[1].bookmark)))

    assert told.incomplete == ""
    assert {made("output", number) for number in range(8, 13)} == told.items.keys()


@pytest.mark.parametrize(
    "bookmark", ["", "{}", "[]", "nonsense", '{"mark": 3}', '{"began": "", "groups": true, "mark": {"offset": "x"}}']
)
def test_a_bookmark_of_another_make_begins_again(server: PracticePure, bookmark: str) -> None:
    assert len(Copy(reader(server, "current").pull(since(bookmark=bookmark))).items) == 12


@pytest.mark.parametrize(
    "fault",
    [
        PureFault("login page", times=None),
        PureFault("not json", times=None),
        PureFault("cut short", times=None),
        PureFault("rewrite", old=r"^\{.*\}$", new="[]", times=None),
        PureFault("rewrite", old='"count": \\d+', new='"count": "many"', times=None),
        PureFault("rewrite", old='"count": \\d+', new='"count": -1', times=None),
        PureFault("rewrite", old='"items": \\[', new='"items": {}, "x": [', times=None),
        PureFault("rewrite", old='"key": "FREE"', new='"key": "BACKEND", "key": "FREE"', times=None),
    ],
    ids=lambda fault: f"{fault.what} {fault.new}",
)
@pytest.mark.parametrize("api", APIS)
def test_a_page_that_is_not_as_it_should_be_ends_the_run(server: PracticePure, api: str, fault: PureFault) -> None:
    server.faults.append(replace(fault, address="offset=[1-9]|524/research-outputs"))

    with pytest.raises(NotUnderstood):
        list(reader(server, api).pull(since()))


@pytest.mark.parametrize("api", APIS)
def test_a_page_that_breaks_off_is_tried_again_and_then_later(server: PracticePure, api: str) -> None:
    server.faults.append(PureFault("truncated", address="offset=[1-9]", times=None))

    with pytest.raises(TryLater):
        list(reader(server, api).pull(since()))


def test_entries_without_a_readable_uuid_are_set_aside_and_the_rest_is_read(server: PracticePure) -> None:
    old, new = made("output", 3), r"\\u0000"
    wrong = PureFault("rewrite", address=LISTING, old=f'"uuid": "{old}"', new=f'"uuid": "{new}"', times=None)
    server.faults.append(wrong)
    told = Copy(reader(server, "current").pull(since()))

    assert set(told.asides) == {"no uuid that can be read"}
    assert len(told.items) == 11


OPERATION = st.tuples(st.sampled_from(["delete", "append", "touch"]), st.integers(0, 40))


@given(
    count=st.integers(0, 30),
    size=st.integers(2, 12),
    meanwhile=st.lists(st.lists(OPERATION, max_size=6), max_size=20),
    latest_first=st.booleans(),
)
def test_whatever_others_do_meanwhile_what_was_there_all_along_is_read_or_the_listing_not_believed(
    count: int, size: int, meanwhile: list[list[tuple[str, int]]], latest_first: bool
) -> None:
    held = [f"k{number}" for number in range(count)]
    stayed, moments = {*held}, iter(meanwhile)

    def ask(offset: int, asked: int) -> dict[str, object]:
        for what, number in next(moments, []):
            if what == "append":
                held.insert(0 if latest_first else len(held), f"new{len(held)}-{number}-{offset}")
            elif held:
                key = held.pop(number % len(held))
                stayed.discard(key)
                if what == "touch" and latest_first:
                    held.insert(0, key)
        return {"count": len(held), "items": [{"uuid": key} for key in held[offset : offset + asked]]}

    told = []
    with Spool() as spool, contextlib.suppress(Unproven):
        for sheet in walk(ask, "/x", size, spool):
            told += [key_of(row) for _, row in sheet.rows]
        assert stayed <= {*told}
    assert len(told) == len({*told})


def test_a_listing_that_moves_faster_than_it_is_read_is_not_believed() -> None:
    fresh = (str(number) for number in itertools.count())

    def ask(_: int, size: int) -> dict[str, object]:
        return {"count": 99, "items": [{"uuid": next(fresh)} for _ in range(size)]}

    with Spool() as spool, pytest.raises(Unproven, match="moves faster"):
        list(walk(ask, "/x", 4, spool))
