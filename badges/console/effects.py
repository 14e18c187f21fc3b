"""What a change shows and hides, as rows for a table; long lists are cut, and say so."""

from typing import NamedTuple

from badges.console.scope_view import AUDIENCE_WORDS
from sync.store import Effect

SHOWN = 50  # of a long list


class Row(NamedTuple):
    """What appears or vanishes for one audience, or at one connection: how many of a kind, and the first of them."""

    where: str
    kind: str
    way: str
    number: int
    first: tuple[str, ...]


def effect_rows(effect: Effect) -> list[Row]:
    """Everything that is not nothing, what vanishes first; then badges that are written and withdrawn."""
    rows = [
        Row(AUDIENCE_WORDS[audience], kind, way, len(ways[way]), tuple(ways[way][:SHOWN]))
        for way in ("vanish", "appear")
        for audience, kinds in effect.seen.items()
        for kind, ways in kinds.items()
        if ways[way]
    ]
    rows += [
        Row(name, "badges", f"to be {way} by the next push", count, ())
        for way, counts in (("withdrawn", effect.withdrawals), ("written", effect.writes))
        for name, count in counts.items()
        if count
    ]
    return rows
