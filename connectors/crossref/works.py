"""A work as Crossref describes it, and what of it is taken."""

from collections.abc import Collection, Iterator
from typing import Any

from connectors.documents import listed, within
from connectors.enriching import found, identical, issns, landing, said, word, words
from connectors.identifiers import Identifier
from connectors.records import Learned, Version

RELATIONS = {
    "has-preprint": "has_preprint",
    "is-preprint-of": "is_preprint_of",
    "has-version": "has_version",
    "is-version-of": "is_version_of",
    "has-translation": "has_translation",
    "is-translation-of": "is_translation_of",
}
SCHEMES = {"doi": "doi", "arxiv": "arxiv", "pmid": "pmid", "pmcid": "pmcid", "uri": "url"}
JOURNALS = ("journal-article", "proceedings-article", "posted-content", "peer-review")


def learned(work: Any, about: Collection[Identifier]) -> Iterator[Learned]:
    """What a work says, where it is one of those that were asked about."""
    doi = found("doi", within(work, "DOI"))
    if doi is None or doi not in about:
        return
    page = landing(within(work, "resource", "primary", "URL"))
    yield Learned(
        asked=doi,
        doi=doi,
        versions=(*_versions(work), *identical([page])),
        journal=next(iter(words(listed(within(work, "container-title")))), "") if _in_a_journal(work) else "",
        issns=issns(listed(within(work, "ISSN"))),
        subjects=words(listed(within(work, "subject"))),
        raw=said(licence=_licence(work), notice=_notice(work)),
    )


def _in_a_journal(work: Any) -> bool:
    """The container of a chapter is a book."""
    return within(work, "type") in JOURNALS


def _versions(work: Any) -> Iterator[Version]:
    """Of what stands under `relation` only what names another version by an identifier that is one."""
    for name, relation in RELATIONS.items():
        for each in listed(within(work, "relation", name)):
            scheme = SCHEMES.get(word(within(each, "id-type")).lower(), "")
            identifier = found(scheme, within(each, "id")) if scheme else None
            if identifier is not None and identifier.scheme != "url":
                yield Version(relation, identifier)


def _licence(work: Any) -> str:
    """That of the version of record, else the first."""
    told = listed(within(work, "license"))
    own = [each for each in told if within(each, "content-version") == "vor"]
    return next((word(within(each, "URL")) for each in (*own, *told)), "")


def _notice(work: Any) -> str:
    """What was published about it since (`updated-by`), or it is a notice of (`update-to`): retractions and such."""
    notices = [
        f"{name} {word(within(each, 'type'))} {word(within(each, 'DOI'))}"
        for name in ("updated-by", "update-to")
        for each in listed(within(work, name))
    ]
    return "; ".join(notices[:3])
