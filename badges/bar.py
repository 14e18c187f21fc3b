"""The bar: the score, and beside it a strip with one segment per family of sources, in the strokes of the ring."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from badges.content import Content
from badges.families import Family
from badges.strokes import ends, line, number, spans

SIGN = 1.55  # width of a sign in any font, in sizes


class Bar(NamedTuple):
    """The measures of one size, in pixels. `field` is the width of the part with the score, `sizes` its type in so many
    characters; the strip begins there and is `length` long. `scale` is that of the strokes; `signs` the size of the
    signs below the strip where they have room, 0 for none."""

    width: int
    height: int
    field: float
    sizes: tuple[float, ...]
    length: float
    scale: float
    gap: float
    least: float
    signs: float = 0


BARS = {
    "bar": Bar(104, 20, 40, (13, 13, 13, 12.5, 10.5, 9), 58, 0.71, 1.2, 4.0),
    "medium-bar": Bar(140, 28, 52, (17, 17, 17, 16, 14, 12), 80, 0.96, 1.8, 5.4),
    "large-bar": Bar(200, 40, 70, (24, 24, 24, 22, 19, 16), 120, 1.2, 2.2, 8.6, signs=8.5),
}


def bar(told: Content, bar: Bar) -> str:
    """The picture in a box of its size."""
    middle = bar.height / 2
    ground = (
        f'<rect class="ground" x=".5" y=".5" width="{bar.width - 1}" height="{bar.height - 1}" '
        f'rx="{number(bar.height / 4)}"/>'
    )
    signs = bool(bar.signs and told.points)
    strip = middle - 4.5 if signs else middle
    along = _segments(told.points, bar, strip) if told.points else _track(told.score, bar, strip)
    return f"{ground}{_score(told, bar, middle)}{along}"


def _score(told: Content, bar: Bar, middle: float) -> str:
    note = told.note if bar.signs else ""
    size = bar.sizes[min(told.places, len(bar.sizes)) - 1]
    x, y = number(bar.field / 2), number(middle - 4 if note else middle)
    drawn = f'<text class="score" x="{x}" y="{y}" dy=".35em" font-size="{size:g}">{told.text}</text>'
    if note:
        drawn += f'<text class="note" x="{x}" y="{number(middle + 12.5)}" font-size="7">{note}</text>'
    return drawn


def _track(score: int | None, bar: Bar, y: float) -> str:
    track = "track none" if score is None else "track"
    return f'<path class="{track}" d="M{number(bar.field)} {number(y)}h{number(bar.length)}"/>'


def _segments(points: Mapping[Family, int], bar: Bar, y: float) -> str:
    drawn, begin = [], bar.field
    lengths = spans(list(points.values()), bar.length + bar.gap, gap=bar.gap, least=bar.least)
    size = number(_room(lengths, bar))
    for each, length in zip(points, lengths, strict=True):
        stroke = each.stroke.scaled(bar.scale)
        first, last = ends(stroke, begin, begin + length)
        drawn.append(line(each, stroke, f"M{number(first)} {number(y)}H{number(last)}", last - first))
        if bar.signs:
            x = number(begin + length / 2)
            drawn.append(
                f'<text class="sign {each.name}" x="{x}" y="{number(y + 12)}" dy=".36em" font-size="{size}">'
                f"{each.sign}</text>"
            )
        begin += length + bar.gap
    return "".join(drawn)


def _room(lengths: Sequence[float], bar: Bar) -> float:
    """The size of signs at which none touches the next one."""
    apart = ((one + other) / 2 + bar.gap for one, other in pairwise(lengths))
    return min([bar.signs, *(distance / SIGN for distance in apart)])
