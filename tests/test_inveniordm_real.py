"""Real answers of real InvenioRDMs; what is expected stands in the bodies and in how they were recorded."""

from pathlib import Path

import pytest
import responses
from inveniordm_schema import ERROR, PAGE, RECORD
from inveniordm_source import PRIVATE, PUBLIC, RECORDED, doi, recorded, settings
from jsonschema import validate

from connectors.http import client
from connectors.identifiers import Identifier
from connectors.inveniordm import InvenioRDM
from connectors.inveniordm.items import records
from connectors.records import Gone, Item

HERE = "recorded-here"
CALTECH = ("2g0v8-2f254", "35qce-kxq75", "6v5rz-dkg58")


def item(record: object) -> Item:
    (found,) = [each for each in records(record, "here", ()) if isinstance(each, Item)]
    return found


def test_the_contract_that_the_practice_system_is_held_to_is_that_of_real_records(shared_data: Path) -> None:
    for name in ("record_public", "record_restricted_admin"):
        validate(recorded(shared_data, f"{HERE}/{name}.txt"), RECORD)
    for key in CALTECH:
        validate(recorded(shared_data, f"caltechauthors_{key}.json"), RECORD)
    validate(recorded(shared_data, f"{HERE}/search_page1.txt"), PAGE)
    for name in ("record_restricted_anon", "record_deleted", "record_missing", "page_beyond_10k"):
        validate(recorded(shared_data, f"{HERE}/{name}.txt"), ERROR)


def test_a_real_public_record_is_public(shared_data: Path) -> None:
    found = item(recorded(shared_data, f"{HERE}/record_public.txt"))

    assert (found.key, found.visibility, found.doubts) == ("jkr2f-e6086", PUBLIC, ())
    assert (found.title, found.type, found.published) == ("Synthetic 75612000", "journal-article", "2024")
    assert found.identifiers[0] == doi("10.9999/syn.75612000")


def test_a_real_restricted_record_that_we_may_see_is_private(shared_data: Path) -> None:
    found = item(recorded(shared_data, f"{HERE}/record_restricted_admin.txt"))

    assert (found.key, found.visibility, found.doubts) == ("9s5d5-49k06", PRIVATE, ())
    assert found.raw["access.record"] == "restricted"


@pytest.mark.parametrize("key", CALTECH)
def test_records_of_an_older_release_are_understood_without_a_doubt(shared_data: Path, key: str) -> None:
    record = recorded(shared_data, f"caltechauthors_{key}.json")
    alternates = record["metadata"].get("identifiers", [])
    own = [record["pids"].get("doi")] + [each for each in alternates if each["scheme"] == "doi"]
    found = item(record)

    assert (found.key, found.visibility, found.doubts) == (key, PUBLIC, ())
    assert found.identifiers[0] == doi(next(each["identifier"] for each in own if each))
    assert Identifier("url", record["links"]["self_html"]) in found.identifiers
    assert found.journal == record["custom_fields"].get("journal:journal", {}).get("title", "")
    assert not any(creator["person_or_org"]["family_name"] in str(found) for creator in record["metadata"]["creators"])


def test_a_real_page_is_read_whole(shared_data: Path) -> None:
    told = recorded(shared_data, f"{HERE}/search_page1.txt")["hits"]

    assert [item(row).key for row in told["hits"]] == [row["id"] for row in told["hits"]]
    assert len(told["hits"]) == 3


@responses.activate
@pytest.mark.parametrize(
    ("name", "status"), [("record_restricted_anon", 403), ("record_deleted", 410), ("record_missing", 404)]
)
def test_real_refusals_with_their_real_headers_are_told_apart_at_once(
    shared_data: Path, name: str, status: int
) -> None:
    text = (shared_data / RECORDED / HERE / f"{name}.txt").read_text()
    lines = text[text.index("HTTP ") : text.index("\n\n{")].splitlines()
    headers = dict(line.split(": ", 1) for line in lines[1:] if not line.startswith(("Content-Length", "Connection")))
    key = text.splitlines()[0].rpartition("/")[2]
    responses.get(
        f"https://rdm.example.edu/api/records/{key}",
        status=int(lines[0][5:]),
        headers=headers,
        body=text[text.index("\n\n{") + 2 :],
    )
    slept: list[float] = []
    found = settings("https://rdm.example.edu")

    with InvenioRDM(found, client(found, sleep=slept.append)) as repository:
        assert repository.confirm("item", key) == Gone(kind="item", key=key, hidden=status != 410)
    assert (int(lines[0][5:]), len(responses.calls), sum(slept)) == (status, 1, 0)


def test_a_record_that_is_not_for_us_was_kept_as_its_refusal(shared_data: Path) -> None:
    assert recorded(shared_data, "caltechauthors_042ez-mgb13.json") == {"status": 403, "message": "Permission denied."}
