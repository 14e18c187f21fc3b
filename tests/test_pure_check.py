"""What `check --connect` says of a Pure, so that an administrator can put it right."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pure_source import PUBLIC, assume, pure

from connectors.base import Finding
from sandbox.pure import Contributor, Doi, Output, Person, PracticePure, PureFault, Unit, practice_pure
from sandbox.pure.model import ATTENTION, STAFF, Association


@pytest.fixture
def server() -> Iterator[PracticePure]:
    with practice_pure() as server:
        server.put(
            Unit(number=1),
            Person(number=1),
            Person(number=2, associations=(Association(staff_type=STAFF + "nonacademic"),)),
        )
        contributors = (Contributor(person=1), Contributor(person=2, association_hidden=True))
        server.put(Output(number=1, dois=(Doi(value="10.5555/x"),), contributors=contributors))
        yield server


def said(url: str, **more: object) -> tuple[list[str], list[Finding]]:
    """What is good, as it is said; and what is wrong."""
    found = list(pure(url, **more).check())
    return [each.what for each in found if each.ok], [each for each in found if not each.ok]


def test_all_is_well_and_what_cannot_be_asked_is_said(server: PracticePure) -> None:
    good, wrong = said(server.url, push="public", field=f"link:{ATTENTION}")

    assert wrong == []
    assert good == [
        "the current API of Pure answers, and accepts the key",
        "/organizations: 1 records",
        "/persons: 2 records",
        "the first 2 people: 2 public; current: 2 yes; academic: 1 no, 1 yes; student: 2 not told",
        f"staff types: {STAFF}academic (academic, 1 times), {STAFF}nonacademic (not academic, 1 times)",
        "/research-outputs: 1 records",
        "the first 1 outputs: 1 public",
        "the first 2 authorships: 1 private, 1 public",
        "outputs that are CONFIDENTIAL do not come at all where the key may not see them; that cannot be asked",
        f"the type of link {ATTENTION} is there",
    ]


def test_which_types_of_content_the_key_may_not_read_is_said_one_by_one(server: PracticePure) -> None:
    server.answers.forbidden = {"persons", "organizations"}
    good, wrong = said(server.url)

    assert "/research-outputs: 1 records" in good
    assert [each.what.partition(":")[0] for each in wrong] == ["/ws/api/organizations", "/ws/api/persons"]
    assert all("let the key read" in each.mend for each in wrong)


def test_a_staff_type_that_nobody_calls_academic_is_asked_about(server: PracticePure) -> None:
    server.put(Person(number=1, associations=(Association(staff_type=STAFF + "lecturer"),)))
    _, wrong = said(server.url)
    assert [each.mend for each in wrong] == ["set academic to the URIs of the staff types that are"]

    _, wrong = said(server.url, academic=("lecturer",))
    assert wrong == []


def test_the_legacy_api_is_silent_of_links_and_the_setting_is_named(server: PracticePure) -> None:
    good, wrong = said(server.legacy_url)
    assert good[0] == "the legacy API of Pure answers, and accepts the key"
    assert [each.mend for each in wrong] == ["they count as private until [connections.pure.assume] authorships is set"]

    _, wrong = said(server.legacy_url, assume=assume(authorships=PUBLIC))
    assert wrong == []


def test_pushing_by_the_legacy_api_is_refused_with_the_address_that_can(server: PracticePure) -> None:
    levels = assume(authorships=PUBLIC)
    _, (wrong,) = said(server.legacy_url, push="public", field=f"link:{ATTENTION}", assume=levels)

    assert "read only; set url to the current one, which ends with /ws/api" in wrong.what


def test_a_type_of_link_that_is_not_there_and_a_field_that_is_none(server: PracticePure) -> None:
    _, (missing,) = said(server.url, push="public", field="link:/dk/atira/pure/links/nothing")
    _, (none,) = said(server.url, push="public", field="link:badge")
    good, wrong = said(server.url, push="public", field="attention")

    assert "is not there" in missing.what
    assert "such as link:/" in none.what
    assert (wrong, good[-1].startswith("badges go to the custom field attention")) == ([], True)


def test_unknown_words_and_silence_are_counted(server: PracticePure) -> None:
    server.put(replace(Output(number=2), visibility=None, workflow="byTheDean"))
    _, wrong = said(server.url)

    assert [each.what for each in wrong] == [
        "1 of the first 2 outputs: nothing tells how visible it is",
        "1 of the first 2 outputs: the workflow step is none that we know",
    ]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (PureFault("no date", times=None), "does not tell the time"),
        (PureFault("rewrite", old='"modified"', new='"title"', times=None), "by when they were changed"),
        (PureFault("login page", times=None), "login page"),
        (PureFault("status", status=503, times=None), "try again later"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_wrong_is_said(server: PracticePure, fault: PureFault, says: str) -> None:
    server.faults.append(fault)
    _, wrong = said(server.url)

    assert any(says in each.what for each in wrong)
