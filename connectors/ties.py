"""What was seen in a text, as evidence of what it names among what is looked for."""

from collections.abc import Container, Iterable

from connectors import sightings
from connectors.attention import Evidence
from connectors.identifiers import Identifier
from connectors.sightings.tracked import variants

LOOKUPS = ("publisher-url", "landing-page")  # which follow from what is known of addresses; the others stand there
WAYS = list(sightings.METHODS)  # the surest first


def ties(found: Iterable[sightings.Sighting], known: Container[Identifier], digest: str) -> tuple[Evidence, ...]:
    """Of each identifier that is looked for the surest way in which it was seen, in the order of sureness. `digest` is
    the SHA-256 of the whole text, in hexadecimal."""
    told: dict[Identifier, Evidence] = {}
    for sighting in sorted(found, key=lambda each: WAYS.index(each.method)):
        if (identifier := next((each for each in variants(sighting.identifier) if each in known), None)) is not None:
            told.setdefault(identifier, _seen(identifier, sighting, digest))
    return tuple(told.values())


def _seen(identifier: Identifier, sighting: sightings.Sighting, digest: str) -> Evidence:
    return Evidence(
        identifier=identifier,
        method=sighting.method,
        level="lookup" if sighting.method in LOOKUPS else "literal",
        excerpt=sighting.excerpt,
        digest=digest,
        extractor=sightings.VERSION,
    )
