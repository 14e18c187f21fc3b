"""Pure's research outputs as items with their authorships.

Of the DOIs of several electronic versions that of the published one counts. No name is read here: contributors are
links to persons, and those from elsewhere are nobody of ours.
"""

from collections.abc import Iterator, Sequence

from config.visibility import Visibility
from connectors.documents import Document, objects, text, within
from connectors.identifiers import Identifier, complaint, normalise
from connectors.published import issns
from connectors.pure.dialect import Dialect
from connectors.pure.flags import confidential, level, linked, validated
from connectors.pure.people import keyless, merged
from connectors.pure.values import (
    compound,
    evidence,
    first,
    formatted,
    identifiers,
    key_of,
    uri,
    word,
)
from connectors.records import Aside, Authorship, Gone, Item

SOURCES = {"pubmed": "pmid", "pubmedcentral": "pmcid", "pmc": "pmcid", "arxiv": "arxiv", "handle": "handle"}
LINKED = ("pmid", "pmcid", "arxiv", "handle")  # what the link of an electronic version may lead to
ORDER = ("pmid", "pmcid", "arxiv", "isbn", "handle", "url")
PUBLISHED = "publishersversion"
TYPES = {  # the last two parts of a type's URI, or the former of them alone
    "bookanthology": "book",
    "bookanthology/anthology": "edited-book",
    "bookanthology/commissioned": "report",
    "contributiontobookanthology": "chapter",
    "contributiontobookanthology/conference": "conference",
    "contributiontoconference": "conference",
    "contributiontoconference/poster": "poster",
    "contributiontojournal": "journal-article",
    "contributiontojournal/conferencearticle": "conference",
    "memorandum": "report",
    "nontextual/database": "dataset",
    "nontextual/software": "software",
    "patent": "patent",
    "thesis": "thesis",
    "workingpaper": "report",
    "workingpaper/preprint": "preprint",
}

Told = Item | Authorship | Gone | Aside


def output(told: object, dialect: Dialect, place: str, assumed: Visibility | None) -> Iterator[Told]:
    """An output with its authorships, and those merged into it. `assumed` is for links that the legacy API leaves
    open."""
    key = key_of(told)
    if not key or not isinstance(told, dict):
        yield keyless("item", told, place)
        return
    raw, doubts = dict[str, str](), list[str]()
    levels = (
        level(told, raw, doubts),
        validated(told, dialect, raw, doubts, needed=True),
        confidential(told, raw, doubts),
    )
    contributors = told.get(dialect.contributors)
    if contributors is not None and not isinstance(contributors, list):
        doubts.append("its contributors cannot be read")
    found = dois(told)
    yield Item(
        key=key,
        title=": ".join(filter(None, (formatted(told.get(name)) for name in ("title", "subTitle")))),
        type=_type(uri(told.get("type"))),
        visibility=Visibility.PRIVATE if doubts else min(levels),
        journal=_journal(told),
        issns=_issns(told),
        published=_published(told),
        identifiers=(*found[:1], *_identifiers(told, dialect)),
        other_dois=found[1:],
        raw=raw,
        doubts=tuple(doubts),
    )
    for wrong in sorted({wrong for each in _told_dois(told) if (wrong := complaint(each, normalise("doi", each)))}):
        yield Aside(kind="item", key=key, reason=wrong, place=place, keyless=False, stored=True)
    if isinstance(contributors, list):
        yield from _authorships(contributors, key, dialect, place, assumed)
    yield from merged("item", told, key)


def unread(key: str, doubt: str) -> Item:
    """An output of which only the key is known."""
    return Item(key=key, title="", type="", visibility=Visibility.PRIVATE, doubts=(doubt,), unread=True)


def dois(told: Document) -> tuple[Identifier, ...]:
    """The DOIs of all electronic versions, each once: that of the published version first."""
    return tuple(dict.fromkeys(doi for each in _told_dois(told) if (doi := normalise("doi", each))))


def _told_dois(told: Document) -> list[str]:
    versions = objects(told.get("electronicVersions"))
    versions.sort(key=lambda each: word(each.get("versionType")) != PUBLISHED)
    return [each for version in versions if (each := text(version.get("doi")))]


def _authorships(
    contributors: list[object], item: str, dialect: Dialect, place: str, assumed: Visibility | None
) -> Iterator[Authorship | Aside]:
    """The links to persons of the institution; several of one person and one output vote together."""
    keys = set[str]()
    for position, each in enumerate(contributors, 1):
        if isinstance(each, dict) and each.get("person") is None:
            continue  # from elsewhere, or a collaboration
        person = key_of(within(each, "person"))
        if not person or not isinstance(each, dict):
            reason, key = "a contributor of whom no uuid can be read", f"{item}/{position}"
            proof = evidence(each)
            yield Aside(kind="authorship", reason=reason, place=place, evidence=proof, key=key, keyless=False)
            continue
        own = each.get("pureId")
        key = f"{item}/{own if type(own) is int else person}"
        key = key if key not in keys else f"{key}/{position}"
        keys.add(key)
        visibility, raw, doubts = linked(each, dialect, assumed)
        yield Authorship(
            key=key, item=item, person=person, visibility=visibility, position=position, raw=raw, doubts=doubts
        )


def _type(told: str) -> str:
    form, _, kind = told.rpartition("/")
    form = form.rpartition("/")[2]
    return TYPES.get(f"{form}/{kind}") or TYPES.get(form) or "other"


def _journal(told: Document) -> str:
    title = within(told, "journalAssociation", "title")
    name = text(within(title, "title")) or text(within(title, "value"))
    return name or first(within(told, "journalAssociation", "journal", "name"))


def _issns(told: Document) -> tuple[str, ...]:
    issn = within(told, "journalAssociation", "issn")
    return issns((text(within(issn, "issn")), text(within(issn, "value"))))


def _published(told: Document) -> str:
    """The date of the status that is the current one."""
    statuses = objects(told.get("publicationStatuses"))
    return next((compound(each.get("publicationDate")) for each in statuses if each.get("current") is True), "")


def _identifiers(told: Document, dialect: Dialect) -> tuple[Identifier, ...]:
    """All but DOIs. The page of the portal is the output's own; other links are, where they lead to an archive."""
    found = {normalise(SOURCES.get(source, ""), value) for source, value in identifiers(told)}
    for version in objects(told.get("electronicVersions")):
        link = text(version.get("link"))
        found |= {normalise(scheme, link) for scheme in LINKED if link.startswith(("https://", "http://"))}
    page = text(told.get("portalUrl")) or text(within(told, "info", "portalUrl"))
    found |= {normalise("url", page), *(normalise("isbn", each) for each in _isbns(told, dialect.isbns))}
    return tuple(sorted(filter(None, found), key=lambda one: (ORDER.index(one.scheme), one.value)))


def _isbns(told: Document, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        listed = told.get(name)
        yield from (each for each in (listed if isinstance(listed, list) else []) if isinstance(each, str))
