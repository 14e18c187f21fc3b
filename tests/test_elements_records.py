"""What one user, group or relationship of Elements becomes."""

import pytest
from elements_words import PRIVATE, PUBLIC, TYPES, element, level, told_group, told_person

from connectors.elements.records import authorship
from connectors.records import Aside, Authorship


def test_a_group_names_its_parents_in_every_shape() -> None:
    old = "<name>Tides</name><parents><parent id='1'/><parent id='3'/></parents><children><child id='9'/></children>"
    new = "<group-properties><name>Tides</name><parent id='1' href='x'/><parent id='3'/></group-properties>"

    assert {(told_group(told).name, told_group(told).parents) for told in (old, new)} == {("Tides", ("1", "3"))}


def test_status_flags_are_told_or_they_are_not() -> None:
    found = told_person(level("Public") + "<is-current-staff>true</is-current-staff><is-academic>0</is-academic>")

    assert (found.current, found.academic, found.student, found.visibility) == (True, False, None, PUBLIC)
    assert found.raw == {"privacy-level": "Public", "is-current-staff": "true", "is-academic": "0"}


@pytest.mark.parametrize("name", ["is-current-staff", "is-academic", "is-student"])
def test_an_unreadable_status_makes_the_person_private(name: str) -> None:
    found = told_person(level("Public") + f"<{name}>ja</{name}>")

    assert (found.visibility, found.doubts) == (PRIVATE, (f"{name} is neither true nor false",))


def test_a_leave_date_says_nothing_about_being_current() -> None:
    assert told_person(level("Public") + "<leave-date>2020-01-01</leave-date>").current is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<first-name>Ada</first-name><last-name>Quill</last-name><known-as>Addie</known-as>", "Addie Quill"),
        ("<first-name>Ada</first-name><last-name>Quill</last-name><known-as> </known-as>", "Ada Quill"),
        ("<user-preferred-first-name>Bo</user-preferred-first-name><first-name>A</first-name>", "Bo"),
        ("<last-name>de  la\n Tour</last-name>", "de la Tour"),
        ("", ""),
    ],
)
def test_people_are_named_by_known_as_or_first_name_and_last_name(content: str, name: str) -> None:
    assert told_person(content).name == name


@pytest.mark.parametrize(
    ("associations", "orcid"),
    [
        ([("orcid", "verified", "always-me", "0000-0002-1825-0097")], "0000-0002-1825-0097"),
        ([("orcid", "verified", "", "https://orcid.org/0000-0002-1825-0097")], "0000-0002-1825-0097"),
        ([("orcid", "verified", "never-me", "0000-0002-1825-0097")], None),
        ([("orcid", "pending", "", "0000-0002-1825-0097")], None),
        ([("orcid", "", "", "0000-0002-1825-0097")], None),
        ([("orcid", "verified", "always-me", "0000-0002-1825-0098")], None),
        ([("scopus-author-id", "verified", "always-me", "0000-0002-1825-0097")], None),
        ([("orcid", "", "always-me", "0000-0002-1825-0097"), ("orcid", "", "always-me", "0000-0001-5109-3700")], None),
    ],
)
def test_only_the_one_orcid_that_a_person_confirmed_is_told(associations, orcid) -> None:
    told = "".join(
        f'<user-identifier-association scheme="{scheme}" status="{status}" decision="{decision}">{value}'
        "</user-identifier-association>"
        for scheme, status, decision, value in associations
    )

    assert told_person(f"<user-identifier-associations>{told}</user-identifier-associations>").orcid == orcid


def test_a_relationship_of_another_type_is_none_of_ours() -> None:
    assert list(authorship(element('<relationship id="1" type="user-grant-research" type-id="43"/>'), "/", TYPES)) == []


def test_a_relationship_without_a_type_is_private_and_doubted() -> None:
    text = '<relationship id="1"><is-visible>true</is-visible></relationship>'

    (found,) = authorship(element(text), "/", TYPES, item="101", person="11")

    assert isinstance(found, Authorship)
    assert (found.visibility, found.doubts) == (PRIVATE, ("the relationship has no type",))


def test_a_relationship_to_nothing_is_set_aside_by_its_key() -> None:
    (found,) = authorship(element('<relationship id="501" type-id="8"/>'), "/", TYPES, item="101")

    assert isinstance(found, Aside)
    assert (found.key, found.keyless) == ("501", False)


def test_the_ends_of_a_relationship_are_told_by_attributes_or_by_the_objects_inside() -> None:
    inside = '<related direction="from"><object category="publication" id="101"/></related>'
    inside += '<related direction="to"><object category="user" id="11"/></related>'
    (found,) = authorship(element(f'<relationship id="501" type-id="8">{inside}</relationship>'), "/", TYPES)

    assert isinstance(found, Authorship)
    assert (found.item, found.person) == ("101", "11")
