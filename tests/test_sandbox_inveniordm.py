"""The practice InvenioRDM behaves as one: its bodies by the contract and beside real ones, its ways by a client that is
not ours."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from inveniordm_py.client import InvenioAPI
from inveniordm_schema import ERROR, PAGE, RECORD
from inveniordm_source import FIELD, NOW, recorded, several
from jsonschema import validate

from sandbox.inveniordm import PracticeInvenioRDM, practice_inveniordm
from sandbox.inveniordm.faults import InvenioFault
from sandbox.inveniordm.records import body, id_of, made

ONE = id_of(1)


@pytest.fixture
def server() -> Iterator[PracticeInvenioRDM]:
    with practice_inveniordm(several(7)) as server:
        server.clock = lambda: NOW
        yield server


def ask(
    server: PracticeInvenioRDM, path: str, method: str = "GET", *, known: bool = True, **more: Any
) -> requests.Response:
    headers = {"Authorization": f"Bearer {server.token}"} if known else {}
    headers |= more.pop("headers", {})
    return requests.request(method, f"{server.url}/api{path}", headers=headers, timeout=10, **more)


@settings(max_examples=50)
@given(
    record=st.sampled_from(["public", "restricted"]),
    files=st.dictionaries(st.text("abc", min_size=1), st.text("0f"), max_size=2),
    communities=st.lists(st.text("abc", min_size=1), max_size=2),
    concept=st.sampled_from(["", "10.5555/concept"]),
    draft=st.booleans(),
)
def test_every_body_is_by_the_contract(
    record: str, files: Any, communities: list[str], concept: str, draft: bool
) -> None:
    one = made(1, doi="10.5555/x", title="T", moment=NOW, record=record, files=files, communities=tuple(communities))

    validate(body(replace(one, concept=concept, draft=draft), "https://rdm.example.edu"), RECORD)


def test_pages_records_and_refusals_are_by_the_contract(server: PracticeInvenioRDM) -> None:
    server.remove(id_of(2))
    validate(ask(server, "/records?size=3&sort=updated-asc").json(), PAGE)
    validate(ask(server, f"/records/{ONE}").json(), RECORD)
    validate(ask(server, f"/records/{ONE}/draft", "POST").json(), RECORD)
    for path in (f"/records/{id_of(2)}", "/records/zzzzz-zzzzz", "/records?size=100&page=101", "/records?q=a:b"):
        validate(ask(server, path).json(), ERROR)


def shape(told: Any, *, depth: int = 3) -> Any:
    """Names and kinds of values; what stands under names that differ from record to record is left out."""
    if isinstance(told, dict) and depth:
        return {name: shape(value, depth=depth - 1) for name, value in told.items()}
    return type(told).__name__


def contained(inner: Any, outer: Any, where: str = "") -> list[str]:
    """The names in a shape that another has not, or of another kind."""
    if not isinstance(inner, dict):
        return [] if inner == outer or {inner, str(outer)} <= {"int", "float", "str", "NoneType"} else [where]
    if not isinstance(outer, dict):
        return [where]
    found = [f"{where}.{name}" for name in inner if name not in outer]
    return found + [
        bad for name in inner if name in outer for bad in contained(inner[name], outer[name], f"{where}.{name}")
    ]


CLOSED = {"record": "restricted", "files": "restricted", "embargo": {"active": False, "reason": None}}
HIDDEN = {"access": CLOSED, "pids": {"doi": {"identifier": "10.5555/x", "provider": "external"}}}


@pytest.mark.parametrize(("name", "changes"), [("record_public", {}), ("record_restricted_admin", HIDDEN)])
def test_a_record_has_the_shape_of_a_real_one(
    shared_data: Path, server: PracticeInvenioRDM, name: str, changes: Any
) -> None:
    real = recorded(shared_data, f"recorded-here/{name}.txt")
    server.change(ONE, **changes)
    ours = ask(server, f"/records/{ONE}").json()

    assert contained(shape({**ours, "custom_fields": {}}), shape(real)) == []
    left_out = contained(shape(real), shape(ours))
    assert {path.split(".")[1] for path in left_out} <= {
        "links",
        "parent",
        "versions",
        "custom_fields",
        "internal_notes",
    }
    assert ours["access"] == real["access"]


def test_a_page_and_refusals_are_as_real_ones(shared_data: Path, server: PracticeInvenioRDM) -> None:
    real = recorded(shared_data, "recorded-here/search_page1.txt")
    server.remove(id_of(2))
    server.change(id_of(3), access={"record": "restricted", "files": "restricted"})
    page = ask(server, "/records?size=3&sort=updated-asc", known=False).json()

    assert page.keys() == real.keys()
    assert (len(page["hits"]["hits"]), page["sortBy"]) == (3, real["sortBy"])
    for name, path in (
        ("record_restricted_anon", f"/records/{id_of(3)}"),
        ("record_deleted", f"/records/{id_of(2)}"),
        ("record_missing", "/records/zzzzz-zzzzz"),
        ("page_beyond_10k", "/records?size=100&page=101"),
    ):
        told = ask(server, path, known=False)
        text = (shared_data / "repositories/inveniordm/recorded-here" / f"{name}.txt").read_text()
        assert f"HTTP {told.status_code}\n" in text
        assert told.json() == recorded(shared_data, f"recorded-here/{name}.txt")
        assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"} <= told.headers.keys()


def test_an_outside_client_reads_lists_edits_and_publishes(server: PracticeInvenioRDM) -> None:
    api = InvenioAPI(f"{server.url}/api", server.token)
    page, found = api.records.search(size=3, sort="updated-asc"), list[str]()
    while len(page):
        found += [record.data["id"] for record in page]
        page = page.next_page()
    assert found == [id_of(number) for number in range(1, 8)]

    draft = api.records(ONE).edit()
    draft.data["custom_fields"] = {FIELD: ["from outside"]}
    saved = draft.update()
    assert "errors" not in json.loads(saved.data.to_request())
    published = draft.publish()

    assert published.data["custom_fields"] == {FIELD: ["from outside"]}
    assert server.texts(ONE, FIELD) == ("from outside",)
    assert published.data["pids"] == api.records(ONE).get().data["pids"]

    api.records(ONE).edit()
    api.records(ONE).draft.delete()
    assert server.drafts == {}


def test_a_draft_that_is_there_is_what_comes_when_one_is_asked_for(server: PracticeInvenioRDM) -> None:
    server.save(replace(server.begin(ONE), metadata={"title": "half done"}))
    told = ask(server, f"/records/{ONE}/draft", "POST")

    assert (told.status_code, told.json()["metadata"]) == (201, {"title": "half done"})


def test_an_unknown_field_is_dropped_with_200_and_what_is_left_out_of_a_body_is_gone(
    server: PracticeInvenioRDM,
) -> None:
    draft = ask(server, f"/records/{ONE}/draft", "POST").json()
    told = ask(
        server, f"/records/{ONE}/draft", "PUT", json={"metadata": draft["metadata"], "custom_fields": {"a:b": "x"}}
    )

    assert told.status_code == 200
    assert told.json()["errors"][0]["field"] == "custom_fields.a:b"
    assert (told.json()["custom_fields"], told.json()["pids"]) == ({}, {})


def test_an_invalid_draft_is_saved_and_not_published(server: PracticeInvenioRDM) -> None:
    ask(server, f"/records/{ONE}/draft", "POST")
    saved = ask(server, f"/records/{ONE}/draft", "PUT", json={"metadata": {"title": "T"}})
    refused = ask(server, f"/records/{ONE}/draft/actions/publish", "POST")

    assert (saved.status_code, refused.status_code) == (200, 400)
    assert server.records[ONE].metadata["publication_date"] == "2026-01-15"


def test_a_revision_that_is_not_the_current_one_is_refused_on_a_draft_and_not_looked_at_on_publishing(
    server: PracticeInvenioRDM,
) -> None:
    draft = ask(server, f"/records/{ONE}/draft", "POST").json()
    old = {"If-Match": str(draft["revision_id"] - 1)}
    path = f"/records/{ONE}/draft"

    assert [
        ask(server, path, "PUT", json=draft, headers=old).status_code,
        ask(server, path, "DELETE", headers=old).status_code,
        ask(server, f"{path}/actions/publish", "POST", headers=old).status_code,
    ] == [412, 412, 202]


def test_publishing_moves_the_date_and_the_revision_and_keeps_version_and_doi(server: PracticeInvenioRDM) -> None:
    before = ask(server, f"/records/{ONE}").json()
    ask(server, f"/records/{ONE}/draft", "POST")
    ask(server, f"/records/{ONE}/draft/actions/publish", "POST")
    after = ask(server, f"/records/{ONE}").json()

    assert (after["updated"] > before["updated"], after["revision_id"] - before["revision_id"]) == (True, 2)
    assert (after["versions"], after["pids"], after["id"]) == (before["versions"], before["pids"], before["id"])


def test_a_token_that_is_not_known_is_not_refused_but_answered_as_anybody_is(server: PracticeInvenioRDM) -> None:
    server.change(id_of(3), access={"record": "restricted", "files": "restricted"})
    known, unknown = ask(server, "/records"), ask(server, "/records", headers={"Authorization": "Bearer wrong"})

    assert (known.json()["hits"]["total"], unknown.json()["hits"]["total"]) == (7, 6)
    assert ("X-User-ID" in known.headers, "X-User-ID" in unknown.headers) == (True, False)
    for path, method in (("/user/records", "GET"), (f"/records/{ONE}/draft", "POST")):
        assert ask(server, path, method, known=False).status_code == 403


def test_sizes_are_cut_in_silence_and_a_window_ends_at_its_end(server: PracticeInvenioRDM) -> None:
    server.page_limit, server.window = 2, 6
    assert len(ask(server, "/records?size=1000").json()["hits"]["hits"]) == 2
    assert [ask(server, f"/records?size=2&page={page}").status_code for page in (3, 4)] == [200, 400]
    assert [ask(server, path).status_code for path in ("/records?sort=colour", "/records?size=0", "/records?q=(")] == [
        400
    ] * 3


def test_a_search_finds_more_than_what_is_asked_for(server: PracticeInvenioRDM) -> None:
    server.change(id_of(2), pids={"doi": {"identifier": "10.5555/Harbour-1.v2", "provider": "external"}})
    told = ask(server, "/records", params={"q": 'pids.doi.identifier:"10.5555/harbour.1"'}).json()

    assert {row["id"] for row in told["hits"]["hits"]} == {ONE, id_of(2)}


def test_there_is_no_fault_but_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="there is no fault 'nothing'"):
        InvenioFault("nothing")  # type: ignore[arg-type]
