"""HTML, parsed as browsers do: no pattern of ours is ever laid over markup."""

from collections.abc import Iterator
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connectors.sightings.sighting import LARGEST

UNSEEN = ["head", "script", "style", "template", "svg", "iframe", "object", "textarea", "select"]
INLINE = [  # what does not end a word where it begins or ends; <br> and all others do
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr",
]  # fmt: skip


def parsed(markup: str) -> LexborHTMLParser:
    """The tree of a page or of a piece of one; any text has one."""
    return LexborHTMLParser(markup[:LARGEST].encode(errors="replace"))


def targets(tree: LexborHTMLParser, base: str) -> Iterator[str]:
    """Where the links of a page lead, whole where `base` or the page's own <base> makes them so."""
    told = tree.css_first("base[href]")
    if told is not None:
        base = joined(base, told.attributes.get("href") or "")
    for node in tree.css("a[href], area[href], blockquote[cite], q[cite]"):
        yield joined(base, (node.attributes.get("href") or node.attributes.get("cite") or "").strip())


def joined(base: str, target: str) -> str:
    """The target as seen from the page at `base`; as it stands where that makes no sense."""
    if not base or target.startswith(("http://", "https://")):
        return target
    try:
        return urljoin(base, target)
    except ValueError:  # brackets in a host
        return target


def visible(tree: LexborHTMLParser) -> str:
    """What a reader sees, a line for each block. It takes the tree apart: whoever wants its links asks first."""
    root: LexborNode | None = tree.root
    if root is None:
        return ""
    tree.strip_tags(UNSEEN)
    tree.unwrap_tags(INLINE)
    root.merge_text_nodes()
    return root.text(separator="\n")
