"""The OAI-PMH interface of the practice DSpace: other people's harvesters read it, and it is as late as a real one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from dspace_source import later, work
from oaipmh_scythe import Scythe
from sickle import Sickle
from sickle.oaiexceptions import BadResumptionToken, IdDoesNotExist, NoRecordsMatch

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import ARRIVED, STAFF, Policy, made

WORKS = [work(number) for number in range(1, 251)]
ONE, TWO, THREE = WORKS[:3]
MOMENT = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[PracticeDSpace]:
    with practice_dspace(WORKS) as running:
        running.logins.clock = MOMENT.timestamp
        running.oai_import()
        yield running


def name(number: int) -> str:
    return f"oai:repository.example.edu:20.500.99999/{number}"


def sickle(server: PracticeDSpace) -> Sickle:
    return Sickle(f"{server.url}/oai/request")


def headers(server: PracticeDSpace, **more: Any) -> dict[str, bool]:
    """Each identifier, and whether it is told as deleted."""
    told = sickle(server).ListIdentifiers(metadataPrefix="oai_dc", **more)
    return {one.identifier: one.deleted for one in told}


def tokens(server: PracticeDSpace) -> list[str]:
    """Those of the lists of identifiers that were asked for."""
    asked = [dict(parse_qsl(one.query)) for one in server.requests if "ListIdentifiers" in one.query]
    return [one["resumptionToken"] for one in asked if "resumptionToken" in one]


def test_two_harvesters_of_others_find_every_item_a_hundred_a_page(server: PracticeDSpace) -> None:
    with Scythe(f"{server.url}/oai/request") as scythe:
        records = {
            one.header.identifier: one.get_metadata()["title"] for one in scythe.list_records(metadata_prefix="oai_dc")
        }

    assert records == {name(number): [f"Tides {number}"] for number in range(1, 251)}
    assert headers(server) == dict.fromkeys(records, False)
    assert tokens(server) == ["oai_dc////100", "oai_dc////200"]


def test_a_token_holds_the_whole_question(server: PracticeDSpace) -> None:
    bounds = {"from": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}

    assert len(headers(server, **bounds)) == 250
    assert tokens(server)[-1] == "oai_dc/2026-01-01T00:00:00Z/2026-02-01T00:00:00Z//200"
    with pytest.raises(BadResumptionToken):
        list(sickle(server).ListIdentifiers(resumptionToken="oai_dc////many"))


def test_it_says_of_itself_what_a_dspace_says(server: PracticeDSpace) -> None:
    told = sickle(server).Identify()

    assert (told.granularity, told.deletedRecord) == ("YYYY-MM-DDThh:mm:ssZ", "transient")
    assert told.baseURL == f"{server.url}/oai/request"
    assert told.earliestDatestamp == f"{ARRIVED:%Y-%m-%dT%H:%M:%SZ}"


def test_what_is_withdrawn_or_private_has_a_deleted_header_and_what_is_restricted_is_not_there(
    server: PracticeDSpace,
) -> None:
    server.change(ONE.uuid, withdrawn=True, in_archive=False)
    server.change(TWO.uuid, discoverable=False)
    server.change(THREE.uuid, policies=(STAFF,))
    server.change(WORKS[3].uuid, policies=(Policy(start="2027-01-01"),))
    server.change(WORKS[4].uuid, in_archive=False)
    server.put(made(251))
    server.oai_import(clear=True)

    told = headers(server)

    assert [told.get(name(number)) for number in (1, 2, 3, 4, 5, 251)] == [True, True, None, None, None, False]
    assert headers(server, **{"from": "2026-06-02T10:00:00Z"}).keys() == {name(1), name(2), name(251)}
    with pytest.raises(IdDoesNotExist):
        sickle(server).GetRecord(metadataPrefix="oai_dc", identifier=name(3))
    assert sickle(server).GetRecord(metadataPrefix="oai_dc", identifier=name(1)).deleted


def test_it_knows_nothing_new_before_the_next_import_and_nothing_of_deletions_before_it_is_made_anew(
    server: PracticeDSpace,
) -> None:
    later(server, days=1)
    server.change(ONE.uuid, withdrawn=True, in_archive=False)
    server.change(TWO.uuid, policies=(STAFF,))
    server.remove(THREE.uuid)
    late = headers(server)
    with pytest.raises(NoRecordsMatch):
        headers(server, **{"from": "2026-06-03T00:00:00Z"})

    server.oai_import()
    known = headers(server)
    server.oai_import(clear=True)
    anew = headers(server)

    assert [late.get(name(number)) for number in (1, 2, 3)] == [False, False, False]
    assert [known.get(name(number)) for number in (1, 2, 3)] == [True, None, False]
    assert [anew.get(name(number)) for number in (1, 2, 3)] == [True, None, None]


def test_before_the_first_import_nothing_matches() -> None:
    with practice_dspace(WORKS) as server, pytest.raises(NoRecordsMatch):
        headers(server)


def test_a_record_may_break_it_and_it_may_be_elsewhere_or_nowhere(server: PracticeDSpace) -> None:
    server.faults.append(DSpaceFault("status", status=500, address="verb=GetRecord"))
    address = f"{server.url}/oai/request"
    broken = requests.get(address, {"verb": "GetRecord"}, timeout=10).status_code
    server.oai_path = "/oai/openaire4"
    gone = requests.get(address, {"verb": "Identify"}, timeout=10).status_code
    elsewhere = Sickle(f"{server.origin}/oai/openaire4").Identify()

    assert (broken, gone) == (500, 404)
    assert elsewhere.baseURL == f"{server.origin}/oai/openaire4"
