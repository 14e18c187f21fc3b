"""The identifiers that one web address names: as a resolver, as a publisher, or as the address that it is."""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, unquote, urlsplit

from connectors.identifiers import Identifier, normalise, parse
from connectors.sightings.codes import CODES, short_doi
from connectors.sightings.forms import ADDRESSES, QUERY, TAILS
from connectors.sightings.sighting import Sighting, distinct, sightings
from connectors.urls import LONGEST, canonical_url

DEEPEST = 3  # addresses within addresses, as redirectors and archives have them

_FLAGS = re.ASCII | re.IGNORECASE
_ADDRESSES = {
    host: tuple((re.compile(pattern, _FLAGS | re.DOTALL), scheme, template) for pattern, scheme, template in forms)
    for host, forms in ADDRESSES.items()
}
_TAILS = re.compile(TAILS, _FLAGS | re.DOTALL)
_DOI = re.compile(r"(?<![0-9A-Za-z.])10\.[0-9]{4,9}/.+", re.DOTALL)
_DOI_VALUE = re.compile(r"\s*(?:info:doi/|doi:)?\s*10\.[0-9]{4,9}/", _FLAGS)
_HANDLE = re.compile(r"/(?:bitstream/)?(?:handle|bitstream)/([0-9][0-9.]*/[^/?#]+)", _FLAGS)
_NESTED = re.compile(r"https?:/{1,2}(?=[^/\s])", _FLAGS)
_RESOLVERS = re.compile(  # every host that `parse` knows has one of these; most addresses have none and are not tried
    r"doi\.org|ncbi\.nlm|europepmc|arxiv\.org|handle\.net|nbn-resolving|obvsg|urn\.|n2t\.net|clinicaltrials|ssrn\.com"
    r"|repec\.org|adsabs",
    _FLAGS,
)
_DOI_ORG = re.compile(r"(?:www\.|dx\.)?doi\.org")


def address(url: str) -> list[Sighting]:
    """What one address names, the surest first, and at last the address itself where it may be an output's own.

    `www.example.edu` and encoded forms (`https%3A%2F%2F`) are read too; what is too long for an address is none."""
    return distinct(named(url))


def named(url: str, depth: int = DEEPEST) -> Iterator[Sighting]:
    """As `address`, each as soon as it is found."""
    given = _with_scheme(url.strip())
    if not given or len(given) > LONGEST:
        return
    if _RESOLVERS.search(given) and (found := parse(given.replace("/#abs/", "/abs/"))) and found.scheme != "url":
        yield from sightings(found, "doi-url" if found.scheme == "doi" else "resolver-url", url)
        return
    try:
        parts = urlsplit(given)
        host = parts.hostname or ""
    except ValueError:  # brackets in the host
        return
    if _DOI_ORG.fullmatch(host) and (short := short_doi(parts.path.strip("/"))):
        yield from sightings(short, "short-doi", url)
        return
    yield from _of_place(host, parts, url, depth)
    yield from _of_query(parts, url, depth)
    if not _DOI_ORG.fullmatch(host):
        yield from sightings(_landing_page(given), "landing-page", url)


def decoded(text: str) -> str:
    """Without percent-encoding, which some programs apply twice."""
    return unquote(unquote(text)) if "%" in text else text


def _with_scheme(text: str) -> str:
    if "://" not in text[:12]:
        if re.match("https?%", text, _FLAGS):
            text = decoded(text)
        elif not re.match("[a-z][a-z0-9+.-]*:(?![0-9])", text, _FLAGS):
            text = f"https://{text.removeprefix('//')}"
    return text if re.match("https?://[^/]", text, _FLAGS) else ""


def _landing_page(url: str) -> Identifier | None:
    canonical = canonical_url(url)
    return Identifier("url", canonical) if canonical else None


def _of_place(host: str, parts: SplitResult, url: str, depth: int) -> Iterator[Sighting]:
    """What host and path tell: by a form of that host, by an address in the path, by a DOI or a handle in it."""
    path = decoded(parts.path)
    if found := _by_host(host, path + (f"?{decoded(parts.query)}" if parts.query else "")):
        yield from sightings(found, found.scheme if found.scheme in CODES else "publisher-url", url)
        return
    inner = _NESTED.search(path, 1) if depth else None
    if inner:
        rest = path[inner.end() :] + (f"?{parts.query}" if parts.query else "")
        yield from named(f"https://{rest}", depth - 1)
    elif doi := _DOI.search(path):
        yield from sightings(doi_of_path(doi[0]), "publisher-url", url)
    elif handle := _HANDLE.search(path):
        yield from sightings(normalise("handle", handle[1]), "publisher-url", url)


def doi_of_path(text: str) -> Identifier | None:
    """A DOI that an address goes on behind."""
    return normalise("doi", _TAILS.sub("", text))


def _by_host(host: str, place: str) -> Identifier | None:
    """By the forms of the host, or of the nearest domain above it that has any."""
    labels = host.split(".")[-5:]
    known = (number for number in range(len(labels)) if ".".join(labels[number:]) in _ADDRESSES)
    number = next(known, None)
    if number is None:
        return None
    for pattern, scheme, template in _ADDRESSES[".".join(labels[number:])]:
        if "{label}" in template and not number:
            continue
        if matched := pattern.fullmatch(place):
            value = matched.expand(template).replace("{label}", labels[number - 1])
            return CODES[scheme](value) if scheme in CODES else normalise(scheme, value)
    return None


def _of_query(parts: SplitResult, url: str, depth: int) -> Iterator[Sighting]:
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        value = decoded(value)
        scheme = QUERY.get(name.lower())
        if _DOI_VALUE.match(value):
            yield from sightings(doi_of_path(value), "publisher-url", url)
        elif scheme:
            yield from sightings(normalise(scheme, value), "publisher-url", url)
        elif value[:5] in ("info:", "urn:n"):
            yield from sightings(parse(value), "publisher-url", url)
        elif depth and _NESTED.match(value):
            yield from named(value, depth - 1)
