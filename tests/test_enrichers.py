"""What is taken from the answers of Crossref, DataCite, OpenAlex and ORCID, written down after their documentation; and
that no answer, however odd, says more than that or breaks anything."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Connection
from connectors import Asks, Client, Identifier, Learned, NotUnderstood, Recalled, Version
from connectors.crossref import Crossref
from connectors.crossref.works import learned as crossref
from connectors.datacite import DataCite
from connectors.datacite.dois import learned as datacite
from connectors.http import client
from connectors.openalex import OpenAlex
from connectors.openalex.works import learned as openalex
from connectors.orcid import Orcid
from connectors.orcid.works import learned as orcid
from sandbox.enrichers import Known, Name, PracticeService, ServiceFault, practice_service

DOI = Identifier("doi", "10.5555/article")
ANN = Identifier("orcid", "0000-0002-1825-0097")
KINDS: dict[Name, type[Asks]] = {"crossref": Crossref, "datacite": DataCite, "openalex": OpenAlex, "orcid": Orcid}


def same(scheme: str, value: str) -> Version:
    return Version("is_identical_to", Identifier(scheme, value))


WORK = {
    "DOI": "10.5555/ARTICLE",
    "type": "journal-article",
    "container-title": ["Journal of Tides", "J. Tides"],
    "ISSN": ["2049-3630", "no issn"],
    "subject": ["Oceanography", "  ", "Oceanography"],
    "author": [{"given": "Ada", "family": "Byline"}],
    "alternative-id": ["S0140673600000001"],
    "license": [
        {"URL": "https://example.org/tdm", "content-version": "tdm"},
        {"URL": "https://creativecommons.org/licenses/by/4.0/", "content-version": "vor"},
    ],
    "resource": {"primary": {"URL": "https://publisher.example.org/article/1"}},
    "relation": {
        "has-preprint": [{"id-type": "doi", "id": "https://doi.org/10.5555/preprint", "asserted-by": "subject"}],
        "is-version-of": [{"id-type": "arxiv", "id": "arXiv:2101.00001v2"}, {"id-type": "other", "id": "x"}],
        "cites": [{"id-type": "doi", "id": "10.5555/other"}],
        "is-identical-to": [{"id-type": "doi", "id": "10.5555/other"}],
    },
    "updated-by": [{"type": "retraction", "DOI": "10.5555/notice"}],
}


def test_what_is_taken_from_crossref() -> None:
    (told,) = crossref(WORK, [DOI])

    assert told == Learned(
        asked=DOI,
        doi=DOI,
        versions=(
            Version("has_preprint", Identifier("doi", "10.5555/preprint")),
            Version("is_version_of", Identifier("arxiv", "2101.00001")),
            same("url", told.versions[-1].identifier.value),
        ),
        journal="Journal of Tides",
        issns=("2049-3630",),
        subjects=("Oceanography",),
        raw={
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "notice": "updated-by retraction 10.5555/notice",
        },
    )
    assert "publisher.example.org/article/1" in told.versions[-1].identifier.value


@pytest.mark.parametrize("kind", ["book-chapter", None, ["journal-article"]])
def test_a_container_that_is_no_journal_is_none(kind: object) -> None:
    (told,) = crossref({**WORK, "type": kind}, [DOI])

    assert told.journal == ""


@pytest.mark.parametrize(
    "page", ["https://publisher.example.org/", "https://doi.org/10.5555/other", "mailto:x", "", None, 7]
)
def test_an_address_that_is_no_page_of_its_own_says_nothing(page: object) -> None:
    (told,) = crossref({**WORK, "resource": {"primary": {"URL": page}}}, [DOI])

    assert {each.relation for each in told.versions} == {"has_preprint", "is_version_of"}


def test_a_work_that_was_not_asked_about_is_not_heard() -> None:
    assert list(crossref(WORK, [Identifier("doi", "10.5555/other")])) == []


ATTRIBUTES = {
    "doi": "10.5555/article",
    "state": "findable",
    "url": "https://repository.example.org/records/1",
    "creators": [{"name": "Byline, Ada"}],
    "container": {"type": "Journal", "title": "Data of Tides", "identifier": "2049-3630", "identifierType": "ISSN"},
    "subjects": [{"subject": "Oceanography"}, {"subject": "FOS: Earth sciences"}, {}],
    "rightsList": [{"rightsUri": "https://example.org/by"}],
    "identifiers": [{"identifier": "oai:example.org:1", "identifierType": "oai"}],
    "relatedIdentifiers": [
        {"relationType": "IsVersionOf", "relatedIdentifier": "10.5555/concept", "relatedIdentifierType": "DOI"},
        {"relationType": "IsIdenticalTo", "relatedIdentifier": "arXiv:2101.00001", "relatedIdentifierType": "arXiv"},
        {"relationType": "IsIdenticalTo", "relatedIdentifier": "10.5555/twin", "relatedIdentifierType": "DOI"},
        {"relationType": "IsSupplementTo", "relatedIdentifier": "10.5555/paper", "relatedIdentifierType": "DOI"},
    ],
}


def test_what_is_taken_from_datacite() -> None:
    (told,) = datacite(ATTRIBUTES, [DOI])

    assert told.versions == (
        Version("is_version_of", Identifier("doi", "10.5555/concept")),
        same("arxiv", "2101.00001"),
        same("url", told.versions[-1].identifier.value),
    )
    assert (told.journal, told.issns) == ("Data of Tides", ("2049-3630",))
    assert told.subjects == ("Oceanography", "FOS: Earth sciences")
    assert told.raw == {"licence": "https://example.org/by"}


@pytest.mark.parametrize("state", ["registered", "draft", "", 1, None])
def test_what_datacite_does_not_show_to_everybody_is_not_heard(state: object) -> None:
    assert list(datacite({**ATTRIBUTES, "state": state}, [DOI])) == []


def test_what_datacite_does_not_say_is_findable_is_not_heard() -> None:
    assert list(datacite({name: each for name, each in ATTRIBUTES.items() if name != "state"}, [DOI])) == []


def test_an_issn_has_one_form_however_a_service_writes_it() -> None:
    written = ["2049363x", "2049-363X", "12345679", "1234 5679"]
    issns = ("2049-363X", "1234-5679")

    assert [each.issns for each in crossref({**WORK, "ISSN": written}, [DOI])] == [issns]
    source = {"type": "journal", "issn_l": "2049363x", "issn": written}
    assert [each.issns for each in openalex([{**ALEX, "primary_location": {"source": source}}], [DOI])] == [issns]
    container = {"type": "Journal", "title": "Tides", "identifier": "2049363x"}
    assert [each.issns for each in datacite({**ATTRIBUTES, "container": container}, [DOI])] == [issns[:1]]


ALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.5555/article",
    "ids": {
        "openalex": "https://openalex.org/W1",
        "mag": "27",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/7001",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/8001",
    },
    "authorships": [{"author": {"display_name": "Ada Byline"}}],
    "is_retracted": True,
    "primary_location": {
        "landing_page_url": "https://doi.org/10.5555/article",
        "license": "cc-by",
        "source": {
            "display_name": "Journal of Tides",
            "type": "journal",
            "issn_l": "2049-3630",
            "issn": ["2049-3630", "1234-5679"],
        },
    },
    "topics": [
        {"display_name": "Tides", "field": {"display_name": "Earth Science"}},
        {"display_name": "Quays", "field": {"display_name": "Engineering"}},
        {"display_name": "Seas", "field": {"display_name": "Earth Science"}},
    ],
}


def test_what_is_taken_from_openalex() -> None:
    assert list(openalex([ALEX], [DOI])) == [
        Learned(
            asked=DOI,
            doi=DOI,
            versions=(same("pmcid", "PMC8001"), same("pmid", "7001")),
            journal="Journal of Tides",
            issns=("2049-3630", "1234-5679"),
            subjects=("Earth Science", "Engineering"),
            raw={"licence": "cc-by", "notice": "retracted"},
        )
    ]


def test_of_a_doi_that_two_works_of_openalex_claim_nothing_is_believed() -> None:
    assert list(openalex([ALEX, {**ALEX, "id": "https://openalex.org/W2"}], [DOI])) == []


def external(kind: str, value: str, relationship: str) -> dict[str, str]:
    return {
        "external-id-type": kind,
        "external-id-value": value,
        "external-id-relationship": relationship,
    }


def listing(*ids: dict[str, str], visibility: str = "public") -> dict[str, Any]:
    summary = {"visibility": visibility, "external-ids": {"external-id": list(ids)}, "title": {"title": "x"}}
    return {"group": [{"external-ids": {"external-id": list(ids)}, "work-summary": [summary]}]}


OWN = (external("doi", "10.5555/article", "self"), external("pmid", "7001", "self"))


@pytest.mark.parametrize(
    ("told", "names"),
    [
        (listing(*OWN), [same("pmid", "7001")]),
        (listing(external("doi", "10.5555/article", "SELF"), external("pmc", "PMC1", "SELF")), [same("pmcid", "PMC1")]),
        (listing(*OWN, external("doi", "10.5555/book", "part-of")), [same("pmid", "7001")]),
        (listing(*OWN, external("arxiv", "2101.00001", "version-of")), [same("pmid", "7001")]),
        (listing(*OWN, external("pmid", "7002", "self")), []),  # one work has one number
        (listing(*OWN, external("doi", "10.5555/other", "self")), []),  # whose number would it be?
        (listing(OWN[0]), []),
        (listing(OWN[1]), []),
        (listing(*OWN, visibility="limited"), []),
        (listing(*OWN, visibility="private"), []),
        (listing(*OWN, visibility="LIMITED"), []),
        (listing(*OWN, visibility=""), []),
        (listing(external("doi", "10.5555/article", "version-of"), OWN[1]), []),
        (listing(external("doi", "work:doi", "self"), OWN[1]), []),
    ],
)
def test_of_what_somebody_lists_at_orcid_only_what_is_public_and_of_the_work_itself_is_taken(
    told: dict[str, Any], names: list[Version]
) -> None:
    assert [(each.asked, each.doi, list(each.versions)) for each in orcid(told, ANN)] == (
        [(ANN, DOI, names)] if names else []
    )


READ: dict[str, tuple[Any, Callable[[Any], Iterator[Learned]]]] = {
    "crossref": (WORK, lambda told: crossref(told, [DOI])),
    "datacite": (ATTRIBUTES, lambda told: datacite(told, [DOI])),
    "openalex": (ALEX, lambda told: openalex([told], [DOI])),
    "orcid": (listing(*OWN), lambda told: orcid(told if isinstance(told, dict) else {}, ANN)),
}
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(
        ["\ud800", "10.5555/\x00", "x" * 9000, "10.5555/article", "https://x.example.org/\ud800", "https://[", "doi"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def places(told: Any) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    return [(), *((name, *rest) for name, each in inner for rest in places(each))]


def put(told: Any, way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return value
    changed = copy.copy(told)
    changed[way[0]] = put(told[way[0]], way[1:], value)
    return changed


@pytest.mark.parametrize("kind", READ)
@given(data=st.data())
def test_an_odd_value_anywhere_in_an_answer_breaks_nothing_and_names_no_other_output(
    kind: str, data: st.DataObject
) -> None:
    told, read = READ[kind]
    spoiled = put(told, data.draw(st.sampled_from(places(told))), data.draw(odd))

    for each in read(spoiled):
        assert each.doi == DOI
        assert each.asked in (DOI, ANN)
        assert not {v.identifier.scheme for v in each.versions if v.relation == "is_identical_to"} & {"doi"}
        json.dumps([str(v.identifier) for v in each.versions]).encode()
        "".join((each.journal, *each.issns, *each.subjects, *each.raw.values())).encode()  # no halves of characters
        assert "\x00" not in "".join((each.journal, *each.issns, *each.subjects, *each.raw.values()))


@contextmanager
def asking(name: Name, *works: Known) -> Iterator[tuple[Asks, PracticeService]]:
    with practice_service(name, works) as server:
        settings = Connection(name="x", kind=name, url=server.url, token=server.token, pace=0)
        kind = KINDS[name]
        opened: Client = client(settings, token=kind.manifest.token, sleep=lambda _: None)
        with kind(settings, opened) as connector:
            yield connector, server


def about(name: Name, *dois: str) -> list[Identifier]:
    return [ANN] if name == "orcid" else [Identifier("doi", doi) for doi in dois]


@pytest.mark.parametrize("name", KINDS)
def test_all_of_a_batch_are_asked_about_in_one_request_and_no_names_are_asked_for(name: Name) -> None:
    works = [Known(doi=f"10.5555/{n}", pmid=str(7000 + n), people=(ANN.value,)) for n in range(20)]
    with asking(name, *works) as (connector, server):
        told = list(connector.ask(about(name, *(each.doi for each in works[:12])), permit=lambda: True))
        (asked,) = server.requests

    assert len(told) == (20 if name == "orcid" else 12)
    assert not any(word in asked.query for word in ("author", "creator", "title,", "display_name"))


@pytest.mark.parametrize("name", ["crossref", "datacite", "openalex"])
@pytest.mark.parametrize(
    "doi", ["10.5555/a,b", "10.5555/a|b", '10.5555/a"b', "10.5555/(a)b", "10.5555/a+b", "10.5555/a&b=c", "10.5555/a:b"]
)
def test_a_doi_with_the_signs_of_a_query_in_it_is_asked_about_as_it_is(name: Name, doi: str) -> None:
    with asking(name, Known(doi=doi), Known(doi="10.5555/plain"), Known(doi="10.5555/a")) as (connector, server):
        told = list(connector.ask(about(name, doi, "10.5555/plain"), permit=lambda: True))

        assert {each.doi.value for each in told} == {doi, "10.5555/plain"}
        assert {each for asked in server.subjects for each in asked} == {doi, "10.5555/plain"}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("what", ["login page", "not json", "cut short"])
def test_an_answer_that_is_none_is_not_understood(name: Name, what: Any) -> None:
    with asking(name, Known(doi=DOI.value, people=(ANN.value,))) as (connector, server):
        server.faults.append(ServiceFault(what, times=None))

        with pytest.raises(NotUnderstood):
            list(connector.ask(about(name, DOI.value, "10.5555/b"), permit=lambda: True))


@pytest.mark.parametrize("name", KINDS)
def test_nothing_leaves_that_is_not_permitted_nor_is_it_asked_again(name: Name) -> None:
    answers = iter([True, False])
    with asking(name, Known(doi=DOI.value)) as (connector, server):
        with pytest.raises(Recalled):
            list(connector.ask(about(name, DOI.value), permit=lambda: False))
        assert server.requests == []

        server.faults.append(ServiceFault("status", status=503, times=None))
        with pytest.raises(Recalled):
            list(connector.ask(about(name, DOI.value), permit=lambda: next(answers)))
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [404, 409, 410])
def test_a_record_that_is_gone_or_locked_at_orcid_says_nothing(status: int) -> None:
    with asking("orcid") as (connector, server):
        server.faults.append(ServiceFault("status", status=status))

        assert list(connector.ask([ANN], permit=lambda: True)) == []


def test_an_answer_with_fewer_works_than_it_counts_is_not_believed() -> None:
    with asking("crossref", Known(doi=DOI.value)) as (connector, server):
        server.works *= 3  # of which a page of two is shown

        with pytest.raises(NotUnderstood, match="2 of 3"):
            list(connector.ask(about("crossref", DOI.value, "10.5555/b"), permit=lambda: True))
