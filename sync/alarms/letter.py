"""What is told, in words and as data: counts, names of connections and public ids, never a title or a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sync import store
from sync.store import News

TITLES = {"new": "New", "still": "Still there", "solved": "Solved"}
TEST = "This is a test: nothing is wrong, and alarms would come by this way."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that is told at once. `subject` is one line, `words` are many, `data` is the same for programs."""

    subject: str
    words: str
    data: dict[str, Any]


def letter(institution: str, news: Sequence[News]) -> Letter:
    """What has changed, most urgent first; no news at all make a test."""
    told = {state: [each for each in news if each.state == state] for state in TITLES}
    counts = ", ".join(f"{len(some)} {state}" for state, some in told.items() if some) or "a test"
    parts = [[TITLES[state], *(f"- {_line(each)}" for each in some), ""] for state, some in told.items() if some]
    subject = f"Ringmark, {_plain(institution)}: {counts}"
    lines = [line for part in parts for line in part] or [TEST, ""]
    words = "\n".join([*lines, "What stands now: ringmark status. What each means: docs/alarms.md"])
    return Letter(
        subject=subject,
        words=words,
        data={
            "institution": _plain(institution),
            "text": f"{subject}\n\n{words}",
            "alarms": [
                {"name": each.name, "words": _plain(each.words), "since": store.stamp(each.since), "state": each.state}
                for each in news
            ],
        },
    )


def _line(each: News) -> str:
    if each.state == "solved":
        return f"{_plain(each.words)} (lasted {store.alarms.span(each.until - each.since)})"
    return f"{_plain(each.words)} (since {store.moment(each.since):%Y-%m-%d %H:%M} UTC)"


def _plain(text: str) -> str:
    """One line without control characters, so that no text can pass for another line or a header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
