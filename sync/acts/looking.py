"""A page that somebody names: read once, and looked through for what it says of outputs that are known here."""

from dataclasses import dataclass
from hashlib import sha256

from connectors import sightings
from connectors.abroad import Abroad, canonical
from connectors.abroad.head import Head, head_of
from connectors.attention import Evidence
from connectors.errors import ConnectorError
from connectors.identifiers import Identifier
from connectors.sightings.tracked import variants
from sync import store
from sync.acts.office import Office, Refused

ACCEPT = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5"
MOST_BYTES = 5_000_000
HTML = ("text/html", "application/xhtml+xml", "")
LOOKUPS = ("publisher-url", "landing-page")  # which follow from what is known of addresses; the others stand there
WAYS = list(sightings.METHODS)  # the surest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page says: the address that it gives itself, what it is called, when it was published, and why it is said
    to speak of what, an entry for each identifier of an output that is known here."""

    url: str
    head: Head
    evidence: tuple[Evidence, ...]


def look(office: Office, abroad: Abroad, url: str) -> Seen:
    """Read a page. Raises `Refused` where it cannot be had, or is none."""
    try:
        page = abroad.fetch(url, accept=ACCEPT, most_bytes=MOST_BYTES)
    except ConnectorError as error:
        raise Refused(f"url: {error}") from None
    if page.status >= 400:
        raise Refused(f"url: there is nothing to be read (status {page.status})")
    text = page.text().text
    if page.media in HTML:
        own = canonical(text, page.url).url
        found, head = sightings.html(text, page.url), head_of(text)
    elif page.media == "text/plain":
        own, found, head = canonical("", page.url).url, sightings.plain(text), Head("", "")
    else:
        raise Refused(f"url: what stands there is {page.media}, and only pages are looked through")
    return Seen(url=own or page.url, head=head, evidence=_evidence(office, found, sha256(page.body).hexdigest()))


def _evidence(office: Office, found: list[sightings.Sighting], digest: str) -> tuple[Evidence, ...]:
    """Of each identifier that an output has, the surest way in which it was seen."""
    surest: dict[Identifier, sightings.Sighting] = {}
    for sighting in sorted(found, key=lambda each: WAYS.index(each.method)):
        surest.setdefault(sighting.identifier, sighting)
    told: dict[Identifier, Evidence] = {}
    with office.house.read() as db:
        for sighting in surest.values():
            named = (each for each in variants(sighting.identifier) if store.output_of(db, each) is not None)
            if (identifier := next(named, None)) is not None:
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
