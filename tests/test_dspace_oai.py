"""Where the search of a DSpace does not know what changed, its OAI-PMH interface names it, and REST decides alone."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from dspace_oai_source import NOBODY, OAI, asked, told, whole
from dspace_source import NOW, PEOPLE, end, items, later, levels, work
from dspace_works import ANN, ONE, PRIVATE, PUBLIC, TWO, WORKS, a_server

from connectors.records import Gone
from sandbox.dspace import PracticeDSpace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import STAFF, Policy, made
from sandbox.dspace.items import Item as Held

server = a_server(dated=False)


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


def test_a_record_that_cannot_be_shown_hinders_nothing(server: PracticeDSpace) -> None:
    cursor = end(told(server)).cursor
    later(server, days=9)
    server.put(work(1))
    server.oai_import()
    server.faults.append(DSpaceFault("status", status=500, address="verb=(GetRecord|ListRecords)", times=None))

    assert levels(told(server, cursor)) == {ONE.uuid: PUBLIC}


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
