"""A curve of a rule set as a small picture: each step as wide as the others, for the numbers they begin at are far
apart. What it shows is in the table beside it, so it is there for the eye alone."""

from collections.abc import Sequence

from badges.charts.scales import length

WIDTH, HEIGHT, FOOT = 360, 96, 18  # of the whole, and of the line with the numbers below
EDGE = 4  # room for the line's own width
NAMED = 8  # with more steps their numbers would run into each other


def curve(steps: Sequence[tuple[str, int]]) -> str:
    """An SVG of steps: from where on, as it is written, and how much."""
    highest, wide = max(milli for _, milli in steps), (WIDTH - 2 * EDGE) / len(steps)
    line, names = "", []
    for place, (start, milli) in enumerate(steps):
        across = round(EDGE + place * wide, 1)
        up = HEIGHT - EDGE - length(milli, highest, HEIGHT - 2 * EDGE)
        line += f"{f'V{up:g}' if line else f'M{across:g} {up:g}'}H{across + wide:g}"
        names.append(f'<text x="{across:g}" y="{HEIGHT + FOOT - 5}">{start}</text>')
    told = "".join(names) if len(steps) <= NAMED else ""
    return (
        f'<svg class="rules-curve" viewBox="0 0 {WIDTH} {HEIGHT + FOOT}" aria-hidden="true">'
        f'<path class="ground" d="M{EDGE} {HEIGHT - EDGE}H{WIDTH - EDGE}"/><path class="line" d="{line}"/>{told}</svg>'
    )
