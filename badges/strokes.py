"""Lines whose rhythm is that of a family, round a ring or along a bar. Lengths are in units of the picture's box."""

from collections.abc import Sequence

from badges.families import Family, Stroke

HAIR = 0.01  # by which a rhythm ends before its line, so that no rounding cuts its last dash off


def spans(points: Sequence[int], length: float, *, gap: float, least: float) -> list[float]:
    """Parts of a length in proportion to the points, with a gap for each; what would be shorter than `least` is not."""
    room = length - gap * len(points)
    small: set[int] = set()
    while True:
        rest = sum(p for i, p in enumerate(points) if i not in small)
        free = room - least * len(small)
        found = [least if i in small else free * p / rest for i, p in enumerate(points)]
        too_small = {i for i, span in enumerate(found) if span < least and i not in small}
        if not too_small:
            return found
        small |= too_small


def ends(stroke: Stroke, begin: float, end: float) -> tuple[float, float]:
    """Where the path of a line begins and ends that is seen from `begin` to `end`: round ends stand half a width over
    it."""
    over = stroke.width / 2 if stroke.round else 0.0
    return begin + over, max(end - over, begin + over + HAIR)


def line(each: Family, stroke: Stroke, path: str, length: float) -> str:
    """The share of a family, along a path of a length."""
    cap = ' stroke-linecap="round"' if stroke.round else ""
    dashes = _dashes(stroke, length)
    drawn = f'<path class="part {each.name}" stroke-width="{number(stroke.width)}"{cap}{dashes} d="{path}"/>'
    if stroke.hollow and length > 1:
        drawn += f'<path class="part inside" stroke-width="{number(stroke.hollow)}"{cap} d="{path}"/>'
    return drawn


def number(of: float) -> str:
    """A length as it is written."""
    return f"{of:.2f}".rstrip("0").rstrip(".")


def _dashes(stroke: Stroke, length: float) -> str:
    """The rhythm, fitted so that it ends with a whole dash.

    The lengths are written as they are drawn: not everything that draws SVG knows `pathLength`."""
    pattern = stroke.dashes
    whole, last = sum(pattern), pattern[-1] if pattern else 0.0
    times = int((length + last) / whole + 0.25) if pattern else 0  # rather stretched than pressed together
    if times < 2 and len(pattern) == 2:
        return _two(stroke, length - HAIR)
    if not times or length < 0.8 * (whole - last):
        return ""
    fit = (length - HAIR) / (times * whole - last)
    return _written(*(part * fit for part in pattern))


def _two(stroke: Stroke, length: float) -> str:
    """Two dashes on a line that has no room for more, so that it is not taken for a plain one; one where there is not
    even a gap that can be seen."""
    least = 0.3 * stroke.width + (stroke.width if stroke.round else 0)
    if length < least + HAIR:
        return ""
    gap = min(stroke.dashes[1], length - HAIR)
    return _written((length - gap) / 2, gap)


def _written(*parts: float) -> str:
    return f' stroke-dasharray="{" ".join(f"{part:.4f}".rstrip("0").rstrip(".") for part in parts)}"'
