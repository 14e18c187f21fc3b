"""What `ringmark check --connect` says of an Elements."""

import responses
from elements_source import INTERNAL, QUIET, Source, elements


@responses.activate
def test_check_tells_the_version_the_rights_and_the_spread_of_the_flags() -> None:
    Source.recorded("v6.13")

    found = [one.what for one in elements().check() if one.ok]

    assert found == [
        "the API answers, v6.13",
        "the account: can-access-sensitive-hr-data false, can-modify-data false",
        "the first 3 people: 2 internal, 1 public; "
        "current: 1 no, 2 yes; academic: 1 no, 2 yes; student: 2 not told, 1 yes",
        "the first 2 outputs: 1 internal, 1 public",
        "the first 4 authorships: 2 internal, 2 public",
    ]


@responses.activate
def test_check_says_what_v4_cannot_tell_and_how_to_mend_it() -> None:
    Source.recorded("v4.6")

    found = [(one.what, one.mend) for one in elements(assume={"outputs": INTERNAL}).check() if not one.ok]

    mend = "all count as private until [connections.elements.assume] people is set"
    assert found == [("this version has no word for how visible people are", mend)]


@responses.activate
def test_check_finds_a_wrong_address() -> None:
    Source({})

    (found,) = elements().check()

    assert not found.ok
    assert "is this the API address" in found.what


@responses.activate
def test_check_says_when_nothing_may_be_read() -> None:
    Source(QUIET)

    assert [one.what for one in elements().check() if not one.ok] == [
        "no people at all",
        "no outputs at all",
        "no authorships at all",
    ]
