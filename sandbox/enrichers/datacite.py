"""What a practice DataCite answers, after the documentation of its REST API."""

import re
from collections.abc import Sequence
from typing import Any

from sandbox.asked import Call, Reply
from sandbox.enrichers.known import Known

PHRASE = re.compile(r'"((?:[^"\\]|\\.)*)"')
RELATIONS = {
    "has-preprint": "HasVersion",
    "has-version": "HasVersion",
    "is-version-of": "IsVersionOf",
    "is-preprint-of": "IsVersionOf",
}


def about(call: Call) -> list[str]:
    """The DOIs that a request names."""
    query = call.asked.get("query", "")
    return [re.sub(r"\\(.)", r"\1", each).lower() for each in PHRASE.findall(query)]


def answer(works: Sequence[Known], call: Call) -> Reply:
    """One request."""
    size = call.asked.get("page[size]", "25")
    if call.path != "/dois":
        return _error(404, "The resource you are looking for doesn't exist.")
    if not size.isdecimal() or int(size) > 1000:
        return _error(400, "page[size] is not allowed")
    if "query" in call.asked and not call.asked["query"].startswith("doi:("):
        return _error(400, "the query is not understood")
    named = about(call)
    found = [each for each in works if each.doi in named] if "query" in call.asked else list(works)
    fields = call.asked.get("fields[dois]", "")
    told = [_row(each, fields) for each in found[: int(size)]]
    return Reply(body={"data": told, "meta": {"total": len(found), "totalPages": 1, "page": 1}, "links": {}})


def _error(status: int, title: str) -> Reply:
    return Reply(status=status, body={"errors": [{"status": str(status), "title": title}]})


def _row(known: Known, fields: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "doi": known.doi,
        "state": "findable",
        "url": known.page,
        "titles": [{"title": known.title}],
        "creators": [{"name": "Byline, Ada", "nameType": "Personal"}],
        "container": {"type": "Journal", "title": known.journal, "identifier": known.issn, "identifierType": "ISSN"},
        "subjects": [{"subject": known.subject}],
        "rightsList": [{"rights": "CC BY 4.0", "rightsUri": known.licence, "rightsIdentifier": "cc-by-4.0"}],
        "identifiers": [{"identifier": known.pmid, "identifierType": "PMID"}] if known.pmid else [],
        "relatedIdentifiers": [
            {"relationType": RELATIONS[name], "relatedIdentifier": doi, "relatedIdentifierType": "DOI"}
            for name, doi in known.relations
        ],
    }
    wanted = {name: each for name, each in told.items() if not fields or name in fields.split(",")}
    return {"id": known.doi, "type": "dois", "attributes": wanted}
