"""InvenioRDM's records as items. Each version is a record with a DOI of its own, and votes by itself.

The record's own DOI counts (`pids.doi`); without one the first DOI among its alternate identifiers. What the record
states of versions, and the DOI that stands for all of them, joins nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator

from config.visibility import Visibility
from connectors.documents import objects, part, text
from connectors.identifiers import Identifier, complaint, normalise
from connectors.inveniordm.access import Record, deleted, told, visibility
from connectors.published import issns, written
from connectors.records import EVIDENCE, Aside, Gone, Item, Version
from connectors.texts import readable_key

SCHEMES = (
    "arxiv",
    "pmid",
    "pmcid",
    "isbn",
    "handle",
    "urn",
    "ads",
)  # of alternate identifiers, as InvenioRDM names them
RELATIONS = {
    "hasversion": "has_version",
    "isversionof": "is_version_of",
    "isnewversionof": "is_new_version_of",
    "ispreviousversionof": "is_previous_version_of",
    "hastranslation": "has_translation",
    "istranslationof": "is_translation_of",
}
TYPES = {  # in the words of the house, by which a whole book is known; any other type is told as it stands
    "publication-article": "journal-article",
    "publication-book": "book",
    "publication-section": "chapter",
    "publication-conferencepaper": "conference",
    "publication-conferenceproceeding": "conference",
    "publication-preprint": "preprint",
    "publication-report": "report",
    "publication-thesis": "thesis-dissertation",
    "publication-dissertation": "thesis-dissertation",
    "publication-patent": "patent",
}
JOURNAL = "journal:journal"  # the custom field for journals that InvenioRDM brings along


def records(row: object, place: str, subjects: Iterable[str]) -> Iterator[Item | Gone | Aside]:
    """One row of a listing: an item, what is left of a deleted one, or what has no key; and what is wrong with it."""
    key = key_of(row)
    if not isinstance(row, dict) or not key:
        proof = json.dumps(row)[:EVIDENCE]
        yield Aside(kind="item", reason="no id that can be read", place=place, evidence=proof)
    elif deleted(row):
        yield Gone(kind="item", key=key)
    elif not isinstance(row.get("metadata"), dict):
        doubts = ("it has no metadata that can be read",)
        yield Item(key=key, title="", type="", visibility=Visibility.PRIVATE, raw=told(row), doubts=doubts, unread=True)
    else:
        yield _item(key, row, subjects)
        for wrong in sorted({wrong for text in _doi_texts(row) if (wrong := complaint(text, normalise("doi", text)))}):
            yield Aside(kind="item", reason=wrong, place=place, key=key, keyless=False, stored=True)


def key_of(row: object) -> str:
    """The id of a record; empty when it cannot be read."""
    key = row.get("id") if isinstance(row, dict) else None
    return readable_key(key) if isinstance(key, str) else ""


def own_doi(record: Record) -> Identifier | None:
    """The DOI that counts."""
    return next(iter(_dois(record)), None)


def _item(key: str, record: Record, subjects: Iterable[str]) -> Item:
    doubts: list[str] = []
    level = visibility(record, doubts)
    metadata, journal = record["metadata"], part(record, "custom_fields", JOURNAL)
    kind, dois = text(part(metadata, "resource_type").get("id")), _dois(record)
    return Item(
        key=key,
        title=text(metadata.get("title")),
        type=TYPES.get(kind, kind),
        visibility=level,
        journal=text(journal.get("title")),
        issns=_issns(journal.get("issn")),
        subjects=_subjects(metadata, subjects),
        published=written(text(metadata.get("publication_date"))),
        identifiers=(*dois[:1], *_identifiers(record)),
        other_dois=tuple(dois[1:]),
        versions=tuple(each for each in _versions(record) if each.identifier not in dois[:1]),
        raw=told(record),
        doubts=tuple(doubts),
    )


def _dois(record: Record) -> list[Identifier]:
    return list(dict.fromkeys(doi for text in _doi_texts(record) if (doi := normalise("doi", text))))


def _doi_texts(record: Record) -> list[str]:
    """Its own first."""
    texts = [part(record, "pids", "doi").get("identifier")]
    alternates = objects(part(record, "metadata").get("identifiers"))
    texts += [each.get("identifier") for each in alternates if each.get("scheme") == "doi"]
    return [text for text in texts if isinstance(text, str) and text.strip()]


def _identifiers(record: Record) -> tuple[Identifier, ...]:
    """All but DOIs; among them the record's own page."""
    alternates = [
        normalise(each["scheme"], each["identifier"])
        for each in objects(record["metadata"].get("identifiers"))
        if each.get("scheme") in SCHEMES and isinstance(each.get("identifier"), str)
    ]
    page = part(record, "links").get("self_html")
    found = [*alternates, normalise("url", page) if isinstance(page, str) else None]
    return tuple(dict.fromkeys(each for each in found if each))


def _versions(record: Record) -> Iterator[Version]:
    concept = part(record, "parent", "pids", "doi").get("identifier")
    if isinstance(concept, str) and (doi := normalise("doi", concept)):
        yield Version("all_versions", doi)
    for each in objects(record["metadata"].get("related_identifiers")):
        relation, scheme, value = part(each, "relation_type").get("id"), each.get("scheme"), each.get("identifier")
        named = RELATIONS.get(relation) if isinstance(relation, str) else None
        other = normalise(scheme, value) if isinstance(scheme, str) and isinstance(value, str) else None
        if named and other:
            yield Version(named, other)


def _subjects(metadata: Record, schemes: Iterable[str]) -> tuple[str, ...]:
    """The words of the first scheme that it has any of: two classifications would count it twice."""
    listed = objects(metadata.get("subjects"))
    for scheme in schemes:
        words = [text(each.get("subject")) for each in listed if text(each.get("scheme")).lower() == scheme.lower()]
        if found := tuple(dict.fromkeys(filter(None, words))):
            return found
    return ()


def _issns(listed: object) -> tuple[str, ...]:
    return issns(re.split("[,;]", text(listed)))
