"""What a practice search of Hacker News answers: it searches by words, finds more than what was meant, shows the newest
thousand of what it finds, and takes quotes for nothing unless it is told to."""

import re
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from sandbox.answerers.acts import Act, Known
from sandbox.asked import Call, Reply

_WORDS = re.compile(r"[a-z0-9]+")
_OLDER = re.compile(r"created_at_i<=(\d+)")


def about(call: Call) -> list[str]:
    """The DOI that a request names."""
    phrase = call.asked.get("query", "").strip('"')
    return [phrase] if phrase else []


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if call.path != "/search_by_date":
        return Reply(status=404, body={"message": "Not Found", "status": 404})
    query = call.asked.get("query", "")
    phrase = query.startswith('"') and call.asked.get("advancedSyntax") == "true"
    size = min(int(call.asked.get("hitsPerPage", "20")), known.most)
    older = _OLDER.fullmatch(call.asked.get("numericFilters", ""))
    hits = [
        hit
        for act in known.newest()
        if not act.hidden
        for hit in [hit_of(act)]
        if _found(hit, query, phrase=phrase) and (not older or hit["created_at_i"] <= int(older[1]))
    ]
    pages = -(-len(hits) // max(size, 1))
    return Reply(
        body={
            "exhaustive": {"nbHits": True, "typo": True},
            "exhaustiveNbHits": True,
            "hits": hits[:size],
            "hitsPerPage": size,
            "nbHits": len(hits),
            "nbPages": pages,
            "page": 0,
            "params": "advancedSyntax=true",
            "query": query,
        }
    )


def _found(hit: dict[str, Any], query: str, *, phrase: bool) -> bool:
    """By the words of any field, the last of them perhaps the beginning of another."""
    wanted = _WORDS.findall(query.lower())
    for name in ("title", "url", "story_text", "comment_text", "story_title", "story_url"):
        text = unescape(re.sub("<[^>]*>", " ", hit.get(name) or ""))
        there = " ".join(_WORDS.findall(text.lower()))
        if (phrase and f" {' '.join(wanted)}" in f" {there}") or (not phrase and set(wanted) <= set(there.split())):
            return True
    return False


def hit_of(act: Act) -> dict[str, Any]:
    """A story with an address where the number is odd, a comment where it is even."""
    address = f"https://doi.org/{quote(act.doi)}"
    told = {
        "created_at": act.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "created_at_i": int(act.at.timestamp()),
        "author": act.author,
        "objectID": str(40_000_000 + act.number),
        "updated_at": act.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if act.number % 2:
        return {
            **told,
            "title": act.text,
            "url": address,
            "points": 7,
            "num_comments": 1,
            "story_id": 40_000_000 + act.number,
            "_tags": ["story", f"author_{act.author}", f"story_{40_000_000 + act.number}"],
        }
    link, name = (escape(each).replace("/", "&#x2F;") for each in (address, act.doi))
    return {
        **told,
        "comment_text": f'{act.text}, {name}:<p><a href="{link}" rel="nofollow">{link}</a>',
        "parent_id": 39_000_000,
        "story_id": 39_000_000,
        "story_title": "Ask HN: What are you reading?",
        "story_url": "https://example.org/reading",
        "_tags": ["comment", f"author_{act.author}", "story_39000000"],
    }
