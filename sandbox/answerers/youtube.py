"""What a practice YouTube answers, in the shape of recorded answers: a search that guesses and never ends, with
descriptions that are cut; a quota of searches; and the whole of single videos."""

from typing import Any

from sandbox.answerers.acts import Act, Known
from sandbox.asked import Call, Reply

NOISE = 3  # videos that every page of a search has, whatever was asked for


def about(call: Call) -> list[str]:
    """The DOI that a request names."""
    return [call.asked["q"].strip('"')] if "q" in call.asked else []


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if call.headers.get("X-Goog-Api-Key") != known.key:
        return _error(400, "badRequest", "INVALID_ARGUMENT", "API_KEY_INVALID")
    if call.path == "/search":
        return _search(known, call) if known.spend() else _error(403, "quotaExceeded", "RESOURCE_EXHAUSTED")
    if call.path == "/videos":
        wanted = call.asked.get("id", "").split(",")
        videos = [video_of(act) for act in known.newest() if _id(act.number) in wanted and not act.hidden]
        videos += [_noise(number) for number in range(10 * NOISE) if _id(-number - 1) in wanted]
        page = {"totalResults": len(videos), "resultsPerPage": len(videos)}
        return Reply(body={"kind": "youtube#videoListResponse", "etag": "e", "items": videos, "pageInfo": page})
    return _error(404, "notFound", "NOT_FOUND")


def _search(known: Known, call: Call) -> Reply:
    """Those that name it first, then others, page after page."""
    number = int(call.asked.get("pageToken", "P0").removeprefix("P"))
    size = min(int(call.asked.get("maxResults", "5")), known.most)
    wanted = call.asked.get("q", "").strip('"')
    named = [_id(act.number) for act in known.newest() if act.doi == wanted]
    ids = named[number * size : (number + 1) * size]
    ids += [_id(-1 - (number * NOISE + each) % (10 * NOISE)) for each in range(min(NOISE, size - len(ids)))]
    items = [
        {"kind": "youtube#searchResult", "etag": "e", "id": {"kind": "youtube#video", "videoId": each}} for each in ids
    ]
    return Reply(
        body={
            "kind": "youtube#searchListResponse",
            "etag": "e",
            "nextPageToken": f"P{number + 1}",
            "regionCode": "US",
            "pageInfo": {"totalResults": 1_000_000, "resultsPerPage": size},
            "items": items,
        }
    )


def _error(status: int, reason: str, word: str, detail: str = "") -> Reply:
    told: dict[str, Any] = {
        "code": status,
        "message": "The request cannot be completed.",
        "errors": [{"message": "x", "domain": "youtube.quota", "reason": reason}],
        "status": word,
    }
    if detail:
        told["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}]
    return Reply(status=status, body={"error": told}, kind="application/json; charset=UTF-8")


def _id(number: int) -> str:
    return f"vid-{number:07d}"


def video_of(act: Act) -> dict[str, Any]:
    """An act as a video with its whole description."""
    description = f"{act.text}\n\nThe article: https://doi.org/{act.doi}\nMusic: Harbour Bells"
    return _shown(_id(act.number), act.author, description, act.at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _noise(number: int) -> dict[str, Any]:
    return _shown(_id(-number - 1), "somebody", "Ten facts about 10.5555 and tides", "2020-03-14T01:59:46.000Z")


def _shown(id_: str, author: str, description: str, at: str) -> dict[str, Any]:
    snippet = {
        "publishedAt": at,
        "channelId": f"UC{sum(author.encode()):022d}",
        "title": "Tides explained",
        "description": description,
        "thumbnails": {},
        "channelTitle": author,
        "categoryId": "28",
        "liveBroadcastContent": "none",
    }
    return {"kind": "youtube#video", "etag": "e", "id": id_, "snippet": snippet}
