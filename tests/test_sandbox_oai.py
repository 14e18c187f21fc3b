"""The practice data provider: other people's harvesters read it, and it answers as the protocol asks."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
import requests
from oai_source import NOW, PUBLIC, filled, made, name, pulled, told
from oaipmh_scythe import Scythe
from sickle import Sickle
from sickle.oaiexceptions import BadArgument, CannotDisseminateFormat, IdDoesNotExist, NoRecordsMatch

from sandbox.oai import Repository, Ways, practice_oai
from sandbox.oai.metadata import dublin_core

OAI = "{http://www.openarchives.org/OAI/2.0/}"
WAYS = (
    Ways(per_page=4),
    Ways(per_page=4, empty_last=False),
    Ways(per_page=4, tokens="offset", sizes=False),
    Ways(per_page=4, tokens="offset", empty_last=False, by_date=True),
    Ways(per_page=100),
    Ways(per_page=4, seconds=False),
    Ways(per_page=4, deleted="no"),
)


@pytest.mark.parametrize("ways", WAYS, ids=str)
def test_two_harvesters_of_others_and_ours_read_the_same_records(ways: Ways) -> None:
    repository = filled(25, apart=timedelta(days=20))
    repository.delete(name(7))
    with practice_oai(repository, ways) as server:
        query = {"metadataPrefix": "oai_dc", "ignore_deleted": True}
        there = [one.header.identifier for one in Sickle(server.url).ListRecords(**query)]
        with Scythe(server.url) as scythe:
            listed = scythe.list_records(metadata_prefix="oai_dc", ignore_deleted=True)
            others = [one.header.identifier for one in listed]
        ours = told(pulled(server, assume={"outputs": PUBLIC}))

    assert sorted(there) == sorted(others) == sorted(ours) == sorted({*map(name, range(1, 26))} - {name(7)})


def test_both_read_what_it_says_of_itself() -> None:
    ways = Ways(deleted="persistent", earliest="2001-02-03T04:05:06Z")
    repository = Repository(clock=lambda: NOW)
    repository.put(made(1, NOW, "a", "a:b"))
    with practice_oai(repository, ways) as server, Scythe(server.url) as scythe:
        identified = [Sickle(server.url).Identify(), scythe.identify()]
        sets = [one.setSpec for one in Sickle(server.url).ListSets()]
        formats = [one.metadataPrefix for one in scythe.list_metadata_formats()]

    assert {one.deletedRecord for one in identified} == {"persistent"}
    assert {one.earliestDatestamp for one in identified} == {"2001-02-03T04:05:06Z"}
    assert {one.granularity for one in identified} == {"YYYY-MM-DDThh:mm:ssZ"}
    assert (sets, formats) == (["a", "a:b"], ["oai_dc"])


def test_windows_and_sets_are_what_others_take_them_for() -> None:
    repository = filled(9)
    repository.put(made(10, NOW - timedelta(days=2), "a:b"))
    with practice_oai(repository, Ways(per_page=2)) as server:
        sickle = Sickle(server.url)
        window = {"from": "2026-05-30", "until": "2026-05-31"}
        days = [one.identifier for one in sickle.ListIdentifiers(metadataPrefix="oai_dc", **window)]
        within = [one.identifier for one in sickle.ListIdentifiers(metadataPrefix="oai_dc", set="a")]

    assert days == [name(7), name(8), name(10)]
    assert within == [name(10)]


@pytest.mark.parametrize(
    ("error", "query"),
    [
        (NoRecordsMatch, {"metadataPrefix": "oai_dc", "from": "2030-01-01"}),
        (CannotDisseminateFormat, {"metadataPrefix": "marc"}),
        (BadArgument, {"metadataPrefix": "oai_dc", "from": "2026-01-01", "until": "2026-06-01T00:00:00Z"}),
        (BadArgument, {"metadataPrefix": "oai_dc", "from": "2026-06-01", "until": "2026-01-01"}),
    ],
)
def test_what_it_refuses_others_understand(error: type[Exception], query: dict[str, str]) -> None:
    with practice_oai(filled(3)) as server:
        with pytest.raises(error):
            list(Sickle(server.url).ListRecords(**query))
        with pytest.raises(IdDoesNotExist):
            Sickle(server.url).GetRecord(metadataPrefix="oai_dc", identifier=name(99))


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["badVerb"]),
        ("verb=Destroy", ["badVerb"]),
        ("verb=Identify&metadataPrefix=oai_dc", ["badArgument"]),
        ("verb=ListRecords", ["badArgument"]),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", ["badArgument"]),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", ["badArgument"]),
        ("verb=ListRecords&resumptionToken=x", ["badResumptionToken", "badArgument"]),
        ("verb=GetRecord&metadataPrefix=oai_dc", ["badArgument"]),
        ("verb=ListMetadataFormats&identifier=x", ["idDoesNotExist"]),
        ("verb=ListSets", ["noSetHierarchy"]),
    ],
)
@pytest.mark.parametrize("status", [200, 422])
def test_every_error_has_its_code_and_the_status_that_was_asked_for(query: str, codes: list[str], status: int) -> None:
    with practice_oai(filled(1), Ways(error_status=status, two_errors=True)) as server:
        answer = requests.get(f"{server.url}?{query}", timeout=10)
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own

    assert answer.status_code == status
    assert [one.get("code") for one in root.iter(f"{OAI}error")] == codes
    assert root.find(f"{OAI}request").attrib == ({} if "badVerb" in codes or "badArgument" in codes else asked(query))


def asked(query: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in query.split("&"))


def test_a_list_of_offsets_shifts_and_one_of_opaque_tokens_does_not() -> None:
    assert seen(Ways(per_page=5, tokens="offset", by_date=True)) == 24
    assert seen(Ways(per_page=5, by_date=True)) == 25


def seen(ways: Ways) -> int:
    """How many records a harvester without windows reads, when the first one changes after the first page."""
    repository = filled(25)
    with practice_oai(repository, ways) as server:
        records = Sickle(server.url).ListIdentifiers(metadataPrefix="oai_dc", until="2026-06-01T23:00:00Z")
        first = [next(records).identifier for _ in range(5)]
        repository.touch(name(1))
        return len({*first, *(one.identifier for one in records)})


def test_the_year_one_and_what_xml_cannot_hold_are_written_right() -> None:
    assert "\x00" not in dublin_core(("title", "a\x00b"))
    assert dublin_core(("title", "a<b")).count("&lt;") == 1
