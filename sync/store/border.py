"""What may be stored at all: records below a connection's `keep` are forgotten here and leave only their veto."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Connection as Database

from config.visibility import Visibility
from connectors.identifiers import Identifier
from connectors.records import Authorship, Gone, Group, Item, Members, Person
from sync.store import gone
from sync.store.identity import counts
from sync.store.rows import rows_in
from sync.store.source import Source
from sync.store.touched import Touched
from sync.store.vetoes import Mark, Vetoes

MERGING = ("item", "person")  # the kinds of records that a source may say are merged into another

T = TypeVar("T", Person, Group, Item, Authorship)


class Border:
    """The border of one connection, for one page. `forgotten` counts what stayed outside."""

    def __init__(self, db: Database, source: Source, vetoes: Vetoes, touched: Touched) -> None:
        self._db, self._source, self._vetoes, self._touched = db, source, vetoes, touched
        self.forgotten = 0

    def people(self, told: Sequence[Person]) -> list[Person]:
        """The people who may be stored."""
        kept, moved = self._admit("person", told, lambda person: self._vetoes.person_marks(person.orcid or ""))
        if moved:
            self._vetoes.touch_people(moved, {person.orcid or "" for person in told}, self._touched)
        return kept

    def groups(self, told: Sequence[Group], members: Sequence[Members]) -> tuple[list[Group], list[Members]]:
        """The groups that may be stored, and who is in them; groups join nothing, so their vetoes touch nothing."""
        kept, _ = self._admit("group", told, lambda _: ())
        forgotten = self._vetoes.known(self._source.id, "group", {each.group for each in members})
        return kept, [each for each in members if each.group not in forgotten]

    def items(self, told: Sequence[Item]) -> list[Item]:
        """The items that may be stored."""
        kept, moved = self._admit("item", told, lambda item: self._vetoes.item_marks(joining(item)))
        if moved:
            self._vetoes.touch_outputs(moved, {i for item in told for i in joining(item)}, self._touched)
        return kept

    def links(self, told: Sequence[Authorship], items: Sequence[Item], kept_items: Sequence[Item]) -> list[Authorship]:
        """The authorships that may be stored; none of somebody or something that was forgotten."""
        lost = {item.key for item in items} - {item.key for item in kept_items}
        hidden = self._vetoes.known(self._source.id, "person", {link.person for link in told})
        for link in told:
            if link.item in lost or link.person in hidden:  # what it was before is replaced all the same
                gone.erase(self._db, self._source.id, "authorship", link.key, self._touched)
        told = [link for link in told if link.item not in lost and link.person not in hidden]
        below = [link for link in told if link.visibility < self._source.keep]
        asked = told if self._vetoes.any else below
        named, orcids = self._named(asked), self._orcids(asked)

        def marks(link: Authorship) -> list[Mark]:
            who = self._vetoes.names_of(self._source.id, link.person, orcids.get(link.person, ""))
            pair = self._vetoes.pair_marks(named.get(link.item, ()), who)
            return [*pair, self._vetoes.own_pair(self._source.id, link.item, link.person)]

        kept, moved = self._admit("authorship", told, marks)
        if moved:
            concerned = [link for link in asked if moved & {mark for mark, _ in marks(link)}]
            hints = {mark for link in concerned for mark, _ in marks(link)}
            identifiers = {i for link in concerned for i in named.get(link.item, ())}
            self._touched.outputs |= gone.outputs_of(self._db, self._source.id, {link.item for link in concerned})
            self._vetoes.touch_pairs(moved, hints, identifiers, self._touched)
        return kept

    def gone(self, told: Gone) -> int:
        """Take one record away; 1 when there was one. One that is hidden, and so below what is kept, is forgotten."""
        source = self._source
        if told.hidden and source.keep > Visibility.PRIVATE:
            count = self._forget(told)
        else:
            count = gone.gone(self._db, source.id, told, self._touched, sweep=source.sweep)
        self._merged(told)
        return count

    def _forget(self, told: Gone) -> int:
        source = self._source.id
        if not gone.can_hide(self._db, source, told):
            return 0
        marks = self._vetoes.of_stored(source, told.kind, told.key)
        self._vetoes.put(source, told.kind, told.key, marks, sweep=self._source.sweep)
        gone.erase(self._db, source, told.kind, told.key, self._touched)
        self.forgotten += 1
        return 1

    def _merged(self, told: Gone) -> None:
        """What was forgotten and is then merged away goes on voting, on its survivor, as a stored record would."""
        source = self._source.id
        if told.into is None or told.kind not in MERGING:
            return
        forgotten = self._vetoes.known(source, told.kind, [told.key])
        if forgotten or self._vetoes.on_survivors(told.kind, [(source, told.key)]):
            survivor = self._vetoes.survivor(told.kind, source, told.into)
            self._vetoes.put(source, f"merged {told.kind}", told.key, [survivor], sweep=self._source.sweep)
            gone.touch_key(self._db, source, told.kind, told.into, self._touched)

    def _parted(self, kind: str, told: Sequence[str]) -> None:
        """What is told again by its own key is no part of its survivor any more, as a stored record would not be."""
        moved = self._vetoes.lift(self._source.id, f"merged {kind}", told) if kind in MERGING else set()
        if moved:
            self._vetoes.touch_survivors(moved, kind, self._source.id, self._touched)

    def _admit(self, kind: str, told: Sequence[T], marks: Callable[[T], Iterable[Mark]]) -> tuple[list[T], set[str]]:
        """Those that may be stored, and the marks of vetoes that came or went with the others.

        What this run has closed is not opened by a later page or row of it, here as in `take`."""
        keep, source = self._source.keep, self._source.id
        below = {record.key: record for record in told if record.visibility < keep}
        closed = self._vetoes.known(source, kind, [record.key for record in told], sweep=self._source.sweep)
        kept = [record for record in told if record.key not in below and record.key not in closed]
        self._parted(kind, [record.key for record in told if record.key not in closed])
        moved = self._vetoes.lift(source, kind, [record.key for record in kept])
        for key, record in below.items():
            gone.erase(self._db, source, kind, key, self._touched)
            moved |= self._vetoes.put(source, kind, key, marks(record), sweep=self._source.sweep)
        self.forgotten += len(told) - len(kept)
        return kept, moved

    def _named(self, links: Sequence[Authorship]) -> dict[str, list[Identifier]]:
        """The identifiers of the items of links, by key; items come before their links."""
        named: dict[str, list[Identifier]] = {}
        for row in rows_in(self._db, _NAMED, {link.item for link in links}, connection=self._source.id):
            named.setdefault(row.key, []).append(Identifier(row.scheme, row.value))
        return named

    def _orcids(self, links: Sequence[Authorship]) -> dict[str, str]:
        people = {link.person for link in links}
        return {row.key: row.orcid for row in rows_in(self._db, _ORCIDS, people, connection=self._source.id)}


def joining(item: Item) -> list[Identifier]:
    """The identifiers of an item that join it to others."""
    return [identifier for identifier in item.identifiers if counts(item, identifier)]


_NAMED = """
SELECT i.key, d.scheme, d.value FROM item i JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN identifier d ON d.id = n.identifier_id WHERE i.connection_id = :connection AND i.key IN :values
"""
_ORCIDS = "SELECT key, orcid FROM person_record WHERE connection_id = :connection AND key IN :values"
