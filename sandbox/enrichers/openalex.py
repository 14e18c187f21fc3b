"""What a practice OpenAlex answers, after the documentation of its API. A list costs, a work by its DOI does not."""

from collections.abc import Sequence
from typing import Any

from sandbox.asked import Call, Reply
from sandbox.enrichers.known import Known

DOI_ORG = "https://doi.org/"
MOST = 100  # values of one filter, and rows of one page


def about(call: Call) -> list[str]:
    """The DOIs that a request names."""
    if call.path.startswith("/works/"):
        return [_bare(call.path.removeprefix("/works/"))]
    name, _, values = call.asked.get("filter", "").partition(":")
    return [_bare(each) for each in values.split("|")] if name == "doi" else []


def answer(works: Sequence[Known], call: Call) -> Reply:
    """One request."""
    named = about(call)
    fields = call.asked.get("select", "")
    if call.path.startswith("/works/"):
        found = [each for each in works if each.doi in named]
        return Reply(body=_work(found[0], fields)) if found else _error(404, "Not found")
    size = call.asked.get("per_page", call.asked.get("per-page", "25"))
    if call.path != "/works":
        return _error(404, "Not found")
    if not size.isdecimal() or not 1 <= int(size) <= MOST or len(named) > MOST:
        return _error(400, "per_page parameter must be between 1 and 100")
    found = [each for each in works if each.doi in named] if "filter" in call.asked else list(works)
    told = [_work(each, fields) for each in found[: int(size)]]
    return Reply(
        body={"meta": {"count": len(found), "page": 1, "per_page": int(size)}, "results": told, "group_by": []}
    )


def _bare(text: str) -> str:
    return text.lower().removeprefix("doi:").removeprefix(DOI_ORG)


def _error(status: int, text: str) -> Reply:
    return Reply(status=status, body={"error": text, "message": text})


def _work(known: Known, fields: str) -> dict[str, Any]:
    own = f"https://openalex.org/W{sum(known.doi.encode())}"
    pmid = {"pmid": f"https://pubmed.ncbi.nlm.nih.gov/{known.pmid}"} if known.pmid else {}
    pmcid = {"pmcid": f"https://www.ncbi.nlm.nih.gov/pmc/articles/{known.pmcid}"} if known.pmcid else {}
    source = {"display_name": known.journal, "issn_l": known.issn, "issn": [known.issn], "type": "journal"}
    told = {
        "id": own,
        "doi": f"{DOI_ORG}{known.doi}",
        "title": known.title,
        "ids": {"openalex": own, "doi": f"{DOI_ORG}{known.doi}", "mag": "2741809807", **pmid, **pmcid},
        "authorships": [{"author": {"display_name": "Ada Byline"}}],
        "primary_location": {"landing_page_url": known.page or None, "license": "cc-by", "source": source},
        "topics": [{"display_name": "Tides", "field": {"display_name": known.subject}}],
        "is_retracted": known.retracted,
    }
    return {name: each for name, each in told.items() if not fields or name in fields.split(",")}
