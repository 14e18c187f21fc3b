"""How open Pure's words make a person, an output and a link: by a table, and by a second and naive model."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pure_source import DIALECTS, INTERNAL, PRIVATE, PUBLIC, item_of, links_of, person_of

from config.visibility import Visibility
from connectors.errors import NotUnderstood
from connectors.pure.dialect import CURRENT, LEGACY
from connectors.pure.outputs import output
from connectors.pure.people import group
from connectors.pure.write import changed, values
from connectors.records import Authorship, Group, Item, Person

ABSENT = object()
JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.just([]), st.just({}))
VISIBILITIES = st.one_of(
    st.just(ABSENT), st.sampled_from(["FREE", "CAMPUS", "BACKEND", "CONFIDENTIAL", "free", " FREE", "PUBLIC", ""]), JUNK
)
STEPS = st.one_of(
    st.just(ABSENT), st.sampled_from(["approved", "validated", "forApproval", "Approved", "published", ""]), JUNK
)
FLAGS = st.one_of(st.just(ABSENT), st.booleans(), st.sampled_from(["true", "false", 0, 1, "", []]))


def told(dialect: str, visibility: object, step: object, confidential: object = ABSENT) -> dict[str, Any]:
    step_name = {"current": "step", "legacy": "workflowStep"}[dialect]
    body: dict[str, Any] = {"uuid": "u1"}
    if visibility is not ABSENT:
        body["visibility"] = {"key": visibility}
    if step is not ABSENT:
        body["workflow"] = {step_name: step}
    if confidential is not ABSENT:
        body["confidential"] = confidential
    return body


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("visibility", "step", "level", "doubts"),
    [
        ("FREE", "approved", PUBLIC, 0),
        ("FREE", "validated", PUBLIC, 0),
        ("CAMPUS", "approved", INTERNAL, 0),
        ("BACKEND", "approved", PRIVATE, 0),
        ("CONFIDENTIAL", "approved", PRIVATE, 0),
        ("FREE", "entryInProgress", PRIVATE, 0),
        ("FREE", "forApproval", PRIVATE, 0),
        ("FREE", "forRevalidation", PRIVATE, 0),
        ("FREE", "byTheDean", PRIVATE, 1),
        ("FREE", ABSENT, PRIVATE, 1),
        (ABSENT, "approved", PRIVATE, 1),
        ("SECRET", "approved", PRIVATE, 1),
        ("free", "approved", PRIVATE, 1),
        (None, "approved", PRIVATE, 1),
        (["FREE"], "approved", PRIVATE, 1),
    ],
)
def test_an_output_is_as_open_as_its_visibility_once_it_was_validated(
    dialect: str, visibility: object, step: object, level: Visibility, doubts: int
) -> None:
    found = item_of(told(dialect, visibility, step), DIALECTS[dialect])

    assert (found.visibility, len(found.doubts)) == (level, doubts)


@pytest.mark.parametrize(
    ("flag", "level", "doubts"), [(False, PUBLIC, 0), (True, PRIVATE, 0), ("false", PRIVATE, 1), (0, PRIVATE, 1)]
)
def test_what_the_old_flag_calls_confidential_is_private_whatever_else_is_said(
    flag: object, level: Visibility, doubts: int
) -> None:
    found = item_of(told("legacy", "FREE", "approved", flag), LEGACY)

    assert (found.visibility, len(found.doubts), found.raw["confidential"]) == (
        level,
        doubts,
        flag if isinstance(flag, str) else json.dumps(flag),
    )


@given(visibility=VISIBILITIES, step=STEPS, confidential=FLAGS, dialect=st.sampled_from(sorted(DIALECTS)))
def test_outputs_are_as_open_as_a_naive_model_says(
    visibility: object, step: object, confidential: object, dialect: str
) -> None:
    found = item_of(told(dialect, visibility, step, confidential), DIALECTS[dialect])

    open_word = {"FREE": PUBLIC, "CAMPUS": INTERNAL}.get(visibility) if isinstance(visibility, str) else None
    passed = step == "approved" or step == "validated"
    secret = confidential is not ABSENT and confidential is not False
    assert found.visibility == (open_word if open_word and passed and not secret else PRIVATE)


@given(visibility=VISIBILITIES, step=STEPS, dialect=st.sampled_from(sorted(DIALECTS)))
def test_people_are_as_open_as_a_naive_model_says(visibility: object, step: object, dialect: str) -> None:
    found = person_of(told(dialect, visibility, step), DIALECTS[dialect])

    open_word = {"FREE": PUBLIC, "CAMPUS": INTERNAL}.get(visibility) if isinstance(visibility, str) else None
    passed = step is ABSENT or step == "approved" or step == "validated"
    assert found.visibility == (open_word if open_word and passed else PRIVATE)


@given(visibility=VISIBILITIES)
def test_departments_are_as_open_as_a_naive_model_says(visibility: object) -> None:
    (found,) = group(told("current", visibility, ABSENT), "here")

    assert isinstance(found, Group)
    open_word = {"FREE": PUBLIC, "CAMPUS": INTERNAL}.get(visibility) if isinstance(visibility, str) else None
    assert found.visibility == (open_word or PRIVATE)


def contributor(**flags: object) -> dict[str, Any]:
    return {"person": {"uuid": "p1"}, **{name: flag for name, flag in flags.items() if flag is not ABSENT}}


@pytest.mark.parametrize(
    ("hidden_there", "hidden", "level", "doubts"),
    [
        (False, ABSENT, PUBLIC, 0),
        (False, False, PUBLIC, 0),
        (True, ABSENT, PRIVATE, 0),
        (False, True, PRIVATE, 0),
        (True, False, PRIVATE, 0),
        (ABSENT, ABSENT, PRIVATE, 1),
        (ABSENT, False, PRIVATE, 1),
        ("false", ABSENT, PRIVATE, 1),
        (False, "no", PRIVATE, 1),
        (0, ABSENT, PRIVATE, 1),
    ],
)
def test_a_link_is_public_only_where_it_is_said_that_the_person_does_not_hide_it(
    hidden_there: object, hidden: object, level: Visibility, doubts: int
) -> None:
    body = told("current", "FREE", "approved") | {
        "contributors": [contributor(associationHidden=hidden_there, hidden=hidden)]
    }
    (found,) = links_of(body)

    assert (found.visibility, len(found.doubts)) == (level, doubts)


@pytest.mark.parametrize(
    ("flag", "assumed", "level"),
    [
        (ABSENT, None, PRIVATE),
        (ABSENT, PUBLIC, PUBLIC),
        (ABSENT, INTERNAL, INTERNAL),
        (True, PUBLIC, PRIVATE),
        (False, None, PUBLIC),
        ("maybe", PUBLIC, PRIVATE),
    ],
)
def test_the_legacy_api_is_silent_of_most_links_and_then_the_administrator_decides(
    flag: object, assumed: Visibility | None, level: Visibility
) -> None:
    body = told("legacy", "FREE", "approved") | {"personAssociations": [contributor(associationHidden=flag)]}
    (found,) = links_of(body, LEGACY, assumed)

    assert found.visibility == level


@given(
    there=FLAGS, hidden=FLAGS, assumed=st.sampled_from([None, *Visibility]), dialect=st.sampled_from(sorted(DIALECTS))
)
def test_links_are_as_open_as_a_naive_model_says(
    there: object, hidden: object, assumed: Visibility | None, dialect: str
) -> None:
    name = {"current": "contributors", "legacy": "personAssociations"}[dialect]
    body = told(dialect, "FREE", "approved") | {name: [contributor(associationHidden=there, hidden=hidden)]}
    (found,) = links_of(body, DIALECTS[dialect], assumed)

    if (there is not ABSENT and there is not False) or (hidden is not ABSENT and hidden is not False):
        expected = PRIVATE
    elif there is False:
        expected = PUBLIC
    else:
        expected = (assumed or PRIVATE) if dialect == "legacy" else PRIVATE
    assert found.visibility == expected


def test_what_is_assumed_never_fills_a_gap_in_the_current_api() -> None:
    body = told("current", "FREE", "approved") | {"contributors": [contributor()]}

    assert [link.visibility for link in links_of(body, CURRENT, PUBLIC)] == [PRIVATE]


@pytest.mark.parametrize("contributors", ["many", {}, 3, True])
def test_contributors_that_cannot_be_read_close_the_output(contributors: object) -> None:
    found = item_of(told("current", "FREE", "approved") | {"contributors": contributors})

    assert (found.visibility, found.doubts) == (PRIVATE, ("its contributors cannot be read",))


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)
OUTPUT = {
    "uuid": "u1",
    "title": {"value": "<p>Tide &amp; time</p>"},
    "type": {"uri": "/dk/atira/pure/researchoutput/researchoutputtypes/contributiontojournal/article"},
    "visibility": {"key": "CAMPUS"},
    "workflow": {"step": "approved"},
    "contributors": [{"pureId": 1, "person": {"uuid": "p1"}, "associationHidden": True}],
    "electronicVersions": [
        {"doi": "10.5555/a", "versionType": {"uri": "/x/publishersversion"}, "link": "https://x.y/"}
    ],
    "identifiers": [{"idSource": "PubMed", "value": "12345"}, {"id": "7", "type": {"uri": "/x/y"}}],
    "publicationStatuses": [{"current": True, "publicationDate": {"year": 2026, "month": 2, "day": 30}}],
    "journalAssociation": {"title": {"title": "J"}, "issn": {"issn": "20493630"}, "journal": {"name": {"text": []}}},
    "printISBNs": ["9783161484100"],
    "portalUrl": "https://portal.example.edu/en/publications/u1",
    "previousUuids": ["u0"],
}
PERSON = {
    "uuid": "p1",
    "name": {"firstName": "Ann", "lastName": "Example"},
    "names": [{"name": {"firstName": "Annie"}, "type": {"uri": "/x/knownas"}}],
    "visibility": {"key": "CAMPUS"},
    "workflow": {"step": "approved"},
    "orcid": "0000-0002-1825-0097",
    "orcidAuthenticated": False,
    "staffOrganizationAssociations": [
        {
            "organization": {"uuid": "g1"},
            "period": {"startDate": "2020-01-01", "endDate": "2021-01-01"},
            "staffType": {"uri": "/dk/atira/pure/person/personstafftype/nonacademic"},
            "emails": [{"value": "ann@example.edu"}],
        }
    ],
    "employeeEndDate": "2021-01-01",
    "previousUuids": ["p0"],
}


def places(told: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, its root apart."""
    inner = list(told.items()) if isinstance(told, dict) else list(enumerate(told)) if isinstance(told, list) else []
    return [place for name, each in inner for place in ((*path, name), *places(each, (*path, name)))]


def spoiled(told: Any, path: tuple[Any, ...], value: object) -> Any:
    copy = json.loads(json.dumps(told))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    if value is ABSENT and isinstance(inner, dict):
        del inner[path[-1]]
    else:
        inner[path[-1]] = None if value is ABSENT else value
    return copy


@given(place=st.sampled_from(places(OUTPUT)), value=st.one_of(st.just(ABSENT), ANYTHING))
def test_whatever_stands_anywhere_in_an_output_it_is_read_and_never_more_open(
    place: tuple[Any, ...], value: object
) -> None:
    records = list(output(spoiled(OUTPUT, place, value), CURRENT, "here", PUBLIC))

    items = [one for one in records if isinstance(one, Item)]
    assert all(one.visibility <= INTERNAL or value == "FREE" for one in items)
    links = [one for one in records if isinstance(one, Authorship)]
    assert all(one.visibility == PRIVATE or value is False for one in links)
    assert items or place == ("uuid",)


@given(place=st.sampled_from(places(PERSON)), value=st.one_of(st.just(ABSENT), ANYTHING))
def test_whatever_stands_anywhere_in_a_person_they_are_read_and_never_more_open(
    place: tuple[Any, ...], value: object
) -> None:
    body = spoiled(PERSON, place, value)
    if place == ("uuid",):
        return
    found = person_of(body)

    assert isinstance(found, Person)
    assert found.visibility <= INTERNAL or value == "FREE"
    assert found.orcid is None or value is True
    assert not found.current


GROUP = {
    "uuid": "g1",
    "name": {"en_GB": "Harbours"},
    "visibility": {"key": "CAMPUS"},
    "parents": [{"uuid": "g0"}],
    "previousUuids": ["g9"],
}


@given(place=st.sampled_from(places(GROUP)), value=st.one_of(st.just(ABSENT), ANYTHING))
def test_whatever_stands_anywhere_in_a_department_it_is_read_and_never_more_open(
    place: tuple[Any, ...], value: object
) -> None:
    found = [one for one in group(spoiled(GROUP, place, value), "here") if isinstance(one, Group)]

    assert all(one.visibility <= INTERNAL or value == "FREE" for one in found)
    assert found or place == ("uuid",)


@given(
    place=st.sampled_from([("links",), ("links", 0), ("links", 0, "url"), ("links", 0, "linkType"), ("version",)]),
    value=ANYTHING,
    field=st.sampled_from(["link:/x/y", "attention"]),
)
def test_whatever_stands_in_what_is_written_to_it_is_understood_or_left_alone(
    place: tuple[Any, ...], value: object, field: str
) -> None:
    told = {"links": [{"url": "a", "linkType": {"uri": "/x/y"}}], "customDefinedFields": {"attention": value}}
    with contextlib.suppress(NotUnderstood):
        body = spoiled({**told, "version": "v1"}, place, value)
        values(body, field)
        assert values(changed(body, field, ["b c"]), field) == ("b c",)


@given(told=ANYTHING)
def test_an_entry_that_is_anything_at_all_is_set_aside_or_read(told: object) -> None:
    records = list(output(told, CURRENT, "here", None))

    assert all(getattr(one, "visibility", PRIVATE) == PRIVATE for one in records)
