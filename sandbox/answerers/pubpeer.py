"""What a practice PubPeer answers, as public clients read it: nothing without a key, and only what has comments."""

from typing import Any

from sandbox.answerers.acts import Act, Known
from sandbox.asked import Call, Reply

NOBODY = "10.5555/12345678"


def about(call: Call) -> list[str]:
    """The DOIs that a request names."""
    return [doi for doi in _dois(call) if doi != NOBODY]


def answer(known: Known, call: Call) -> Reply:
    """One request."""
    if call.path != "/v3/publications":
        return Reply(status=404, body={"message": "Not Found"})
    if call.method != "POST":
        return Reply(status=405, body={"message": "Method Not Allowed"})
    if call.asked.get("devkey") != known.key or not _dois(call):
        return Reply(status=422, body={"message": "The given data was invalid."})
    return Reply(body={"feedbacks": [feedback(act) for act in known.newest() if act.doi in _dois(call)]})


def _dois(call: Call) -> list[str]:
    told = call.question.get("dois") if isinstance(call.question, dict) else None
    return [each for each in told if isinstance(each, str)] if isinstance(told, list) else []


def feedback(act: Act) -> dict[str, Any]:
    """A page of comments, as it is told."""
    stamp = act.at.strftime("%Y-%m-%d %H:%M:%S.%f")
    return {
        "id": act.doi,
        "title": act.text,
        "total_comments": 0 if act.hidden else 2,
        "users": f"{act.author}, Actinopolyspora biskrensis",
        "last_commented_at": {"date": stamp, "timezone_type": 3, "timezone": "UTC"},
        "url": f"https://pubpeer.com/publications/{act.number:032X}",
    }
