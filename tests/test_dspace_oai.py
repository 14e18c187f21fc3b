"""Where the search of a DSpace does not know what changed, its OAI-PMH interface names it, and REST decides alone."""

import json
import logging
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dspace_source import NOW, PEOPLE, connected, end, items, later, levels, pulled, settings, work

from config.visibility import Visibility
from connectors.base import Since
from connectors.dspace import DSpace
from connectors.dspace.mark import Cursor
from connectors.errors import TryLater
from connectors.records import Gone, Page
from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import STAFF, Policy, made
from sandbox.dspace.items import Item as Held

PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE
WORKS = [work(number) for number in range(1, 31)]
ONE, TWO, THREE = WORKS[:3]
ANN = made(1001, dspace_entity_type="Person", person_givenName="Ann", person_familyName="Harbourmaster")
LONG_AFTER = NOW + timedelta(days=99)
OAI = "/oai/request"
NOBODY = {"username": None, "password": None, "push": None}


@pytest.fixture
def server() -> Iterator[PracticeDSpace]:
    """One whose search has no dates, and whose OAI index was made just now."""
    with practice_dspace(WORKS) as running:
        running.logins.clock = NOW.timestamp
        running.dated = False
        running.oai_import()
        yield running


def told(server: PracticeDSpace, cursor: str | None = None, **more: Any) -> list[Page]:
    return pulled(server, cursor, now=LONG_AFTER, **more)


def asked(server: PracticeDSpace, of: str) -> list[str]:
    return [one.query for one in server.requests if of in one.path]


def whole(pages: list[Page]) -> bool:
    return "item" in end(pages).listed


def test_what_changed_is_named_by_oai_and_nothing_else_is_read(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.change(ONE.uuid, withdrawn=True, in_archive=False)
    server.put(work(2, policies=(STAFF, Policy())))
    server.put(work(31))
    server.oai_import()
    server.requests.clear()

    pages = told(server, cursor)

    assert levels(pages) == {ONE.uuid: PRIVATE, TWO.uuid: PUBLIC, work(31).uuid: PUBLIC}
    assert end(pages).listed == frozenset()
    assert end(pages).cursor == f"{(NOW + timedelta(days=9)).isoformat()} none {OAI}"
    assert len(asked(server, "pid/find")) == 3 + 1  # and of one that tells whether OAI is up to date


def test_the_list_is_asked_for_as_anybody(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    told(server, cursor)

    harvests = [one for one in server.requests if one.path.endswith(OAI)]
    assert harvests
    assert not any("Authorization" in one.headers for one in harvests)


def test_it_is_the_search_that_is_asked_where_it_knows(server: PracticeDSpace) -> None:
    server.dated = True

    pages = told(server)

    assert end(pages).cursor == f"{NOW.isoformat()} none"
    assert asked(server, OAI) == []
    told(server, end(pages).cursor)
    assert asked(server, OAI) == []


HIDDEN: dict[str, dict[str, Any]] = {
    "withdrawn": {"withdrawn": True, "in_archive": False},
    "not discoverable": {"discoverable": False},
    "for staff": {"policies": (STAFF,)},
    "for nobody": {"policies": ()},
    "under embargo": {"policies": (Policy(start="2099-01-01"),)},
    "with a flag that is none": {"odd": {"discoverable": "yes"}},
    "without a flag": {"odd": {"withdrawn": None}},
}


@pytest.mark.parametrize("how", HIDDEN)
@pytest.mark.parametrize("account", [{}, NOBODY], ids=["account", "nobody"])
def test_what_oai_names_is_as_closed_as_rest_says_whatever_oai_shows(
    server: PracticeDSpace, how: str, account: dict[str, Any]
) -> None:
    cursor = end(told(server, **account)).cursor
    later(server, days=9)
    server.change(ONE.uuid, minted="10.5555/x")
    server.oai_import()
    server.put(replace(server.items[ONE.uuid], **HIDDEN[how]))

    pages = told(server, cursor, **account)

    assert levels(pages) == {ONE.uuid: PRIVATE}
    assert not whole(pages)
    assert not any(page.gone for page in pages)


def test_an_item_that_is_refused_is_private_with_its_key_and_what_was_known_of_it_stays(server: PracticeDSpace) -> None:
    cursor = end(told(server, **NOBODY)).cursor
    later(server, days=9)
    server.change(ONE.uuid, minted="10.5555/x")
    server.oai_import()
    server.put(work(1, policies=(STAFF,)), dated=False)

    one = items(told(server, cursor, **NOBODY))[ONE.uuid]

    assert (one.visibility, one.unread, one.doubts) == (PRIVATE, True, ("it was found, and may not be seen",))


def test_an_item_that_goes_while_it_is_looked_up_is_private_until_a_full_pull_finds_it_gone(
    server: PracticeDSpace,
) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.change(ONE.uuid, minted="10.5555/x")
    server.oai_import()
    server.faults.append(
        DSpaceFault("change", address=f"core/items/{ONE.uuid}", act=lambda server: server.remove(ONE.uuid))
    )

    pages = told(server, cursor)

    assert (levels(pages), items(pages)[ONE.uuid].unread) == ({ONE.uuid: PRIVATE}, True)
    assert not any(page.gone for page in pages)


def test_a_login_that_ends_in_the_middle_is_made_again_and_hides_nothing(server: PracticeDSpace) -> None:
    for one in WORKS[:3]:
        server.change(one.uuid, policies=(Policy(), STAFF))
    server.oai_import()
    cursor = end(told(server)).cursor
    later(server, days=9)
    for one in WORKS[:3]:
        server.change(one.uuid, minted=f"10.5555/x.{one.handle[-1]}")
        server.faults.append(
            DSpaceFault("change", address=f"core/items/{one.uuid}", act=lambda server: server.expire_tokens())
        )
    server.oai_import()

    assert levels(told(server, cursor)) == {one.uuid: PUBLIC for one in WORKS[:3]}


def test_a_deleted_header_hides_nothing_that_rest_shows(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.change(ONE.uuid, withdrawn=True, in_archive=False)
    server.oai_import()
    server.put(work(1), dated=False)

    assert levels(told(server, cursor)) == {ONE.uuid: PUBLIC}


def test_what_was_deleted_is_found_by_reading_everything_and_by_no_list_of_changes(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.change(ONE.uuid, minted="10.5555/x")
    server.oai_import()
    server.remove(ONE.uuid)

    pages = told(server, cursor)

    assert (levels(pages), [one for page in pages for one in page.gone]) == ({}, [])
    assert end(pages).cursor
    assert ONE.uuid not in levels(told(server))


def test_what_was_restricted_vanishes_from_oai_and_is_found_by_reading_everything(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.put(work(1, policies=(STAFF,)), dated=False)
    server.oai_import()

    assert levels(told(server, cursor)) == {}
    assert levels(told(server))[ONE.uuid] == PRIVATE


def test_what_became_something_else_is_gone_as_an_output(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.edit(ONE.uuid, "dspace.entity.type", "Project")
    server.oai_import()

    pages = told(server, cursor)

    assert [one for page in pages for one in page.gone] == [Gone(kind="item", key=ONE.uuid)]


def test_an_index_that_is_a_day_late_and_then_some_misses_nothing(server: PracticeDSpace) -> None:
    """Changed just after midnight; the next midnight's import takes until five, and we ask at one."""
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.change(ONE.uuid, withdrawn=True, in_archive=False)
    later(server, hours=25)
    second = told(server, cursor)
    server.oai_import()
    later(server, hours=4)

    third = told(server, end(second).cursor)

    assert (levels(second), whole(second)) == ({}, False)
    assert levels(third) == {ONE.uuid: PRIVATE}


def test_people_are_read_whole_each_time_and_before_their_works(server: PracticeDSpace) -> None:
    server.put(ANN)
    server.oai_import()
    cursor = end(told(server, **PEOPLE)).cursor
    later(server, days=9)
    server.put(replace(ANN, policies=()), dated=False)
    server.put(made(2, dc_title="Tides", relation_isAuthorOfPublication=ANN.uuid))
    server.oai_import()

    pages = told(server, cursor, **PEOPLE)

    assert [[one.visibility for one in page.people] for page in pages] == [[PRIVATE], [], []]
    assert [[one.person for one in page.authorships] for page in pages] == [[], [ANN.uuid], []]
    assert end(pages).listed == frozenset()


BROKEN: dict[str, list[DSpaceFault]] = {
    "no such path": [DSpaceFault("status", status=404, address=OAI, times=None)],
    "a login before it": [DSpaceFault("status", status=401, address=OAI, times=None)],
    "a login page": [DSpaceFault("login page", address=OAI, times=None)],
    "errors": [DSpaceFault("status", status=500, address=OAI, times=None)],
    "errors in lists": [DSpaceFault("status", status=500, address="ListIdentifiers", times=None)],
    "errors on the second page": [DSpaceFault("status", status=500, address="resumptionToken", times=None)],
    "half an answer": [DSpaceFault("half", address="ListIdentifiers", times=None)],
    "no handles resolved": [DSpaceFault("status", status=501, address="pid/find", times=None)],
    "handles that break it": [DSpaceFault("status", status=500, address="pid/find", times=None)],
}


@pytest.mark.parametrize("how", BROKEN)
def test_where_oai_does_not_answer_everything_is_read_and_that_is_said_once(
    server: PracticeDSpace, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.oai.ways.per_page = 4
    cursor = end(told(server)).cursor
    later(server, days=9)
    for number in range(1, 10):
        server.put(work(number, policies=(STAFF,) if number > 8 else (Policy(),)))
    server.oai_import()
    server.faults += BROKEN[how]

    with caplog.at_level(logging.WARNING, logger="connectors.dspace"):
        pages = told(server, cursor)

    assert len(items(pages)) == 30
    assert whole(pages)
    assert levels(pages)[WORKS[8].uuid] == PRIVATE
    said = [one.message for one in caplog.records if one.name == "connectors.dspace.run"]
    assert said == ["OAI does not tell what changed; everything is read"]


@pytest.mark.parametrize("how", ["no such path", "a login before it", "a login page", "errors in lists"])
def test_where_it_never_answered_each_pull_reads_everything_and_says_why(
    server: PracticeDSpace, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults += BROKEN[how]

    with caplog.at_level(logging.WARNING, logger="connectors.dspace"):
        pages = told(server)

    assert (end(pages).cursor, whole(pages)) == (None, True)
    (said,) = [one for one in caplog.records if one.name == "connectors.dspace.run"]
    assert said.message == "changes cannot be asked for; every pull reads everything"
    assert OAI in vars(said)["why"]


def test_an_index_that_was_never_made_is_not_believed_to_say_that_nothing_changed(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    server.oai.index.records.clear()

    assert end(told(server)).cursor is None
    assert whole(told(server, cursor))


def test_an_index_that_is_made_no_more_is_not_believed_either(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.put(work(1, policies=(STAFF,)))
    server.put(work(2))
    later(server, days=3)

    pages = told(server, cursor)

    assert whole(pages)
    assert levels(pages)[ONE.uuid] == PRIVATE


def test_handles_that_lead_to_another_address_are_told_by_a_check_and_everything_is_read() -> None:
    with practice_dspace(WORKS, configured_base="https://repository.example.org/server") as server:
        server.logins.clock = NOW.timestamp
        server.dated = False
        server.oai_import()

        assert (end(told(server)).cursor, whole(told(server))) == (None, True)
        with connected(server) as library:
            said = [one.what for one in library.check() if "OAI" in one.what]

    assert len(said) == 1
    assert "redirected to https://repository.example.org:443" in said[0]


def test_where_everything_changed_just_now_nothing_can_tell_whether_it_is_up_to_date(server: PracticeDSpace) -> None:
    for one in WORKS:
        server.put(one)
    server.oai_import()

    assert end(told(server)).cursor is None


def test_an_identifier_without_a_handle_is_none_of_a_dspace(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.change(ONE.uuid, minted="10.5555/x")
    server.oai_import()
    (record,) = [one for name, one in server.oai.index.records.items() if name.endswith(f":{ONE.handle}")]
    server.oai.index.put(replace(record, identifier="oai:repository.example.edu:1"))

    assert whole(told(server, cursor))


def test_a_handle_that_the_server_fails_to_resolve_lets_everything_be_read(server: PracticeDSpace) -> None:
    cursor = end(told(server, **NOBODY)).cursor
    later(server, days=9)
    server.change(ONE.uuid, minted="10.5555/x")
    server.oai_import()
    server.put(work(1, policies=(STAFF,)), dated=False)
    server.finds_closed = False

    pages = told(server, cursor, **NOBODY)

    assert whole(pages)
    assert ONE.uuid not in levels(pages)


def test_an_item_that_slips_between_two_pages_is_read_all_the_same(server: PracticeDSpace) -> None:
    server.oai.ways.per_page = 4
    cursor = end(told(server)).cursor
    later(server, days=9)
    for one in WORKS[:9]:
        server.put(one)
    server.oai_import()

    def vanish(at: PracticeDSpace) -> None:
        first = min(at.oai.index.records)
        at.oai.index.destroy(first)

    server.faults.append(DSpaceFault("change", address="resumptionToken.*2026-05-31", act=vanish))

    pages = told(server, cursor)

    assert {one.uuid for one in WORKS[1:9]} <= levels(pages).keys()
    assert not whole(pages)


def test_a_list_that_is_always_shorter_than_it_says_is_not_believed(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    for one in WORKS[:9]:
        server.put(one)
    server.oai_import()
    server.oai.ways.per_page, server.oai.ways.size_off = 4, 1

    assert whole(told(server, cursor))


def test_a_record_that_cannot_be_shown_hinders_nothing(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.put(work(1))
    server.oai_import()
    server.faults.append(DSpaceFault("status", status=500, address="verb=(GetRecord|ListRecords)", times=None))

    assert levels(told(server, cursor)) == {ONE.uuid: PUBLIC}


def test_an_interface_that_dates_by_days_is_asked_by_days(server: PracticeDSpace) -> None:
    server.oai.ways.seconds = False
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.put(work(1))
    server.oai_import()

    assert levels(told(server, cursor)) == {ONE.uuid: PUBLIC}
    assert f"from={NOW - timedelta(days=2):%Y-%m-%d}" in asked(server, OAI)[-1]


def test_the_interface_may_be_at_another_address_and_then_everything_is_read_once(server: PracticeDSpace) -> None:
    before = end(told(server)).cursor
    server.oai_path = "/oai/request"
    address = f"{server.origin}/oai/request"

    first = told(server, before, oai=address)
    second = told(server, end(first).cursor, oai=address)

    assert (whole(first), whole(second)) == (True, False)
    assert end(second).cursor == f"{NOW.isoformat()} none {address}"


@pytest.mark.parametrize("address", ["https://elsewhere.example.edu/oai/request", "http://127.0.0.1:1/oai/request"])
def test_an_address_at_another_place_is_refused(server: PracticeDSpace, address: str) -> None:
    (told_of,) = DSpace.refused(settings(server, oai=address))

    assert told_of == ("oai", "is at another place than url; a DSpace answers harvesters where it answers us")
    assert list(DSpace.refused(settings(server, oai=f"{server.url}/oai/openaire4"))) == []
    assert list(DSpace.refused(settings(server))) == []


def test_a_run_that_broke_anywhere_goes_on_to_the_same_end(server: PracticeDSpace) -> None:
    server.put(ANN)
    server.oai_import()
    cursor = end(told(server, **PEOPLE)).cursor
    later(server, days=9)
    for number in range(31, 72):
        server.put(work(number))
    server.oai_import()
    all_of_it = told(server, cursor, **PEOPLE)
    bookmarks = [page.bookmark for page in all_of_it if page.bookmark]

    for number, bookmark in enumerate(bookmarks):
        rest = told(server, cursor, bookmark=bookmark, **PEOPLE)
        assert end(rest) == end(all_of_it)
        assert items(rest).keys() == {one.key for page in all_of_it[number + 1 :] for one in page.items}
    assert len(items(all_of_it)) == 41
    assert len(bookmarks) == 4


def test_a_run_of_everything_that_took_its_place_goes_on_where_it_broke(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.faults += BROKEN["no such path"]
    pages = told(server, cursor, per_page=4)

    rest = told(server, cursor, per_page=4, bookmark=pages[3].bookmark)

    assert items(rest).keys() == {one.key for page in pages[4:] for one in page.items}
    assert end(rest) == end(pages)


@pytest.mark.parametrize(
    "bookmark", ["", "x", "[]", "null", '{"after": 5}', '{"since": "", "began": "", "after": "9"}']
)
def test_a_bookmark_of_another_make_begins_anew(server: PracticeDSpace, bookmark: str) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.put(work(1))
    server.oai_import()

    assert levels(told(server, cursor, bookmark=bookmark)) == {ONE.uuid: PUBLIC}


def test_a_bookmark_of_everything_is_none_of_changes_by_oai(server: PracticeDSpace) -> None:
    pages = told(server, per_page=4)
    later(server, days=9)
    server.put(work(1))
    server.oai_import()

    again = told(server, end(pages).cursor, bookmark=pages[3].bookmark)

    assert json.loads(pages[3].bookmark or "")["start"] > 0
    assert levels(again) == {ONE.uuid: PUBLIC}


def test_a_run_without_time_left_ends_and_reads_nothing_else(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    with connected(server) as library:
        library.client.stop()
        with pytest.raises(TryLater):
            list(library.pull(Since(now=LONG_AFTER, cursor=cursor)))


def test_a_cursor_says_how_to_go_on() -> None:
    moment = datetime(2026, 6, 2, tzinfo=UTC).isoformat()

    assert Cursor.read(f"{moment} none") == Cursor(moment, "none")
    assert Cursor.read(f"{moment} none {OAI}") == Cursor(moment, "none", OAI)
    assert Cursor(moment, "none").text() == f"{moment} none"
    assert Cursor(moment, "by1", OAI).text() == f"{moment} by1 {OAI}"


CHANGES: list[dict[str, Any]] = [
    {"withdrawn": True, "in_archive": False},
    {"withdrawn": False, "in_archive": True},
    {"discoverable": False},
    {"discoverable": True},
    {"policies": (STAFF,)},
    {"policies": (Policy(),)},
]


def is_open(one: Held) -> bool:
    return one.in_archive and not one.withdrawn and one.discoverable and Policy() in one.policies


@pytest.mark.parametrize("seed", range(3))
def test_after_any_history_nothing_that_oai_still_names_is_more_open_or_more_closed_than_it_is(
    server: PracticeDSpace, seed: int
) -> None:
    """A week of changes, and imports that may be left out; a second reading takes flags as they are, and what a
    whole listing does not have is not shown."""
    chance = random.Random(seed)
    pages = told(server)
    known, cursor, quick = levels(pages), end(pages).cursor, 0
    later(server, days=9)
    for _ in range(7):
        for one in chance.sample(WORKS, 3):
            server.change(one.uuid, **chance.choice(CHANGES))
            later(server, hours=chance.randrange(4))
        if chance.random() < 0.7:
            server.oai_import()
        pages = told(server, cursor)
        known = levels(pages) if whole(pages) else known | levels(pages)
        cursor, quick = end(pages).cursor, quick + (not whole(pages))
        later(server, hours=12)
    server.oai_import()

    known |= levels(told(server, cursor))

    named = {one.identifier.rpartition(":")[2] for one in server.oai.index.records.values()}
    opened = {one.uuid: PUBLIC if is_open(one) else PRIVATE for one in server.items.values() if one.handle in named}
    assert {key: known.get(key, PRIVATE) for key in opened} == opened
    assert len(opened) > 15
    assert quick > 2


WAYS = ["the index tells", "so OAI is asked what changed", "and OAI does not either"]


@pytest.mark.parametrize("way", WAYS)
def test_a_check_says_which_of_the_three_ways_is_used(server: PracticeDSpace, way: str) -> None:
    server.dated = way == WAYS[0]
    if way == WAYS[2]:
        server.oai_path = ""

    with connected(server) as library:
        found = {one.what: one.ok for one in library.check() if any(each in one.what for each in WAYS)}

    ((what, ok),) = found.items()
    assert way in what
    assert ok is (way != WAYS[2])
