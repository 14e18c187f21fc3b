"""Identifiers in the links and in the visible text of a page, or of a post that is told as HTML."""

import re
from collections.abc import Iterator

from connectors.markup import parsed
from connectors.sightings.address import named
from connectors.sightings.document import targets, visible
from connectors.sightings.plain import scan
from connectors.sightings.sighting import Sighting, distinct

_ADDRESS = re.compile(r"https?:|//|www\.|(?:dx\.)?doi\.org/", re.ASCII | re.IGNORECASE)
_SCHEME = re.compile(r"(?:doi|info|urn|hdl|arxiv|pmid):", re.ASCII | re.IGNORECASE)  # which no browser follows


def html(markup: str, base: str = "") -> list[Sighting]:
    """Those of the links, then those of the text. `base` is the page's address, for links that lead from there."""
    root = parsed(markup)
    return distinct(found for part in (_of_links(list(targets(root, base))), scan(visible(root))) for found in part)


def links(markup: str, base: str = "") -> list[Sighting]:
    """Those of the links alone."""
    return distinct(_of_links(targets(parsed(markup), base)))


def _of_links(addresses: Iterator[str] | list[str]) -> Iterator[Sighting]:
    for target in addresses:
        if _ADDRESS.match(target):
            yield from named(target)
        elif _SCHEME.match(target):
            yield from scan(target)
