"""A DOI as DataCite describes it, and what of it is taken."""

from collections.abc import Collection, Iterator
from typing import Any

from connectors.documents import listed, within
from connectors.enriching import found, identical, issns, landing, said, word, words
from connectors.identifiers import Identifier
from connectors.records import Learned, Version

RELATIONS = {
    "HasVersion": "has_version",
    "IsVersionOf": "is_version_of",
    "IsNewVersionOf": "is_new_version_of",
    "IsPreviousVersionOf": "is_previous_version_of",
    "HasTranslation": "has_translation",
    "IsTranslationOf": "is_translation_of",
}
SCHEMES = {
    **{"DOI": "doi", "arXiv": "arxiv", "Handle": "handle", "PMID": "pmid", "PMCID": "pmcid"},
    **{"URN": "urn", "bibcode": "ads"},
}


def learned(told: Any, about: Collection[Identifier]) -> Iterator[Learned]:
    """What is said of a DOI, where it is one of those that were asked about and everybody finds it."""
    doi = found("doi", within(told, "doi"))
    if doi is None or doi not in about or within(told, "state") != "findable":
        return
    container = within(told, "container")
    in_a_journal = within(container, "type") == "Journal"
    yield Learned(
        asked=doi,
        doi=doi,
        versions=(*_versions(told), *identical([landing(within(told, "url")), *_names(told)])),
        journal=word(within(container, "title")) if in_a_journal else "",
        issns=issns([within(container, "identifier")]) if in_a_journal else (),
        subjects=words(within(each, "subject") for each in listed(within(told, "subjects"))),
        raw=said(licence=_licence(told)),
    )


def _versions(told: Any) -> Iterator[Version]:
    for each in listed(within(told, "relatedIdentifiers")):
        relation = RELATIONS.get(word(within(each, "relationType")))
        identifier = _identifier(each, "relatedIdentifierType", "relatedIdentifier")
        if relation and identifier is not None:
            yield Version(relation, identifier)


def _names(told: Any) -> Iterator[Identifier | None]:
    """What it is called elsewhere: said of itself, or as identical."""
    for each in listed(within(told, "identifiers")):
        yield _identifier(each, "identifierType", "identifier")
    for each in listed(within(told, "relatedIdentifiers")):
        if within(each, "relationType") == "IsIdenticalTo":
            yield _identifier(each, "relatedIdentifierType", "relatedIdentifier")


def _identifier(each: Any, kind: str, value: str) -> Identifier | None:
    scheme = SCHEMES.get(word(within(each, kind)))
    return found(scheme, within(each, value)) if scheme else None


def _licence(told: Any) -> str:
    rights = listed(within(told, "rightsList"))
    return next(
        (
            text
            for each in rights
            for name in ("rightsIdentifier", "rightsUri", "rights")
            if (text := word(within(each, name)))
        ),
        "",
    )
