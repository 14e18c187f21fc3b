"""Elements' publications as items: one publication bundles a record per source, and they may contradict each other.

The preferred record comes first, then the precedence of the sources, then the order of appearance. The first record in
that order with a DOI decides which DOI counts; title, journal and date are its own, or those of the next that has one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from config.visibility import Visibility
from connectors import published
from connectors.elements.flags import (
    BOOLEANS,
    LEVELS,
    assumed,
    boolean,
    judge,
    key_of,
    keyless,
    plain,
    told,
    trimmed,
)
from connectors.elements.records import merged
from connectors.elements.xml import API, Version
from connectors.identifiers import Identifier, complaint, normalise
from connectors.published import issns
from connectors.records import Aside, Gone, Item, Record
from connectors.xml import Element

EXTERNAL = {"pubmed": "pmid", "pmc": "pmcid", "arxiv": "arxiv"}
AT_SOURCE = {"pubmed": "pmid", "arxiv": "arxiv"}  # sources whose own record id is an identifier
EPMC = {"MED": "pmid", "PMC": "pmcid"}  # Europe PMC's ids name their collection; a bare number could be of any
ORDER = ("pmid", "pmcid", "arxiv", "isbn", "handle", "url")
UNRANKED = 10**9
NATIVE, FIELD, LINKS = f"{API}native", f"{API}field", f"{API}links"
PARTS = (f"{API}item", f"{API}identifier")  # of lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides how publications are read: `precedence` is the rank of each source's name, the lowest first."""

    assume: Visibility | None = None
    doi_fields: tuple[str, ...] = ("doi",)
    subjects: tuple[str, ...] = ()
    precedence: Mapping[str, int] = field(default_factory=dict)


def item(publication: Element, version: Version, place: str, rules: Rules) -> Iterator[Record]:
    """A publication, and those merged into it; one that nobody ever approved is no item, but gone."""
    key = key_of(publication, "publication")
    if not key:
        yield keyless("item", publication, place)
        return
    doubts: list[str] = []
    texts = told(publication, (*LEVELS, "is-public", "ever-approved"))
    if boolean(texts, "ever-approved", doubts) is False:
        yield Gone(kind="item", key=key)
        return
    lists = publication.iterchildren(f"{API}records")
    records = [_record(one, rules.doi_fields) for each in lists for one in each.iterchildren(f"{API}record")]
    confidential = _confidential(publication, records, texts, doubts)
    level = judge(texts, "is-public", Visibility.PRIVATE, assumed(rules.assume, version, since=(5, 0)), doubts)
    ranked = sorted(records, key=lambda one: (not one.preferred, rules.precedence.get(one.source, UNRANKED)))
    leading = next((one for one in ranked if one.dois), None)
    ranked.sort(key=lambda one: one is not leading)
    doi = leading.dois[0] if leading else None
    agreeing = [one for one in ranked if not one.dois or doi in one.dois]
    yield Item(
        key=key,
        title=_first(one.text("title") for one in ranked),
        type=trimmed(publication.get("type")),
        visibility=Visibility.PRIVATE if confidential else level,
        journal=_first(one.text("journal") for one in ranked) or _journal(publication),
        issns=_issns(publication, agreeing),
        subjects=_subjects(publication, rules.subjects),
        published=_first(_date(when) for one in ranked for when in one.fields.get("publication-date", ())),
        identifiers=((doi,) if doi else ()) + _identifiers(publication, agreeing),
        other_dois=tuple(dict.fromkeys(other for one in ranked for other in one.dois if other != doi)),
        raw=texts,
        doubts=tuple(doubts),
    )
    for wrong in sorted({wrong for one in ranked for wrong in one.complaints}):
        yield Aside(kind="item", key=key, reason=wrong, place=place, keyless=False, stored=True)
    yield from merged(publication, "item", key)


def precedence(source: Element) -> Iterator[tuple[str, str]]:
    """The name of one data source and its default rank; nothing when either is not told."""
    name = trimmed(source.get("name"))
    for rank in source.iterfind(f"{API}precedence/{API}type"):
        value = trimmed(rank.get("precedence-value"))
        if name and rank.get("name") == "default" and re.fullmatch("-?[0-9]{1,9}", value):
            yield name, value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """What one source tells. `fields` are in the order of the document, `dois` in the order of the settings."""

    source: str
    id_at_source: str
    preferred: bool
    fields: Mapping[str, list[Element]]
    dois: tuple[Identifier, ...]
    complaints: tuple[str, ...]

    def texts(self, name: str) -> list[str]:
        return [text for given in self.fields.get(name, ()) for text in _values(given)]

    def text(self, name: str) -> str:
        return _first(self.texts(name))

    def identifiers(self) -> Iterator[Identifier | None]:
        for listed in self.fields.get("external-identifiers", ()):
            for one in listed.iterfind(f"{API}identifiers/{API}identifier"):
                yield normalise(EXTERNAL.get(trimmed(one.get("scheme")).lower(), ""), trimmed(one.text))
        if self.source in AT_SOURCE:
            yield normalise(AT_SOURCE[self.source], self.id_at_source)
        if self.source == "epmc":
            collection, _, number = self.id_at_source.partition(":")
            yield normalise(EPMC.get(collection.upper(), ""), number)
        for name in ("isbn-13", "isbn-10"):
            yield from (normalise("isbn", part) for text in self.texts(name) for part in re.split("[;,]", text))


def _record(record: Element, doi_fields: Iterable[str]) -> _Record:
    fields: dict[str, list[Element]] = {}
    for native in record.iterchildren(NATIVE):
        for given in native.iterchildren(FIELD):
            fields.setdefault(given.get("name", ""), []).append(given)
    texts = [text for name in doi_fields for given in fields.get(name, ()) for text in _values(given) if trimmed(text)]
    return _Record(
        source=trimmed(record.get("source-name")),
        id_at_source=trimmed(record.get("id-at-source")),
        preferred=BOOLEANS.get(trimmed(record.get("is-preferred-record")).lower(), False),
        fields=fields,
        dois=tuple(dict.fromkeys(doi for text in texts if (doi := _doi(text)))),
        complaints=tuple(filter(None, (complaint(text, _doi(text)) for text in texts))),
    )


@lru_cache(maxsize=64)  # the records of one publication mostly tell the same
def _doi(text: str) -> Identifier | None:
    return normalise("doi", text)


def _confidential(publication: Element, records: list[_Record], texts: dict[str, str], doubts: list[str]) -> bool:
    """Whether any record, or the publication's own fields, say so; one that cannot be read is a doubt."""
    words = [word for one in records for word in one.texts("confidential")]
    own = (given for fields in publication.iterchildren(f"{API}fields") for given in fields.iterchildren(FIELD))
    words += [word for given in own if given.get("name") == "confidential" for word in _values(given)]
    if not words:
        return False
    texts["confidential"] = ", ".join(dict.fromkeys(words))
    values = [BOOLEANS.get(word.lower()) for word in words]
    if None in values:
        doubts.append("confidential is neither true nor false")
    return True in values


def _identifiers(publication: Element, records: Iterable[_Record]) -> tuple[Identifier, ...]:
    """All but DOIs, from records whose DOI does not contradict the one that counts, and from the repository."""
    found = {one for record in records for one in record.identifiers() if one}
    for place in publication.iterfind(f"{API}repository-items/{API}repository-item/{API}public-url"):
        page = trimmed(place.text)
        handle = normalise("handle", page) if re.match("https?:|hdl:", page) else None
        one = handle or normalise("url", page)
        found |= {one} if one else set()
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.scheme), one.value)))


def _journal(publication: Element) -> str:
    """What the journal itself is called, for a publication whose records do not tell."""
    titles = publication.iterfind(f"{API}journal/{API}records/{API}record/{API}title")
    return _first(plain(trimmed(title.text)) for title in titles)


def _subjects(publication: Element, schemes: Iterable[str]) -> tuple[str, ...]:
    """The labels of the first scheme that it has any of: two classifications would count it twice."""
    labels = [one for each in publication.iterchildren(f"{API}all-labels") for one in each.iter(f"{API}keyword")]
    for scheme in schemes:
        found = [plain(trimmed(one.text)) for one in labels if trimmed(one.get("scheme")).lower() == scheme]
        if any(found):
            return tuple(dict.fromkeys(filter(None, found)))
    return ()


def _issns(publication: Element, records: Iterable[_Record]) -> tuple[str, ...]:
    texts = [text for one in records for name in ("issn", "eissn") for text in one.texts(name)]
    texts += [journal.get("issn", "") for journal in publication.iterchildren(f"{API}journal")]
    return issns(texts)


def _date(when: Element) -> str:
    texts = [when.findtext(f"{API}date/{API}{name}", "").strip() for name in ("year", "month", "day")]
    return published.on(*(int(text) if re.fullmatch("[0-9]{1,4}", text) else 0 for text in texts))


def _values(given: Element) -> list[str]:
    """The texts of a field: one, or one for each part of a list, white space collapsed. Links are none of them."""
    value = next((child for child in given.iterchildren("*") if child.tag != LINKS), None)
    if value is None:
        return [""]
    parts = list(value.iterchildren(*PARTS)) or [value]
    return [plain(str(_string(part)) if len(part) else part.text or "") for part in parts]


_string = etree.XPath("string()")


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
