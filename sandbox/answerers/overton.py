"""What a practice Overton answers, as public clients read it: a set of DOIs for a form that says that it is one, and
the articles of a set with what cites them, a few on a page."""

import hashlib
from typing import Any
from urllib.parse import parse_qs

from sandbox.answerers.acts import Act, Known
from sandbox.asked import Call, Reply

NOBODY = "10.5555/12345678"
FORM = "application/x-www-form-urlencoded"
PAGE = 10
SETS: dict[str, list[str]] = {}  # by names that follow from what is in them, so that all may share them


def about(call: Call) -> list[str]:
    """The DOIs that a request names; the name of a set says none."""
    named = not call.asked.get("dois", "").startswith("set:")
    return [doi for doi in _dois(call) if named and doi != NOBODY]


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if call.asked.get("api_key") != known.key:
        return Reply(status=403, body={"error": "Invalid API key"})
    if call.path == "/generate_id_set.php" and call.method == "POST":
        dois = _dois(call)
        name = f"set:{len(dois)}:{hashlib.sha256('|'.join(dois).encode()).hexdigest()[:32]}"
        SETS[name] = dois
        return Reply(body={"set": name})
    if call.path == "/articles.php":
        return Reply(body=_articles(known, call))
    return Reply(status=404, body={"error": "Not Found"})


def _dois(call: Call) -> list[str]:
    if call.method == "POST":
        form = parse_qs(call.question) if isinstance(call.question, str) else {}
        said = call.headers.get("Content-Type") == FORM
        return form.get("dois", [""])[0].split("\n") if said and form else []
    told = call.asked.get("dois", "")
    return SETS.get(told, []) if told.startswith("set:") else [told] if told else []


def _articles(known: Known, call: Call) -> dict[str, Any]:
    dois, number = _dois(call), int(call.asked.get("page", "1"))
    cited = {doi: [act for act in known.newest() if act.doi == doi and not act.hidden] for doi in dois}
    articles = [article_of(doi, acts) for doi, acts in cited.items() if acts]
    size = min(PAGE, known.most)
    more = len(articles) > number * size
    query = {"description": "Articles", "page": number}
    if more:  # with the key in it, at an address that is not to be followed
        query["next_page_url"] = f"http://elsewhere.example.org/articles.php?api_key={known.key}&page={number + 1}"
    return {"query": query, "results": {"results": articles[(number - 1) * size : number * size]}}


def article_of(doi: str, acts: list[Act]) -> dict[str, Any]:
    return {
        "title": "Tides",
        "doi": doi,
        "document_url": f"https://doi.org/{doi}",
        "authors": ["Ada Byline"],
        "orcids": [],
        "citations": len(acts),
        "last_cited": acts[0].at.date().isoformat(),
        "cited_by_documents": [citing_of(act) for act in acts],
    }


def citing_of(act: Act) -> dict[str, Any]:
    """A document of a government where the number is odd, a clinical guideline where it is even."""
    address = f"https://ministry.example.org/{act.number}"
    return {
        "policy_document_id": f"ministry-{act.number:032x}",
        "policy_source_id": "ministry",
        "source_title": "Ministry of Tides",
        "document_title": act.text,
        "published_on": act.at.date().isoformat(),
        "overton_document_series": "Publication" if act.number % 2 else "Clinical Guideline",
        "document_url": address,
        "type": "government",
        "subtype": None,
        "country": "Portugal",
        "topics": ["Tide"],
        "classifications": ["environment"],
        "cited_by_child_pdfs": {f"{address}.pdf": {"on_pages": [17, 3, 17]}},
        "url": f"https://app.overton.io/document.php?policy_document_id=ministry-{act.number:032x}",
    }
