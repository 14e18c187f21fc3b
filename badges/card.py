"""The badge as a JSON document: what `/badge/...json` answers and what an embed script shows in its popover."""

from scoring.rules import SOURCES
from sync.store import Face, Shown

NAMES = {number: name for name, number in SOURCES.items()}


def card(shown: Shown | Face, *, page: str) -> dict[str, object]:
    """The document, ready for `json.dumps`; the keys it shares with `explain --json` mean the same there.

    `shown` was permitted to its audience when it was written; `page` is the address of the page behind the badge. Rank
    and percentile are not in it, since they change with every other output."""
    return {
        "output": str(shown.output),
        "title": shown.title,
        "identifiers": [str(identifier) for identifier in shown.identifiers],
        "score": shown.score,
        "millipoints": shown.millipoints,
        "basis": shown.basis,
        "rules": {"name": shown.rules, "version": shown.version},
        "breakdown": [
            {
                "source": NAMES[part.source],
                "mentions": part.mentions,
                "units": part.units,
                "millipoints": part.millipoints,
                "basis": "counts" if part.tallied else "mentions",
            }
            for part in shown.breakdown
        ],
        "links": {"page": page},
    }


def shares(shown: Shown | Face) -> list[tuple[str, int]]:
    """What the ring is drawn from: the sources of a badge with their thousandths."""
    return [(NAMES[part.source], part.millipoints) for part in shown.breakdown]
