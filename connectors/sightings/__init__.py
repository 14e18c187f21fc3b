"""Identifiers of outputs in texts, pages and addresses of any origin, and the set of those that are looked for.

Text in, sightings out: nothing here knows a source, a store or a network. Every text is untrusted: no extractor raises,
each takes time in proportion to the text, and what it hands back is bounded (`MOST`, `LARGEST`).
"""

from connectors.sightings.address import address
from connectors.sightings.html import html, links
from connectors.sightings.markdown import markdown
from connectors.sightings.page import page_tags
from connectors.sightings.plain import plain
from connectors.sightings.sighting import LARGEST, METHODS, MOST, UNRESOLVED, VERSION, Sighting
from connectors.sightings.tracked import Tracked
from connectors.sightings.wikitext import wikitext

__all__ = [
    "LARGEST",
    "METHODS",
    "MOST",
    "UNRESOLVED",
    "VERSION",
    "Sighting",
    "Tracked",
    "address",
    "html",
    "links",
    "markdown",
    "page_tags",
    "plain",
    "wikitext",
]
