"""The practice Figshare against the public contract: every body fits its schema, every limit is kept."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import requests
from figshare_source import ANN, IVY, TIDES
from jsonschema import Draft202012Validator

from sandbox.figshare import PracticeFigshare, practice_figshare
from sandbox.figshare.faults import FigshareFault
from sandbox.figshare.holdings import Article

HIDDEN = Article(id=7002, title="Smuggled goods", doi="10.5555/figshare.7002", published=False)
MATERIAL = {"id": 1, "identifier": "10.5555/paper", "identifier_type": "DOI", "relation": "IsSupplementTo"}
ODD = Article(
    id=7003,
    title="Pilot books",
    type="journal contribution",
    told={
        "is_embargoed": True,
        "embargo_type": "article",
        "embargo_date": "2030-01-01T00:10:00",
        "embargo_options": [{"id": 1, "type": "logged_in", "ip_name": ""}],
        "related_materials": [MATERIAL],
    },
)
PLACES = (
    "/account/institution",
    "/account/institution/articles",
    "/account/institution/accounts",
    "/account/institution/accounts/11",
    "/account/institution/users/12",
    "/articles/7001",
    "/articles/7003",
    "/articles/7001/versions",
)


@pytest.fixture
def server() -> Iterator[PracticeFigshare]:
    with practice_figshare() as running:
        running.holdings.keep(ANN, IVY, TIDES, HIDDEN, ODD)
        yield running


@pytest.fixture
def contract(shared_data: Path) -> Any:
    """The contract; where its prose says that something is null, its schemas do not, so they are mended here."""
    told = json.loads((shared_data / "repositories" / "figshare" / "figshare_swagger_v2.0.json").read_text())
    mended = deepcopy(told)
    for schema in mended["components"]["schemas"].values():
        for name, shape in schema.get("properties", {}).items():
            if "null if" in shape.get("description", ""):
                schema["properties"][name] = {**shape, "type": [shape["type"], "null"]}
    return mended


def ask(server: PracticeFigshare, place: str, token: str | None = None, **query: str) -> requests.Response:
    headers = {"Authorization": f"token {server.token if token is None else token}"}
    return requests.get(server.url + place, query, headers=headers, timeout=10)


@pytest.mark.parametrize("place", PLACES)
def test_every_answer_is_what_the_contract_promises_of_that_place(
    server: PracticeFigshare, contract: Any, place: str
) -> None:
    answer = ask(server, place)

    schema = promised(contract, place, "200")
    problems = Draft202012Validator({**schema, "components": contract["components"]}).iter_errors(answer.json())
    assert answer.status_code == 200
    assert [(list(each.absolute_path), each.message) for each in problems] == []


@pytest.mark.parametrize(
    ("place", "token", "status"),
    [("/account/institution", "other", 401), ("/articles/7002", None, 404), ("/nowhere", None, 404)],
)
def test_what_is_refused_says_so_as_the_contract_does(
    server: PracticeFigshare, contract: Any, place: str, token: str | None, status: int
) -> None:
    answer = ask(server, place, token)

    assert answer.status_code == status
    Draft202012Validator(contract["components"]["schemas"]["ErrorMessage"]).validate(answer.json())
    assert answer.json().keys() == {"code", "message"}


@pytest.mark.parametrize("place", PLACES)
def test_no_answer_has_a_name_that_the_contract_does_not_know(
    server: PracticeFigshare, contract: Any, place: str
) -> None:
    body = ask(server, place).json()

    schema = promised(contract, place, "200")
    known = names(contract, schema.get("items", schema))
    told = {name for each in (body if isinstance(body, list) else [body]) for name in each}
    assert told - known == set()


def test_every_parameter_that_is_understood_is_in_the_contract(contract: Any) -> None:
    listed = {each["name"] for each in contract["paths"]["/account/institution/articles"]["get"]["parameters"]}

    understood = {"page", "page_size", "limit", "offset", "order", "order_direction", "modified_since"}
    assert understood <= listed


def test_a_wrong_token_is_refused_where_a_token_is_asked_for(server: PracticeFigshare) -> None:
    assert ask(server, "/account/institution", token="other").status_code == 401
    assert ask(server, "/articles/7001", token="other").status_code == 200


def test_only_an_administrator_is_told_of_the_institution(server: PracticeFigshare) -> None:
    server.answers.administrator = False

    assert ask(server, "/account/institution/articles").status_code == 403


def test_what_nobody_published_is_listed_and_not_there(server: PracticeFigshare) -> None:
    listed = {row["id"] for row in ask(server, "/account/institution/articles").json()}

    assert listed == {7001, 7002, 7003}
    assert ask(server, "/articles/7002").status_code == 404


def test_the_list_tells_a_draft_that_everybody_is_not_told(server: PracticeFigshare) -> None:
    server.holdings.change(7001, draft={"title": "Not yet"})

    rows = {row["id"]: row["title"] for row in ask(server, "/account/institution/articles").json()}
    assert rows[7001] == "Not yet"
    assert ask(server, "/articles/7001").json()["title"] == "Tide tables"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"page": "5000"}, 200),
        ({"page": "5001"}, 422),
        ({"page_size": "1000"}, 200),
        ({"page_size": "1001"}, 422),
        ({"offset": "5000"}, 200),
        ({"offset": "5001"}, 422),
        ({"page": "1", "offset": "0"}, 422),
        ({"order": "views"}, 422),
        ({"modified_since": "2026-01-05"}, 200),
        ({"modified_since": "2026-01-05T08:00:00Z"}, 200),
        ({"modified_since": "yesterday"}, 400),
    ],
)
def test_limits_are_those_of_the_contract(server: PracticeFigshare, query: dict[str, str], status: int) -> None:
    assert ask(server, "/account/institution/articles", **query).status_code == status


def test_modified_since_leaves_out_what_changed_in_just_that_second(server: PracticeFigshare) -> None:
    def since(moment: str) -> int:
        return len(ask(server, "/account/institution/articles", modified_since=moment).json())

    assert since("2026-01-05T08:00:00Z") == 0
    assert since("2026-01-05T07:59:59Z") == 3


@pytest.mark.parametrize("what", ["login page", "not json", "cut short"])
def test_a_fault_strikes_where_it_is_told_to(server: PracticeFigshare, what: Any) -> None:
    server.faults.append(FigshareFault(what, address="/articles/7001"))

    answer = ask(server, "/articles/7001")

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    assert ask(server, "/articles/7001").json()["id"] == 7001


def promised(contract: Any, place: str, status: str) -> Any:
    """The schema of an answer."""
    shape = "/".join("{}" if part.isdigit() else part for part in place.split("/"))
    path = next(one for one in contract["paths"] if shape == "/".join(map(blank, one.split("/"))))
    return contract["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"]


def blank(part: str) -> str:
    return "{}" if part.startswith("{") else part


def names(contract: Any, schema: Any) -> set[str]:
    """All properties of a schema, its bases' too."""
    if "$ref" in schema:
        return names(contract, contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    own = set(schema.get("properties", {}))
    return own.union(*(names(contract, base) for base in schema.get("allOf", [])))
