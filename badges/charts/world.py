"""A map of the world, with the countries that spoke filled in four steps, as an SVG without words.

The shapes are those of world.csv (README.md says where they come from); what is too small to be seen is a dot."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from badges.charts.patterns import STEPS, definitions, fill

DOT = 6  # radius, in units of the map


class _Country(NamedTuple):
    x: str
    y: str
    path: str


def world(mentions: Mapping[str, int]) -> str:
    """`mentions` by country (ISO 3166-1, two letters); what is not on the map is left out."""
    shapes = _shapes()
    land = shapes[""]
    ends = limits(max(mentions.values(), default=0))
    filled: dict[int, list[str]] = {step: [] for step in range(len(STEPS))}
    for code in sorted(mentions.keys() & shapes.keys()):
        step = next(place for place, (_, last) in enumerate(ends) if mentions[code] <= last)
        filled[len(STEPS) - len(ends) + step].append(_drawn(shapes[code]))
    groups = (f'<g fill="{fill(name)}">{"".join(filled[step])}</g>' for step, name in enumerate(STEPS) if filled[step])
    return (
        f'<svg class="world" viewBox="0 0 {land.x} {land.y}" aria-hidden="true"><defs>{definitions(STEPS)}</defs>'
        f'<path class="land" d="{land.path}"/>{"".join(groups)}</svg>'
    )


def limits(most: int) -> list[tuple[int, int]]:
    """From and up to how many mentions a country is in each step, which are as many times more than the last as each
    other; fewer steps where there are not so many numbers."""
    ends = sorted({max(1, round(most ** (step / len(STEPS)))) for step in range(1, len(STEPS) + 1)} if most else ())
    return list(zip((1, *(end + 1 for end in ends)), ends, strict=False))


def _drawn(country: _Country) -> str:
    if country.path:
        return f'<path d="{country.path}"/>'
    return f'<circle cx="{country.x}" cy="{country.y}" r="{DOT}"/>'


@cache
def _shapes() -> dict[str, _Country]:
    with (files("badges.charts") / "world.csv").open(encoding="ascii", newline="") as file:
        return {row["code"]: _Country(row["x"], row["y"], row["path"]) for row in csv.DictReader(file)}
