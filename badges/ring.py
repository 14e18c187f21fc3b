"""The ring: a coin with the score in its middle and one arc per family of sources around it."""

import math
from collections.abc import Mapping
from itertools import pairwise

from badges.content import Content
from badges.families import Family
from badges.strokes import ends, line, number, spans

BOX = 120
COIN = 59.5
RADIUS = 43.0  # of the middle of the arcs
ROUND = f"{RADIUS:g}"
SIGNS = 53.8  # radius on which the signs stand
GAP = 2.4  # left free between two arcs, along the ring
LEAST = 6.0  # the shortest arc, along the ring: a dot
SIZE_OF = {1: 34, 2: 32, 3: 28, 4: 23}  # of so many characters; 19 of more


def ring(told: Content, *, signs: bool) -> str:
    """The picture in a square of `BOX`. Without signs the ring takes their place, and there is no room for words."""
    grow = "" if signs else ' transform="translate(-12 -12) scale(1.2)"'
    around = _arcs(told.points, signs=signs) if told.points else _track(told.score)
    note = told.note if signs else ""
    return f'<circle class="ground" cx="60" cy="60" r="{COIN}"/><g{grow}>{around}{_middle(told.text, note)}</g>'


def _track(score: int | None) -> str:
    return f'<circle class="{"track none" if score is None else "track"}" cx="60" cy="60" r="{ROUND}"/>'


def _arcs(points: Mapping[Family, int], *, signs: bool) -> str:
    drawn = []
    begins = [0.0]
    for span in spans(list(points.values()), 2 * math.pi * RADIUS, gap=GAP, least=LEAST):
        begins.append(begins[-1] + span + GAP)
    for each, (begin, end) in zip(points, pairwise(begins), strict=True):
        drawn.append(_arc(each, begin + GAP / 2, end - GAP / 2))
        if signs:
            x, y = _spot((begin + end) / 2, SIGNS)
            drawn.append(f'<text class="sign {each.name}" x="{x}" y="{y}" dy=".36em" font-size="6">{each.sign}</text>')
    return "".join(drawn)


def _arc(each: Family, begin: float, end: float) -> str:
    first, last = ends(each.stroke, begin, end)
    (x1, y1), (x2, y2) = _spot(first, RADIUS), _spot(last, RADIUS)
    large = int(last - first > math.pi * RADIUS)
    return line(each, each.stroke, f"M{x1} {y1}A{ROUND} {ROUND} 0 {large} 1 {x2} {y2}", last - first)


def _middle(text: str, note: str) -> str:
    size = SIZE_OF.get(len(text), 19)
    drawn = f'<text class="score" x="60" y="{56 if note else 60}" dy=".35em" font-size="{size}">{text}</text>'
    return f'{drawn}<text class="note" x="60" y="78" font-size="7">{note}</text>' if note else drawn


def _spot(along: float, radius: float) -> tuple[str, str]:
    """Where a length along the ring lies, from the top and clockwise, on a circle of `radius`."""
    angle = along / RADIUS
    return number(BOX / 2 + radius * math.sin(angle)), number(BOX / 2 - radius * math.cos(angle))
