"""One document of a policy source: a page with the files that belong to it, or a PDF."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from connectors import pages, sightings
from connectors.abroad import Abroad, Fetched
from connectors.abroad.canonical import domain_of
from connectors.attention import Evidence
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http.rates import http_date
from connectors.identifiers import Identifier
from connectors.markup import base_of, joined, parsed
from connectors.policy import pdf
from connectors.policy.listing import Row
from connectors.policy.visit import fetch
from connectors.sightings import Sighting
from connectors.sightings.tracked import variants
from connectors.ties import ties
from connectors.urls import canonical_url

ACCEPT = "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.5"
MOST_BYTES = 50_000_000
MOST_FILES = 5  # that belong to one page
PDF = b"%PDF-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`published` is what a page says of itself, in ISO 8601, as much of it as there is; that of a PDF is not believed,
    since it is when somebody saved it. `modified` is what the server says."""

    url: str
    title: str
    published: str
    modified: datetime | None
    evidence: tuple[Evidence, ...]


def read(abroad: Abroad, address: str, row: Row, known: Container[Identifier]) -> Document | None:
    """What a document says; None where there is nothing (404, 410). Raises as `Abroad.fetch` does, and `NotUnderstood`
    for what is no document of this source, or cannot be read."""
    page = fetch(abroad, address, accept=ACCEPT, most_bytes=MOST_BYTES)
    if page.gone:
        return None
    if page.status >= 400:
        raise TryLater(f"there is nothing to be read (status {page.status})")
    if domain_of(page.url) != row.domain:
        raise NotUnderstood("a document that has moved to another domain")
    return _of_pdf(page, known) if _is_pdf(page) else _of_page(abroad, page, row, known)


def _is_pdf(page: Fetched) -> bool:
    return page.body[:1024].lstrip().startswith(PDF)


def _of_pdf(page: Fetched, known: Container[Identifier]) -> Document:
    told = pdf.read(page.body)
    evidence = ties(told.found, known, sha256(page.body).hexdigest())
    return Document(
        url=canonical_url(page.url) or page.url,
        title=told.title,
        published="",
        modified=http_date(page.headers.get("Last-Modified")),
        evidence=_of_others(evidence, (*told.own, *sightings.address(page.url))),
    )


def _of_page(abroad: Abroad, page: Fetched, row: Row, known: Container[Identifier]) -> Document:
    if len(page.body) > pages.MOST_BYTES:
        raise NotUnderstood(f"a page of more than {pages.MOST_BYTES} bytes")
    seen = pages.read(page, known)
    markup = page.text().text if page.media in pages.HTML else ""
    own = [*sightings.page_tags(markup, page.url), *sightings.address(page.url)]
    evidence = list(seen.evidence)
    for file in _files(markup, page.url, row):
        told = _file(abroad, file, row, known)
        own += told[1]
        evidence += [each for each in told[0] if each.identifier not in {one.identifier for one in evidence}]
    return Document(
        url=seen.url,
        title=seen.head.title,
        published=seen.head.published,
        modified=http_date(page.headers.get("Last-Modified")),
        evidence=_of_others(evidence, own),
    )


def _of_others(evidence: Iterable[Evidence], own: Iterable[Sighting]) -> tuple[Evidence, ...]:
    """Without what a document says that it is itself: its own DOI in its head is not a citation, nor is an address by
    which its own handle is reached."""
    itself = {each for sighting in own for each in variants(sighting.identifier)}
    return tuple(each for each in evidence if itself.isdisjoint(_names(each.identifier)))


def _names(identifier: Identifier) -> Iterator[Identifier]:
    yield identifier
    if identifier.scheme == "url":
        yield from (each.identifier for each in sightings.address(identifier.value))


def _files(markup: str, address: str, row: Row) -> list[str]:
    """The PDFs that a page says are its own text, then those that it links to, of the same domain."""
    root = parsed(markup)
    base = base_of(root, address)
    told = [each.get("content", "") for each in root.iter("meta") if each.get("name", "").lower() == "citation_pdf_url"]
    told += [target for each in root.iter("a") if _ends_as_pdf(target := each.get("href", ""))]
    addresses = (joined(base, each.strip()) for each in told if each.strip())
    return list(dict.fromkeys(each for each in addresses if _at(each, row.domain)))[:MOST_FILES]


def _ends_as_pdf(target: str) -> bool:
    try:
        return urlsplit(target.strip()).path.lower().endswith(".pdf")
    except ValueError:
        return False


def _at(address: str, domain: str) -> bool:
    try:
        return urlsplit(address).scheme in ("http", "https") and domain_of(address) == domain
    except ValueError:
        return False


def _file(
    abroad: Abroad, address: str, row: Row, known: Container[Identifier]
) -> tuple[tuple[Evidence, ...], list[Sighting]]:
    """What a file of a page names, and what it is itself; nothing where it cannot be read, since the page still can."""
    try:
        page = fetch(abroad, address, accept="application/pdf", most_bytes=MOST_BYTES)
        if page.status >= 400 or domain_of(page.url) != row.domain or not _is_pdf(page):
            return (), []
        told = pdf.read(page.body)
    except (NotAllowed, NotUnderstood):
        return (), []
    return ties(told.found, known, sha256(page.body).hexdigest()), [*told.own, *sightings.address(page.url)]
