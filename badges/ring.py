"""The ring: a coin with the score in its middle and one arc per family of sources around it, as one SVG.

Every family has its own rhythm of line and its own two-letter sign, so nothing depends on colour. The coin brings its
own ground, since a picture follows the reader's system and not the page it stands on. Nothing is loaded from outside.
"""

import hashlib
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal
from xml.sax.saxutils import escape

from badges.families import FAMILIES, Family, family

Share = tuple[str, int]  # source, millipoints
Style = Literal["ring", "medium", "large"]

SIZES: dict[str, int] = {"ring": 64, "medium": 128, "large": 240}  # CSS pixels
PLAIN = "ring"  # too small for signs: there the ring takes their place
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',Arial,sans-serif"
PAPER, INK, QUIET = ("#ffffff", "#16181d"), ("#1c2128", "#f2f3f5"), ("#d5d9df", "#3d434d")  # light, dark

BOX = 120.0
COIN = 59.5
RADIUS = 43.0  # of the middle of the arcs
ROUND = f"{RADIUS:g}"
SIGNS = 53.8  # radius on which the signs stand
HAIR = 0.01  # by which a rhythm ends before its arc, so that no rounding cuts its last dash off
GAP = 2.4  # left free between two arcs, along the ring
LEAST = 6.0  # the shortest arc, along the ring: a dot

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ring(
    score: int | None,
    breakdown: Sequence[Share],
    *,
    style: Style = "ring",
    basis: str = "mentions",
    title: str = "Attention score",
) -> str:
    """The badge of one output as an SVG document that may also stand inside a page.

    `score` None draws the neutral picture for what has no badge. The arcs are in proportion to the points, but none is
    shorter than a dot. Equal input gives equal bytes. Raises `ValueError` for an unknown style.
    """
    if style not in SIZES:
        raise ValueError(f"no style {style!r}; choose one of {', '.join(SIZES)}")
    points = _points(breakdown) if score else {}
    name = _NOT_XML.sub("", title)
    heading = f"{name}: none" if score is None else f"{name}: {score}"
    heading += " (from counts)" if basis == "counts" and score else ""
    telling = _telling(score, points)
    mark = "rm" + hashlib.sha256(f"{heading}|{telling}|{style}".encode()).hexdigest()[:10]
    size = SIZES[style]
    grow = ' transform="translate(-12 -12) scale(1.2)"' if style == PLAIN else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{mark}" width="{size}" height="{size}" viewBox="0 0 120 120" '
        f'role="img" aria-labelledby="{mark}-t {mark}-d">',
        f'<title id="{mark}-t">{escape(heading)}</title>',
        f'<desc id="{mark}-d">{escape(telling)}</desc>',
        f"<style>{_css(mark, points)}</style>",
        f'<circle class="coin" cx="60" cy="60" r="{COIN}"/>',
        f"<g{grow}>",
        *(_arcs(points, signs=style != PLAIN) if points else [_track(score)]),
        *_middle(score, basis),
        "</g></svg>",
    ]
    return "".join(parts)


def short(score: int) -> str:
    """The score in at most five characters, never more than it is: 9999, 12.3k, 456k, 1.2M."""
    if score <= 9999:
        return str(score)
    unit, sign = (1_000_000, "M") if score >= 1_000_000 else (1000, "k")
    tenths = score * 10 // unit
    return f"{tenths // 10}{sign}" if tenths >= 1000 else f"{tenths // 10}.{tenths % 10}{sign}"


def _points(breakdown: Sequence[Share]) -> dict[Family, int]:
    """Millipoints per family, most first; families of equal points stand as in the table."""
    sums = dict.fromkeys(FAMILIES, 0)
    for source, millipoints in breakdown:
        sums[family(source)] += millipoints
    return dict(sorted(((f, points) for f, points in sums.items() if points > 0), key=lambda pair: -pair[1]))


def _telling(score: int | None, points: dict[Family, int]) -> str:
    if score is None:
        return "No score is known here."
    if not points:
        return "Which sources gave the points is not known." if score else "No mention counts so far."
    return "Points: " + ", ".join(f"{f.label} {millipoints / 1000:g}" for f, millipoints in points.items()) + "."


def _track(score: int | None) -> str:
    return f'<circle class="{"track none" if score is None else "track"}" cx="60" cy="60" r="{ROUND}"/>'


def _arcs(points: dict[Family, int], *, signs: bool) -> list[str]:
    drawn = []
    spans = _spans(list(points.values()))
    ends = [0.0]
    for span in spans:
        ends.append(ends[-1] + span + GAP)
    for each, (begin, end) in zip(points, pairwise(ends), strict=True):
        drawn.append(_arc(each, begin + GAP / 2, end - GAP / 2))
        if signs:
            x, y = _spot((begin + end) / 2, SIGNS)
            drawn.append(f'<text class="sign {each.name}" x="{x}" y="{y}" dy=".36em">{each.sign}</text>')
    return drawn


def _spans(points: Sequence[int]) -> list[float]:
    """Lengths along the ring in proportion to the points; what would be shorter than a dot is a dot."""
    room = 2 * math.pi * RADIUS - GAP * len(points)
    small: set[int] = set()
    while True:
        rest = sum(p for i, p in enumerate(points) if i not in small)
        free = room - LEAST * len(small)
        spans = [LEAST if i in small else free * p / rest for i, p in enumerate(points)]
        too_small = {i for i, span in enumerate(spans) if span < LEAST and i not in small}
        if not too_small:
            return spans
        small |= too_small


def _arc(each: Family, begin: float, end: float) -> str:
    """The path of one arc that is seen from `begin` to `end`; round ends stand half a width over it."""
    stroke = each.stroke
    over = stroke.width / 2 if stroke.round else 0.0
    first, last = begin + over, max(end - over, begin + over + 0.01)
    (x1, y1), (x2, y2) = _spot(first, RADIUS), _spot(last, RADIUS)
    large = int(last - first > math.pi * RADIUS)
    line = f'd="M{x1} {y1}A{ROUND} {ROUND} 0 {large} 1 {x2} {y2}"'
    dashes = _dashes(stroke.dashes, last - first)
    cap = ' stroke-linecap="round"' if stroke.round else ""
    drawn = f'<path class="arc {each.name}" stroke-width="{_n(stroke.width)}"{cap}{dashes} {line}/>'
    if stroke.hollow and last - first > 1:
        drawn += f'<path class="arc paper" stroke-width="{_n(stroke.hollow)}"{cap} {line}/>'
    return drawn


def _dashes(pattern: tuple[float, ...], length: float) -> str:
    """The rhythm, fitted so that it ends with a whole dash; an arc too short for it is a plain line.

    The lengths are written as they are drawn: not everything that draws SVG knows `pathLength`."""
    whole, last = sum(pattern), pattern[-1] if pattern else 0.0
    if length < 0.8 * (whole - last) or not pattern:
        return ""
    times = max(1, int((length + last) / whole + 0.25))  # rather stretched than pressed together
    fit = (length - HAIR) / (times * whole - last)
    return f' stroke-dasharray="{" ".join(f"{part * fit:.4f}".rstrip("0").rstrip(".") for part in pattern)}"'


def _middle(score: int | None, basis: str) -> list[str]:
    text = "\u2013" if score is None else short(score)
    size = {1: 34, 2: 32, 3: 28, 4: 23}.get(len(text), 19)
    counts = basis == "counts" and bool(score)
    drawn = [f'<text class="score" x="60" y="{56 if counts else 60}" dy=".35em" font-size="{size}">{text}</text>']
    if counts:
        drawn.append('<text class="note" x="60" y="78">from counts</text>')
    return drawn


def _css(mark: str, points: dict[Family, int]) -> str:
    """Every rule begins with the picture's own id, since a style inside a page speaks to the whole page."""
    text = f"font-family:{FONT};text-anchor:middle"
    rules = [
        f"#{mark} .arc,#{mark} .track{{fill:none}}",
        f"#{mark} .track{{stroke-width:1}}",
        f"#{mark} .none{{stroke-dasharray:2 3}}",
        f"#{mark} .score{{{text};font-weight:600;letter-spacing:-.02em}}",
        f"#{mark} .note{{{text};font-size:7px}}",
        f"#{mark} .sign{{{text};font-size:6px;font-weight:600}}",
        f"@media (max-width:90px){{#{mark} .sign,#{mark} .note{{display:none}}}}",
        *_colours(mark, points, 0),
        "@media (prefers-color-scheme:dark){",
        *_colours(mark, points, 1),
        "}@media (forced-colors:active){",
        f"#{mark} .coin{{fill:Canvas!important;stroke:CanvasText!important}}",
        f"#{mark} .track,#{mark} .arc{{stroke:CanvasText!important}}#{mark} .paper{{stroke:Canvas!important}}",
        f"#{mark} text{{fill:CanvasText!important}}",
        "}",
    ]
    return "".join(rules)


def _colours(mark: str, points: dict[Family, int], scheme: int) -> list[str]:
    paper, ink, quiet = PAPER[scheme], INK[scheme], QUIET[scheme]
    return [
        f"#{mark} .coin{{fill:{paper};stroke:{quiet}}}#{mark} .track{{stroke:{quiet}}}",
        f"#{mark} .score,#{mark} .note{{fill:{ink}}}#{mark} .paper{{stroke:{paper}}}",
        *(
            f"#{mark} .arc.{each.name}{{stroke:{colour}}}#{mark} .sign.{each.name}{{fill:{colour}}}"
            for each in points
            for colour in ((each.light, each.dark)[scheme],)
        ),
    ]


def _spot(along: float, radius: float) -> tuple[str, str]:
    """Where a length along the ring lies, from the top and clockwise, on a circle of `radius`."""
    angle = along / RADIUS
    return _n(BOX / 2 + radius * math.sin(angle)), _n(BOX / 2 - radius * math.cos(angle))


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
