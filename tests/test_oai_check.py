"""What `ringmark check --connect` says of a data provider."""

from datetime import timedelta

import pytest
from oai_source import NOW, PUBLIC, connected, filled, made

from connectors.base import Finding
from sandbox.faults import Fault
from sandbox.oai import PracticeOai, Repository, Ways, practice_oai

TOOLKIT = '<toolkit xmlns="http://oai.dlib.vt.edu/OAI/metadata/toolkit"><title>{}</title></toolkit>'
POLICIES = '<eprints xmlns="http://www.openarchives.org/OAI/1.1/eprints"><content/></eprints>'


def found(server: PracticeOai, **more: object) -> list[Finding]:
    with connected(server, **{"assume": {"outputs": PUBLIC}, **more}) as connector:
        return list(connector.check())


def wrong(server: PracticeOai, **more: object) -> list[str]:
    return [f"{each.what}; {each.mend}" for each in found(server, **more) if not each.ok]


def test_of_a_good_provider_nothing_bad_is_said_and_what_was_found_is() -> None:
    with practice_oai(filled(5)) as server:
        told = found(server)

    assert all(each.ok for each in told)
    assert [each.what for each in told] == [
        "the provider answers, OAI-PMH 2.0",
        "it dates by seconds; deleted records are told for a while",
        "harvested in oai_dc (Dublin Core); offered are oai_dc",
        "the first 5 outputs: 5 public",
        "5 of them have a DOI that counts",
    ]


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        (Ways(seconds=False), "it dates by days"),
        (Ways(deleted="no"), "only full pulls find them"),
        (Ways(deleted="persistent"), "for ever"),
        (Ways(deleted="perhaps"), "does not say what becomes"),
    ],
)
def test_the_granularity_and_the_promise_of_deletions_are_told(ways: Ways, words: str) -> None:
    with practice_oai(filled(2), ways) as server:
        assert any(words in each.what and each.ok for each in found(server))


def test_an_address_that_is_none_is_told_with_a_mend() -> None:
    with practice_oai(filled(2)) as server:
        (told,) = wrong(server, url=f"{server.url}/elsewhere")

    assert "a web page" in told
    assert "is url the base URL" in told


def test_a_login_page_is_told_as_one() -> None:
    with practice_oai(filled(2)) as server:
        server.faults.append(Fault("login page", times=None))
        (told,) = wrong(server)

    assert "perhaps a login page" in told


def test_a_provider_that_does_not_say_who_it_is_is_read_all_the_same() -> None:
    with practice_oai(filled(2)) as server:
        server.faults.append(Fault("status", address="verb=Identify", status=500, times=None))
        told = found(server)

    assert [each.ok for each in told] == [False, True, True, True]
    assert "harvested all the same, by days" in told[0].mend


def test_another_version_of_the_protocol_is_told() -> None:
    with practice_oai(filled(2), Ways(version="1.1")) as server:
        assert wrong(server) == ["the provider answers, OAI-PMH 1.1; only 2.0 is read"]


def test_without_an_assumption_all_is_private_and_that_is_said() -> None:
    with practice_oai(filled(2)) as server:
        told = wrong(server, assume={})
        (spread,) = [each.what for each in found(server, assume={}) if "first" in each.what]

    assert told == [
        "the protocol has no word for how visible outputs are; "
        "all count as private until [connections.library.assume] outputs is set"
    ]
    assert "2 private" in spread


def test_formats_that_are_not_offered_or_not_read_are_told() -> None:
    strange = Ways(formats={"oai_dc": Ways().formats["oai_dc"], "marc21": ("x", "http://www.loc.gov/MARC21/slim")})
    with practice_oai(filled(2), strange) as server:
        alone = wrong(server, formats=("mods",))
        none = wrong(server, formats=("mods", "rioxx"))
        assert wrong(server, formats=("mods", "oai_dc")) == []

    assert "mods is not read; offered are marc21, oai_dc" in alone[0]
    assert "cannotDisseminateFormat" in alone[1]
    assert none == ["connections.library.formats: the source offers only marc21, oai_dc; name one of them; "]


def test_where_nobody_answers_that_is_said_once() -> None:
    with practice_oai(filled(1)) as server:
        (told,) = wrong(server, url="http://127.0.0.1:9")

    assert "no connection" in told


def test_sets_that_do_not_exist_are_told() -> None:
    repository = Repository(clock=lambda: NOW)
    repository.put(made(1, NOW - timedelta(days=1), "theses", "articles"))
    with practice_oai(repository) as server:
        assert wrong(server, sets=("theses", "articles")) == []
        assert wrong(server, sets=("theses", "books")) == [
            "no set of the provider is books; ListSets tells the setSpec of each"
        ]


def test_where_there_are_no_sets_none_exists() -> None:
    with practice_oai(filled(1), Ways(no_sets=True)) as server:
        told = wrong(server, sets=("theses",))

    assert told[0].startswith("no set of the provider is theses")


@pytest.mark.parametrize("toolkit", ["EPrints 3", "GNU EPrints"])
def test_an_eprints_is_known_by_its_toolkit(toolkit: str) -> None:
    with practice_oai(filled(2), Ways(descriptions=(TOOLKIT.format(toolkit),))) as server:
        assert [told.partition(";")[0] for told in wrong(server)] == ["this is an EPrints"]


def test_an_eprints_is_known_by_its_address_and_the_kind_for_it_is_named() -> None:
    with practice_oai(filled(2), path="/cgi/oai2") as server:
        (told,) = wrong(server)

    assert 'write kind = "eprints"' in told


def test_a_description_of_policies_that_others_have_too_makes_no_eprints() -> None:
    with practice_oai(filled(2), Ways(descriptions=(POLICIES, TOOLKIT.format("DSpace")))) as server:
        assert wrong(server) == []


def test_a_repository_without_records_is_told() -> None:
    with practice_oai(Repository(clock=lambda: NOW)) as server:
        assert wrong(server) == ["no outputs at all; has the account the right to read them?"]
