"""Symplectic Elements: publications with their privacy levels, people with their status, authorships, groups; a badge
as one label of a publication, in a scheme of our own.

API:       REST, XML; v4.6 and v5.5 (Atom) and v6.13, told by each answer; full detail 25 a page, references 1000
Auth:      HTTP basic over https, or a gateway's headers
Deletions: feeds of deleted users, publications, relationships; merges in what is left; groups are always listed whole
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar
from urllib.parse import quote

from config.visibility import Visibility
from connectors import clock
from connectors.base import Finding, Held, Manifest, Pulls, Pushes, Since
from connectors.elements.check import findings, writing
from connectors.elements.flags import trimmed
from connectors.elements.items import Rules, item, precedence
from connectors.elements.labels import carrying, labelled, relabel
from connectors.elements.records import group, person
from connectors.elements.run import FULL, REFERENCE, Run
from connectors.elements.walk import Read, RepeatedNext, one, walk
from connectors.elements.xml import Missing, Refused, Version
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.identifiers import Identifier
from connectors.records import Done, Gone, Group, Item, Kind, Page, Person, Record
from connectors.xml import Element

log = logging.getLogger(__name__)

PLACES: Mapping[Kind, str] = {
    "person": "/users",
    "group": "/groups",
    "item": "/publications",
}


class Elements(Pulls, Pushes):
    """One Elements, read and written to through its API."""

    manifest: ClassVar = Manifest(
        kind="elements",
        incremental=True,
        deletions="reported",
        people=True,
        person_status=True,
        visibility=frozenset({"people", "outputs", "authorships", "groups"}),
        write_back="public",  # labels go on into repositories, by the vendor's own tools
        finds_by=("doi",),
        page_limits=(("full", FULL), ("reference", REFERENCE)),
        pace=0.5,
    )

    def pull(self, since: Since) -> Iterator[Page]:
        """Everything, or from a cursor what changed since; see `Pulls.pull`.

        A repeated next link ends the run with `Done.incomplete`: what came before it is true, but not all."""
        self.client.begin()
        try:
            run = self._run()
            run = replace(run, began=clock.began(run.began, since.now))
            if since.cursor:
                yield from run.changes(since.cursor, since.bookmark)
            else:
                yield from run.everything(since.bookmark, again=since.memory is not None)
        except RepeatedNext as error:
            yield Page(done=Done(incomplete=str(error)))

    def confirm(self, kind: Kind, key: str) -> Gone | None:
        """Ask for one thing; gone when the API says so or nobody ever approved it, hidden when it is not public any
        more, merged when another id answers. Relationships are told with their publications, and not asked about."""
        gone = Gone(kind=kind, key=key)
        if kind not in PLACES:
            return gone
        path = f"{PLACES[kind]}/{quote(key, safe='')}"
        try:
            told = one(self.client, path, {}, self._reading(kind)).records
        except Missing:
            return gone
        found = next((each for each in told if isinstance(each, Person | Group | Item)), None)
        if found is None:
            if gone in told:
                return gone
            raise NotUnderstood(f"GET {path}: nothing that can be read in the answer")
        if found.key != key:
            return Gone(kind=kind, key=key, into=found.key)
        return None if found.visibility == Visibility.PUBLIC else replace(gone, hidden=kind != "group")

    def check(self) -> Iterator[Finding]:
        """Address, version, rights, and how the flags of the first pages are distributed."""
        self.client.begin()
        try:
            run = self._run()
            yield from findings(run)
            if self.settings.push:
                yield from writing(run, self.settings.field or "")
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))

    def find(self, identifiers: Sequence[Identifier]) -> tuple[str, ...]:
        """The ids of the publications whose own DOI is one of these."""
        return carrying(self.client, identifiers, self._rules())

    def read(self, address: str, field: str) -> Held | None:
        """The labels of a publication in the scheme `field`; one that was merged into another is gone."""
        told = labelled(self.client, address, field)
        return None if told is None or told.key != address else Held(values=told.labels)

    def copies(self, address: str, field: str, text: str) -> tuple[str, ...]:
        """The survivor of a merge, which may have taken the labels along."""
        told = labelled(self.client, address, field)
        return (told.key,) if told and told.key != address and text in " ".join(told.labels) else ()

    def write(
        self, address: str, field: str, before: Held, values: Sequence[str], *, permit: Callable[[], bool]
    ) -> None:
        """Take away and add labels by name; what others have there is not named, and stays."""
        relabel(self.client, address, field, before, values, permit=permit)

    def _rules(self) -> Rules:
        settings = self.settings
        return Rules(assume=settings.assume.outputs, doi_fields=settings.doi_fields, subjects=settings.subjects)

    def _reading(self, kind: Kind) -> Read[Record]:
        """How one thing of a kind is read by itself."""
        assume = self.settings.assume

        def read(entry: Element, version: Version, place: str) -> Iterator[Record]:
            if kind == "person":
                return person(entry, version, place, assume.people)
            if kind == "group":
                return group(entry, version, place, assume.groups)
            return item(entry, version, place, self._rules())

        return read

    def _run(self) -> Run:
        """Ask who is there: version, the server's clock, the precedence of sources, the types of relationships."""
        hello = one(self.client, "/users", {"detail": "ref", "per-page": "1"}, _nothing)
        ranks = self._offered("/publication/sources", _rank)
        types = self._offered("/relationship/types", _type)
        wanted = self.settings.relationships
        ids = [types[name] for name in wanted if name in types]
        if types and not ids:
            known = ", ".join(sorted(types))
            raise NotUnderstood(f"connections.{self.settings.name}.relationships: the source knows only {known}")
        if types and len(ids) < len(wanted):
            log.warning("a type of relationships is unknown", extra={"source": self.settings.name, "known": len(types)})
        assume = self.settings.assume
        return Run(
            client=self.client,
            source=self.settings.name,
            version=hello.head.version,
            began=hello.date or hello.head.updated,
            types=frozenset((*wanted, *ids)),
            query=",".join(ids or wanted),
            rules=replace(self._rules(), precedence={name: int(rank) for name, rank in ranks.items()}),
            assume=assume,
            per_page=self.settings.per_page,
        )

    def _offered(self, path: str, read: Read[tuple[str, str]]) -> dict[str, str]:
        """What a listing tells that not every source offers."""
        try:
            return dict(record for sheet in walk(self.client, path, {}, read) for record in sheet.records)
        except (Refused, NotAllowed):  # who may not ask at all was told so by the first request
            log.info("not offered", extra={"source": self.settings.name, "path": path})
            return {}


def _nothing(_: Element, __: Version, ___: str) -> Iterator[object]:
    """Of entries that are of no matter."""
    return iter(())


def _rank(source: Element, _: Version, __: str) -> Iterator[tuple[str, str]]:
    yield from precedence(source)


def _type(entry: Element, _: Version, __: str) -> Iterator[tuple[str, str]]:
    name, key = trimmed(entry.get("name")), trimmed(entry.get("id"))
    if name and key:
        yield name, key
