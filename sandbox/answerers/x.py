"""What a practice X answers: posts that have a link, a page of them that says whether there are more, and no list where
there are none; the search finds words in a row anywhere in an address."""

import re
from typing import Any

from sandbox.answerers.acts import Act, Known
from sandbox.asked import Call, Reply

NOBODY = "10.5555/12345678"
_QUERY = re.compile(r'url:"doi\.org/([^"]*)"')
_WORDS = re.compile(r"[a-z0-9]+")


def about(call: Call) -> list[str]:
    """The DOI that a request names."""
    found = _QUERY.fullmatch(call.asked.get("query", ""))
    return [found[1]] if found and found[1] != NOBODY else []


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if call.headers.get("Authorization") != f"Bearer {known.key}":
        return Reply(status=401, body={"title": "Unauthorized", "type": "about:blank", "status": 401})
    if call.path != "/2/tweets/search/all":
        return Reply(status=404, body={"title": "Not Found Error", "type": "about:blank"})
    size = int(call.asked.get("max_results", "10"))
    if not 10 <= size <= 500 or not (query := _QUERY.fullmatch(call.asked.get("query", ""))):
        return Reply(status=400, body={"title": "Invalid Request", "errors": [{"message": "query or max_results"}]})
    if not known.spend():
        return Reply(status=402, body={"title": "CreditsDepleted", "type": "about:blank"})
    wanted = " ".join(_WORDS.findall(query[1].lower()))
    acts = [act for act in known.newest() if not act.hidden and f" {wanted}" in f" {' '.join(_WORDS.findall(act.doi))}"]
    page = acts[: min(size, known.most)]
    meta: dict[str, Any] = {"result_count": len(page)}
    if not page:
        return Reply(body={"meta": meta})
    meta |= {"newest_id": _id(page[0]), "oldest_id": _id(page[-1])}
    if len(acts) > len(page):
        meta["next_token"] = "b26v89c19zqg8o3fosde"  # noqa: S105 - of a page
    return Reply(body={"data": [post_of(act) for act in page], "meta": meta}, kind="application/json; charset=utf-8")


def _id(act: Act) -> str:
    return str(1_900_000_000_000_000_000 + act.number)


def post_of(act: Act) -> dict[str, Any]:
    return {
        "id": _id(act),
        "author_id": str(7000 + sum(act.author.encode())),
        "created_at": act.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "text": f"{act.text} https://t.co/practice{act.number}",
        "edit_history_tweet_ids": [_id(act)],
        "entities": {
            "urls": [
                {
                    "start": 0,
                    "end": 23,
                    "url": f"https://t.co/practice{act.number}",
                    "expanded_url": f"https://doi.org/{act.doi}",
                    "display_url": f"doi.org/{act.doi[:12]}…",
                }
            ]
        },
    }
