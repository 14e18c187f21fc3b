"""What tests of pictures share: what is drawn in them, and invented points."""

import math
import re
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from badges.draw import draw
from badges.families import FAMILIES

SVG = "{http://www.w3.org/2000/svg}"
MIXED = [("news", 8000), ("blog", 5000), ("x", 850), ("bluesky", 150), ("mendeley", 0)]
ALL = [(each.sources[0] if each.sources else "misc", 2000) for each in FAMILIES]
PATH = re.compile(r"M(\S+) (\S+)A43 43 0 ([01]) 1 (\S+) (\S+)")
STRAIGHT = re.compile(r"M(\S+) (\S+)H(\S+)")

scores = st.none() | st.integers(min_value=0, max_value=10**9)
breakdowns = st.lists(
    st.tuples(
        st.sampled_from([source for each in FAMILIES for source in each.sources] + ["new"]), st.integers(0, 10**9)
    )
)
bases = st.sampled_from(["mentions", "counts", "none"])


def drawn(*arguments: Any, **options: Any) -> etree._Element:
    """A badge as a tree."""
    return etree.fromstring(draw(*arguments, **options))


def shares(svg: etree._Element) -> list[etree._Element]:
    """The paths that stand for families."""
    return [path for path in svg.iter(f"{SVG}path") if path.get("class", "").startswith("part ") and not inside(path)]


def inside(path: etree._Element) -> bool:
    """Whether a path only leaves another one hollow."""
    return "inside" in path.get("class", "")


def texts(svg: etree._Element) -> list[str]:
    """The texts that are drawn."""
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def angle(path: etree._Element) -> float:
    """How much of the circle an arc goes round, as a share of it."""
    found = PATH.fullmatch(path.get("d", ""))
    assert found
    x1, y1, large, x2, y2 = found.groups()
    begin, end = (math.atan2(float(x) - 60, 60 - float(y)) for x, y in ((x1, y1), (x2, y2)))
    share = (end - begin) / (2 * math.pi) % 1
    assert (large == "1") == (share > 0.5) or math.isclose(share, 0.5, rel_tol=1e-6)
    return share


def seen(path: etree._Element) -> tuple[float, float]:
    """Where a segment of a bar is seen to begin and to end."""
    found = STRAIGHT.fullmatch(path.get("d", ""))
    assert found
    over = float(path.get("stroke-width", "0")) / 2 if path.get("stroke-linecap") else 0
    return float(found[1]) - over, float(found[3]) + over
