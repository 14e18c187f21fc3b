"""What a practice Mendeley answers, in the shape of recorded answers: a token for an application, and its catalogue."""

import base64
from typing import Any
from urllib.parse import parse_qs

from sandbox.answerers.acts import Known
from sandbox.asked import Call, Reply

APPLICATION = "1234"
NOBODY = "10.5555/12345678"
TOKEN = "MSwxNjAw.practice"  # noqa: S105 - of nobody
KIND = "application/vnd.mendeley-document.1+json"


def about(call: Call) -> list[str]:
    """The DOI that a request names."""
    return [doi] if (doi := call.asked.get("doi", "")) and doi != NOBODY else []


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if call.path == "/oauth/token":
        return _token(known, call)
    if call.path != "/catalog":
        return Reply(status=404, body={"message": "Not Found"})
    if call.headers.get("Authorization") != f"Bearer {TOKEN}" or known.ended:
        known.ended = False
        return Reply(status=401, body={"message": "Could not access resource because: Token has expired"})
    doi = call.asked.get("doi", "").lower()
    count = sum(act.doi == doi and not act.hidden for act in known.acts.values())
    return Reply(body=[entry_of(doi, count)] if count else [], kind=KIND)


def _token(known: Known, call: Call) -> Reply:
    pair = base64.b64encode(f"{APPLICATION}:{known.key}".encode()).decode()
    form = parse_qs(call.question) if isinstance(call.question, str) else {}
    if call.headers.get("Authorization") != f"Basic {pair}" or form.get("grant_type") != ["client_credentials"]:
        return Reply(status=401, body={"error": "invalid_client", "error_description": "Invalid client"})
    return Reply(body={"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600, "msso": None})


def entry_of(doi: str, count: int) -> dict[str, Any]:
    """An entry of the catalogue."""
    return {
        "id": "00000000-87c1-3295-b317-dd32957ebaed",
        "title": "Tides",
        "type": "journal",
        "authors": [{"first_name": "Ada", "last_name": "Byline"}],
        "year": 2026,
        "source": "Journal of Invented Results",
        "identifiers": {"doi": doi, "issn": "20493630"},
        "link": "https://www.mendeley.com/catalogue/00000000-87c1-3295-b317-dd32957ebaed/",
        "reader_count": count,
        "reader_count_by_academic_status": {"Professor": count},
        "reader_count_by_subdiscipline": {"Earth Sciences": {"Miscellaneous": count}},
        "reader_count_by_country": {"Portugal": count},
        "group_count": 0,
    }
