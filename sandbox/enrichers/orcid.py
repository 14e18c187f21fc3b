"""What a practice ORCID answers, after the samples of the record schema 3.0: the works that a person lists."""

from collections.abc import Sequence
from typing import Any

from sandbox.asked import Call, Reply
from sandbox.enrichers.known import Known

NOBODY = "0000-0002-1825-0097"


def about(call: Call) -> list[str]:
    """The ORCID iD that a request names, but for the one of nobody."""
    parts = call.path.strip("/").split("/")
    return [parts[0]] if len(parts) == 2 and parts[0] != NOBODY else []


def answer(works: Sequence[Known], call: Call) -> Reply:
    """One request."""
    person, _, section = call.path.strip("/").partition("/")
    listed = [each for each in works if person in each.people]
    if section != "works" or not (listed or person == NOBODY):
        told = {
            "response-code": 404,
            "developer-message": "404 Not Found: The resource was not found.",
            "error-code": 9016,
        }
        return Reply(status=404, body=told)
    groups = [_group(each, number) for number, each in enumerate(listed, 1)]
    return Reply(body={"last-modified-date": {"value": 1559917017189}, "group": groups, "path": f"/{person}/works"})


def _group(known: Known, number: int) -> dict[str, Any]:
    own = [("doi", known.doi), *([("pmid", known.pmid)] if known.pmid else [])]
    ids = [_identifier(kind, value, "self") for kind, value in own]
    others = [_identifier("doi", doi, "version-of") for _, doi in known.relations]
    others.append(_identifier("issn", known.issn, "part-of"))
    summary = {
        "put-code": number,
        "source": {"source-name": {"value": "Ada Byline"}},
        "title": {"title": {"value": known.title}, "subtitle": None},
        "external-ids": {"external-id": [*ids, *others]},
        "type": "journal-article",
        "visibility": known.visibility,
    }
    return {"external-ids": {"external-id": ids}, "work-summary": [summary]}


def _identifier(kind: str, value: str, relationship: str) -> dict[str, Any]:
    return {
        "external-id-type": kind,
        "external-id-value": value,
        "external-id-normalized": {"value": value, "transient": True},
        "external-id-url": None,
        "external-id-relationship": relationship,
    }
