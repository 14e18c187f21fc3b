"""Makes world.csv, the map of the pages, of two files of Natural Earth as TopoJSON (README.md tells which):

    python -m badges.charts.make_world countries-110m.json countries-50m.json

The shapes are those of the coarse file; the fine one tells where countries lie that are too small to be in it. A border
between two countries is one line of the file, thinned out once, so that neighbours meet. Nothing else runs this.
"""

import csv
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from babel.core import get_global

from connectors.countries import COUNTRIES

WIDTH = 1000
SOUTH = -57.0  # degrees; what lies beyond is left out
MIDDLE = 11.0  # degrees east; so the edges run through the Bering Strait, and no country is cut in two
THIN = 1.3  # units by which a line may be off
SPECK = 12.0  # square units; islands below are left out
LEAST = 60.0  # square units; of a country that is no larger there is only the point

Point = tuple[float, float]
# Where those lie that Natural Earth has no country of: degrees east and north.
ELSEWHERE = {
    "BQ": (-68.3, 12.2), "BV": (3.4, -54.4), "CC": (96.8, -12.2), "CX": (105.6, -10.5), "GF": (-53.1, 3.9),
    "GI": (-5.4, 36.1), "GP": (-61.6, 16.3), "MQ": (-61.0, 14.6), "RE": (55.5, -21.1), "SJ": (16.0, 78.0),
    "TK": (-171.8, -9.2), "TV": (179.2, -8.5), "UM": (-176.5, 0.2), "YT": (45.2, -12.8),
}  # fmt: skip

# Equal Earth: B. Savric, T. Patterson, B. Jenny (2018), doi:10.1080/13658816.2018.1504949, equations 9 and 10.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
HALF_ROOT = math.sqrt(3) / 2


def equal_earth(east: float, north: float) -> Point:
    """Where a place in degrees lies on a plane, for a globe of radius 1: areas keep their proportions."""
    t = math.asin(HALF_ROOT * math.sin(math.radians(north)))
    scale = 9 * A4 * t**8 + 7 * A3 * t**6 + 3 * A2 * t**2 + A1
    across = math.radians(east) * math.cos(t) / (HALF_ROOT * scale)
    return across, A4 * t**9 + A3 * t**7 + A2 * t**3 + A1 * t


EDGE = equal_earth(180, 0)[0]
TOP = equal_earth(0, 83.7)[1]
HEIGHT = math.ceil((TOP - equal_earth(0, SOUTH)[1]) * WIDTH / (2 * EDGE))


def place(east: float, north: float) -> Point:
    """The same on the map, from its left and upper edge."""
    x, y = equal_earth((east - MIDDLE + 180) % 360 - 180, north)
    return (x + EDGE) * WIDTH / (2 * EDGE), (TOP - y) * WIDTH / (2 * EDGE)


@dataclass(frozen=True)
class Shape:
    """The rings of a country and of its holes, the largest first: filled by turns (`fill-rule: evenodd`)."""

    rings: tuple[tuple[Point, ...], ...]

    @property
    def point(self) -> Point:
        """The middle of the largest ring."""
        return _middle(self.rings[0])

    @property
    def path(self) -> str:
        """What is large enough to be seen, as an SVG path of whole numbers."""
        seen = [ring for ring in self.rings if abs(_area(ring)) >= SPECK]
        return "".join(map(_path, seen)) if sum(abs(_area(ring)) for ring in seen) >= LEAST else ""


class Atlas:
    """One TopoJSON file; `thin` as for `THIN`."""

    def __init__(self, file: Path, thin: float) -> None:
        told = json.loads(file.read_text(encoding="utf-8"))
        self._objects = told["objects"]
        (kx, ky), (ox, oy) = told["transform"]["scale"], told["transform"]["translate"]
        self._arcs = [
            _thinned([place(kx * x + ox, ky * y + oy) for x, y in _summed(arc)], thin) for arc in told["arcs"]
        ]

    def countries(self) -> Iterator[tuple[str, Shape]]:
        """Those that ISO 3166-1 has a code of."""
        for each in self._objects["countries"]["geometries"]:
            code, *_ = get_global("territory_aliases").get(each.get("id"), [""])
            if code in COUNTRIES:
                yield code, self._shape(each)

    def land(self) -> Shape:
        """All land."""
        return self._shape(*self._objects["land"]["geometries"])

    def _shape(self, *told: dict[str, Any]) -> Shape:
        lists = [each["arcs"] if each["type"] == "MultiPolygon" else [each["arcs"]] for each in told]
        rings = [self._ring(numbers) for polygons in lists for polygon in polygons for numbers in polygon]
        return Shape(tuple(sorted((ring for ring in rings if _seen(ring)), key=lambda ring: -abs(_area(ring)))))

    def _ring(self, numbers: Sequence[int]) -> tuple[Point, ...]:
        lines = (self._arcs[n] if n >= 0 else self._arcs[~n][::-1] for n in numbers)
        return tuple(point for line in lines for point in line[:-1])


def _seen(ring: Sequence[Point]) -> bool:
    """Whether it is on the map. Saint Lawrence Island is not: the edges run through it."""
    across = [x for x, _ in ring]
    return min(y for _, y in ring) <= HEIGHT and max(across) - min(across) < WIDTH / 2


def _summed(arc: Sequence[Point]) -> Iterator[Point]:
    """The points of an arc, which is told by its steps (TopoJSON 2.1.4)."""
    x = y = 0.0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x, y


def _thinned(line: list[Point], most: float) -> list[Point]:
    """A line without the points that it is hardly off without (Douglas and Peucker, 1973); its ends stay."""
    if len(line) < 3:
        return line
    far = max(range(1, len(line) - 1), key=lambda n: _off(line[n], line[0], line[-1]))
    if _off(line[far], line[0], line[-1]) <= most:
        return [line[0], line[-1]]
    return _thinned(line[: far + 1], most)[:-1] + _thinned(line[far:], most)


def _off(point: Point, begin: Point, end: Point) -> float:
    """How far a point is from a line between two others."""
    (x, y), (x1, y1), (x2, y2) = point, begin, end
    long = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / long)) if long else 0.0
    return math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))


def _area(ring: Sequence[Point]) -> float:
    pairs = zip(ring, (*ring[1:], *ring[:1]), strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _middle(ring: Sequence[Point]) -> Point:
    """The centre of gravity; of what has no area the middle of its points."""
    area = _area(ring)
    if abs(area) < 1e-6:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        part = (x1 * y2 - x2 * y1) / (6 * area)
        x, y = x + (x1 + x2) * part, y + (y1 + y2) * part
    return x, y


def _path(ring: Sequence[Point]) -> str:
    """Begun at a place and gone on by steps, since small numbers are short."""
    points = list(dict.fromkeys((round(x), round(y)) for x, y in ring))
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(points)]
    written = "".join(f"{_next(dx)}{_next(dy)}" for dx, dy in steps).removeprefix(" ")
    return f"M{points[0][0]} {points[0][1]}l{written}z" if len(points) > 2 else ""


def _next(number: int) -> str:
    return str(number) if number < 0 else f" {number}"


def main(coarse: Path, fine: Path) -> None:
    """Write world.csv beside this file: the land first, under no code."""
    shapes = Atlas(coarse, THIN)
    points = {code: place(*where) for code, where in ELSEWHERE.items()}
    points |= {code: shape.point for code, shape in Atlas(fine, 0).countries() if shape.rings}
    paths = {code: shape.path for code, shape in shapes.countries()}
    with Path(__file__).with_name("world.csv").open("w", encoding="ascii", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("code", "x", "y", "path"))
        rows.writerow(("", WIDTH, HEIGHT, shapes.land().path))
        for code, (x, y) in sorted(points.items()):
            rows.writerow((code, round(x), round(y), paths.get(code, "")))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
