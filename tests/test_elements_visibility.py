"""How open Elements says that something is: the table of the house, line by line."""

import pytest
from elements_words import (
    INTERNAL,
    PRIVATE,
    PUBLIC,
    V46,
    V49,
    V55,
    V613,
    effective,
    element,
    is_public,
    is_visible,
    level,
    record,
    told_authorship,
    told_group,
    told_item,
    told_person,
)

from config.visibility import Visibility
from connectors.elements.items import Rules, item
from connectors.elements.xml import NEWEST
from connectors.records import Gone


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize("version", [V46, V55, V613, NEWEST])
@pytest.mark.parametrize(
    ("word", "meant"),
    [("Public", PUBLIC), ("PUBLIC", PUBLIC), (" public ", PUBLIC), ("Internal", INTERNAL), ("private", PRIVATE)],
)
def test_a_level_of_a_person_or_output_counts_as_it_stands_in_any_case_and_format(kind, version, word, meant) -> None:
    found = kind(level(word), version)

    assert (found.visibility, found.doubts, found.raw) == (meant, (), {"privacy-level": word.strip()})


@pytest.mark.parametrize(
    ("kind", "word", "meant"),
    [
        (told_person, "true", PUBLIC),
        (told_person, "1", PUBLIC),
        (told_person, "false", INTERNAL),
        (told_person, "0", INTERNAL),
        (told_item, "true", PUBLIC),
        (told_item, "false", PRIVATE),
    ],
)
def test_without_a_level_the_old_flag_counts(kind, word: str, meant: Visibility) -> None:
    found = kind(is_public(word), V55)

    assert (found.visibility, found.doubts) == (meant, ())


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize(
    ("flag", "word", "meant"),
    [
        ("true", "Public", PUBLIC),
        ("true", "Internal", INTERNAL),
        ("true", "Private", PRIVATE),
        ("false", "Public", INTERNAL),
        ("false", "Internal", INTERNAL),
        ("false", "Private", PRIVATE),
    ],
)
def test_beside_a_level_a_false_flag_only_keeps_it_from_being_public(kind, flag, word, meant) -> None:
    assert kind(is_public(flag) + level(word), V55).visibility == meant


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize("version", [V55, V613, NEWEST])
def test_nothing_told_where_the_format_could_is_private_and_doubted_whatever_is_assumed(kind, version) -> None:
    found = kind("", version, assume=PUBLIC)

    assert (found.visibility, found.doubts) == (PRIVATE, ("nothing tells how visible it is",))


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize("version", [V46, V49])
@pytest.mark.parametrize(
    ("assume", "meant"), [(None, PRIVATE), (PRIVATE, PRIVATE), (INTERNAL, INTERNAL), (PUBLIC, PUBLIC)]
)
def test_where_the_format_has_no_word_for_it_what_is_assumed_speaks(kind, version, assume, meant) -> None:
    found = kind("", version, assume=assume)

    assert (found.visibility, found.doubts) == (meant, ())


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize(
    "content",
    [
        level("Limited"),
        level(""),
        level("Public") + level("Private"),
        level("Pub<!-- -->lic"),
        level("Public") + effective("Shared"),
        is_public("yes"),
        is_public("") + level("Public"),
        is_public("true") + level("Everybody"),
        is_public("true") + is_public("false"),
    ],
)
def test_an_unknown_word_is_private_and_doubted(kind, content: str) -> None:
    found = kind(content, V46, assume=PUBLIC)

    assert found.visibility == PRIVATE
    assert found.doubts


@pytest.mark.parametrize("own", ["Public", "Internal", "Private"])
@pytest.mark.parametrize("joint", ["Public", "Internal", "Private"])
def test_of_the_own_and_the_effective_level_of_a_relationship_the_less_open_counts(own: str, joint: str) -> None:
    order = ["Private", "Internal", "Public"]
    expected = order[min(order.index(own), order.index(joint))]

    found = told_authorship(level(own) + effective(joint))

    assert (found.visibility, found.doubts) == (Visibility[expected.upper()], ())


@pytest.mark.parametrize(
    ("content", "meant"),
    [
        (is_visible("true"), PUBLIC),
        (is_visible("false"), PRIVATE),
        (is_visible("false") + level("Public") + effective("Public"), INTERNAL),
        (is_visible("false") + level("Internal") + effective("Public"), INTERNAL),
        (is_visible("false") + level("Public") + effective("Private"), PRIVATE),
        (is_visible("true") + level("Internal") + effective("Internal"), INTERNAL),
    ],
)
def test_the_old_flag_of_a_relationship(content: str, meant: Visibility) -> None:
    found = told_authorship(content)

    assert (found.visibility, found.doubts) == (meant, ())


@pytest.mark.parametrize(
    "content",
    [
        "",
        level("Public"),
        effective("Public"),
        is_visible("true") + level("Public"),
        is_visible("perhaps"),
        level("x") + effective("Public"),
    ],
)
def test_a_relationship_that_does_not_tell_all_is_private_and_doubted(content: str) -> None:
    found = told_authorship(content)

    assert found.visibility == PRIVATE
    assert found.doubts


@pytest.mark.parametrize(
    ("content", "version", "assume", "meant"),
    [
        ("", V46, None, INTERNAL),
        ("", V55, None, INTERNAL),
        ("", V55, PUBLIC, PUBLIC),
        ("", V55, PRIVATE, PRIVATE),
        ("", V613, None, INTERNAL),
        ("", V613, PUBLIC, INTERNAL),
        (level("Public") + effective("Public"), V613, None, PUBLIC),
        (level("Public") + effective("Internal"), V613, None, INTERNAL),
        (level("Public"), V613, None, PUBLIC),
        (effective("Public"), V613, None, INTERNAL),
        (f"<group-properties>{level('Private')}</group-properties>", V613, None, PRIVATE),
        (level("Everybody"), V613, None, PRIVATE),
    ],
)
def test_groups_are_internal_where_nobody_says(content, version, assume, meant) -> None:
    assert told_group(content, version, assume).visibility == meant


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["true"], PRIVATE),
        (["1"], PRIVATE),
        (["false"], PUBLIC),
        (["false", "true"], PRIVATE),
        (["maybe"], PRIVATE),
        ([""], PRIVATE),
    ],
)
def test_one_confidential_record_makes_the_item_private(words: list[str], meant: Visibility) -> None:
    records = "".join(record(f'<field name="confidential"><boolean>{word}</boolean></field>') for word in words)

    assert told_item(level("Public") + f"<records>{records}</records>").visibility == meant


def test_confidential_files_do_not_make_the_record_confidential() -> None:
    content = record('<field name="are-files-confidential"><boolean>true</boolean></field>')

    assert told_item(level("Public") + f"<records>{content}</records>").visibility == PUBLIC


def test_an_output_that_nobody_approved_is_gone() -> None:
    text = '<object category="publication" id="101"><ever-approved>false</ever-approved></object>'

    assert list(item(element(text), V613, "/", Rules())) == [Gone(kind="item", key="101")]


def test_an_unreadable_approval_is_private_and_doubted() -> None:
    found = told_item(level("Public") + "<ever-approved>perhaps</ever-approved>")

    assert (found.visibility, found.doubts) == (PRIVATE, ("ever-approved is neither true nor false",))
