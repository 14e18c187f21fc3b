"""XML that a source answers with: what is refused from its beginning alone, and how memory stays flat while it is read.

A body is parsed twice: up to its root, to refuse what is not wanted before anything is built from it, then entry by
entry, and what was read is thrown away. Readers leave `huge_tree` off.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from tempfile import SpooledTemporaryFile

from lxml import etree

from connectors.records import EVIDENCE

PROLOG, STEP = 64 * 1024, 512  # bytes within which the root must begin, and that are looked at in turn

Element = etree._Element


def oddity(body: SpooledTemporaryFile[bytes], roots: Collection[str]) -> str:
    """What is wrong with a body, from its beginning; empty where its root is one of these. It stands at its beginning
    again."""
    start = body.read(PROLOG)
    body.seek(0)
    if not start.strip():
        return "nothing"
    if re.search(rb"<html|<!doctype\s+html", start[:2048], re.IGNORECASE):
        return "a web page, perhaps a login page"
    root = _root(start)
    if root is None:
        return "no XML"
    if root.getroottree().docinfo.internalDTD is not None:
        return "XML with a DOCTYPE, which is refused"
    return "" if root.tag in roots else "XML of another kind"


def broken(error: etree.XMLSyntaxError) -> str:
    """What is said of a body that breaks while it is read."""
    line = f"line {error.lineno}" if error.lineno else "its beginning"
    return f"no complete XML in one charset (it breaks at {line})"


def forget(entry: Element) -> None:
    """Empty an entry and drop the shells of those before it; what stands around them stays."""
    entry.clear()
    parent, earlier = entry.getparent(), entry.getprevious()
    if parent is not None and earlier is not None and earlier.tag == entry.tag:
        parent.remove(earlier)


def evidence(element: Element) -> str:
    """The element as it came, cut to `EVIDENCE`."""
    return etree.tostring(element, encoding="unicode", with_tail=False)[:EVIDENCE]


def _root(start: bytes) -> Element | None:
    """The first element, from as little of the beginning as holds it."""
    parser = etree.XMLPullParser(events=("start",), huge_tree=False)
    for place in range(0, len(start), STEP):
        with suppress(etree.XMLSyntaxError):  # what breaks after the root is told, with its line, by the reading
            parser.feed(start[place : place + STEP])
        for _, element in parser.read_events():
            return element if isinstance(element, Element) else None
    return None
