"""What was seen in a text, as evidence of what it names among what is looked for."""

from collections.abc import Container, Iterable
from html import escape

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


def again(quoted: Evidence, known: Container[Identifier]) -> tuple[Evidence, ...]:
    """What is seen in a quote by the extractors as they are now. What stood around the quote is gone; what is known of
    it is put there again, by how it was found: a template's braces, or a tag that says what its content is."""
    text = quoted.excerpt
    found = [*sightings.address(text), *sightings.plain(text)]
    if quoted.method == "template":
        found += [*sightings.wikitext(f"{{{{{text}}}}}"), *sightings.wikitext(f"{{{{cite|{text}}}}}")]
    elif quoted.method == "meta-tag":
        for name in (quoted.identifier.scheme, "arxiv"):  # a number of arXiv's is a DOI too
            found += sightings.page_tags(f'<meta name="{name}" content="{escape(text)}">')
    return ties(found, known, quoted.digest)
