"""One page, one transaction: take in what was told, work out what follows, drop the badges it touches."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.records import Authorship, Group, Item, Members, Page, Person
from sync.store import asides, bookmarks, erased, gone, identity, mentions, notes, reading, runs, settle, tallies
from sync.store.border import Border
from sync.store.clock import micros
from sync.store.database import Store
from sync.store.identity import counts
from sync.store.rows import as_json, change_in, many, public_ids, rows_in
from sync.store.source import Applied, Source
from sync.store.take import GROUPS, ITEMS, LINKS, PROFILES, Row, as_it_was, take
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes

Told = Person | Group | Item | Authorship


def apply(store: Store, source: Source, page: Page, *, now: int) -> Applied:
    """Store one page; applying it twice changes nothing. Its bookmark is saved in the same transaction.

    Raises `SettingsChanged`."""
    with store.write() as db:
        reading.hold(db, source.id, source.read_as)
        work = _Work(db, source, Vetoes(store, db), now)
        done = work.run(erased.without(store, db, source.id, source.name, page, work.touched, now))
        counts = runs.count(db, source.run, done.counts(), expected=page.total or 0, now=now)
        notes.put(db, source, page.notes)
        if page.bookmark is not None:
            bookmarks.put(db, source, page.bookmark, counts, now=now)
    return done


class _Work:
    """One page on its way into the store."""

    def __init__(self, db: Database, source: Source, vetoes: Vetoes, now: int) -> None:
        self.db, self.source, self.vetoes, self.now = db, source, vetoes, now
        self.touched, self.done = Touched(), Applied()
        self.border = Border(db, source, vetoes, self.touched)

    def run(self, page: Page) -> Applied:
        if self.source.people:
            self._people(page.people)
            self._groups(page.groups, page.members)
        elif page.people or page.groups or page.authorships:
            page = replace(page, people=(), groups=(), members=(), authorships=())
        self._authorships(page.items, self._items(page.items), page.authorships)
        for told in page.gone:
            self.done.deleted += self.border.gone(told)
        mentions.take(self.db, self.source, page.mentions, self.touched, self.done, self.now)
        tallies.take(self.db, self.source, page.tallies, self.touched, self.done, self.now)
        records = (page.people, page.groups, page.items, page.authorships, page.mentions, page.tallies)
        self.done.seen += sum(map(len, records))
        aside = sum(not aside.stored for aside in page.asides)  # the others are records that were counted
        self.done.seen += aside
        self.done.aside += aside
        self.done.doubted += sum(aside.stored for aside in page.asides)
        self.done.keyless += sum(aside.keyless for aside in page.asides)
        asides.put(self.db, self.source, page.asides, self.now)
        self.done.below_keep += self.border.forgotten
        settle.settle(self.db, self.vetoes, self.touched)
        return self.done

    def _people(self, people: Sequence[Person]) -> None:
        kept = self.border.people(people)
        self._note_outside("person", people, kept)
        rows = [_profile(person) for person in kept]
        as_it_was(self.db, PROFILES, self.source.id, rows, {person.key for person in kept if person.unread})
        changed = take(self.db, PROFILES, self.source.id, self.source.sweep, rows)
        self.touched.profiles |= set(self._by_key("person_record", changed).values())
        self._note("person", kept, changed)

    def _groups(self, groups: Sequence[Group], members: Sequence[Members]) -> None:
        groups, members = self.border.groups(groups, members)
        changed = take(self.db, GROUPS, self.source.id, self.source.sweep, [_group(group) for group in groups])
        self._note("group", groups, changed)
        for told in members:
            changed |= self._members(told)
        self.done.doubted += asides.strangers(self.db, self.source, self.vetoes, members, self.now)
        if changed:
            self.touched.groups.add(self.source.id)

    def _members(self, told: Members) -> set[str]:
        where = {"connection": self.source.id, "group": told.group}
        rows = self.db.execute(
            text("SELECT person_key FROM member WHERE connection_id = :connection AND group_key = :group"), where
        )
        before, after = {row.person_key for row in rows}, set(told.people)
        change_in(
            self.db,
            "DELETE FROM member WHERE connection_id = :connection AND group_key = :group AND person_key IN :values",
            before - after,
            **where,
        )
        many(
            self.db,
            "INSERT INTO member (connection_id, group_key, person_key) VALUES (:connection, :group, :person)",
            [{**where, "person": person} for person in sorted(after - before)],
        )
        return {told.group} if before != after else set()

    def _items(self, items: Sequence[Item]) -> list[Item]:
        kept = self.border.items(items)
        self._note_outside("item", items, kept)
        rows = [_item(item) for item in kept]
        unread = {item.key for item in kept if item.unread}
        known = as_it_was(self.db, ITEMS, self.source.id, rows, unread)
        changed = take(self.db, ITEMS, self.source.id, self.source.sweep, rows)
        ids = self._by_key("item", changed)
        self.touched.items |= set(ids.values())
        identity.put(self.db, {ids[item.key]: item for item in kept if item.key in ids and item.key not in known})
        self._note("item", kept, changed)
        return kept

    def _authorships(self, items: Sequence[Item], kept_items: Sequence[Item], links: Sequence[Authorship]) -> None:
        kept = self.border.links(links, items, kept_items)
        self._note_outside("authorship", links, kept)
        changed = take(self.db, LINKS, self.source.id, self.source.sweep, [_link(link) for link in kept])
        self._note("authorship", kept, changed)
        told, source = {link.key for link in kept}, self.source.id
        self.done.deleted += gone.unlisted(self.db, source, {item.key for item in kept_items}, told, self.touched)
        self.touched.outputs |= gone.outputs_of(self.db, source, {link.item for link in kept if link.key in changed})
        self.done.doubted += asides.unknown(self.db, self.source, kept, self.now)

    def _note_outside(self, kind: str, told: Sequence[Told], kept: Sequence[Told]) -> None:
        """Report what was not understood and may not be stored either: where it stood, and nothing of what it said."""
        inside = {record.key for record in kept}
        lost = [record for record in told if record.doubts and record.key not in inside]
        self.done.doubted += len(lost)
        asides.put(self.db, self.source, [asides.outside(kind, record.doubts[0]) for record in lost], self.now)

    def _note(self, kind: str, told: Sequence[Told], changed: set[str]) -> None:
        self.done.changed += len(changed)
        self.done.doubted += sum(bool(record.doubts) for record in told)
        asides.doubts(self.db, self.source, kind, [record for record in told if record.key in changed], self.now)

    def _by_key(self, table: str, keys: set[str]) -> dict[str, int]:
        sql = f"SELECT id, key FROM {table} WHERE connection_id = :c AND key IN :values"
        return {row.key: row.id for row in rows_in(self.db, sql, keys, c=self.source.id)}


def _flag(value: bool | None) -> int:
    return -1 if value is None else int(value)


def _common(record: Told) -> Row:
    return {
        "key": record.key,
        "visibility": int(record.visibility),
        "closes_at": micros(record.closes_at),
        "raw": as_json(dict(record.raw)),
        "doubts": as_json(record.doubts),
    }


def _profile(person: Person) -> Row:
    return {
        **_common(person),
        "name": person.name,
        "orcid": person.orcid or "",
        "person_id": 0,
        "current": _flag(person.current),
        "academic": _flag(person.academic),
        "student": _flag(person.student),
    }


def _group(group: Group) -> Row:
    return {**_common(group), "name": group.name, "parents": as_json(group.parents), "public_id": public_ids(1)[0]}


def _item(item: Item) -> Row:
    told = [(str(i), counts(item, i)) for i in item.identifiers] + [(str(i), 0) for i in item.other_dois]
    told += [(f"{each.relation} {each.identifier}", 0) for each in item.versions]
    return {
        **_common(item),
        "title": item.title,
        "type": item.type,
        "journal": item.journal,
        "issns": " ".join(item.issns),
        "subjects": "\n".join(dict.fromkeys(item.subjects)),
        "published": item.published,
        "mark": as_json(sorted(told)),
    }


def _link(link: Authorship) -> Row:
    return {**_common(link), "item_key": link.item, "person_key": link.person, "position": link.position}
