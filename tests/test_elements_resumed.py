"""A listing of changes that breaks off among many publications goes on from there, to the same end."""

import re

import pytest
from conftest import House
from naive.elements import WIRES, expected, serve, small, told

from sandbox.elements import PracticeElements
from sandbox.faults import Fault
from sandbox.institution import Institution

SECOND_PAGE = r"/publications\?.*since.*after-id"


def listings(server: PracticeElements, since: int) -> list[str]:
    """The pages of changed publications that were asked for after so many requests."""
    asked = (f"{each.path}?{each.query}" for each in server.requests[since:])
    return [each for each in asked if re.search(r"(?<!/deleted)/publications\?.*since", each)]


def change_many(institution: Institution) -> None:
    """More publications are touched than one page holds."""
    for output in [number for number in institution.outputs if number >= 50_030]:
        institution.change_output(output)


@pytest.mark.parametrize("wire", ["v5.5", "v6.13"])
def test_changes_go_on_from_the_page_where_they_broke_off(house: House, wire: str) -> None:
    institution = small()
    with serve(institution, WIRES[wire]) as server:
        house.elements(server.url, "per_page = 5\n" + WIRES[wire].settings)
        house.ok("sync")
        change_many(institution)
        institution.change_person(1001, privacy="internal")
        server.faults.append(_broken(server, SECOND_PAGE, pages=3))
        assert house.run("pull").code == 1
        server.faults.clear()
        institution.delete_output(50_041)  # told of by the run that broke off
        institution.delete_output(50_100)
        institution.change_output(50_040, privacy="private")
        before = len(server.requests)

        house.ok("pull")
        again = listings(server, before)
        house.ok("sync")

        assert all("after-id" in each for each in again)
        for audience in ("public", "internal"):
            assert told(house.rows(audience)) == expected(institution, WIRES[wire], audience)
    runs = [
        each for each in house.json("connection", "runs", "elements", "--last", "4")["runs"] if each["step"] == "pull"
    ]
    assert [each["asked"].partition(", ")[2] for each in runs] == ["", "going on from a bookmark", ""]


def test_what_the_first_run_told_of_is_not_taken_for_deleted_by_the_second(house: House) -> None:
    """A feed may name what is there again; a run that told of it knows better, and so does one that goes on."""
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5")
        house.ok("sync")
        change_many(institution)
        back = institution.outputs[50_040]
        links = institution.of_output(50_040)
        institution.delete_output(50_040)
        institution.deletions[:] = [each for each in institution.deletions if each.part == "publication"]
        institution.outputs[50_040] = back
        for link in links:
            institution.link(link)
        server.faults.append(_broken(server, SECOND_PAGE, pages=6))
        assert house.run("pull").code == 1
        server.faults.clear()

        house.ok("pull")
        house.ok("score")

        assert told(house.rows()) == expected(institution, wire, "public")


def test_a_bookmark_among_changes_that_is_refused_begins_them_again(house: House) -> None:
    institution, wire = small(), WIRES["v6.13"]
    with serve(institution, wire) as server:
        house.elements(server.url, "per_page = 5")
        house.ok("sync")
        change_many(institution)
        server.faults.append(_broken(server, SECOND_PAGE, pages=3))
        assert house.run("pull").code == 1
        server.faults[:] = [Fault("status", address=SECOND_PAGE, status=400)]
        before = len(server.requests)

        house.ok("sync")

        assert "after-id" not in listings(server, before)[1]
        assert told(house.rows()) == expected(institution, wire, "public")


def _broken(server: PracticeElements, address: str, *, pages: int) -> Fault:
    """From the page of this number on, nothing is XML any more."""
    rest = [Fault("change", address=address, act=lambda _: server.faults.append(_never()))]
    for _ in range(pages - 1):
        rest.insert(0, Fault("change", address=address, act=lambda _, then=rest[0]: server.faults.append(then)))
    return rest[0]


def _never() -> Fault:
    return Fault("not xml", address="", times=None)
