"""What a practice DataCite answers about events, in the shape of recorded answers: each link as both sides register it,
beside events that say nothing of attention, and pages by a cursor with an address of its own choice."""

from typing import Any

from sandbox.answerers.acts import Act, Known
from sandbox.asked import Call, Reply


def about(call: Call) -> list[str]:
    """The DOI that a request names."""
    return [doi] if (doi := call.asked.get("doi", "")) else []


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if call.path != "/events":
        return Reply(status=404, body={"errors": [{"status": "404", "title": "The resource you are looking for"}]})
    doi = call.asked.get("doi", "")
    events = [event for act in known.newest() if act.doi == doi and not act.hidden for event in events_of(act)]
    size, cursor = min(int(call.asked.get("page[size]", "25")), known.most), call.asked.get("page[cursor]", "1")
    start = 0 if cursor == "1" else int(cursor)
    links = {"self": f"https://api.datacite.org/events?doi={doi}"}
    if len(events) > start + size:
        links["next"] = f"https://api.datacite.org/events?doi={doi}&page%5Bcursor%5D={start + size}"
    meta = {"total": len(events), "totalPages": -(-len(events) // max(size, 1)), "page": 1}
    return Reply(
        body={"data": events[start : start + size], "meta": meta, "links": links},
        kind="application/json; charset=utf-8",
    )


def events_of(act: Act) -> list[dict[str, Any]]:
    """A dataset references the work, which Crossref says from the other side too; and somebody has read it."""
    work, dataset = f"https://doi.org/{act.doi}", f"https://doi.org/10.5555/data.{act.number}"
    report = f"https://api.datacite.org/reports/{act.number}"
    return [
        _event(act, 1, dataset, work, "references", "datacite-crossref"),
        _event(act, 2, work, dataset, "is-cited-by", "crossref"),
        _event(act, 3, report, work, "total-dataset-investigations-regular", "datacite-usage"),
        _event(act, 4, work, "https://doi.org/10.5555/tides.supplement", "is-supplemented-by", "crossref"),
    ]


def _event(act: Act, turn: int, subject: str, object_: str, relation: str, source: str) -> dict[str, Any]:
    stamp = act.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "id": f"00000000-0000-4000-8{turn:03d}-{act.number:012d}",
        "type": "events",
        "attributes": {
            "subjId": subject,
            "objId": object_,
            "sourceId": source,
            "relationTypeId": relation,
            "total": 1,
            "messageAction": "create",
            "sourceToken": "practice",
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "occurredAt": stamp,
            "timestamp": stamp,
        },
    }
