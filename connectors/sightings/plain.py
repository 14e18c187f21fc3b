"""Identifiers in a text without any markup: a post, a paragraph, the words of a page."""

import re
from collections.abc import Iterator

from connectors.identifiers import Identifier, normalise, parse
from connectors.sightings.address import named
from connectors.sightings.codes import pii, short_doi, sici
from connectors.sightings.forms import HOSTS, PLAIN, PREFIXED
from connectors.sightings.runs import goes_on, run, trimmed
from connectors.sightings.sighting import LARGEST, Sighting, distinct, sightings

_DOI = r"10\.[0-9]{4,9}(?:/|%2f)"
_FLAGS = re.ASCII | re.IGNORECASE
_START = re.compile(
    rf"(?<![0-9A-Za-z])(?:(?P<url>https?://|www\.(?=[a-z0-9])|{HOSTS})"
    rf"|(?P<doi>(?<![.$\u00a3\u20ac]){_DOI})"
    rf"|(?P<named_doi>(?:info:|urn:)?doi\s{{0,2}}[:=/.#\uff1a]?\s{{0,2}}(?={_DOI}))"
    r"|(?P<short>doi\s?:\s?(?P<code>10/[a-z0-9]{3,10})(?![0-9a-z/]))|"
    + "|".join(
        f"(?P<named_{scheme}>(?:{words})(?P<value_{scheme}>{shape}))" for scheme, (words, shape) in PREFIXED.items()
    )
    + "|"
    + "|".join(f"(?P<plain_{scheme}>{shape})" for scheme, shape in PLAIN.items())
    + ")",
    _FLAGS,
)
_HAS_DIGIT = re.compile("[0-9]")
_ISBN = {size: re.compile(rf"(?:[0-9x][^0-9x]{{0,2}}){{{size - 1}}}[0-9x](?![0-9x-])", _FLAGS) for size in (13, 10)}


def plain(text: str) -> list[Sighting]:
    """Every identifier of a text, and every web address in it, in their order."""
    return distinct(scan(text[:LARGEST]))


def scan(text: str) -> Iterator[Sighting]:
    """As `plain`, each as soon as it is found."""
    return _scan(text) if may_have(text) else iter(())


def may_have(text: str) -> bool:
    """Whether there can be any: all have a digit, a slash, or begin with `www.`; most posts have none of them."""
    return "/" in text or _HAS_DIGIT.search(text) is not None or "www." in text.lower()


def _scan(text: str) -> Iterator[Sighting]:
    position = 0
    while start := _START.search(text, position):
        kind, position = start.lastgroup or "", start.end()
        if kind == "url":
            piece, position = run(text, start.start())
            yield from _of_address(trimmed(piece), certain=not goes_on(text, position))
        elif kind == "doi":
            piece, position = run(text, start.start())
            yield from sightings(normalise("doi", piece), "plain-doi", trimmed(piece))
        elif kind == "named_doi":
            piece, position = run(text, start.end(), before=start.start())
            yield from sightings(normalise("doi", piece), "prefixed", start[0] + trimmed(piece))
        elif kind == "short":
            yield from sightings(short_doi(start["code"]), "short-doi", start[0])
        elif kind.startswith("plain_"):
            scheme = kind.removeprefix("plain_")
            yield from sightings(_code(scheme, start[0]), _method(scheme, "plain-id"), start[0])
        else:
            scheme = kind.removeprefix("named_")
            told = start[0]
            if not PREFIXED[scheme][1]:
                piece, position = run(text, start.end(), before=start.start())
                told += trimmed(piece)
            value = told[len(start[0]) - len(start[f"value_{scheme}"]) :]
            yield from sightings(_named(scheme, value, told), _method(scheme, "prefixed"), told)
        position = max(position, start.end())


def _of_address(piece: str, *, certain: bool) -> Iterator[Sighting]:
    """`certain`: whether the address surely ends here; where not, only what stands within it is told."""
    return (sighting for sighting in named(piece) if certain or sighting.method != "landing-page")


def _method(scheme: str, method: str) -> str:
    return scheme if scheme in ("pii", "sici") else method


def _named(scheme: str, value: str, told: str) -> Identifier | None:
    if scheme == "isbn":
        return isbn(value)
    if scheme == "urn":
        return parse(told)
    return _code(scheme, value)


def _code(scheme: str, value: str) -> Identifier | None:
    if scheme == "pii":
        return pii(value)
    return sici(value) if scheme == "sici" else normalise(scheme, value)


def isbn(value: str) -> Identifier | None:
    """That which begins the text, of 13 digits or of 10: other numbers may stand behind it."""
    for shape in _ISBN.values():
        if (matched := shape.match(value)) and (found := normalise("isbn", matched[0])):
            return found
    return None
