"""Which resource of the practice Elements answers which address, and what it says."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from sandbox.elements.bodies import Entry, Frame, listing, single
from sandbox.elements.listings import Listings, Page, cut
from sandbox.elements.people import RELATIONSHIP_TYPES, deletion, group, relationship, relationship_type, user
from sandbox.elements.publications import SOURCES, journal, publication, source
from sandbox.elements.queries import ElementsError, Query
from sandbox.elements.wire import WIRES
from sandbox.institution import Institution
from sandbox.markup import tag, text
from sandbox.model import Authorship, Category, Output, Person
from sandbox.names import JOURNALS

CATEGORIES: dict[str, Category] = {"publications": "publication", "users": "user"}
PARTS = {"publications": "publication", "users": "user"}


class Answers:
    """All resources of one institution. `account` is the user name that asks, `may_modify` whether it can write now."""

    def __init__(self, institution: Institution, account: str, may_modify: Callable[[], bool]) -> None:
        self.institution = institution
        self.account, self.may_modify = account, may_modify
        self.listings = Listings(institution)

    def answer(self, frame: Frame, path: str, query: Query, bends: Collection[str]) -> str:
        """The body for a path below the base address. `bends` are faults of paging that a test has asked for.

        Raises `ElementsError` for everything that is answered with an `api:error`."""
        match path.strip("/").split("/"):
            case ["my-account"]:
                return self._single(frame, query, "plain", self._account())
            case ["publications" | "users" as name]:
                return self._objects(frame, query, name, bends)
            case ["publications" | "users" as name, key]:
                return self._object(frame, query, name, key)
            case ["publications" | "users" as name, key, "relationships"]:
                return self._of_object(frame, query, name, key, bends, "object relationships")
            case ["users", key, "publications"]:
                return self._of_object(frame, query, "users", key, bends, "user publications")
            case ["relationships"]:
                ids = self._checked(query, "relationships", self.listings.relationships)
                return self._links(frame, query, ids, bends, None)
            case ["relationships", "deleted"]:
                return self._deleted(frame, query, "relationship", bends)
            case ["relationships", "pending", "deleted"]:
                return self._deleted(frame, query, "suggestion", bends)
            case ["relationships", key]:
                return self._relationship(frame, query, key)
            case ["deleted", "publications" | "users" as name]:
                return self._deleted(frame, query, PARTS[name], bends)
            case ["relationship", "types"]:
                return self._plain(frame, query, map(relationship_type, RELATIONSHIP_TYPES))
            case ["publication", "sources"]:
                return self._plain(frame, query, map(source, SOURCES))
            case ["groups"]:
                return self._groups(frame, query, bends)
            case ["legacy-groups"] if not frame.wire.atom:
                groups = self.institution.groups.values()
                return self._plain(frame, query, (group(WIRES["5.5"], frame.base, self.institution, g) for g in groups))
            case ["groups", key] if key.isdecimal() and int(key) in self.institution.groups:
                told = group(frame.wire, frame.base, self.institution, self.institution.groups[int(key)])
                return self._single(frame, query, "one", told)
            case ["journals", issn] if found := [j for j in JOURNALS if issn in (j.issn, j.eissn)]:
                return self._single(frame, query, "one", journal(frame.base, found[0]))
            case _:
                raise ElementsError(404, "resource not found", "The requested resource does not exist.")

    def _account(self) -> str:
        rights = dict.fromkeys(("can-access-sensitive-hr-data", "can-access-research-assessment-data"), False)
        rights["can-modify-data"] = self.may_modify()
        return tag("api-account", tag("rights", *(text(*each) for each in rights.items())), username=self.account)

    def _objects(self, frame: Frame, query: Query, name: str, bends: Collection[str]) -> str:
        find = self.listings.publications if name == "publications" else self.listings.users
        ids = self._checked(query, name, find)
        page = _bent(cut(query, self._address(frame), ids), bends)
        things = self.institution.outputs if name == "publications" else self.institution.people
        full = query.detail() == "full"
        return listing(frame, [self._entry(frame, things[number], full=full) for number in page.ids], page)

    def _object(self, frame: Frame, query: Query, name: str, key: str) -> str:
        query.check("one")
        thing = self._find(name, key)
        return single(frame, self._entry(frame, thing, full=query.detail("full") == "full"))

    def _of_object(self, frame: Frame, query: Query, name: str, key: str, bends: Collection[str], kind: str) -> str:
        thing = self._find(name, key)
        among = self.institution.of_output(thing.id) if name == "publications" else self.institution.of_person(thing.id)
        if kind == "user publications":
            among = [link for link in among if self.institution.outputs[link.output].ever_approved]
        ids = self._checked(query, kind, lambda q: self.listings.relationships(q, among))
        return self._links(frame, query, ids, bends, CATEGORIES[name])

    def _links(
        self, frame: Frame, query: Query, ids: Sequence[int], bends: Collection[str], side: Category | None
    ) -> str:
        page = _bent(cut(query, self._address(frame), ids), bends)
        links = [self.institution.authorships[number] for number in page.ids]
        full = query.detail() == "full"
        return listing(frame, [self._link_entry(frame, link, side, full=full) for link in links], page)

    def _relationship(self, frame: Frame, query: Query, key: str) -> str:
        query.check("one")
        found = self.institution.authorships.get(int(key)) if key.isdecimal() else None
        if found is None:
            raise self._missing("relationship", key)
        return single(frame, self._link_entry(frame, found, None, full=query.detail("full") == "full"))

    def _deleted(self, frame: Frame, query: Query, part: str, bends: Collection[str]) -> str:
        """A feed of deletions. Before 5.4 the next link of the relationships' feed led to the suggestions' one."""
        places = self._checked(query, "deleted", lambda q: self.listings.deletions(q, part))
        address = self._address(frame)
        wrong = f"{frame.base}/relationships/pending/deleted" if part == "relationship" else ""
        page = _bent(cut(query, address, places, wrong), bends)
        told = [self.institution.deletions[place - 1] for place in page.ids]
        entries = [
            Entry(href=address, title=f"Deleted {d.part}", updated=d.when, xml=deletion(frame.base, d)) for d in told
        ]
        return listing(frame, entries, page)

    def _groups(self, frame: Frame, query: Query, bends: Collection[str]) -> str:
        """All groups at once until v5.5; since then they are objects and come in pages."""
        groups = self.institution.groups
        if frame.wire.atom:
            return self._plain(
                frame, query, (group(frame.wire, frame.base, self.institution, g) for g in groups.values())
            )
        query.check("groups")
        wanted = query.numbers("ids") if query.has("ids") else frozenset(groups)
        page = _bent(cut(query, self._address(frame), sorted(wanted & groups.keys())), bends)
        told = (group(frame.wire, frame.base, self.institution, groups[number]) for number in page.ids)
        return listing(frame, [_plain_entry(frame, xml) for xml in told], page)

    def _plain(self, frame: Frame, query: Query, told: Iterable[str]) -> str:
        query.check("plain")
        return listing(frame, [_plain_entry(frame, xml) for xml in told], None)

    def _single(self, frame: Frame, query: Query, kind: str, told: str) -> str:
        query.check(kind)
        return single(frame, _plain_entry(frame, told))

    def _checked(self, query: Query, kind: str, find: Callable[[Query], list[int]]) -> list[int]:
        query.check(kind)
        return find(query)

    def _address(self, frame: Frame) -> str:
        return frame.href.partition("?")[0]

    def _find(self, name: str, key: str) -> Output | Person:
        """An object by id, a user also as `pid-...` or `username-...`."""
        found: Output | Person | None = None
        if key.isdecimal():
            things = self.institution.outputs if name == "publications" else self.institution.people
            found = things.get(int(key))
        elif name == "users":
            scheme, _, value = key.partition("-")
            field = {"pid": "proprietary_id", "username": "username"}.get(scheme, "")
            people = self.institution.people.values() if field else ()
            found = next((person for person in people if getattr(person, field) == value), None)
        if found is None:
            raise self._missing(PARTS[name], key)
        return found

    def _missing(self, part: str, key: str) -> ElementsError:
        if any(d.part == part and str(d.id) == key for d in self.institution.deletions):
            return ElementsError(410, "resource deleted", f"The {part} {key} has been deleted.")
        return ElementsError(404, "resource not found", f"The {part} {key} does not exist.")

    def _entry(self, frame: Frame, thing: Output | Person, *, full: bool) -> Entry:
        if isinstance(thing, Output):
            title = thing.records[0].title
            href, told = f"{frame.base}/publications/{thing.id}", publication(frame.wire, frame.base, thing, full=full)
        else:
            title = thing.last_name
            href, told = f"{frame.base}/users/{thing.id}", user(frame.wire, frame.base, thing, full=full)
        return Entry(href=href, title=title, updated=thing.stamps.affected, xml=told)

    def _link_entry(self, frame: Frame, link: Authorship, side: Category | None, *, full: bool) -> Entry:
        told = relationship(frame.wire, frame.base, self.institution, link, seen_from=side, full=full)
        href = f"{frame.base}/relationships/{link.id}"
        return Entry(href=href, title=link.type, updated=link.stamps.modified, xml=told)


def _plain_entry(frame: Frame, told: str) -> Entry:
    return Entry(href=frame.href, title="Item", updated=frame.now, xml=told)


def _bent(page: Page, bends: Collection[str]) -> Page:
    """A page with faults of paging in it."""
    if "empty feed" in bends:
        places = tuple(place for place in page.places if place[0] not in {"next", "continue-from"})
        page = replace(page, ids=(), results=0, places=places)
    if "repeated next" in bends:
        this = page.places[0]
        kept = [place for place in page.places if place[0] not in {"next", "continue-from"}]
        page = replace(page, places=(*kept, ("next", *this[1:])))
    if "wrong order" in bends:
        page = replace(page, ids=page.ids[::-1])
    return page
