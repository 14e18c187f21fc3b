"""The description of what programs may ask: right in itself, complete, and kept by every answer."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from served import Served, serving
from test_serve_kept import site

from badges.app import Site
from badges.draw import STYLES
from badges.v1_query import ORDERS
from badges.v1_words import CITED_IN, COUNTS, DAYS, SCHEMES
from connectors.identifiers import SCHEMES as IDENTIFIERS
from scoring.rules import SOURCES

__all__ = ["site"]
FILE = Path(__file__).parents[1] / "badges" / "openapi.json"
DESCRIBED = json.loads(FILE.read_text())
BELOW = re.compile(r"/(badge|v1|health|ready|openapi)\b|/outputs/[^/]*/history")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)


@pytest.fixture(scope="module")
def served(scored: House) -> Iterator[Served]:
    with serving(scored.folder) as found:
        yield found


def conforms(document: object, schema: str) -> None:
    wanted = {"$ref": f"#/components/schemas/{schema}", "components": DESCRIBED["components"]}
    Draft202012Validator(wanted).validate(document)


def test_it_is_valid_and_served_as_it_stands(served: Served) -> None:
    reply = served.get("/openapi.json")

    validate(DESCRIBED)
    assert (reply.status, reply.header("content-type"), reply.body) == (200, "application/json", FILE.read_bytes())
    assert reply.header("access-control-allow-origin") == "*"


def test_every_route_for_programs_is_described_and_no_other(site: Site) -> None:
    routes = {re.sub(r":\w+}", "}", route.path) for route in site.routes if BELOW.match(route.path)}

    assert set(DESCRIBED["paths"]) == routes


def test_the_words_to_choose_from_are_those_of_the_code() -> None:
    words = {name: told["schema"].get("enum") for name, told in DESCRIBED["components"]["parameters"].items()}
    citations = {
        each.get("name"): each for each in DESCRIBED["paths"]["/v1/citations/{timeframe}"]["get"]["parameters"]
    }

    assert words["Style"] == list(STYLES)
    assert words["Scheme"] == [*IDENTIFIERS, "output"]
    assert words["V1Scheme"] == list(SCHEMES)
    assert citations["timeframe"]["schema"]["enum"] == list(DAYS)
    assert citations["order_by"]["schema"]["enum"] == list(ORDERS)
    assert DESCRIBED["components"]["schemas"]["Part"]["properties"]["source"]["enum"] == list(SOURCES)


def test_every_document_of_the_example_institution_is_as_described(served: Served) -> None:
    first = json.loads(served.get("/v1/citations/at?num_results=100").body)
    conforms(first, "Citations")
    for each in first["results"]:
        output = each["ringmark"]["output"]
        conforms(json.loads(served.get(f"/v1/id/{output}").body), "Record")
        conforms(json.loads(served.get(f"/badge/output/{output}.json").body), "Badge")
        conforms(json.loads(served.get(f"/outputs/{output}/history.json").body), "History")
    assert len(first["results"]) == first["query"]["total"] > 10


def test_a_document_with_another_field_is_not_as_described(served: Served) -> None:
    document: dict[str, Any] = json.loads(served.get("/v1/citations/at?num_results=1").body)["results"][0]

    with pytest.raises(Exception, match="'cohorts' was unexpected"):
        conforms({**document, "cohorts": {}}, "Record")


def test_whatever_is_sent_is_answered_as_described(served: Served, tmp_path: Path) -> None:
    doi = json.loads(served.get("/v1/citations/at?num_results=1").body)["results"][0]["doi"]
    described = tmp_path / "openapi.json"
    described.write_text(FILE.read_text().replace("10.5555/example", doi))  # so that some of it is there
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", str(described), "--url", served.public]
    command += ["--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "5"]
    command += ["--generation-deterministic", "--warnings", "off"]

    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert ran.returncode == 0, ran.stdout
    assert re.search(r"[0-9]{3} generated, [0-9]{3} passed", ran.stdout), ran.stdout


def test_the_page_for_programs_has_every_field_source_and_parameter() -> None:
    page = (FILE.parents[1] / "docs" / "api.md").read_text()
    fields = set(DESCRIBED["components"]["schemas"]["Record"]["properties"])
    parameters = {each["name"] for each in DESCRIBED["paths"]["/v1/citations/{timeframe}"]["get"]["parameters"][1:-2]}

    names = {*fields, *parameters, *SCHEMES, *CITED_IN} - {*COUNTS.values()}  # these stand in the names of fields
    assert {each for each in names if f"`{each}`" not in page} == set()
    for ours, theirs in COUNTS.items():
        assert f"| `cited_by_{theirs}_count` | `{ours}` |" in page
