"""A DSpace's items as the records of the house: outputs, people, and who wrote what.

What an item is, its entity type says; without one it is an output. Values that DSpace keeps from the public (security
levels, as in DSpace-CRIS) are not told on, and links that it keeps so are private.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.settings import Connection
from config.visibility import Visibility
from connectors.documents import Document
from connectors.dspace.access import Access
from connectors.dspace.search import UUID, Row
from connectors.identifiers import Identifier, complaint, normalise, orcid
from connectors.people_map import PeopleMap
from connectors.published import issns, written
from connectors.records import Aside, Authorship, Item, Person, Version
from connectors.texts import one_line

ENTITY = "dspace.entity.type"
PEOPLE = frozenset({"Person"})
OUTPUTS = frozenset({"Publication", "Patent", "Product"})  # of DSpace, and of DSpace-CRIS
IDENTIFIERS = (("dc.identifier.pmid", "pmid"), ("dc.identifier.isbn", "isbn"), ("dc.identifier.urn", "urn"))
JOURNALS = ("oaire.citation.title", "dc.relation.ispartof")
VERSIONS = {
    "dc.relation.hasversion": "has_version",
    "dc.relation.isversionof": "is_version_of",
    "dc.relation.replaces": "is_new_version_of",
    "dc.relation.isreplacedby": "is_previous_version_of",
}
LINKS = "relation.isAuthorOfPublication"  # each value the UUID of a person
BYLINE = "dc.contributor.author"  # where an authority may be the UUID of a person
ACCEPTED = 600  # the confidence of an authority that somebody chose, or agreed to
EVIDENCE = 4000  # characters

PRIVATE = Visibility.PRIVATE

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the settings say of reading: where DOIs are, whether people are told of, how open a link to one is."""

    doi_fields: tuple[str, ...]
    people: bool
    links: Visibility
    people_map: PeopleMap

    @classmethod
    def of(cls, settings: Connection) -> "Rules":
        """Raises `NotUnderstood` for a map of people that cannot be read."""
        return cls(
            doi_fields=settings.doi_fields,
            people=settings.people,
            links=PRIVATE if settings.assume.authorships is None else settings.assume.authorships,
            people_map=PeopleMap.read(settings.people_map),
        )


def is_person(item: Document | None) -> bool:
    """Whether everything that it says of its kind says that it is a person."""
    kinds = _kinds(item)
    return bool(kinds) and kinds <= PEOPLE


def is_output(item: Document | None) -> bool:
    """Whether nothing says that it is anything else."""
    return _kinds(item) <= OUTPUTS


def output(row: Row, access: Access, rules: Rules) -> Iterator[Item | Authorship | Aside]:
    """An output, and its links to people. One that shows no metadata is private, and what it was before stays."""
    fields = _fields(row.item)
    if row.item is None or not fields:
        yield Item(
            key=row.key, title="", type="", visibility=PRIVATE, raw=access.raw, doubts=_unread(access), unread=True
        )
        return
    told = [text for field in rules.doi_fields for text in texts(fields, field)]
    found = [(text, normalise("doi", text)) for text in told]
    dois = tuple(dict.fromkeys(doi for _, doi in found if doi))
    own = (*dois, *_identifiers(row.item, fields))
    yield Item(
        key=row.key,
        title=_first(fields, "dc.title"),
        type=_first(fields, "dc.type"),
        visibility=access.visibility,
        journal=_first(fields, *JOURNALS),
        issns=_issns(fields),
        published=written(_first(fields, "dc.date.issued")),
        identifiers=(*dois[:1], *own[len(dois) :]),
        other_dois=dois[1:],
        versions=tuple(_versions(fields, rules.doi_fields, own)),
        closes_at=access.closes_at,
        raw=access.raw,
        doubts=access.doubts,
    )
    for wrong in sorted({complaint(text, doi) for text, doi in found if _claims(text)} - {""}):
        yield Aside(kind="item", key=row.key, reason=wrong, place=f"item {row.key}", keyless=False, stored=True)
    if rules.people:
        yield from _authorships(row.key, fields, rules.links)


def person(row: Row, access: Access, rules: Rules) -> Person:
    """A person. What a DSpace cannot say (who is current, academic or a student) is for the map."""
    fields = _fields(row.item)
    if not fields:
        return Person(key=row.key, name="", visibility=PRIVATE, raw=access.raw, doubts=_unread(access), unread=True)
    one = Person(
        key=row.key,
        name=_name(fields),
        visibility=access.visibility,
        orcid=_orcid(fields),
        closes_at=access.closes_at,
        raw=access.raw,
        doubts=access.doubts,
    )
    return rules.people_map.fill(one, emails=texts(fields, "person.email"))


def keyless(row: Row, place: str) -> Aside:
    """A row that does not say which item it is."""
    return Aside(
        kind="item", reason="no UUID that can be read", place=place, evidence=one_line(str(row.told))[:EVIDENCE]
    )


def texts(fields: Fields, name: str) -> list[str]:
    """What the public may read of a field, in the order of its places."""
    return [text for text, hidden, _ in _values(fields, name) if not hidden]


def _values(fields: Fields, name: str) -> list[tuple[str, bool, Fields]]:
    """Each value that is a text: itself, whether it is kept from the public, and all that is told of it."""
    told = fields.get(name)
    values = [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []
    last = len(values)
    values.sort(key=lambda each: place if type(place := each.get("place")) is int else last)
    lines = ((one_line(text) if isinstance(text := each.get("value"), str) else "", each) for each in values)
    return [(text, _is_hidden(each), each) for text, each in lines if text]


def _is_hidden(value: Fields) -> bool:
    level = value.get("securityLevel")
    return not (level is None or (type(level) is int and level == 0))


def _first(fields: Fields, *names: str) -> str:
    return next((text for name in names for text in texts(fields, name)), "")


def _fields(item: Document | None) -> Fields:
    fields = item.get("metadata") if item else None
    return fields if isinstance(fields, Mapping) else {}


def _kinds(item: Document | None) -> set[str]:
    """What the item and its metadata call it: one word, unless they differ."""
    own = item.get("entityType") if item else None
    kinds = {text for text, _, _ in _values(_fields(item), ENTITY)}
    return kinds | ({own} if isinstance(own, str) and own else set())


def _unread(access: Access) -> tuple[str, ...]:
    return access.doubts or ("it shows no metadata",)


def _identifiers(item: Document, fields: Fields) -> list[Identifier]:
    """All but DOIs."""
    told = [("handle", item.get("handle"))]
    told += [(scheme, text) for field, scheme in IDENTIFIERS for text in texts(fields, field)]
    found = [normalise(scheme, text) for scheme, text in told if isinstance(text, str)]
    return list(dict.fromkeys(filter(None, found)))


def _claims(text: str) -> bool:
    """Whether it wants to be a DOI; fields that hold DOIs hold handles and other addresses too."""
    return text.startswith("10.") or "doi" in text.lower()


def _versions(fields: Fields, doi_fields: Iterable[str], own: Iterable[Identifier]) -> Iterator[Version]:
    for field, relation in VERSIONS.items():
        for text in texts(fields, field) if field not in doi_fields else ():
            found = normalise("doi", text) or normalise("handle", text)
            if found and found not in own:
                yield Version(relation, found)


def _issns(fields: Fields) -> tuple[str, ...]:
    return issns(texts(fields, "dc.identifier.issn"))


def _name(fields: Fields) -> str:
    """First name, then last name."""
    parts = [_first(fields, "person.givenName"), _first(fields, "person.familyName")]
    if all(parts):
        return " ".join(parts)
    last, comma, first = _first(fields, "dc.title").partition(", ")
    return f"{first} {last}" if comma else last


def _orcid(fields: Fields) -> str | None:
    """The one iD that the person proved by logging in to ORCID; a typed one is not confirmed."""
    told = {orcid(text) for text in texts(fields, "person.identifier.orcid")}
    proved = _values(fields, "dspace.orcid.authenticated")
    return told.pop() if proved and len(told) == 1 else None


def _authorships(key: str, fields: Fields, level: Visibility) -> Iterator[Authorship]:
    """One for each person, whichever way the item names them; hidden where any way is."""
    people: dict[str, bool] = {}
    for uuid, hidden in _named(fields):
        people[uuid] = people.get(uuid, False) or hidden
    for position, (uuid, hidden) in enumerate(people.items(), start=1):
        yield Authorship(
            key=f"{key}:{uuid}",
            item=key,
            person=uuid,
            visibility=PRIVATE if hidden else level,
            position=position,
            raw={"securityLevel": "hidden"} if hidden else {},
        )


def _named(fields: Fields) -> Iterator[tuple[str, bool]]:
    for text, hidden, _ in _values(fields, LINKS):
        if UUID.fullmatch(text):
            yield text, hidden
    for _, hidden, value in _values(fields, BYLINE):
        authority = value.get("authority")
        if isinstance(authority, str) and UUID.fullmatch(authority) and value.get("confidence") == ACCEPTED:
            yield authority, hidden
