"""Where the OAI-PMH interface of a DSpace is asked, from when on, and how a run goes on where one broke."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from dspace_oai_source import LONG_AFTER, OAI, asked, told, whole
from dspace_source import NOW, PEOPLE, connected, end, items, later, levels, settings, work
from dspace_works import ANN, ONE, PUBLIC, a_server

from connectors.base import Since
from connectors.dspace import DSpace
from connectors.dspace.mark import Cursor
from connectors.errors import TryLater
from sandbox.dspace import PracticeDSpace

server = a_server(dated=False)


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
