"""What a practice Crossref answers, after the documentation of its REST API and the bodies shown there."""

from collections.abc import Sequence
from typing import Any

from sandbox.asked import PLAIN, Call, Reply
from sandbox.enrichers.known import Known

SELECTABLE = {
    *("DOI", "ISSN", "URL", "alternative-id", "author", "container-title", "issued", "license", "published"),
    *("publisher", "relation", "resource", "subject", "title", "type", "update-to", "updated-by"),
}

HEADERS = {"X-Rate-Limit-Limit": "50", "X-Rate-Limit-Interval": "1s", "X-Concurrency-Limit": "5"}


def about(call: Call) -> list[str]:
    """The DOIs that a request names."""
    if call.path.startswith("/works/"):
        return [call.path.removeprefix("/works/").lower()]
    return [
        value.lower()
        for each in call.asked.get("filter", "").split(",")
        for name, _, value in [each.partition(":")]
        if name == "doi"
    ]


def answer(works: Sequence[Known], call: Call) -> Reply:
    """One request."""
    if call.path.startswith("/works/"):
        found = [each for each in works if each.doi in about(call)]
        if not found:
            return Reply(status=404, body="Resource not found.", kind=PLAIN)
        return Reply(body={"status": "ok", "message-type": "work", "message": _work(found[0])})
    if call.path != "/works":
        return Reply(status=404, body="Resource not found.", kind=PLAIN)
    rows, fields = call.asked.get("rows", "20"), call.asked.get("select", "")
    if not rows.isdecimal() or int(rows) > 1000:
        return _refused("rows", rows)
    if unknown := sorted(set(filter(None, fields.split(","))) - SELECTABLE):
        return _refused("select", unknown[0])
    named = about(call)
    found = [each for each in works if each.doi in named] if "filter" in call.asked else list(works)
    told = [_selected(_work(each), fields) for each in found[: int(rows)]]
    message = {"facets": {}, "total-results": len(found), "items": told, "items-per-page": int(rows)}
    return Reply(body={"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message})


def _selected(work: dict[str, Any], fields: str) -> dict[str, Any]:
    return {name: told for name, told in work.items() if not fields or name in fields.split(",")}


def _refused(name: str, value: str) -> Reply:
    told = {"type": "parameter-not-allowed", "value": value, "message": f"{name}: {value} is not allowed"}
    return Reply(status=400, body={"status": "failed", "message-type": "validation-failure", "message": [told]})


def _work(known: Known) -> dict[str, Any]:
    relation: dict[str, list[dict[str, str]]] = {}
    for name, doi in known.relations:
        relation.setdefault(name, []).append({"id-type": "doi", "id": doi, "asserted-by": "subject"})
    notice = [{"DOI": f"{known.doi}.notice", "type": "retraction", "label": "Retraction"}]
    return {
        "DOI": known.doi,
        "URL": f"https://doi.org/{known.doi}",
        "type": "journal-article",
        "title": [known.title],
        "author": [{"given": "Ada", "family": "Byline", "sequence": "first"}],
        "container-title": [known.journal],
        "ISSN": [known.issn],
        "subject": [known.subject],
        "license": [{"URL": known.licence, "content-version": "vor", "delay-in-days": 0}],
        "alternative-id": ["S2049363000001234"],
        "resource": {"primary": {"URL": known.page}},
        "relation": relation,
        **({"updated-by": notice} if known.retracted else {}),
    }
