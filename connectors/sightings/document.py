"""Where the links of a page lead, and what a reader sees of it."""

from collections.abc import Iterator

from lxml import etree

from connectors.markup import base_of, joined

UNSEEN = ("head", "script", "style", "template", "svg", "iframe", "object", "textarea", "select")
INLINE = (  # what does not end a word where it begins or ends; <br> and all others do
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr",
)  # fmt: skip


def targets(root: etree._Element, address: str) -> Iterator[str]:
    """Where the links of a page lead, whole where its address, or its own <base>, makes them so."""
    base = base_of(root, address)
    for node in root.iter("a", "area", "blockquote", "q"):
        target = (node.get("href") or node.get("cite") or "").strip()
        if target:
            yield joined(base, target)


def visible(root: etree._Element) -> str:
    """What a reader sees, a line for each block. It takes the tree apart: whoever wants its links asks first."""
    etree.strip_elements(root, *UNSEEN, with_tail=False)
    etree.strip_tags(root, *INLINE)
    return "\n".join(map(str, root.itertext()))
