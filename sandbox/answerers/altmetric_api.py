"""What a practice Altmetric answers, in the shape of a recorded full record: a post of a news site where the number of
an act is odd, of an account on X where it is even; nothing without a key."""

from datetime import UTC, datetime
from typing import Any

from sandbox.answerers.acts import Act, Known
from sandbox.asked import Call, Reply

EXAMPLE = Act(number=2, doi="10.1038/news.2011.490", at=datetime(2011, 8, 26, tzinfo=UTC))  # of its documentation
PATH = "/v1/fetch/doi/"


def about(call: Call) -> list[str]:
    """The DOI that a request names."""
    doi = call.path.removeprefix(PATH) if call.path.startswith(PATH) else ""
    return [doi] if doi and doi != EXAMPLE.doi else []


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if call.asked.get("key") != known.key:
        return Reply(status=403, body={"error": "API key is required"})
    acts = [act for act in known.newest() if [act.doi] == about(call) and not act.hidden]
    acts = [EXAMPLE] if call.path == PATH + EXAMPLE.doi else acts
    return Reply(body=record_of(acts)) if acts else Reply(status=404, body="Not Found", kind="text/html")


def record_of(acts: list[Act]) -> dict[str, Any]:
    posts: dict[str, list[dict[str, Any]]] = {}
    for act in acts:
        posts.setdefault("news" if act.number % 2 else "twitter", []).append(_post(act))
    counts = {name: {"unique_users_count": len(told), "posts_count": len(told)} for name, told in posts.items()}
    return {
        "altmetric_id": 1812345,
        "counts": {**counts, "readers": {"mendeley": 7, "citeulike": 0}, "total": {"posts_count": len(acts)}},
        "citation": {"title": "Tides", "authors": ["Ada Byline"], "doi": acts[0].doi, "journal": "Invented Results"},
        "altmetric_score": {"score": 12.5},
        "posts": posts,
        "score": 12.5,
    }


def _post(act: Act) -> dict[str, Any]:
    told: dict[str, Any] = {"posted_on": act.at.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "license": "public"}
    if act.number % 2:
        site = f"https://herald{act.number}.example.org"
        herald = {"name": "Harbour Herald", "url": site}
        return {**told, "title": act.text, "url": f"{site}/tides", "author": herald}
    author: dict[str, Any] = {"name": act.author, "id_on_source": act.author, "followers": 120}
    url = f"https://x.com/{act.author}/status/{act.number}"
    return {**told, "url": url, "tweet_id": str(act.number), "author": author}
