"""Stacked bars over time, one for each period, as an SVG without words.

It has no size of its own: bars stretch to their place, and patterns do not. So each family's part of all bars is one
shape in thousandths of the picture, cut out of a ground of its pattern."""

from collections.abc import Sequence

from badges.charts.patterns import definitions, fill
from badges.charts.scales import length, top
from badges.families import Family

WHOLE = 1000
BAR, WIDEST = 0.78, 60.0  # of the room of a bar; in thousandths of the picture


def timeline(families: Sequence[Family], bars: Sequence[Sequence[int]], *, mirrored: bool = False) -> str:
    """`bars` hold a number for each of the families, which are stacked from the ground up in their order; `mirrored`
    where time runs from right to left. The upper edge is `top` of the highest bar."""
    highest = top(max(map(sum, bars), default=0) or 1)
    room = WHOLE / max(1, len(bars))
    width = round(min(room * BAR, WIDEST))
    shapes = [""] * len(families)
    for place, bar in enumerate(bars):
        x = round(room * place + (room - width) / 2)
        x = WHOLE - x - width if mirrored else x
        below = 0
        for number, part in enumerate(bar):
            y, above = (WHOLE - round(length(each, highest, WHOLE)) for each in (below, below + part))
            shapes[number] += f"M{x} {y}h{width}V{above}h-{width}" if part else ""
            below += part
    names = [each.name for each in families]
    cuts = "".join(
        f'<clipPath id="bars-{name}" clipPathUnits="objectBoundingBox"><path transform="scale(.001)" d="{shape}"/>'
        "</clipPath>"
        for name, shape in zip(names, shapes, strict=True)
    )
    grounds = "".join(
        f'<rect width="100%" height="100%" fill="{fill(name)}" clip-path="url(#bars-{name})"/>' for name in names
    )
    return f'<svg class="timeline" aria-hidden="true"><defs>{definitions(names)}{cuts}</defs>{grounds}</svg>'
