"""HTML of any origin, parsed as a document: no pattern of ours is ever laid over markup.

By lxml, since libxml2 stops where elements stand within each other by the thousand. Parsers that keep to HTML5 take
time, and some memory, by the square of that depth: selectolax 2 s for 16,000 `<div>` (80 KB), hours for a megabyte.
"""

from lxml import etree

LARGEST = 2_000_000  # characters of one page that are read; what comes after them is not looked at


def parsed(markup: str) -> etree._Element:
    """The tree of a page or of a piece of one; that of an empty page for what is none."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )  # huge: elements may stand within each other 2,048 deep, not just 256
    try:
        root = etree.fromstring(markup[:LARGEST].replace("\x00", "").encode(errors="replace"), parser)
    except etree.LxmlError:
        root = None
    return etree.Element("html") if root is None else root
