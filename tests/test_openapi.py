"""The description of what programs may ask: right in itself, complete, and kept by every answer."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import House
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from served import Reply, Served, serving
from starlette.routing import Route
from test_serve_kept import site

from badges.app import Site
from badges.draw import STYLES
from badges.explorer import LISTS
from badges.periods import UNITS
from badges.share_asked import KINDS, MEASURES, OF_FAMILY
from badges.v1_query import ORDERS
from badges.v1_words import CITED_IN, COUNTS, DAYS, SCHEMES
from connectors.identifiers import SCHEMES as IDENTIFIERS
from scoring.rules import SOURCES, names
from sync.store import SORTS

__all__ = ["site"]
FILE = Path(__file__).parents[1] / "badges" / "openapi.json"
DESCRIBED = json.loads(FILE.read_text())
FILES = re.compile(r"^/assets/|\.js$")  # what pages and embedding sites fetch, under names that change
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


@dataclass(frozen=True)
class Known:
    """What the example institution has, as addresses say it."""

    doi: str
    output: str
    groups: tuple[str, ...]
    journal: str


def known(served: Served) -> Known:
    first = json.loads(served.get("/v1/citations/at?num_results=1").body)["results"][0]
    groups = json.loads(served.get("/groups.json").body)["groups"]
    journals = json.loads(served.get("/journals.json").body)["journals"]
    return Known(first["doi"], first["ringmark"]["output"], tuple(each["id"] for each in groups), journals[0]["id"])


def asked(path: str, there: Known) -> str:
    """The path of a route with what is there put in, so that it answers with what it is for."""
    of_group, of_journal = path.startswith("/groups/"), path.startswith("/journals/")
    id_ = there.groups[0] if of_group else there.journal if of_journal else there.doi
    sides = "".join(f"&group={each}" for each in there.groups[:2]) if path.startswith("/share.") else ""
    told = {
        "scheme": "doi",
        "id": id_,
        "output": there.output,
        "timeframe": "at",
        "name": "published-2020",
        "token": "1",
    }
    return path.format(**told) + f"?{sides[1:]}" * bool(sides)


def is_data(reply: Reply) -> bool:
    return not reply.header("content-type").startswith("text/html")


def conforms(document: object, schema: str) -> None:
    wanted = {"$ref": f"#/components/schemas/{schema}", "components": DESCRIBED["components"]}
    Draft202012Validator(wanted).validate(document)


def document(served: Served, path: str, schema: str) -> Any:
    told = json.loads(served.get(path).body)
    conforms(told, schema)
    return told


def test_it_is_valid_and_served_as_it_stands(served: Served) -> None:
    reply = served.get("/openapi.json")

    validate(DESCRIBED)
    assert (reply.status, reply.header("content-type"), reply.body) == (200, "application/json", FILE.read_bytes())
    assert reply.header("access-control-allow-origin") == "*"


def test_every_route_whose_answer_is_data_is_described_and_no_other(site: Site, served: Served) -> None:
    routes = {re.sub(r":\w+}", "}", route.path) for route in site.routes if isinstance(route, Route)}
    paths = {path.replace("{form}", form) for path in routes for form in LISTS if not FILES.search(path)}
    there = known(served)

    assert set(DESCRIBED["paths"]) == {path for path in paths if is_data(served.get(asked(path, there)))}


@pytest.mark.parametrize("path", ["/search", "/groups", "/groups/{id}", "/journals", "/journals/{id}"])
def test_a_list_is_a_page_at_one_address_only(served: Served, path: str) -> None:
    page = asked(path, known(served))

    assert (served.get(page).status, served.get(f"{page}.page").status) == (200, 404)


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
    assert DESCRIBED["components"]["schemas"]["Source"]["enum"] == list(SOURCES)
    assert DESCRIBED["components"]["schemas"]["VoiceSource"]["enum"] == [*SOURCES, *OF_FAMILY]
    assert words["Sort"] == list(SORTS)
    assert (words["Between"], words["Measure"], words["Period"]) == (list(KINDS), list(MEASURES), list(UNITS))


def test_every_document_of_the_example_institution_is_as_described(served: Served) -> None:
    first = document(served, "/v1/citations/at?num_results=100", "Citations")
    outputs = [each["ringmark"]["output"] for each in first["results"]]
    for output in outputs:
        document(served, f"/v1/id/{output}", "Record")
        document(served, f"/badge/output/{output}.json", "Badge")
        document(served, f"/outputs/{output}/history.json", "History")
        document(served, f"/outputs/{output}/ledger.json", "Ledger")
        document(served, f"/outputs/{output}/attention.json", "Attention")
    asked_for = "&".join(f"id=output:{output}" for output in (*outputs[:99], "0"))
    embeds = document(served, f"/embed/badges.json?{asked_for}&style=large", "Embeds")
    assert len(outputs) == first["query"]["total"] > 10
    assert [each is None for each in embeds["badges"]] == [False] * (len(embeds["badges"]) - 1) + [True]


def test_every_list_of_the_example_institution_is_as_described(served: Served) -> None:
    everything = document(served, "/search.json", "List")
    groups = document(served, "/groups.json", "Groups")["groups"]
    journals = document(served, "/journals.json", "Journals")["journals"]
    for kind, shelves in (("groups", groups), ("journals", journals)):
        for each in shelves:
            assert document(served, f"/{kind}/{each['id']}.json", "List")["count"] == each["outputs"]
    assert len(everything["outputs"]) == everything["count"] > 10


def test_every_comparison_and_rule_set_is_as_described(served: Served) -> None:
    there = known(served)
    groups = "&".join(f"group={each}" for each in there.groups[:2])
    for query in (groups, f"{groups}&measure=outputs&period=year&source=family:social", "search=a&search=type=book"):
        document(served, f"/share.json?{query}", "Voice")
    for name in names():
        document(served, f"/rules/{name}.json", "RuleSet")


def test_the_columns_of_every_table_are_told(served: Served) -> None:
    there = known(served)
    tables = {
        path: told["get"]["responses"]["200"] for path, told in DESCRIBED["paths"].items() if path.endswith(".csv")
    }

    for path, told in tables.items():
        columns = served.get(asked(path, there)).text.splitlines()[0].replace(",", ", ")
        assert told["description"].partition(".")[0] == f"Columns: {columns}", path
    assert len(tables) == 8


def test_a_document_with_another_field_is_not_as_described(served: Served) -> None:
    document: dict[str, Any] = json.loads(served.get("/v1/citations/at?num_results=1").body)["results"][0]

    with pytest.raises(Exception, match="'cohorts' was unexpected"):
        conforms({**document, "cohorts": {}}, "Record")


def test_whatever_is_sent_is_answered_as_described(served: Served, tmp_path: Path) -> None:
    there, told = known(served), json.loads(FILE.read_text())
    examples = {"Identifier": there.doi, "Anything": there.doi, "Embedded": [there.doi], "Output": there.output,
                "Group": there.groups[0], "Journal": there.journal, "BetweenGroups": there.groups[:2]}  # fmt: skip
    for name, example in examples.items():
        told["components"]["parameters"][name]["example"] = example  # so that some of it is there
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(told))
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", str(described), "--url", served.public]
    command += ["--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "5"]
    command += ["--generation-deterministic", "--warnings", "off"]

    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert ran.returncode == 0, ran.stdout
    assert re.search(r"[0-9]{3,} generated, [0-9]{3,} passed", ran.stdout), ran.stdout


def test_the_page_for_programs_has_every_field_source_and_parameter() -> None:
    page = (FILE.parents[1] / "docs" / "api.md").read_text()
    fields = set(DESCRIBED["components"]["schemas"]["Record"]["properties"])
    parameters = {each["name"] for each in DESCRIBED["paths"]["/v1/citations/{timeframe}"]["get"]["parameters"][1:-2]}

    names = {*fields, *parameters, *SCHEMES, *CITED_IN} - {*COUNTS.values()}  # these stand in the names of fields
    assert {each for each in names if f"`{each}`" not in page} == set()
    for ours, theirs in COUNTS.items():
        assert f"| `cited_by_{theirs}_count` | `{ours}` |" in page


def test_the_page_for_programs_names_every_list_and_file() -> None:
    page = (FILE.parents[1] / "docs" / "api.md").read_text()
    kinds = {"outputs", "lists", "share", "rules"}
    paths = {path for path, told in DESCRIBED["paths"].items() if kinds & set(next(iter(told.values()))["tags"])}

    for path in (*paths, "/embed/badges.json"):
        stem, _, form = path.rpartition(".")
        row = next((line for line in page.splitlines() if line.startswith(f"| `{stem}.")), "")
        assert f".{form}`" in row, path
