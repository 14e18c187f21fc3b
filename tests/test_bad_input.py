"""What real systems send when they are ill: an error that says what to mend, or a record set aside and listed.

Whatever comes, no cursor moves by it, nothing is lost, and nothing hidden shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest
from conftest import PASSWORD, House
from naive.elements import WIRES, expected, link_of, serve, small, told
from naive.said import always, connection, without_ids

from sandbox.elements import PracticeElements
from sandbox.faults import Fault

AUDIENCES = ("public", "internal")


@dataclass(frozen=True)
class Ill:
    """What goes wrong, how the pull ends, and words that its one line must hold."""

    fault: Fault
    code: int
    words: str


ILLS = {
    "a login page": Ill(always("login page", "/publications"), 1, "a login page"),
    "a login page from the start": Ill(always("login page", ""), 1, "a login page"),
    "a document type": Ill(always("doctype", "/users"), 1, "DOCTYPE"),
    "cut short": Ill(always("truncated", "/publications"), 1, "broke off"),
    "hung up midway": Ill(always("hang up midway", "/relationships"), 1, "broke off"),
    "no answer": Ill(always("hang up before", "/users"), 1, "the connection broke"),
    "a wrong charset": Ill(always("wrong charset", "/publications"), 1, "GET"),
    "no XML": Ill(always("not xml", "/publications"), 1, "XML"),
    "no XML from the start": Ill(always("not xml", ""), 1, "XML"),
    "an error in a good answer": Ill(always("error in body", "/publications"), 1, "server fault"),
    "status 500": Ill(always("status", "/publications", status=500), 1, "500"),
    "status 409": Ill(always("status", "/relationships", status=409), 1, "409"),
    "status 504": Ill(always("status", "/users", status=504), 1, "504"),
    "status 400": Ill(always("status", "/publications", status=400), 1, "400|argument fault"),
    "status 403": Ill(always("status", "/publications", status=403), 1, "unauthorised access"),
    "come back tomorrow": Ill(always("too many requests", "/users", retry_after="86400"), 1, "429"),
}


IN_DELTAS = ("a login page", "cut short", "no XML", "status 500", "an error in a good answer")


@dataclass(frozen=True)
class Standing:
    """A house that was pulled and scored, its server, and what it showed and remembered then."""

    house: House
    server: PracticeElements
    shown: dict[str, list[dict[str, Any]]]
    cursor: str


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Shared by all tests that must leave it as it is, which each of them proves."""
    house = House(tmp_path_factory.mktemp("standing"))
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url, "per_page = 5")
        house.ok("pull", "--full")
        house.ok("score")
        shown = {audience: house.rows(audience) for audience in AUDIENCES}
        yield Standing(house, server, shown, connection(house)["cursor"])


@pytest.mark.parametrize(("name", "how"), [*product(ILLS, ["full"]), *product(IN_DELTAS, ["delta"])])
def test_an_ill_source_is_named_and_changes_nothing(standing: Standing, name: str, how: str) -> None:
    house, ill = standing.house, ILLS[name]
    standing.server.faults[:] = [replace(ill.fault)]

    ran = house.run("pull", *(["--full"] if how == "full" else []))

    standing.server.faults.clear()
    assert (ran.code, ran.err) == (ill.code, "")
    assert len(ran.out.splitlines()) == 1
    assert any(word in ran.out for word in ill.words.split("|")), ran.out
    unchanged(standing)


@pytest.mark.parametrize("listing", ["/users.*full", "/relationships", "/publications"])
def test_a_repeated_next_link_makes_a_listing_incomplete(standing: Standing, listing: str) -> None:
    standing.house.stored("UPDATE connection SET bookmark = ''")  # so that it lists from the beginning
    standing.server.faults[:] = [always("repeated next", listing)]

    ran = standing.house.run("pull", "--full")

    standing.server.faults.clear()
    assert (ran.code, ran.err, len(ran.out.splitlines())) == (3, "", 1)
    assert "repeated next link: often a missing search index" in ran.out
    unchanged(standing)


def test_a_repeated_next_link_of_a_delta_moves_no_cursor_and_the_next_run_mends_it(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5")
        house.ok("sync")
        cursor = connection(house)["cursor"]
        institution.change_person(1001, privacy="private")
        server.faults.append(always("repeated next", "/publications"))

        assert house.run("pull").code == 3
        assert connection(house)["cursor"] == cursor
        assert not any("Ada Maren Abernook" in row["people"] for row in house.rows("internal"))
        server.faults.clear()
        house.ok("sync")

    assert told(house.rows("internal")) == expected(institution, wire, "internal")


def test_wrong_credentials_are_named(standing: Standing) -> None:
    standing.server.password = "another"
    try:
        ran = standing.house.run("pull")
        checked = standing.house.run("check", "--connect")
    finally:
        standing.server.password = PASSWORD

    assert (ran.code, checked.code) == (1, 1)
    assert "'invalid credentials'; check username and password" in ran.out
    assert "'invalid credentials'; check username and password" in checked.out
    unchanged(standing)


def test_an_account_without_rights_is_named(standing: Standing) -> None:
    standing.server.allowed = False
    try:
        ran = standing.house.run("pull")
    finally:
        standing.server.allowed = True

    assert ran.code == 1
    assert "'unauthorised access'; give the API account the right to read this" in ran.out
    unchanged(standing)


@pytest.mark.parametrize("wrong", ["{origin}/elements/v6.13", "{origin}", "http://127.0.0.1:9/secure-api/v6.13"])
def test_a_wrong_address_is_named(standing: Standing, wrong: str) -> None:
    house, good = standing.house, standing.house.file.read_text()
    house.elements(wrong.format(origin=standing.server.origin), "per_page = 5")
    try:
        ran, checked = house.run("pull"), house.run("check", "--connect", "--json")
    finally:
        house.write(good)

    assert (ran.code, checked.code, checked.document["ok"]) == (1, 1, False)
    assert len(ran.out.splitlines()) == 1
    assert any(word in ran.out for word in ("url", "connection", "address")), ran.out
    unchanged(standing)


def test_a_failure_as_json_is_one_document_with_an_error(standing: Standing) -> None:
    standing.server.faults[:] = [always("not xml", "")]

    ran = standing.house.run("pull", "--json")

    standing.server.faults.clear()
    assert ran.code == 1
    assert "error" in ran.document
    unchanged(standing)


def unchanged(standing: Standing) -> None:
    """After a failure: the failure is an alarm; rows, people, scores and cursor are as they were."""
    status = standing.house.json("status")

    assert status["connections"][0]["cursor"] == standing.cursor
    assert any(alarm.startswith("elements: ") for alarm in status["alarms"])
    assert standing.house.rows("internal") == standing.shown["internal"]


CUTS = {
    "users": Fault("change", address=r"/users\?.*after-id", act=lambda _: None),
    "relationships": Fault("change", address=r"/relationships\?types.*after-id"),
    "publications": Fault("change", address=r"/publications\?.*after-id=500[34]"),
}


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("users", "hang up midway"),
        ("relationships", "status"),
        ("publications", "not xml"),
        ("publications", "truncated"),
    ],
)
def test_an_interrupted_pull_goes_on_from_its_bookmark_to_the_same_end(
    house: House, standing: Standing, place: str, what: Any
) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url, "per_page = 5")
        cut = replace(CUTS[place], act=lambda _: server.faults.append(always(what, "")))
        server.faults.append(cut)

        assert house.run("pull").code == 1
        broken = connection(house)
        server.faults.clear()
        before = len(server.requests)
        house.ok("pull")
        house.ok("score")

        assert (broken["cursor"], broken["unfinished"]) == (None, True)
        asked = [f"{each.path}?{each.query}" for each in server.requests[before:]]
        began_again = [each for each in asked if each.endswith("/users?detail=full&per-page=5")]
        assert began_again == []
        assert (connection(house)["unfinished"], connection(house)["cursor"] is not None) == (False, True)
        assert without_ids(house.rows("internal")) == without_ids(standing.shown["internal"])


@pytest.mark.parametrize("listing", [r"/users\?.*page=2", r"/relationships\?.*page=4", r"/publications\?.*page=5"])
def test_an_interrupted_pull_of_numbered_pages_ends_the_same(house: House, listing: str) -> None:
    institution, wire = small(), WIRES["v4.6"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5\n" + wire.settings)
        server.faults.append(
            Fault("change", address=listing, act=lambda _: server.faults.append(always("not xml", "")))
        )
        assert house.run("pull").code == 1
        institution.delete_output(50_041)
        institution.change_authorship(link_of(institution, 50_042).id, privacy="private")
        server.faults.clear()

        house.ok("sync")
        house.ok("sync")

    assert told(house.rows()) == expected(institution, wire, "public")


def test_what_tightens_between_two_halves_of_a_pull_does_not_show(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(replace(CUTS["publications"], act=lambda _: server.faults.append(always("not xml", ""))))
        assert house.run("pull").code == 1
        institution.change_person(1001, privacy="internal")
        institution.change_output(50_005, privacy="private")
        server.faults.clear()

        house.ok("pull")
        house.ok("pull")
        house.ok("score")

        for audience in AUDIENCES:
            assert told(house.rows(audience)) == expected(institution, wire, audience)


def test_a_bookmark_that_the_source_refuses_begins_again(house: House, standing: Standing) -> None:
    with serve(small(), WIRES["v6.13"]) as server:
        house.elements(server.url, "per_page = 5")
        server.faults.append(replace(CUTS["publications"], act=lambda _: server.faults.append(always("not xml", ""))))
        assert house.run("pull").code == 1
        server.faults[:] = [Fault("status", address=r"/publications\?.*after-id", status=400)]

        house.ok("pull")
        house.ok("score")

        assert without_ids(house.rows("internal")) == without_ids(standing.shown["internal"])
