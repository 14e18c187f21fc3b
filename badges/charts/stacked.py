"""A bar of parts that lies in the row of its table, which has the numbers: told apart by pattern, colour only helps."""

from collections.abc import Sequence

from badges.charts.patterns import fill
from badges.charts.scales import length

HEIGHT = 16  # CSS pixels


def stacked(counts: Sequence[int], fills: Sequence[str]) -> str:
    """One part after the other, as long as its number is of all; nothing where all are none."""
    whole, begins, parts = sum(counts), 0.0, ""
    for count, name in zip(counts, fills, strict=True):
        wide = length(count, whole, 100)
        if count:
            parts += f'<rect x="{begins:g}%" width="{wide:g}%" height="{HEIGHT}" fill="{fill(name)}"/>'
        begins += wide
    return f'<svg class="flags-bar" width="100%" height="{HEIGHT}" aria-hidden="true">{parts}</svg>'
