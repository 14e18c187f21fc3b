"""`ringmark check --connect` says of an EPrints what is right, what is wrong, and how to mend it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from eprints_source import anonymous, connected, sent, settings

from connectors.base import Finding
from connectors.eprints import EPrints
from sandbox.eprints import PracticeEPrints, practice_eprints
from sandbox.eprints.faults import EPrintsFault
from sandbox.eprints.records import made


@pytest.fixture
def server() -> Iterator[PracticeEPrints]:
    with practice_eprints([made(n, title=f"Tides {n}") for n in range(1, 31)]) as running:
        yield running


def findings(server: PracticeEPrints, **more: object) -> list[Finding]:
    with connected(server, **more) as pubs:
        return list(pubs.check())


def wrong(found: list[Finding]) -> list[str]:
    assert all(one.mend or "; " in one.what for one in found if not one.ok)
    return [one.what for one in found if not one.ok]


def test_right_settings_are_told_to_be_right(server: PracticeEPrints) -> None:
    assert [(one.ok, one.what) for one in findings(server)] == [
        (True, "EPrints 3.4.7 answers"),
        (True, "the login is accepted"),
        (True, "the first 20 outputs: 20 public"),
        (True, "attention_badge is a field of the records"),
    ]
    assert sent(server) == []


def test_a_wrong_password_is_found_though_reading_is_open_to_anybody(server: PracticeEPrints) -> None:
    assert "the login was refused" in wrong(findings(server, password="wrong"))[0]


def test_who_only_reads_needs_no_account(server: PracticeEPrints) -> None:
    with anonymous(server, push=None, field=None) as nobody:
        assert wrong(list(nobody.check())) == []


def test_an_account_and_the_name_of_a_field_are_asked_for_before_any_request(server: PracticeEPrints) -> None:
    assert list(EPrints.refused(settings(server))) == []
    assert [key for key, _ in EPrints.refused(settings(server, username=None, password=None))] == ["username"]
    assert [key for key, _ in EPrints.refused(settings(server, field="Attention.Badge"))] == ["field"]
    assert list(EPrints.refused(settings(server, push=None, field=None, username=None, password=None))) == []


def test_flags_that_are_hidden_or_unknown_are_counted(server: PracticeEPrints) -> None:
    server.edit(1, metadata_visibility="hide")
    server.edit(2, metadata_visibility="")
    found = findings(server)

    assert "the first 20 outputs: 2 private, 18 public" in [one.what for one in found]
    assert wrong(found) == ["1 of the first 20 outputs: metadata_visibility is not told"]


def test_a_field_that_is_not_there_is_named(server: PracticeEPrints) -> None:
    del server.fields["attention_badge"]

    assert wrong(findings(server)) == ["attention_badge is not a field of the records"]


@pytest.mark.parametrize("url", ["/cgi/oai2", "/nowhere"])
def test_an_address_that_is_not_the_front_page_is_told_with_the_mend(server: PracticeEPrints, url: str) -> None:
    assert "set url to the front page" in wrong(findings(server, url=f"{server.url}{url}"))[0]


def test_a_closed_rest_interface_is_told_with_the_mend(server: PracticeEPrints) -> None:
    server.rest_is_open = server.may_rest = False

    assert "role rest" in wrong(findings(server))[0]


def test_an_account_that_may_deposit_nothing_is_as_good(server: PracticeEPrints) -> None:
    server.faults.append(EPrintsFault("status", status=403, address="/id/contents"))

    assert wrong(findings(server)) == []


@pytest.mark.parametrize("fault", [EPrintsFault("login page"), EPrintsFault("status", status=404)])
def test_a_login_that_cannot_be_proven_is_not_told_to_be_good(server: PracticeEPrints, fault: EPrintsFault) -> None:
    server.faults.append(replace(fault, address="/id/contents"))
    found = findings(server)

    assert "whether the login is accepted is not told" in [one.what for one in found]
    assert wrong(found) == []


def test_an_empty_repository_has_no_outputs() -> None:
    with practice_eprints() as empty:
        assert wrong(findings(empty)) == ["no outputs at all"]
