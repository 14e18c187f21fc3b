"""Harvesters of other people's making, Sickle and oaipmh-scythe, read every id of the practice EPrints."""

from collections.abc import Iterator

import oaipmh_scythe
import pytest
from sickle import Sickle

from sandbox.eprints import PracticeEPrints, practice_eprints
from sandbox.eprints.records import made

EVERY = {f"oai:pubs.example.edu:{n}" for n in range(1, 251)}
RETIRED = "oai:pubs.example.edu:7"


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeEPrints]:
    with practice_eprints(
        [made(n, title=f"Tides {n}", id_number=f"10.5555/tides.{n}") for n in range(1, 251)]
    ) as running:
        running.move(7, "deletion")
        yield running


def test_sickle_reads_every_id_and_what_it_carries(server: PracticeEPrints) -> None:
    sickle = Sickle(f"{server.url}/cgi/oai2")
    headers = list(sickle.ListIdentifiers(metadataPrefix="oai_dc"))
    records = list(sickle.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True))

    assert (len(headers), {one.identifier for one in headers}) == (250, EVERY)
    assert {one.identifier for one in headers if one.deleted} == {RETIRED}
    assert {one.header.identifier for one in records} == EVERY - {RETIRED}
    assert all(one.metadata["identifier"][-1] == one.metadata["relation"][-1] for one in records)
    assert sickle.Identify().granularity == "YYYY-MM-DDThh:mm:ssZ"


def test_oaipmh_scythe_reads_every_id_and_is_told_of_errors(server: PracticeEPrints) -> None:
    with oaipmh_scythe.Scythe(f"{server.url}/cgi/oai2") as scythe:
        headers = list(scythe.list_identifiers(metadata_prefix="oai_dc"))
        records = list(scythe.list_records(metadata_prefix="oai_dc", ignore_deleted=True))
        with pytest.raises(oaipmh_scythe.IdDoesNotExist):
            scythe.get_record(identifier="oai:pubs.example.edu:999")
        with pytest.raises(oaipmh_scythe.CannotDisseminateFormat):
            next(iter(scythe.list_records(metadata_prefix="marc21")))

    assert (len(headers), {one.identifier for one in headers}) == (250, EVERY)
    assert {one.header.identifier for one in records} == EVERY - {RETIRED}
