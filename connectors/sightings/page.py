"""What a page says that it is, apart from what it cites."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from connectors.identifiers import normalise, parse
from connectors.markup import joined, parsed
from connectors.sightings.address import named
from connectors.sightings.sighting import Sighting, distinct, sightings
from connectors.sightings.tags import LINKS, TAGS, WORKS

LONGEST_SCRIPT = 1_000_000  # characters of one piece of JSON-LD


def page_tags(markup: str, base: str = "") -> list[Sighting]:
    """The identifiers of the page itself: `citation_*`, Dublin Core, PRISM, EPrints, bepress, OpenGraph, JSON-LD and
    links that say so. What stands in `citation_reference` or under `citation` is cited, and is not told."""
    root = parsed(markup)
    return distinct(found for part in (_of_meta(root, base), _of_links(root, base), _of_json(root)) for found in part)


def _of_meta(root: etree._Element, base: str) -> Iterator[Sighting]:
    for node in root.iter("meta"):
        scheme = TAGS.get((node.get("name") or node.get("property") or "").strip().lower())
        if scheme:
            yield from _of_value(scheme, node.get("content", "").strip(), base)


def _of_links(root: etree._Element, base: str) -> Iterator[Sighting]:
    for node in root.iter("link"):
        if LINKS & set(node.get("rel", "").lower().split()):
            yield from _of_value("url", node.get("href", "").strip(), base)


def _of_value(scheme: str, value: str, base: str = "") -> Iterator[Sighting]:
    """`any` is a tag that may hold an identifier of any scheme, which then says of which."""
    if scheme == "url" or value.lower().startswith(("http://", "https://")):
        found = named(joined(base, value)) if scheme in ("url", "any", "doi") else iter(())
        yield from (Sighting(each.identifier, "meta-tag", each.excerpt) for each in found)
    elif scheme == "any":
        yield from sightings(parse(value), "meta-tag", value)
    else:
        yield from sightings(normalise(scheme, value), "meta-tag", value)


def _of_json(root: etree._Element) -> Iterator[Sighting]:
    """Of the one work that the page is about; a page that tells of several is none of them."""
    works: list[dict[str, Any]] = []
    for node in root.iter("script"):
        script = node.text or ""
        if node.get("type", "").strip().lower() == "application/ld+json" and len(script) <= LONGEST_SCRIPT:
            works += _works(_read(script))
    if len(works) == 1:
        for scheme, value in _told(works[0]):
            yield from _of_value(scheme, value)


def _read(script: str) -> Any:
    try:
        return json.loads(script)
    except (ValueError, RecursionError):
        return None


def _works(told: Any) -> list[dict[str, Any]]:
    """At the top, in a list or a graph at the top, or as what the page is about; nothing deeper, which may be cited."""
    found = []
    for entry in told if isinstance(told, list) else [told]:
        for one in _listed(entry.get("@graph", entry)) if isinstance(entry, dict) else []:
            about = one.get("mainEntity") if isinstance(one, dict) else None
            found += [each for each in (one, about) if isinstance(each, dict) and _is_work(each)]
    return found


def _is_work(entry: dict[str, Any]) -> bool:
    return any(isinstance(kind, str) and kind.rpartition("/")[2] in WORKS for kind in _listed(entry.get("@type")))


def _told(work: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, scheme in (("@id", "any"), ("url", "url"), ("sameAs", "any"), ("doi", "doi"), ("isbn", "isbn")):
        yield from ((scheme, value) for value in _listed(work.get(key)) if isinstance(value, str))
    for entry in _listed(work.get("identifier")):
        if isinstance(entry, str):
            yield "any", entry
        elif isinstance(entry, dict) and isinstance(value := entry.get("value"), str):
            name = entry.get("propertyID") or entry.get("name")
            kind = name.rpartition("/")[2].lower() if isinstance(name, str) else ""
            yield TAGS.get(kind, "any"), value


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]
