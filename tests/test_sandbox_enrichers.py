"""The practice services as outside clients read them: habanero for Crossref, pyalex for OpenAlex; and ORCID against a
published record."""

import json
from pathlib import Path
from urllib.parse import urlunparse

import pyalex
import pytest
import requests
from habanero import Crossref

from sandbox.enrichers import SERVICES, Known, PracticeService, ServiceFault, practice_service

ANN = "0000-0002-1825-0097"
SOMEBODY = "1500-0000-0000-0018"
WORKS = [
    Known(
        doi=f"10.5555/work.{n}",
        title=f"Work {n}",
        pmid=str(7000 + n),
        pmcid=str(8000 + n),
        people=(SOMEBODY,),
        page=f"https://journal.example.org/{n}",
        relations=(("has-preprint", f"10.5555/preprint.{n}"),),
    )
    for n in range(1, 6)
]


def test_habanero_reads_the_practice_crossref() -> None:
    with practice_service("crossref", WORKS) as server:
        client = Crossref(base_url=server.url)
        one = client.works(ids="10.5555/work.2")["message"]
        some = client.works(filter={"doi": ["10.5555/work.1", "10.5555/work.3", "10.5555/none"]})["message"]

    assert (one["DOI"], one["title"], one["resource"]["primary"]["URL"]) == (
        "10.5555/work.2", ["Work 2"], "https://journal.example.org/2",
    )  # fmt: skip
    assert one["relation"]["has-preprint"][0]["id"] == "10.5555/preprint.2"
    assert (some["total-results"], sorted(each["DOI"] for each in some["items"])) == (
        2, ["10.5555/work.1", "10.5555/work.3"],
    )  # fmt: skip


def test_pyalex_reads_the_practice_openalex_with_its_key_in_a_header(monkeypatch: pytest.MonkeyPatch) -> None:
    with practice_service("openalex", WORKS) as server:
        host = server.url.removeprefix("http://")  # which it has in its code
        monkeypatch.setattr("pyalex.api.urlunparse", lambda parts: urlunparse(("http", host, *parts[2:])))
        monkeypatch.setitem(pyalex.config, "api_key", server.token)
        one = pyalex.Works()["doi:10.5555/work.2"]
        some = pyalex.Works().filter(doi="10.5555/work.1|10.5555/work.3|10.5555/none").get()

    assert one["ids"]["pmid"] == "https://pubmed.ncbi.nlm.nih.gov/7002"
    assert sorted(each["doi"] for each in some) == ["https://doi.org/10.5555/work.1", "https://doi.org/10.5555/work.3"]


def test_crossref_gives_the_fields_that_are_selected_and_refuses_those_it_does_not_know() -> None:
    with practice_service("crossref", WORKS) as server:
        some = requests.get(f"{server.url}/works?filter=doi:10.5555/work.1&select=DOI,relation", timeout=5)
        wrong = requests.get(f"{server.url}/works?select=DOI,nothing", timeout=5)
        none = requests.get(f"{server.url}/works/10.5555%2Fnone", timeout=5)

    assert some.json()["message"]["items"][0].keys() == {"DOI", "relation"}
    assert some.headers["X-Rate-Limit-Limit"] == "50"
    assert (wrong.status_code, wrong.json()["message-type"]) == (400, "validation-failure")
    assert (none.status_code, none.text) == (404, "Resource not found.")


def test_datacite_finds_phrases_and_gives_the_fields_that_are_asked_for() -> None:
    query = {"query": 'doi:("10.5555/work.1" OR "10.5555/work.4")', "fields[dois]": "doi,url", "page[size]": "10"}
    with practice_service("datacite", WORKS) as server:
        told = requests.get(f"{server.url}/dois", params=query, timeout=5).json()

    assert [each["attributes"] for each in told["data"]] == [
        {"doi": f"10.5555/work.{n}", "url": f"https://journal.example.org/{n}"} for n in (1, 4)
    ]
    assert told["meta"]["total"] == 2


@pytest.mark.parametrize("name", ["openalex", "orcid"])
def test_services_with_a_token_refuse_another(name: str) -> None:
    with practice_service(name, WORKS) as server:  # type: ignore[arg-type]
        refused = requests.get(f"{server.url}/{ANN}/works", headers={"Authorization": "Bearer x"}, timeout=5)

    assert refused.status_code == 401


def test_a_list_of_works_has_the_members_of_a_published_orcid_record(shared_data: Path) -> None:
    record = json.loads((shared_data / "repositories" / "orcid" / "orcid-model_record-full-3.0.json").read_text())
    with practice_service("orcid", WORKS) as server:
        told = listed(server, SOMEBODY)

    assert shape(told) <= shape(record["activities-summary"]["works"])
    assert len(told["group"]) == 5


def listed(server: PracticeService, person: str) -> dict:  # type: ignore[type-arg]
    headers = {"Authorization": f"Bearer {server.token}"}
    return dict(requests.get(f"{server.url}/{person}/works", headers=headers, timeout=5).json())


def shape(told: object, at: str = "") -> set[str]:
    """Where members stand, whatever they hold."""
    if isinstance(told, dict):
        return {f"{at}/{name}" for name in told} | {way for n, each in told.items() for way in shape(each, f"{at}/{n}")}
    return {way for each in told for way in shape(each, f"{at}[]")} if isinstance(told, list) else set()


@pytest.mark.parametrize("name", SERVICES)
def test_faults_happen_on_demand(name: str) -> None:
    with practice_service(name, WORKS) as server:  # type: ignore[arg-type]
        server.faults.append(ServiceFault("too many requests", retry_after="7"))
        first = requests.get(f"{server.url}/works", timeout=5)
        server.faults.append(ServiceFault("login page"))
        second = requests.get(f"{server.url}/works", timeout=5)

    assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
    assert "text/html" in second.headers["Content-Type"]
