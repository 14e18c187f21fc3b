"""The practice Pure speaks as the vendor's contract says, as recorded answers of 5.24 look, and as its facts tell."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from pure_contract import NAME, Contract, contract

from sandbox.pure import Contributor, Doi, Link, Output, Person, PracticePure, Unit, practice_pure
from sandbox.pure.model import ATTENTION, LINK_TYPES, Association, made

NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[PracticePure]:
    """One of everything that bodies are made of."""
    with practice_pure() as server:
        server.held.clock = lambda: NOON
        server.put(Unit(number=1, name="Faculty"), Unit(number=2, parents=(1,), visibility="CAMPUS"))
        kinds = ("staff", "student", "honoraryStaff", "visitingScholar")
        associations = tuple(Association(kind=kind, end=date(2027, 1, 1), email="a@example.edu") for kind in kinds)
        server.put(
            Person(
                number=1,
                known_as="Annie",
                orcid="0000-0002-1825-0097",
                confirmed=True,
                workflow="approved",
                associations=associations,
                employed_until=date(2030, 1, 1),
                retired=date(2040, 1, 1),
            ),
            Person(number=2, associations=(Association(kind="staff", staff_type=""),)),
        )
        server.put(
            Output(
                number=1,
                subtitle="A survey",
                contributors=(Contributor(person=1, association_hidden=True, hidden=False), Contributor(person=None)),
                dois=(Doi(value="10.5555/tides.1"), Doi(value="10.5555/tides.2", version="authorsversion")),
                links=(Link(url="https://example.org/", type=ATTENTION, alias="3"),),
                custom=(("attention", "x"),),
                identifiers=(("PubMed", "12345"),),
                published=(2026, 2, 3),
            )
        )
        for number, kind in enumerate(
            ("bookanthology/book", "contributiontobookanthology/chapter", "thesis/doc", "workingpaper/preprint",
             "nontextual/software", "contributiontoconference/paper"), 2
        ):  # fmt: skip
            isbns = ("978-3-16-148410-0",) if number < 5 else ()
            server.put(Output(number=number, type=kind, isbns=isbns, published=(2026,)))
        yield server


@pytest.fixture
def vendor(shared_data: Path) -> Contract:
    return contract(shared_data / "repositories" / "pure" / NAME)


def ask(
    server: PracticePure, path: str, *, legacy: bool = False, method: str = "GET", **more: Any
) -> requests.Response:
    base = server.legacy_url if legacy else server.url
    headers = {"api-key": server.key}
    return requests.request(method, base + path, headers=headers, timeout=10, allow_redirects=False, **more)


def outputs(server: PracticePure) -> list[str]:
    return list(server.held.outputs)


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/research-outputs", "/research-outputs?size=100"),
        ("/research-outputs", "/research-outputs?order=modified"),
        ("/persons", "/persons"),
        ("/organizations", "/organizations"),
        ("/research-outputs/{uuid}", f"/research-outputs/{made('output', 1)}"),
        ("/persons/{uuid}", f"/persons/{made('person', 1)}"),
        ("/organizations/{uuid}", f"/organizations/{made('unit', 2)}"),
        ("/research-outputs/orderings", "/research-outputs/orderings"),
        ("/research-outputs/allowed-link-types", "/research-outputs/allowed-link-types"),
        ("/research-outputs/allowed-workflow-steps", "/research-outputs/allowed-workflow-steps"),
        *[(f"/persons/{each}",) * 2 for each in ("allowed-staff-organization-associations-staff-types",)],
    ],
)
def test_each_answer_is_as_the_contract_says(server: PracticePure, vendor: Contract, path: str, ours: str) -> None:
    answer = ask(server, ours)

    assert answer.status_code == 200
    assert vendor.complaints(vendor.answer(path, "get", 200), answer.json()) == []


def test_each_output_of_a_search_is_as_the_contract_says(server: PracticePure, vendor: Contract) -> None:
    question = {"orderings": ["modified"], "orderBy": "descending", "size": 100, "searchString": "tides"}
    assert vendor.complaints("ResearchOutputsQuery", question) == []
    answer = ask(server, "/research-outputs/search", method="POST", json=question)

    assert vendor.complaints(vendor.answer("/research-outputs/search", "post", 200), answer.json()) == []


def test_an_update_and_its_answer_are_as_the_contract_says(server: PracticePure, vendor: Contract) -> None:
    path = f"/research-outputs/{made('output', 1)}"
    told = ask(server, path).json()
    told["links"].append({"url": "https://x.y/", "alias": "9", "linkType": {"uri": ATTENTION}})
    assert vendor.complaints("ResearchOutput", told) == []
    answer = ask(server, path, method="PUT", json=told)

    assert answer.status_code == 200
    assert vendor.complaints(vendor.answer("/research-outputs/{uuid}", "put", 200), answer.json()) == []


@pytest.mark.parametrize("status", [400, 404, 409])
def test_each_refusal_is_as_the_contract_says(server: PracticePure, vendor: Contract, status: int) -> None:
    bodies = {400: {"links": [{"url": 3}]}, 404: {}, 409: {"version": "v77"}}
    uuid = made("output", 99 if status == 404 else 1)
    answer = ask(server, f"/research-outputs/{uuid}", method="PUT", json=bodies[status])

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    name = vendor.answer("/research-outputs/{uuid}", "put", status)
    told = answer.json()
    assert vendor.complaints(f"Generic{name}" if name == "ProblemDetails" else name, told) == []


def test_the_contract_refuses_what_it_does_not_have(server: PracticePure, vendor: Contract) -> None:
    told = ask(server, f"/research-outputs/{made('output', 1)}").json()

    assert vendor.complaints("ResearchOutput", {**told, "confidential": False})
    assert vendor.complaints("ResearchOutput", {**told, "visibility": {"key": "OPEN"}})
    told["contributors"][0]["associationHidden"] = "yes"
    assert vendor.complaints("ResearchOutput", told)


def shape(told: object, path: str = "") -> set[str]:
    """The tree of a document: each place with the type of what stands there."""
    if isinstance(told, dict):
        return {each for name, inner in told.items() for each in shape(inner, f"{path}/{name}")} | {f"{path} object"}
    if isinstance(told, list):
        return {each for inner in told for each in shape(inner, f"{path}[]")} | {f"{path} list"}
    return {f"{path} {type(told).__name__}"}


@pytest.mark.parametrize(
    ("recorded", "path", "ours_alone"),
    [
        (
            "ws524_person_*.json",
            f"/persons/{made('person', 1)}",
            (
                "/employeeEndDate str", "/retirementDate str", "/studentOrganisationAssociations",
                "/honoraryStaffOrganisationAssociations", "/visitingScholarOrganisationAssociations[]/emails",
                "/visitingScholarOrganisationAssociations[]/period/endDate",
            ),
        ),
        (
            "ws524_research_output_*.json",
            f"/research-outputs/{made('output', 1)}",
            ("/subTitle", "/personAssociations[]/associationHidden"),
        ),
        ("ws524_organisational_unit_*.json", f"/organisational-units/{made('unit', 2)}", ()),
    ],
)  # fmt: skip
def test_legacy_bodies_have_the_shape_of_recorded_ones(
    server: PracticePure, shared_data: Path, recorded: str, path: str, ours_alone: tuple[str, ...]
) -> None:
    (file,) = (shared_data / "repositories" / "pure").glob(recorded)
    real = shape(json.loads(file.read_text(encoding="utf-8")))
    ours = shape(ask(server, path, legacy=True).json())

    assert {each for each in ours - real if not each.startswith(ours_alone)} == set()


def test_changes_have_the_shape_of_recorded_ones(server: PracticePure, shared_data: Path) -> None:
    folder = shared_data / "repositories" / "pure"
    real = shape(json.loads((folder / "ws_change_with_relation.json").read_text(encoding="utf-8")))
    told = ask(server, "/changes/2026-01-01", legacy=True).json()

    assert {each for item in told["items"] for each in shape(item)} <= real
    assert told.keys() == {"count", "resumptionToken", "moreChanges", "items", "navigationLinks"}


def test_a_merged_output_answers_by_a_redirect_to_what_is_left(server: PracticePure) -> None:
    server.held.merge(server.held.outputs[made("output", 1)], server.held.outputs[made("output", 2)])
    answer = ask(server, f"/research-outputs/{made('output', 1)}")

    assert (answer.status_code, answer.headers["Location"]) == (301, f"/ws/api/research-outputs/{made('output', 2)}")
    assert ask(server, answer.headers["Location"].removeprefix("/ws/api")).json()["previousUuids"] == [
        made("output", 1)
    ]


def test_what_is_confidential_is_not_told_of_where_the_key_may_not_see_it(server: PracticePure) -> None:
    server.put(replace(server.held.outputs[made("output", 1)], visibility="CONFIDENTIAL"))
    assert ask(server, f"/research-outputs/{made('output', 1)}").status_code == 404
    assert ask(server, "/research-outputs").json()["count"] == 6

    server.held.sees_confidential = True
    assert ask(server, "/research-outputs").json()["count"] == 7


def test_the_feed_of_changes_has_empty_pages_with_more_behind_them(server: PracticePure) -> None:
    server.held.journal.clear()
    for _ in range(6):
        server.put(replace(server.held.outputs[made("output", 1)], visibility="CONFIDENTIAL"))
    server.put(server.held.outputs[made("output", 2)])
    first = ask(server, "/changes/2026-06-02", legacy=True).json()
    second = ask(server, f"/changes/{first['resumptionToken']}", legacy=True).json()

    assert (first["count"], first["moreChanges"]) == (0, True)
    assert ([each["uuid"] for each in second["items"]], second["moreChanges"]) == ([made("output", 2)], False)


def test_an_update_replaces_lists_as_a_whole_and_leaves_what_it_does_not_name(server: PracticePure) -> None:
    path = f"/research-outputs/{made('output', 1)}"
    told = ask(
        server, path, method="PUT", json={"links": [{"url": "https://a.b/", "linkType": {"uri": LINK_TYPES[1]}}]}
    )

    assert [each["url"] for each in told.json()["links"]] == ["https://a.b/"]
    assert told.json()["customDefinedFields"] == {"attention": {"typeDiscriminator": "String", "value": "x"}}


def test_an_old_version_is_a_conflict_and_none_at_all_a_dirty_write(server: PracticePure) -> None:
    path = f"/research-outputs/{made('output', 1)}"

    assert ask(server, path, method="PUT", json={"links": [], "version": "v7"}).status_code == 409
    assert ask(server, path, method="PUT", json={"links": [], "version": "v1"}).status_code == 200
    assert ask(server, path, method="PUT", json={"links": []}).status_code == 200


def test_each_update_moves_the_date_and_the_version(server: PracticePure) -> None:
    path = f"/research-outputs/{made('output', 1)}"
    before = ask(server, path).json()
    server.held.clock = lambda: datetime(2026, 6, 3, tzinfo=UTC)
    after = ask(server, path, method="PUT", json={"version": before["version"]}).json()

    assert (before["modifiedDate"], after["modifiedDate"]) == ("2026-06-02T12:00:00.000Z", "2026-06-03T00:00:00.000Z")
    assert before["version"] != after["version"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("?size=1000", 200),
        ("?size=1001", 400),
        ("?size=0", 400),
        ("?order=title", 400),
        ("?offset=x", 400),
        ("/x", 404),
    ],
)
def test_what_a_listing_does_not_take_is_refused(server: PracticePure, path: str, status: int) -> None:
    assert ask(server, f"/research-outputs{path}").status_code == status


def test_a_search_takes_identifiers_apart_and_so_finds_too_much(server: PracticePure) -> None:
    server.put(Output(number=20, dois=(Doi(value="10.5555/tides.1-2"),)))
    told = ask(server, "/research-outputs/search", method="POST", json={"searchString": "10.5555/TIDES.1"}).json()

    assert {each["uuid"] for each in told["items"]} == {made("output", 1), made("output", 20)}


def test_without_its_key_nothing_is_answered(server: PracticePure) -> None:
    assert requests.get(f"{server.url}/persons", timeout=10).status_code == 401
    assert requests.get(f"{server.url}/persons", headers={"api-key": "x"}, timeout=10).status_code == 401


def test_the_legacy_api_takes_no_updates(server: PracticePure) -> None:
    assert ask(server, f"/research-outputs/{made('output', 1)}", legacy=True, method="PUT", json={}).status_code == 405
