"""HTML of any origin, parsed as a document: no pattern of ours is ever laid over markup.

By lxml, since libxml2 stops where elements stand within each other by the thousand. Parsers that keep to HTML5 take
time, and some memory, by the square of that depth: selectolax 2 s for 16,000 `<div>` (80 KB), hours for a megabyte.
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from connectors.origins import target_of
from connectors.urls import LONGEST

LARGEST = 2_000_000  # characters of one page that are read; what comes after them is not looked at
MOST_ATTRIBUTES = 1000  # of one element: hanging them into a tree takes time by their square, seconds for 20,000
SMALL = 50_000  # bytes, among which are not enough of them to matter


def parsed(markup: str) -> etree._Element:
    """The tree of a page or of a piece of one; that of an empty page for what is none."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )  # huge: elements may stand within each other 2,048 deep, not just 256
    page = markup[:LARGEST].replace("\x00", "").encode(errors="replace")
    try:
        root = None if len(page) > SMALL and _bristles(page) else etree.fromstring(page, parser)
    except etree.LxmlError:
        root = None
    return etree.Element("html") if root is None else root


def _bristles(page: bytes) -> bool:
    """Whether an element has more attributes than any page needs; seen without making a tree."""
    counted = _Attributes()
    told: Any = counted  # its type is told as if a target had to have all that it may have
    etree.fromstring(page, etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, target=told))
    return counted.most > MOST_ATTRIBUTES


class _Attributes:
    """Is told of each element by the parser."""

    def __init__(self) -> None:
        self.most = 0

    def start(self, _: str, attributes: Mapping[str, str]) -> None:
        self.most = max(self.most, len(attributes))

    def close(self) -> None:
        """The parser wants one."""


def base_of(root: etree._Element, address: str) -> str:
    """Where the relative links of a page lead from: its own <base>, or its address; empty where that is none."""
    told = next((each.get("href", "").strip() for each in root.iter("base")), "")
    base = joined(address, told)
    return base if told and 0 < len(base) <= LONGEST else address if len(address) <= LONGEST else ""


def joined(base: str, target: str) -> str:
    """The target as seen from a page; empty where it is longer than any address is."""
    if len(target) > LONGEST:
        return ""
    return target if not base or target.startswith(("http://", "https://")) else target_of(base, target)
