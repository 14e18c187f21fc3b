"""Recorded answers of real providers (EPrints, InvenioRDM, DSpace), read as they came; what is expected comes from
looking for tags in the text, not from our reading."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import responses
from oai_source import NOW, PUBLIC, cassette, tags

from config.settings import Connection
from connectors.base import Since
from connectors.http import client
from connectors.oai import Oai
from connectors.oai_pmh.provider import Provider
from connectors.oai_pmh.xml import Refused
from connectors.records import Gone, Item, Page

BASE = "https://repository.example.edu/oai"
FORMATS = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc'
    "</metadataPrefix><metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace>"
    "</metadataFormat></ListMetadataFormats></OAI-PMH>"
)
YOUNG = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><Identify><earliestDatestamp>2026-06-01</earliestDatestamp>'
    "</Identify></OAI-PMH>"
)
NOTHING = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="noRecordsMatch"/></OAI-PMH>'


@pytest.fixture
def repositories(shared_data: Path) -> Path:
    return shared_data / "repositories"


def body(path: Path) -> tuple[int, str]:
    """The status and the XML of a recorded exchange."""
    text = path.read_text(encoding="utf-8")
    status = re.search(r"^HTTP(?:/1\.1)? (\d{3})", text, re.MULTILINE)
    assert status
    return int(status[1]), text[re.search(r"<\?xml|<OAI-PMH", text).start() :]  # type: ignore[union-attr]


@contextmanager
def answering(verb: str, *answers: tuple[int, str]) -> Iterator[Oai]:
    """The connector of a provider that answers one verb in turn, and has only Dublin Core."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for status, text in answers:
            match = [responses.matchers.query_param_matcher({"verb": verb}, strict_match=False)]
            mock.get(BASE, text, status=status, content_type="text/xml", match=match)
        for name, text in (("ListMetadataFormats", FORMATS), ("ListRecords", NOTHING), ("Identify", YOUNG)):
            if name != verb:
                match = [responses.matchers.query_param_matcher({"verb": name}, strict_match=False)]
                mock.get(BASE, text, content_type="text/xml", match=match)
        settings = Connection(name="library", kind="oai", url=BASE, pace=0.0, assume={"outputs": PUBLIC})
        with Oai(settings, client(settings, sleep=lambda _: None)) as connector:
            yield connector


def items(connector: Oai) -> list[Item]:
    pages: list[Page] = list(connector.pull(Since(now=NOW)))
    return [each for page in pages for each in page.items]


def test_a_real_eprints_lists_its_identifiers_and_then_the_rest_without_an_empty_token(repositories: Path) -> None:
    folder = repositories / "eprints" / "recorded-here"
    first, last = body(folder / "oai_listidentifiers_p1.txt"), body(folder / "oai_listrecords_lastpage_no_token.txt")
    with answering("ListIdentifiers", first, last) as connector:
        query = {"metadataPrefix": "oai_dc"}
        sheets = list(Provider(connector.client).list("ListIdentifiers", query, lambda told: [told.identifier]))

    assert [list(sheet.records) for sheet in sheets] == [tags(text, "identifier") for _, text in (first, last)]
    assert len(sheets[0].records) == 100
    assert [sheet.last for sheet in sheets] == [False, True]


def test_a_real_eprints_says_who_it_is(repositories: Path) -> None:
    with answering("Identify", body(repositories / "eprints" / "recorded-here" / "oai_identify.txt")) as connector:
        repository = Provider(connector.client).identify()

    assert (repository.version, repository.deleted, repository.seconds) == ("2.0", "persistent", True)
    assert repository.earliest is not None
    assert repository.earliest.isoformat() == "2026-11-20T11:37:35+00:00"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("eprints/recorded-here/oai_badtoken_two_errors.txt", {"badResumptionToken", "badArgument"}),
        ("inveniordm/recorded-here/oai_bogus_token.txt", {"badResumptionToken"}),
        ("inveniordm/recorded-here/oai_expired_token.txt", {"badResumptionToken"}),
    ],
)
def test_real_refusals_of_a_token_are_known_whatever_the_status(repositories: Path, name: str, codes: set[str]) -> None:
    with answering("ListRecords", body(repositories / name)) as connector, pytest.raises(Refused) as refused:
        next(Provider(connector.client).list("ListRecords", {"metadataPrefix": "oai_dc"}, lambda _: []))

    assert refused.value.codes == codes


def test_a_real_eprints_has_deleted_destroyed_and_hidden_records(repositories: Path) -> None:
    folder, answers = repositories / "eprints" / "recorded-here", {}
    for name, key in (("deleted", 141), ("destroyed", 130), ("hidden", 125)):
        with answering("GetRecord", body(folder / f"oai_getrecord_{name}.txt")) as connector:
            answers[name] = connector.confirm("item", f"oai:pubs.test.local:{key}")

    assert answers["deleted"] == Gone(kind="item", key="oai:pubs.test.local:141", hidden=True)
    assert answers["destroyed"] == Gone(kind="item", key="oai:pubs.test.local:130")
    assert answers["hidden"] is None  # which is why an EPrints is better asked itself


def test_nothing_that_matches_is_an_empty_list_at_real_providers(repositories: Path) -> None:
    answers = [
        body(repositories / "eprints" / "recorded-here" / "oai_norecordsmatch.txt"),
        *[cassette(repositories / "oai-pmh" / "mit_harvest-get-method-no-records.yaml")[0][1:]],
        *[cassette(repositories / "oai-pmh" / "mit_get-identifiers-no-matches.yaml")[0][1:]],
    ]
    for answer in answers:
        with answering("ListIdentifiers", answer) as connector:
            sheets = list(Provider(connector.client).list("ListIdentifiers", {}, lambda told: [told.identifier]))
        assert [(sheet.count, sheet.last) for sheet in sheets] == [(0, True)]


def test_the_records_of_a_real_inveniordm_have_the_dois_that_stand_in_them(repositories: Path) -> None:
    status, text = body(repositories / "inveniordm" / "recorded-here" / "oai_listrecords.txt")
    with answering("ListRecords", (status, re.sub("<resumptionToken.*?</resumptionToken>", "", text))) as connector:
        found = items(connector)
    expected = dict(zip(tags(text, "identifier"), dois_by_record(text), strict=True))

    assert {each.key: [i.value for i in each.identifiers] for each in found} == expected
    assert sorted(each.title for each in found) == sorted(tags(text, "dc:title"))


def test_the_records_of_a_real_zenodo_have_the_dois_that_stand_in_them_and_no_others(repositories: Path) -> None:
    told = cassette(repositories / "oai-pmh" / "zenodo_scythe_list_records.yaml")
    pages = [(status, text) for _, status, text in told if "<dc:title>" in text]
    assert pages
    for status, text in pages:
        with answering("ListRecords", (status, re.sub("<resumptionToken.*?</resumptionToken>", "", text))) as connector:
            found = {each.key: [i.value for i in each.identifiers if i.scheme == "doi"] for each in items(connector)}
        live = re.sub(r'<header status="deleted">(.*?)</header>', "", text, flags=re.DOTALL)
        keys = [
            key for record in re.findall("<record>.*?</record>", live, re.DOTALL) for key in tags(record, "identifier")
        ]
        dois = dict(zip(tags(text, "identifier"), dois_by_record(text), strict=True))

        assert found == {key: dois[key][:1] for key in keys}


def dois_by_record(text: str) -> list[list[str]]:
    """The DOIs in `dc:identifier` of each record, in order."""
    records = re.findall(r"<record>.*?</record>", text, re.DOTALL)
    told = [[one for one in tags(record, "dc:identifier") if "doi.org/" in one] for record in records]
    return [[one.partition("doi.org/")[2].lower() for one in each] for each in told]


def test_a_real_dspace_lists_pages_of_identifiers_with_deleted_ones(repositories: Path) -> None:
    told = cassette(repositories / "oai-pmh" / "mit_get-identifiers.yaml")
    with answering("ListIdentifiers", *[each[1:] for each in told]) as connector:
        listing = Provider(connector.client).list("ListIdentifiers", {}, lambda one: [(one.identifier, one.deleted)])
        sheets = list(listing)

    assert [sheet.count for sheet in sheets] == [100, 71]
    assert {sheet.total for sheet in sheets} == {171}
    found = [each for sheet in sheets for each in sheet.records]
    assert [key for key, _ in found] == [key for *_, text in told for key in tags(text, "identifier")]
    assert sum(deleted for _, deleted in found) == sum(text.count('status="deleted"') for *_, text in told)


def test_each_record_of_a_real_dspace_is_an_item_with_its_handle(repositories: Path) -> None:
    told = cassette(repositories / "oai-pmh" / "mit_record-not-found.yaml")
    bodies = [text for address, _, text in told if "GetRecord" in address and "<dc:title>" in text]
    assert len(bodies) > 20
    for text in bodies:
        listed = text.replace("GetRecord", "ListRecords")
        with answering("ListRecords", (200, listed)) as connector:
            (found,) = items(connector)
        assert found.title == " ".join(tags(text, "dc:title")[0].split())
        assert ("handle", tags(text, "identifier")[0].rpartition(":")[2]) in {
            (i.scheme, i.value) for i in found.identifiers
        }
        assert not set(tags(text, "dc:creator")) & set(repr(found).split("'"))
