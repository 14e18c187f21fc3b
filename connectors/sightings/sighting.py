"""What an extractor hands back, and the identifiers that come with the one that was seen."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from connectors.identifiers import Identifier, normalise
from connectors.markup import LARGEST
from connectors.sightings.runs import cut_off
from connectors.texts import LONGEST_EXCERPT, one_line

__all__ = [
    "LARGEST",
    "LONGEST_EXCERPT",
    "METHODS",
    "MOST",
    "UNRESOLVED",
    "VERSION",
    "Sighting",
    "distinct",
    "sightings",
]

VERSION = "1"  # of the extractors, kept with what they found: counts up whenever one finds something else
MOST = 10_000  # sightings of one text, which is more than any page that is about something has

METHODS = {  # from the surest to the least sure
    "doi-url": "the address of a DOI at doi.org",
    "resolver-url": "the address of another identifier at its own resolver: PubMed, arXiv, a handle server, ...",
    "template": "a field of a citation template in wikitext",
    "meta-tag": "the page says in a tag of its head, or in JSON-LD, that this is its own identifier",
    "prefixed": "the name of the scheme stands before it: `doi:`, `PMID`, `arXiv:`, `ISBN`, ...",
    "plain-doi": "a DOI without anything before it",
    "plain-id": "another identifier that cannot be mistaken: PMC1234567, NCT01234567, hep-th/9901001",
    "publisher-url": "an address at a publisher or repository which contains it, or from which it follows",
    "pii": "a publisher item identifier, which only Crossref's `alternative-id` ties to an output",
    "sici": "a serial item and contribution identifier, which has to be looked up too",
    "short-doi": "a short DOI, `10/` and some characters, which somebody has to resolve",
    "landing-page": "the address itself, which ties only where it is known as the address of an output",
}

UNRESOLVED = ("pii", "short-doi", "sici")
"""Schemes that no output is stored under and `normalise` refuses: they name something that must be looked up first."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An identifier in its normal form, how it was found, and the piece of the text that shows it, version and all."""

    identifier: Identifier
    method: str
    excerpt: str


_ALSO: tuple[tuple[str, str, str, bool], ...] = (  # DOI, what else it is, and whether the DOI itself is kept
    (r"10\.2139/ssrn\.(\d+)", "ssrn", r"\1", True),
    (r"10\.48550/arxiv\.(.+)", "arxiv", r"\1", True),
    # Encyclopedias of Oxford University Press have moved, and the old DOIs stand in texts.
    (r"10\.1093/(acre\w+)/(\d{13})\.001\.0001/\1-\2-e-(\d+)", "doi", r"10.1093/\1/\2.013.\3", True),
    # What Oxford's addresses have behind the DOI, and the version of a preprint, which its DOI does not have.
    (r"10\.1093/([a-z]+/[a-z]+\d+)/\d{5,}(?:/.*)?", "doi", r"10.1093/\1", False),
    (r"10\.(1101|64898)/((?:\d{4}\.\d\d\.\d\d\.)?\d{6,8})v\d+(?:[./].*)?", "doi", r"10.\1/\2", False),
)
_DOIS = tuple((re.compile(doi, re.ASCII), scheme, other, kept) for doi, scheme, other, kept in _ALSO)


def sightings(identifier: Identifier | None, method: str, told: str) -> Iterator[Sighting]:
    """Of one identifier in a text: itself, and what it is called elsewhere, so that either name ties it.

    None where the text was cut off for show (`10.1016/j.ce...`), since half an identifier is another one."""
    if identifier is None or cut_off(told):
        return
    excerpt = one_line(told)
    excerpt = excerpt if len(excerpt) <= LONGEST_EXCERPT else f"{excerpt[: LONGEST_EXCERPT - 1]}…"
    for each in _names(identifier):
        yield Sighting(each, method, excerpt)


def distinct(found: Iterable[Sighting]) -> list[Sighting]:
    """In the order of the text; of those that tell the same in the same way the first."""
    once: dict[tuple[Identifier, str], Sighting] = {}
    for sighting in islice(found, MOST):
        once.setdefault((sighting.identifier, sighting.method), sighting)
    return list(once.values())


def _names(identifier: Identifier) -> Iterator[Identifier]:
    if identifier.scheme == "ssrn":
        yield identifier
        yield Identifier("doi", f"10.2139/ssrn.{identifier.value}")
    elif identifier.scheme == "arxiv":
        yield identifier
        yield Identifier("doi", f"10.48550/arxiv.{identifier.value}")
    elif identifier.scheme == "handle" and (doi := _doi_of_handle(identifier.value)):
        yield from _names(doi)
    elif identifier.scheme == "doi":
        yield from _names_of_doi(identifier)
    else:
        yield identifier


def _doi_of_handle(handle: str) -> Identifier | None:
    """Every DOI is a handle, and is read as a DOI wherever it stands."""
    return normalise("doi", handle) if handle.startswith("10.") else None


def _names_of_doi(identifier: Identifier) -> Iterator[Identifier]:
    for shape, scheme, other, kept in _DOIS:
        if found := shape.fullmatch(identifier.value):
            if kept:
                yield identifier
            if named := normalise(scheme, found.expand(other)):
                yield named
            return
    yield identifier
