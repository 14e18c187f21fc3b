"""Users, groups, relationships and deletions as the practice Elements writes them."""

from collections.abc import Iterator

from sandbox.elements.publications import publication
from sandbox.elements.wire import Wire, privacy, stamp, visibility
from sandbox.institution import Institution
from sandbox.markup import tag, text
from sandbox.model import Authorship, Category, Deletion, Group, Person, Privacy, least_open

RELATIONSHIP_TYPES = {
    # name: id, reading forwards, backwards; 8 and 9 as seen elsewhere, but a site's ids are its own
    "publication-user-authorship": (8, "Authored by", "Author of"),
    "publication-user-editorship": (9, "Edited by", "Editor of"),
    "publication-user-contributorship": (83, "Contributed to by", "Contributor to"),
}
ORCID_DECISION = {"verified": "confirmed", "unverified": "undecided", "pending": "undecided"}
"""The decision beside each status. The attributes are real, their words are not published anywhere: these are ours."""


def user(wire: Wire, base: str, person: Person, *, full: bool) -> str:
    """One user object; in `ref` detail only its flags."""
    href = f"{base}/users/{person.id}"
    stamps = person.stamps
    content = [
        _merges(base, person) if full else "",
        text("ever-approved", True) if full else "",
        privacy(wire, person.privacy),
        text("is-current-staff", person.current),
        text("is-academic", person.academic),
        text("is-student", person.student) if wire.levels else "",
        *(_details(wire, person, href) if full else ()),
    ]
    return tag(
        "object",
        *content,
        category="user",
        id=person.id,
        proprietary_id=person.proprietary_id,
        authenticating_authority="EXAMPLE",
        username=person.username,
        last_affected_when=stamp(stamps.affected) if wire.affected else None,
        last_modified_when=stamp(stamps.modified if wire.affected else stamps.affected),
        href=href,
        created_when=stamp(stamps.created),
        type_id=1,
        type="person",
    )


def relationship(
    wire: Wire, base: str, institution: Institution, link: Authorship, *, seen_from: Category | None, full: bool
) -> str:
    """One relationship, from the publication to the user. `seen_from` is the side that is left out of the answer.

    An end that is in no listing, which `Institution.link` allows, is named without its object."""
    output, person = institution.outputs.get(link.output), institution.people.get(link.person)
    effective = least_open(link.privacy, *(end.privacy for end in (output, person) if end))
    full = full and seen_from is not None
    sides = []
    if seen_from != "publication":
        told = publication(wire, base, output, full=full) if output else ""
        sides.append(_related(wire, "from", "publication", link.output, told))
    if seen_from != "user":
        told = user(wire, base, person, full=full) if person else ""
        sides.append(_related(wire, "to", "user", link.person, told))
    return tag(
        "relationship",
        visibility(wire, link.privacy, effective),
        text("is-favourite", False),
        *sides,
        id=link.id,
        type_id=RELATIONSHIP_TYPES[link.type][0],
        type=link.type,
        last_modified_when=stamp(link.stamps.modified) if wire.affected else None,
        href=f"{base}/relationships/{link.id}",
    )


def relationship_type(name: str) -> str:
    """One relationship type with the fields it uses."""
    number, forwards, backwards = RELATIONSHIP_TYPES[name]
    used = {"approval-status": True, "date-1": False, "date-2": False, "favourite": True, "preferred-source": True,
            "visibility": True}  # fmt: skip
    return tag(
        "relationship-type",
        text("covariant-display-name", forwards),
        text("contravariant-display-name", backwards),
        tag("from-object", category="publication"),
        tag("to-object", category="user"),
        *(tag(f"{field}-field", used=value) for field, value in used.items()),
        id=number,
        name=name,
    )


def group(wire: Wire, base: str, institution: Institution, told: Group) -> str:
    """One group: a `user-group` until v5.5, an object of category group since."""
    children = [g.id for g in institution.groups.values() if told.id in g.parents]
    below = tag("children", *(tag("child", id=child) for child in children)) if children else ""
    if wire.numbered:
        above = tag("parents", *(tag("parent", id=parent) for parent in told.parents)) if told.parents else ""
        return tag("user-group", text("name", told.name), below, above, id=told.id)
    members = f"{base}/users?groups={told.id}"
    explicit = tag("explicit-group-members", href=f"{members}&group-membership=explicit")
    named = text("name", told.name) + text("group-description", told.description)
    if wire.atom:
        above = "".join(tag("parent", id=parent) for parent in told.parents)
        return tag("user-group", named, above, below, explicit, id=told.id)
    above = "".join(tag("parent", id=parent, href=f"{base}/groups/{parent}") for parent in told.parents)
    membership = tag("group-membership", explicit, tag("implicit-group-members", href=members))
    levels = ""
    if told.privacy:
        levels = text("privacy-level", told.privacy.capitalize())
        levels += text("effective-privacy-level", least_open(*_cascade(institution, told)).capitalize())
    properties = tag("group-properties", named, above, below, membership)
    href = f"{base}/groups/{told.id}"
    return tag("object", levels, properties, category="group", id=told.id, href=href, type_id=1, type="group")


def deletion(base: str, told: Deletion) -> str:
    """One line of a feed of deletions. A deleted relationship has no type and no ends."""
    if told.part == "relationship":
        href = f"{base}/relationships/{told.id}"
        return tag("deleted-relationship", id=told.id, deleted_when=stamp(told.when), href=href)
    return tag(
        "deleted-object",
        category=told.part,
        id=told.id,
        proprietary_id=told.proprietary_id or None,
        username=told.username or None,
        deleted_when=stamp(told.when),
        href=f"{base}/{told.part}s/{told.id}",
    )


def _merges(base: str, person: Person) -> str:
    merges = (
        tag(
            "merge",
            tag("merged-object", id=merge.merged, href=f"{base}/users/{merge.merged}"),
            tag("merged-into-object", id=merge.into, href=f"{base}/users/{merge.into}"),
            when=stamp(merge.when),
        )
        for merge in person.merges
    )
    return tag("merge-history", *merges) if person.merges else ""


def _details(wire: Wire, person: Person, href: str) -> list[str]:
    optional = (("email-address", person.email), ("known-as", person.known_as))
    names = [
        text("title", person.title) if person.title else "",
        text("initials", person.initials),
        text("last-name", person.last_name),
        text("first-name", person.first_name),
        *(text(name, value) for name, value in optional if value),
        text("primary-group-descriptor", f"group-{person.groups[0]}") if person.groups else "",
    ]
    if wire.affected:
        names += [
            text("is-login-allowed", person.current),
            text("arrive-date", person.arrived.isoformat()),
            text("leave-date", person.left.isoformat()) if person.left else "",
            text("institutional-email-is-public", person.privacy == "internal"),
            text("claimed", True),
            _orcid(person),
        ]
    return [*names, tag("relationships", href=f"{href}/relationships")]


def _orcid(person: Person) -> str:
    if not person.orcid:
        return ""
    told = text("user-identifier-association", person.orcid, scheme="orcid", status=person.orcid_status,
                decision=ORCID_DECISION[person.orcid_status])  # fmt: skip
    return tag("user-identifier-associations", told)


def _related(wire: Wire, direction: str, category: Category, number: int, told: str) -> str:
    if wire.numbered:
        return tag("related", told, direction=direction)
    return tag("related", told, direction=direction, category=category, id=number)


def _cascade(institution: Institution, told: Group, seen: frozenset[int] = frozenset()) -> Iterator[Privacy]:
    """The levels of a group and of all above it; circles are walked once."""
    yield told.privacy or "internal"
    for parent in set(told.parents) - seen:
        yield from _cascade(institution, institution.groups[parent], seen | {told.id})
