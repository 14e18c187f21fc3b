"""Pictures as trees, which a script on another site builds node by node, since it may not read markup there."""

from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from badges.pictures import Shares, drawn
from badges.ring import Style

_SPOKEN = {"title", "desc"}  # the link around the picture says it, in the language of its page
_WIRING = {"role", "aria-labelledby"}


class Grown(NamedTuple):
    """`tree` is `["svg", {attributes}, children...]`, where a text is a child too; `css` is the picture's style."""

    tree: list[Any]
    css: str


@lru_cache(maxsize=4096)
def grown(score: int | None, shares: Shares, style: Style, basis: str) -> Grown:
    """The tree of a badge, for a page that hides it from those who listen. It is shared: do not change it."""
    styles: list[str] = []
    tree = _branch(etree.fromstring(drawn(score, shares, style, basis)), styles)
    return Grown(tree, "".join(styles))


def _branch(element: Any, styles: list[str]) -> list[Any]:
    children: list[Any] = []
    for child in element:
        name = etree.QName(child).localname
        if name == "style":
            styles.append(child.text or "")
        elif name not in _SPOKEN:
            children.append(_branch(child, styles))
    attributes = {name: value for name, value in element.attrib.items() if name not in _WIRING}
    return [etree.QName(element).localname, attributes, *([element.text] if element.text else ()), *children]
