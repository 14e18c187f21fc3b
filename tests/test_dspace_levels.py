"""Nothing of a DSpace is more open than it is, whoever reads it; and what no listing names is asked for by its key."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from dspace_source import connected, end, items, later, levels, pulled, work
from dspace_works import ONE, PRIVATE, PUBLIC, TWO, a_server

from config.visibility import Visibility
from connectors.records import Gone
from sandbox.dspace import PracticeDSpace
from sandbox.dspace.items import STAFF, Policy

server = a_server()
GONE = Gone(kind="item", key=ONE.uuid)
HIDDEN = replace(GONE, hidden=True)
FLAGS: dict[str, tuple[dict[str, Any], Visibility]] = {
    "open": ({}, PUBLIC),
    "withdrawn": ({"withdrawn": True}, PRIVATE),
    "not discoverable": ({"discoverable": False}, PRIVATE),
    "for staff": ({"policies": (STAFF,)}, PRIVATE),
    "for one person": ({"policies": (Policy(group=None),)}, PRIVATE),
    "for nobody": ({"policies": ()}, PRIVATE),
    "under embargo": ({"policies": (Policy(start="2027-01-01"), STAFF)}, PRIVATE),
    "after an embargo": ({"policies": (Policy(start="2026-01-01"),)}, PUBLIC),
    "until some day": ({"policies": (Policy(end="2027-01-01"),)}, PUBLIC),
    "no longer": ({"policies": (Policy(end="2026-01-01"),)}, PRIVATE),
}


@pytest.mark.parametrize("how", FLAGS)
def test_an_item_is_as_open_as_its_flags_and_policies_say(server: PracticeDSpace, how: str) -> None:
    changes, level = FLAGS[how]
    server.put(work(1, **changes))

    told = items(pulled(server))[ONE.uuid]

    assert (told.visibility, told.doubts) == (level, ())
    assert told.closes_at == (datetime(2026, 12, 31, 10, tzinfo=UTC) if how == "until some day" else None)


@pytest.mark.parametrize("how", FLAGS)
def test_without_an_account_it_is_as_open_or_not_listed(server: PracticeDSpace, how: str) -> None:
    changes, level = FLAGS[how]
    server.put(work(1, **changes))

    found = levels(pulled(server, username=None, password=None, push=None))

    assert found.get(ONE.uuid, PRIVATE) == level
    assert len(found) >= 29


@pytest.mark.parametrize("how", FLAGS)
def test_an_account_that_may_not_read_policies_asks_what_anybody_sees(server: PracticeDSpace, how: str) -> None:
    changes, level = FLAGS[how]
    server.put(work(1, **changes))
    server.reads_policies = False

    told = items(pulled(server))[ONE.uuid]

    assert told.visibility == level
    assert "policies" not in told.raw


@pytest.mark.parametrize("groups", [("Campus",), None])
def test_what_our_own_address_is_shown_is_no_proof_where_it_belongs_to_a_group(
    server: PracticeDSpace, groups: tuple[str, ...] | None
) -> None:
    server.special_groups = groups
    server.put(work(1, policies=(Policy(group="Campus"),)))

    alone = pulled(server, username=None, password=None, push=None)
    policies = pulled(server)
    server.reads_policies = False
    anybody = pulled(server)

    assert set(levels(alone).values()) == set(levels(anybody).values()) == {PRIVATE}
    assert all(one.doubts for one in items(alone).values())
    assert levels(policies)[ONE.uuid] == PRIVATE
    assert levels(policies)[TWO.uuid] == PUBLIC


@pytest.mark.parametrize("flag", ["inArchive", "withdrawn", "discoverable"])
@pytest.mark.parametrize("told", [None, "true", "false", 0, 1, [], "campus"])
def test_a_flag_that_is_absent_or_no_flag_is_private_and_a_doubt(
    server: PracticeDSpace, flag: str, told: object
) -> None:
    server.put(work(1, odd={flag: told}))

    one = items(pulled(server))[ONE.uuid]

    assert (one.visibility, len(one.doubts)) == (PRIVATE, 1)


def test_raw_holds_what_was_told_of_openness_and_no_dates_of_the_record(server: PracticeDSpace) -> None:
    server.put(work(1, policies=(Policy(start="2027-01-01"), STAFF)))
    before = items(pulled(server))[ONE.uuid]
    server.edit(ONE.uuid, "local.attention.score", "https://ringmark.example.edu/badge/output/1.svg 3 2026-06-02")

    after = items(pulled(server))[ONE.uuid]

    assert dict(after.raw) == {
        "inArchive": "true",
        "withdrawn": "false",
        "discoverable": "true",
        "accessStatus": "open.access",
        "policies": "Anonymous from 2027-01-01; Staff",
    }
    assert after == before


@pytest.mark.parametrize("way", ["listed", "named by OAI"])
def test_the_status_of_files_is_told_however_an_item_is_read_and_hides_none(server: PracticeDSpace, way: str) -> None:
    server.dated = way == "listed"
    server.oai_import()
    cursor = end(pulled(server)).cursor
    later(server, hours=9)
    server.put(work(1, files={"status": "embargo", "embargoDate": "2027-01-01"}))
    server.oai_import()

    one = items(pulled(server, cursor))[ONE.uuid]

    assert (one.raw["accessStatus"], one.visibility) == ("embargo until 2027-01-01", PUBLIC)
    assert one.closes_at is None


def test_a_release_that_tells_nothing_of_files_is_read_as_well(server: PracticeDSpace) -> None:
    server.put(work(1, odd={"_embedded": None}))

    one = items(pulled(server))[ONE.uuid]

    assert (one.raw.get("accessStatus"), one.visibility) == (None, PUBLIC)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, None),
        ({"withdrawn": True}, HIDDEN),
        ({"discoverable": False}, HIDDEN),
        ({"policies": (STAFF,)}, HIDDEN),
        ({"policies": (Policy(start="2027-01-01"),)}, HIDDEN),
        ({"odd": {"withdrawn": None}}, HIDDEN),
        ({"odd": {"metadata": {}}}, HIDDEN),
        (None, GONE),
    ],
)
@pytest.mark.parametrize("account", [{}, {"username": None, "password": None, "push": None}])
def test_what_no_listing_names_stays_only_where_everybody_may_see_it_and_is_hidden_while_there_is_such_a_thing(
    server: PracticeDSpace, change: dict[str, Any] | None, answer: Gone | None, account: dict[str, Any]
) -> None:
    if change is None:
        server.remove(ONE.uuid)
    else:
        server.put(work(1, **change))

    with connected(server, **account) as library:
        found = library.confirm("item", ONE.uuid)

    assert found == answer


def test_what_shows_nothing_to_an_account_without_rights_is_hidden_whatever_it_was(server: PracticeDSpace) -> None:
    server.put(work(1, withdrawn=True))
    server.sees_withdrawn = False

    with connected(server) as library:
        assert library.confirm("item", ONE.uuid) == HIDDEN
        assert library.confirm("person", ONE.uuid) == Gone(kind="person", key=ONE.uuid, hidden=True)


def test_an_item_is_no_person_and_what_is_no_key_is_not_asked_for(server: PracticeDSpace) -> None:
    with connected(server) as library:
        assert library.confirm("person", ONE.uuid) == Gone(kind="person", key=ONE.uuid)
        assert library.confirm("item", "../authn/logout") == Gone(kind="item", key="../authn/logout")
        assert library.confirm("authorship", ONE.uuid) == Gone(kind="authorship", key=ONE.uuid)
    assert not any("logout" in one.path for one in server.requests)


def test_a_login_that_was_ended_elsewhere_does_not_look_like_a_deletion(server: PracticeDSpace) -> None:
    server.reads_policies = False
    with connected(server) as library:
        assert library.confirm("item", ONE.uuid) is None
        server.expire_tokens()
        assert library.confirm("item", TWO.uuid) is None
