"""What surfaces are filled with, so that they can be told without colour: one pattern for each family of sources, and
one for each step from few to many.

A pattern is drawn in `currentColor`, which the style sheet gives it by its class, and stands in the page once, in the
chart; the little squares of the chart's key take it from there."""

from collections.abc import Iterable

TILE = 8  # CSS pixels

_SOLID = '<path d="M0 0h8v8h-8z"/>'
_TINT = '<path d="M0 0h8v8h-8z" fill-opacity="{}"/>'


def _lines(tint: float, width: float, line: str) -> str:
    return f'{_TINT.format(tint)}<path d="{line}" stroke="currentColor" stroke-width="{width:g}"/>'


def _dots(tint: float, radius: float, *places: tuple[int, int]) -> str:
    return _TINT.format(tint) + "".join(f'<circle cx="{x}" cy="{y}" r="{radius:g}"/>' for x, y in places)


RISING, FALLING = "M-2 2l4-4M0 8l8-8M6 10l4-4", "M-2 6l4 4M0 0l8 8M6-2l4 4"
FAMILIES = {
    "news": _SOLID,
    "blogs": _lines(0.15, 2.6, RISING),
    "policy": _lines(0.15, 1.6, "M0 2h8M0 6h8M2 0v8M6 0v8"),
    "patents": _lines(0.15, 2, "M2 0v8M6 0v8"),
    "encyclopedia": _dots(0.15, 1.7, (2, 2), (6, 6)),
    "education": _lines(0.15, 1.4, FALLING),
    "review": _lines(0.1, 1.2, "M0 4h8"),
    "social": _lines(0.3, 2, "M0 2h8M0 6h8"),
    "forums": _dots(0.1, 1, (2, 2), (6, 2), (2, 6), (6, 6)),
    "podcasts": _lines(0.1, 1.1, "M0 0l8 8M8 0l-8 8"),
    "other": _TINT.format(0.3),
}
STEPS = {  # from few to many
    "step-1": _dots(0.12, 1.1, (2, 2), (6, 6)),
    "step-2": _lines(0.25, 1.5, RISING),
    "step-3": _lines(0.5, 2.2, "M0 0l8 8M8 0l-8 8"),
    "step-4": _SOLID,
}
_ALL = FAMILIES | STEPS


def definitions(names: Iterable[str]) -> str:
    """SVG `pattern` elements, to stand in `defs`."""
    return "".join(
        f'<pattern id="fill-{name}" class="fill {name}" width="{TILE}" height="{TILE}" patternUnits="userSpaceOnUse" '
        f'fill="currentColor">{_ALL[name]}</pattern>'
        for name in names
    )


def fill(name: str) -> str:
    """What a `fill` attribute says to have a pattern."""
    return f"url(#fill-{name})"


def square(name: str) -> str:
    """A little square of the key."""
    return f'<svg class="square" aria-hidden="true"><rect width="100%" height="100%" fill="{fill(name)}"/></svg>'
