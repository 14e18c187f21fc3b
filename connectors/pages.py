"""A page of a host that nobody configured: read once, and looked through for what it says of what is looked for."""

from collections.abc import Container
from dataclasses import dataclass
from hashlib import sha256

from connectors import sightings
from connectors.abroad import Abroad, Fetched, canonical
from connectors.abroad.head import Head, head_of
from connectors.attention import Evidence
from connectors.errors import NotUnderstood, TryLater
from connectors.identifiers import Identifier
from connectors.ties import ties

ACCEPT = "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5"
MOST_BYTES = 5_000_000
HTML = ("text/html", "application/xhtml+xml", "")
GONE = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page says: the address that it gives itself, what it is called, when it was published, and why it is said
    to speak of what, an entry for each identifier that is looked for. `own` are those among them by which it calls
    itself, so that it is the output and speaks of none."""

    url: str
    head: Head
    evidence: tuple[Evidence, ...]
    own: frozenset[Identifier]


def look(abroad: Abroad, url: str, known: Container[Identifier]) -> Seen | None:
    """Read a page; None where there is nothing (404, 410). Raises what `Abroad.fetch` does, `TryLater` for any other
    refusal, and `NotUnderstood` for what is no page."""
    page = abroad.fetch(url, accept=ACCEPT, most_bytes=MOST_BYTES)
    if page.status in GONE:
        return None
    if page.status >= 400:
        raise TryLater(f"there is nothing to be read (status {page.status})")
    return read(page, known)


def read(page: Fetched, known: Container[Identifier]) -> Seen:
    """What was fetched, looked through. Raises `NotUnderstood` for what is no page."""
    text = page.text().text
    if page.media in HTML:
        address = canonical(text, page.url).url
        found, head, tags = sightings.html(text, page.url), head_of(text), sightings.page_tags(text, page.url)
    elif page.media == "text/plain":
        address, found, head, tags = canonical("", page.url).url, sightings.plain(text), Head("", ""), []
    else:
        raise NotUnderstood(f"what stands there is {page.media}, and only pages are looked through")
    digest = sha256(page.body).hexdigest()
    itself = ties((*tags, *sightings.address(address), *sightings.address(page.url)), known, digest)
    return Seen(
        url=address or page.url,
        head=head,
        evidence=ties(found, known, digest),
        own=frozenset(each.identifier for each in itself),
    )
