"""A map of the world, with the countries that spoke filled in four steps, as an SVG without words.

The shapes are those of world.csv (README.md says where they come from); what is too small to be seen is a dot."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from badges.charts.patterns import STEPS, definitions, fill

DOT = 6  # radius, in units of the map


class Step(NamedTuple):
    """Countries with mentions from `low` up to `high` have one pattern, which has a name."""

    fill: str
    low: int
    high: int


class _Country(NamedTuple):
    x: str
    y: str
    path: str


def world(mentions: Mapping[str, int]) -> str:
    """`mentions` by country (ISO 3166-1, two letters); what is not on the map is left out."""
    shapes = _shapes()
    land = shapes[""]
    drawn = []
    for step in steps(max(mentions.values(), default=0)):
        codes = [code for code in sorted(mentions) if step.low <= mentions[code] <= step.high and code in shapes]
        drawn += [f'<g fill="{fill(step.fill)}">{"".join(_drawn(shapes[code]) for code in codes)}</g>'] if codes else []
    return (
        f'<svg class="world" viewBox="0 0 {land.x} {land.y}" aria-hidden="true"><defs>{definitions(STEPS)}</defs>'
        f'<path class="land" d="{land.path}"/>{"".join(drawn)}</svg>'
    )


def steps(most: int) -> list[Step]:
    """The steps up to a number, each as many times the one before; fewer where there are not so many numbers."""
    ends = sorted({max(1, round(most ** (n / len(STEPS)))) for n in range(1, len(STEPS) + 1)}) if most else []
    starts = (1, *(end + 1 for end in ends))
    return [Step(*told) for told in zip(list(STEPS)[-len(ends) :], starts, ends, strict=False)]


def _drawn(country: _Country) -> str:
    if country.path:
        return f'<path d="{country.path}"/>'
    return f'<circle cx="{country.x}" cy="{country.y}" r="{DOT}"/>'


@cache
def _shapes() -> dict[str, _Country]:
    told = (files("badges.charts") / "world.csv").read_text(encoding="ascii")
    return {row["code"]: _Country(row["x"], row["y"], row["path"]) for row in csv.DictReader(told.splitlines())}
