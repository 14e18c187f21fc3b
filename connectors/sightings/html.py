"""Identifiers in the links and in the visible text of a page, or of a post that is told as HTML."""

import re
from collections.abc import Iterator

from connectors.sightings.address import named
from connectors.sightings.document import parsed, targets, visible
from connectors.sightings.plain import scan
from connectors.sightings.sighting import Sighting, distinct

_ADDRESS = re.compile(r"https?:|//|www\.|(?:dx\.)?doi\.org/", re.ASCII | re.IGNORECASE)


def html(markup: str, base: str = "") -> list[Sighting]:
    """Those of the links, then those of the text. `base` is the page's address, for links that lead from there."""
    tree = parsed(markup)
    return distinct(found for part in (_of_links(list(targets(tree, base))), scan(visible(tree))) for found in part)


def links(markup: str, base: str = "") -> list[Sighting]:
    """Those of the links alone."""
    return distinct(_of_links(targets(parsed(markup), base)))


def _of_links(addresses: Iterator[str] | list[str]) -> Iterator[Sighting]:
    for target in addresses:
        yield from named(target) if _ADDRESS.match(target) else scan(target)  # `doi:10.1234/x` is no address
