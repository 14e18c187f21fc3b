"""What was done, run by run, as a row of columns: a picture as wide as its place, without words.

What it shows is in the table beside it, so it is there for the eye alone. A column that did not come to a good end is
hollow, so that it is told apart without colour; one of nothing is a line."""

from collections.abc import Sequence
from typing import NamedTuple

from badges.charts.scales import length

BAR = 0.72  # of the room of a column
LEAST = 2  # columns that make a picture
FEWEST = 12  # columns for which there is room in any case


class Past(NamedTuple):
    """One run: how much of it, and whether it ended well."""

    size: int
    well: bool


def past(runs: Sequence[Past], *, height: int) -> str:
    """An SVG of runs, the oldest first; empty where they are too few to be compared."""
    if len(runs) < LEAST:
        return ""
    most = max(run.size for run in runs)
    room = 100 / max(len(runs), FEWEST)
    drawn = "".join(
        f'<rect class="{"well" if run.well else "badly"}" x="{place * room + room * (1 - BAR) / 2:.2f}%" '
        f'width="{room * BAR:.2f}%" y="{height - 1 - up:g}" height="{up:g}"/>'
        for place, run in enumerate(runs)
        for up in (max(length(run.size, most, height - 2), 1.0),)
    )
    return (
        f'<svg class="conn-past" width="100%" height="{height}" aria-hidden="true">{drawn}'
        f'<line x2="100%" y1="{height - 0.5}" y2="{height - 0.5}"/></svg>'
    )
