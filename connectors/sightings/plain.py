"""Identifiers in a text without any markup: a post, a paragraph, the words of a page."""

import re
from collections.abc import Iterator

from connectors.identifiers import Identifier, normalise, parse
from connectors.sightings.address import named
from connectors.sightings.codes import CODES
from connectors.sightings.forms import ISBN_BLANK, PLAIN, PREFIXED, URLS
from connectors.sightings.runs import goes_on, run, trimmed
from connectors.sightings.sighting import LARGEST, MOST, Sighting, distinct, sightings
from connectors.urls import LONGEST

_KINDS = (  # scheme, what stands before the value, and the value, in the order of the groups below
    *(("url", "", shape) for shape in URLS),
    *(("doi", "", shape) for scheme, shape in PLAIN if scheme == "doi"),
    *PREFIXED,
    *((scheme, "", shape) for scheme, shape in PLAIN if scheme != "doi"),
)
# An empty group, the only one of its alternative, tells which has matched, and where the value begins.
_START = re.compile(
    "(?<![0-9a-z])(?=[0-9a-z])(?:"
    + "|".join(f"{words}(){shape}" if words else f"{shape}()" for _, words, shape in _KINDS)
    + ")"
)
_HAS_DIGIT = re.compile("[0-9]")
_ISBN_BLANK = re.compile(ISBN_BLANK)
_ISBN = [re.compile(rf"(?:[0-9]{ISBN_BLANK}{{0,2}}){{{size}}}[0-9xX](?![0-9xX-])") for size in (12, 9)]


def plain(text: str) -> list[Sighting]:
    """Every identifier of a text, and every web address in it, in their order."""
    return distinct(_scan(text[:LARGEST])) if may_have(text) else []


def scan(text: str) -> Iterator[Sighting]:
    """As `plain`, each as soon as it is found."""
    return _scan(text) if may_have(text) else iter(())


def may_have(text: str) -> bool:
    """Whether there can be any: all have a digit, a slash or a colon, or begin with `www.`; most posts have none."""
    return "/" in text or ":" in text or _HAS_DIGIT.search(text) is not None or "www." in text.lower()


def _scan(text: str) -> Iterator[Sighting]:
    lower = text.replace("\u0130", "I").lower()  # this one letter alone would be longer in lower case
    position = 0
    for _ in range(MOST):  # good ones and others, so that the time is bounded too
        start = _START.search(lower, position)
        if not start:
            return
        group = start.lastindex or 1
        scheme, words, shape = _KINDS[group - 1]
        begin = start.start(group) if words else start.start()
        if scheme == "url":
            piece, position = run(text, begin, longest=LONGEST)
            yield from _of_address(trimmed(piece), certain=not goes_on(text, position))
        elif scheme == "doi" or not shape:
            piece, position = run(text, begin, before=start.start())
            told = text[start.start() : begin] + trimmed(piece)
            yield from sightings(_identifier(scheme, piece, told), _method(scheme, words), told)
        else:
            told = text[start.start() : start.end()]
            yield from sightings(_identifier(scheme, text[begin : start.end()], told), _method(scheme, words), told)
        position = max(position, start.end())


def _of_address(piece: str, *, certain: bool) -> Iterator[Sighting]:
    """`certain`: whether the address surely ends here; where not, only what stands within it is told."""
    return (sighting for sighting in named(piece) if certain or sighting.method != "landing-page")


def _method(scheme: str, words: str) -> str:
    if scheme in CODES:
        return scheme
    return "prefixed" if words else "plain-doi" if scheme == "doi" else "plain-id"


def _identifier(scheme: str, value: str, told: str) -> Identifier | None:
    if scheme in CODES:
        return CODES[scheme](value)
    if scheme == "isbn":
        return isbn(value)
    return parse(told) if scheme == "urn" else normalise(scheme, value)


def isbn(value: str) -> Identifier | None:
    """That which begins the text, of 13 digits or of 10: other numbers may stand behind it."""
    for shape in _ISBN:
        matched = shape.match(value)
        if matched and (found := normalise("isbn", _ISBN_BLANK.sub("", matched[0]))):
            return found
    return None
