"""The works that a person lists at ORCID, and what of them is taken."""

from collections.abc import Iterator
from typing import Any

from connectors.documents import Document, listed, within
from connectors.enriching import found, identical, word
from connectors.identifiers import Identifier
from connectors.records import Learned

SCHEMES = {
    **{"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "arxiv": "arxiv", "handle": "handle", "urn": "urn"},
    **{"ssrn": "ssrn", "bibcode": "ads"},
}


def learned(told: Document, person: Identifier) -> Iterator[Learned]:
    """What is listed for everybody, by DOI. Each work that calls one DOI its own gives the other names that it calls
    its own; what several entries say of a DOI is taken together."""
    names: dict[Identifier, set[Identifier]] = {}
    for group in listed(told.get("group")):
        for work in listed(within(group, "work-summary")):
            if _word(within(work, "visibility")) != "public":
                continue
            own = set(_own(work))
            dois = [each for each in own if each.scheme == "doi"]
            if len(dois) == 1:
                names.setdefault(dois[0], set()).update(own)
    for doi, own in names.items():
        if versions := identical(own):
            yield Learned(asked=person, doi=doi, versions=versions)


def _own(work: Any) -> Iterator[Identifier]:
    """What is of the work itself: not of what it is part of, a version of, or paid by."""
    for each in listed(within(work, "external-ids", "external-id")):
        scheme = SCHEMES.get(_word(within(each, "external-id-type")))
        if scheme and _word(within(each, "external-id-relationship")) == "self":
            identifier = found(scheme, within(each, "external-id-value"))
            if identifier is not None:
                yield identifier


def _word(told: object) -> str:
    """As one of ORCID's words: small, with dashes."""
    return word(told).lower().replace("_", "-")
