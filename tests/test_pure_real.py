"""Real answers of a legacy Pure 5.24, read whole; what is expected comes from walking the document, not our reading."""

import ast
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pure_source import PRIVATE, PUBLIC, item_of, links_of, person_of

from connectors.pure.dialect import LEGACY
from connectors.pure.people import group
from connectors.records import Group


@pytest.fixture
def folder(shared_data: Path) -> Path:
    return shared_data / "repositories" / "pure"


def read(folder: Path, pattern: str) -> Any:
    (file,) = folder.glob(pattern)
    return json.loads(file.read_text(encoding="utf-8"))


def test_a_real_output_is_read_with_its_identifiers_and_the_people_of_the_institution(folder: Path) -> None:
    body = read(folder, "ws524_research_output_*.json")
    found = item_of(body, LEGACY)
    people = [each["person"]["uuid"] for each in body["personAssociations"] if "person" in each]

    assert (found.visibility, found.doubts, found.type) == (PUBLIC, (), "journal-article")
    assert found.title.startswith("Measurement of Singly Cabibbo Suppressed Decays")
    assert {one.scheme: one.value for one in found.identifiers} == {
        "doi": "10.1103/physrevlett.117.232002",
        "pmid": "27982610",
        "url": body["info"]["portalUrl"],
    }
    assert (found.journal, found.issns, found.published) == ("Physical review letters", ("0031-9007",), "2016-12-02")
    assert [link.person for link in links_of(body, LEGACY)] == people
    assert len(people) == 3
    assert {link.visibility for link in links_of(body, LEGACY)} == {PRIVATE}
    assert {link.visibility for link in links_of(body, LEGACY, PUBLIC)} == {PUBLIC}


def test_a_real_person_is_current_academic_and_so_on_as_of_a_day(folder: Path) -> None:
    body = read(folder, "ws524_person_*.json")
    days = [date(2012, 1, 1), date(2014, 1, 1), date(2020, 1, 1), date(2024, 1, 1)]
    found = [person_of(body, LEGACY, today=day) for day in days]

    assert [one.current for one in found] == [True, True, True, False]
    assert [one.academic for one in found] == [True, True, False, False]
    assert {one.student for one in found} == {None}
    assert {one.visibility for one in found} == {PUBLIC}
    assert {one.orcid for one in found} == {None}
    assert {one.doubts for one in found} == {()}


def test_a_real_department_has_its_parent(folder: Path) -> None:
    body = read(folder, "ws524_organisational_unit_*.json")
    (found,) = group(body, "here")

    assert isinstance(found, Group)
    assert (found.visibility, found.parents) == (PUBLIC, (body["parents"][0]["uuid"],))
    assert found.name == body["name"]["text"][0]["value"]


def test_somebody_from_elsewhere_has_no_visibility_and_would_never_show(folder: Path) -> None:
    assert person_of(read(folder, "ws524_external_person_*.json"), LEGACY).visibility == PRIVATE


def test_real_feeds_have_pages_with_nothing_of_ours_that_say_there_is_more(folder: Path) -> None:
    lines = (folder / "ws_changes_problem-2022-06-28.jsonl").read_text(encoding="utf-8").splitlines()
    pages = [ast.literal_eval(line) for line in lines if line]

    assert all(page["moreChanges"] is True for page in pages)
    assert not [each for page in pages for each in page["items"] if "uuid" in each]
