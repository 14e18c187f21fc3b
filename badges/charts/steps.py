"""The history of a score as a small picture inside a page: steps over time, without words or colours of its own.

What it shows is in the table beside it, so it is there for the eye alone."""

from collections.abc import Sequence

from badges.charts.scales import length
from sync.store import Change

WIDTH, HEIGHT = 640, 120
EDGE = 4  # room for the line's own width
TAIL = 24  # how far the last score runs on, for it still holds


def plot(changes: Sequence[Change]) -> str:
    """An SVG of at least two changes, the oldest first; empty for fewer, which make no line.

    It is stretched to its place by the style sheet, which also says what the line looks like."""
    if len(changes) < 2:
        return ""
    begin, end = changes[0].at, max(change.at for change in changes)
    highest = max(max(change.before, change.after) for change in changes)

    def across(at: int) -> float:
        return EDGE + length(at - begin, end - begin, WIDTH - TAIL - 2 * EDGE)

    def up(points: int) -> float:
        return HEIGHT - EDGE - length(points, highest, HEIGHT - 2 * EDGE)

    line = f"M{EDGE} {up(changes[0].before):g}" + "".join(
        f"H{across(change.at):g}V{up(change.after):g}" for change in changes
    )
    return (
        f'<svg class="steps" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="ground" d="M{EDGE} {HEIGHT - EDGE}H{WIDTH - EDGE}"/>'
        f'<path class="line" d="{line}H{WIDTH - EDGE}"/></svg>'
    )
