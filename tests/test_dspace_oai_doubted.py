"""Where the OAI-PMH interface of a DSpace fails or is not to be believed, everything is read, and nothing is missed."""

import logging
from dataclasses import replace

import pytest
from dspace_oai_source import NOBODY, OAI, told, whole
from dspace_source import NOW, connected, end, items, later, levels, work
from dspace_works import ONE, PRIVATE, WORKS, a_server

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import STAFF, Policy

server = a_server(dated=False)
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


def test_a_run_of_everything_that_took_its_place_goes_on_where_it_broke(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.faults += BROKEN["no such path"]
    pages = told(server, cursor, per_page=4)

    rest = told(server, cursor, per_page=4, bookmark=pages[3].bookmark)

    assert items(rest).keys() == {one.key for page in pages[4:] for one in page.items}
    assert end(rest) == end(pages)


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
