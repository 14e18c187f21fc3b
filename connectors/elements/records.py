"""Elements' users, groups, relationships and deletions as the records of the house."""

from collections.abc import Iterator, Mapping

from config.visibility import Visibility
from connectors.elements.flags import LEVELS, assumed, boolean, judge, key_of, keyless, plain, told, trimmed
from connectors.elements.xml import API, Version
from connectors.identifiers import orcid
from connectors.records import Aside, Authorship, Gone, Group, Kind, Person, Record
from connectors.xml import Element, evidence

CATEGORIES: Mapping[Kind, str] = {"person": "user", "item": "publication", "authorship": "relationship"}
PREFERRED, LAST_NAME = ("known-as", "user-preferred-first-name", "first-name"), "last-name"
# `always-me` is what the vendor's own harvester takes for a claimed identifier; the statuses are those of a person's
# own act. Where a decision is told, it alone counts.
CLAIMED, VERIFIED = frozenset({"always-me", "confirmed"}), frozenset({"claimed", "confirmed", "verified"})


def person(user: Element, version: Version, place: str, assume: Visibility | None) -> Iterator[Record]:
    """A user, and those merged into it. A status flag that cannot be read makes the person private."""
    key = key_of(user, "user")
    if not key:
        yield keyless("person", user, place)
        return
    doubts: list[str] = []
    texts = told(user, (*LEVELS, "is-public", "is-current-staff", "is-academic", "is-student"))
    current = boolean(texts, "is-current-staff", doubts)
    academic = boolean(texts, "is-academic", doubts)
    student = boolean(texts, "is-student", doubts)
    names = told(user, (*PREFERRED, LAST_NAME))
    first = next((names[name] for name in PREFERRED if names.get(name)), "")
    yield Person(
        key=key,
        name=plain(f"{first} {names.get(LAST_NAME, '')}"),
        visibility=judge(texts, "is-public", Visibility.INTERNAL, assumed(assume, version, since=(5, 0)), doubts),
        orcid=_orcid(user),
        current=current,
        academic=academic,
        student=student,
        raw=texts,
        doubts=tuple(doubts),
    )
    yield from merged(user, "person", key)


def group(element: Element, version: Version, place: str, assume: Visibility | None) -> Iterator[Record]:
    """A group: an `api:user-group`, or since v6 an object with `group-properties`."""
    key = key_of(element, "group")
    if not key:
        yield keyless("group", element, place)
        return
    doubts: list[str] = []
    properties = element.find(f"{API}group-properties")
    parts = [element] if properties is None else [element, properties]
    texts = {name: text for part in parts for name, text in told(part, LEVELS).items()}
    unset = assumed(Visibility.INTERNAL if assume is None else assume, version, since=(6, 0))
    silent = Visibility.INTERNAL if unset is None else unset  # since v6 that is what the product itself does
    level = judge(texts, "", Visibility.PRIVATE, silent, doubts)
    parents = [trimmed(parent.get("id")) for part in parts for parent in part.iterfind(f".//{API}parent")]
    yield Group(
        key=key,
        name=plain(" ".join(part.findtext(f"{API}name", "") for part in parts)),
        visibility=level if LEVELS[0] in texts else min(level, silent),
        parents=tuple(dict.fromkeys(filter(None, parents))),
        raw=texts,
        doubts=tuple(doubts),
    )


def authorship(
    relationship: Element, place: str, types: frozenset[str], *, item: str = "", person: str = ""
) -> Iterator[Record]:
    """A relationship whose type's name or id is among `types`; nothing for another.

    `item` or `person` is the side that its own listing leaves out, since the API does not repeat what was asked for."""
    names = {trimmed(relationship.get("type")), trimmed(relationship.get("type-id"))} - {""}
    if names and not names & types:
        return
    key = trimmed(relationship.get("id"))
    if not key:
        yield keyless("authorship", relationship, place)
        return
    item = _side(relationship, "publication") or item
    person = _side(relationship, "user") or person
    if not item or not person:
        reason = "the relationship does not tell which publication and which user it joins"
        proof = evidence(relationship)
        yield Aside(kind="authorship", reason=reason, place=place, evidence=proof, key=key, keyless=False)
        return
    doubts = [] if names else ["the relationship has no type"]
    texts = told(relationship, (*LEVELS, "is-visible"))
    visibility = judge(texts, "is-visible", Visibility.PRIVATE, None, doubts, both=True)
    yield Authorship(key=key, item=item, person=person, visibility=visibility, raw=texts, doubts=tuple(doubts))


def deleted(element: Element, kind: Kind, place: str) -> Iterator[Record]:
    """An entry of a feed of deletions; one that does not say itself that something of this kind was deleted is none."""
    says = element.tag.startswith(f"{API}deleted-") or element.get("deleted-when") is not None
    key = key_of(element, CATEGORIES[kind]) if says else ""
    yield Gone(kind=kind, key=key) if key else keyless(kind, element, place)


def merged(element: Element, kind: Kind, key: str) -> Iterator[Gone]:
    """The ids that were merged into this object, directly or through others: it is what is left of all of them."""
    for one in element.iterfind(f"{API}merge-history/{API}merge/{API}merged-object"):
        old = trimmed(one.get("id"))
        if old and old != key:
            yield Gone(kind=kind, key=old, into=key)


def _side(relationship: Element, category: str) -> str:
    for related in relationship.iterchildren(f"{API}related"):
        inner = related.find(f"{API}object")
        for told_by in (related,) if inner is None else (related, inner):
            if told_by.get("category") == category and trimmed(told_by.get("id")):
                return trimmed(told_by.get("id"))
    return ""


def _orcid(user: Element) -> str | None:
    """The one ORCID iD that the person confirmed; none when there are several, since it joins people."""
    confirmed = set()
    for one in user.iterfind(f"{API}user-identifier-associations/{API}user-identifier-association"):
        decision, status = trimmed(one.get("decision")).lower(), trimmed(one.get("status")).lower()
        if one.get("scheme") == "orcid" and (decision in CLAIMED if decision else status in VERIFIED):
            confirmed.add(orcid(trimmed(one.text)))
    return confirmed.pop() if len(confirmed) == 1 else None
