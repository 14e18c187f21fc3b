"""What a practice Stack Exchange answers: always zipped, with a quota and at times a `backoff` in the body;
excerpts that are cut, with what was found in <span>, and titles with entities."""

from html import escape
from typing import Any
from urllib.parse import quote

from sandbox.answerers.acts import Act, Known
from sandbox.asked import Call, Reply

SITES = {"stackoverflow": "stackoverflow.com", "stats": "stats.stackexchange.com"}
FIRST = 70_000_000


def about(call: Call) -> list[str]:
    """The DOI that a request names."""
    return [call.asked["body"]] if "body" in call.asked else []


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if "key" in call.asked and call.asked["key"] != known.key:
        return _error(400, "bad_parameter", "`key` doesn't match a known application")
    if not known.spend():
        return _error(
            502, "throttle_violation", "too many requests from this IP, more requests available in 3600 seconds"
        )
    site = call.asked.get("site", "")
    if site not in SITES:
        return _error(400, "bad_parameter", f"No site found for name `{site}`")
    if call.path == "/info":
        return _wrapped(known, [{"api_revision": "2025.1.1.1"}])
    acts = known.newest() if site == "stackoverflow" else []
    if call.path == "/search/excerpts":
        words = call.asked.get("body", "").lower()
        size, page = min(int(call.asked.get("pagesize", "30")), known.most), int(call.asked.get("page", "1"))
        found = [act for act in acts if act.doi.startswith(words) or words in act.text.lower()]
        return _wrapped(known, [excerpt_of(act) for act in found], size, page)
    if call.path.startswith("/posts/"):
        wanted = call.path.removeprefix("/posts/").split(";")
        posts = [post_of(act, call) for act in acts if str(FIRST + act.number) in wanted and not act.hidden]
        return _wrapped(known, posts, 100)
    return _error(404, "no_method", "this method does not exist")


def _wrapped(known: Known, items: list[dict[str, Any]], size: int = 30, page: int = 1) -> Reply:
    left = 300 if known.left is None else known.left
    told = {
        "items": items[(page - 1) * size : page * size],
        "has_more": len(items) > page * size,
        "quota_max": 300,
        "quota_remaining": left,
        **({"backoff": known.backoff} if known.backoff else {}),
    }
    return Reply(body=told, kind="application/json; charset=utf-8")


def _error(number: int, name: str, message: str) -> Reply:
    return Reply(status=400, body={"error_id": number, "error_message": message, "error_name": name})


def _is_question(act: Act) -> bool:
    return bool(act.number % 2)


def excerpt_of(act: Act) -> dict[str, Any]:
    """An act as the search shows it: cut, with what was found in <span>."""
    kind = "question" if _is_question(act) else "answer"
    prefix, _, suffix = act.doi.partition("/")
    return {
        "tags": ["tides"],
        "item_type": kind,
        f"{kind}_id": FIRST + act.number,
        "question_id": FIRST + act.number if kind == "question" else FIRST - 1,
        "score": 3,
        "creation_date": int(act.at.timestamp()),
        "title": escape(f'Why do "tides" turn? & {act.text}'),
        "excerpt": f'… see <span class="highlight">{prefix}</span>/<span class="highlight">{suffix[:4]}</span> …',
    }


def post_of(act: Act, call: Call) -> dict[str, Any]:
    """An act as it is told whole."""
    question = _is_question(act)
    slug = f"questions/{FIRST + act.number}/why-do-tides-turn"
    if not question:
        slug = f"questions/{FIRST - 1}/why-do-tides-turn/{FIRST + act.number}#{FIRST + act.number}"
    address = f"https://doi.org/{quote(act.doi)}"
    body = {"body": f'<p>{escape(act.text)}, see <a href="{escape(address)}">this article</a>.</p>'}
    return {
        "owner": {
            "account_id": 9_000_000 + sum(act.author.encode()),
            "user_id": 800_000 + sum(act.author.encode()),
            "user_type": "registered",
            "reputation": 6101,
            "display_name": escape(act.author),
            "link": "https://stackoverflow.com/users/800000",
        },
        "score": 3,
        "last_activity_date": int(act.at.timestamp()),
        "creation_date": int(act.at.timestamp()),
        "post_type": "question" if question else "answer",
        "post_id": FIRST + act.number,
        "content_license": "CC BY-SA 4.0",
        "link": f"https://stackoverflow.com/{slug}",
        **(body if call.asked.get("filter") == "withbody" else {}),
    }
