"""Who was erased, and must not come back: keyed hashes by which people and accounts are known when a source tells of
them again, and nothing else of them.

The key is that of the vetoes, outside the store. No source lifts these marks, as it does a veto: an administrator does.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.attention import Mention
from connectors.identifiers import orcid
from connectors.records import Aside, Gone, Page, Person
from scoring.rules import UNITS
from sync.store import audit, gone
from sync.store.database import Store
from sync.store.people import regroup
from sync.store.rows import change_in, many, rows_in
from sync.store.touched import Touched
from sync.store.vetoes import key_of, mark

Kind = Literal["person", "account"]
T = TypeVar("T")

WE = "ringmark"  # who notes in the audit log what follows by itself
SPOKEN_FOR = ("account", "author")  # units that are the account itself: what it says goes with it


class Erased:
    """Marking and knowing who was erased, within one transaction."""

    def __init__(self, store: Store, db: Database) -> None:
        self._store, self._db = store, db
        self._kinds = {row.kind for row in db.execute(text("SELECT DISTINCT kind FROM erased"))}
        self._key = key_of(store, db) if self._kinds else b""

    def any(self, kind: Kind) -> bool:
        """Whether there is any of a kind."""
        return kind in self._kinds

    def profile(self, connection: str, key: str) -> str:
        """The mark of a profile, by the name of its connection and the source's key."""
        return self._mark("erased person", connection, key)

    def orcid(self, iri: str) -> str:
        """The mark of an ORCID."""
        return self._mark("erased orcid", iri)

    def account(self, source: str, key: str) -> str:
        """The mark of an account, by the name of its source."""
        return self._mark("erased account", source, key)

    def mention(self, connection: str, key: str) -> str:
        """The mark of what an account has said, by the name of its connection and the source's key."""
        return self._mark("erased mention", connection, key)

    def put(self, kind: Kind, subject: str, marks: Iterable[str], *, now: int) -> None:
        """Remember somebody."""
        many(self._db, _PUT, [{"mark": each, "kind": kind, "subject": subject, "now": now} for each in set(marks)])
        self._kinds.add(kind)

    def known(self, marks: Iterable[str]) -> dict[str, str]:
        """Whose marks are among these: mark and subject."""
        return {row.mark: row.subject for row in rows_in(self._db, _KNOWN, marks)} if self._kinds else {}

    def among(self, marks: dict[T, str]) -> dict[T, str]:
        """Which of the things that have these marks were erased, and as whose."""
        found = self.known(marks.values())
        return {thing: found[each] for thing, each in marks.items() if each in found}

    def subjects(self, told: str, kind: Kind) -> set[str]:
        """Who was erased that a text may mean: as the audit log calls them, by key, or by ORCID."""
        if not self.any(kind):
            return set()
        owner, _, key = told.partition(":")
        if kind == "account":
            marks = {self.account(owner, key)}
        else:
            marks = {self.profile(owner, key), self.orcid(orcid(told) or told)}
        named = {row.subject for row in rows_in(self._db, _SUBJECTS, [told], kind=kind)}
        return named | set(self.known(marks).values())

    def allow(self, subjects: Collection[str]) -> None:
        """Forget that somebody was erased."""
        change_in(self._db, "DELETE FROM erased WHERE subject IN :values", subjects)

    def _mark(self, *parts: str) -> str:
        if not self._key:
            self._key = key_of(self._store, self._db)
        return mark(self._key, *parts)


def without(store: Store, db: Database, connection: int, name: str, page: Page, touched: Touched, now: int) -> Page:
    """A page of a connection without those who were erased. Who has come to be known as one of them, by an ORCID or a
    merge, is erased as well."""
    erased = Erased(store, db)
    if erased.any("person"):
        page = _without_people(_Border(db, connection, name, erased, touched, now), page)
    if erased.any("account"):
        page = replace(page, mentions=_without_accounts(erased, name, page.mentions))
    return page


class _Border:
    """People of one connection who are known again."""

    def __init__(self, db: Database, connection: int, name: str, erased: Erased, touched: Touched, now: int) -> None:
        self._db, self._connection, self._name = db, connection, name
        self._erased, self._touched, self._now = erased, touched, now

    def keys(self, keys: Iterable[str]) -> dict[str, str]:
        """Which of the keys are of somebody who was erased, and as whom."""
        return self._erased.among({key: self._erased.profile(self._name, key) for key in set(keys)})

    def by_orcid(self, people: Sequence[Person]) -> None:
        """Know those who have the ORCID of somebody who was erased, and by the ORCIDs that those are only now known to
        have whoever is stored with one."""
        orcids = {each.key: each.orcid for each in people if each.orcid}
        known = self._erased.among({key: self._erased.orcid(iri) for key, iri in orcids.items()})
        self.again({(self._name, key): subject for key, subject in known.items()})
        for key, subject in self.keys(orcids.keys() - known.keys()).items():
            self._erased.put("person", subject, [self._erased.orcid(orcids[key])], now=self._now)
            others = rows_in(self._db, _WITH_ORCID, [orcids[key]])
            self.again({(row.name, row.key): subject for row in others})

    def merges(self, told: Sequence[Gone]) -> None:
        """What is merged is one person: know both."""
        for each in told:
            if each.kind == "person" and each.into is not None:
                both = (each.key, each.into)
                for subject in set(self.keys(both).values()):
                    self.again({(self._name, key): subject for key in both})

    def unlink(self, links: Iterable[str]) -> None:
        """Whose a link was before is replaced all the same."""
        for key in links:
            gone.erase(self._db, self._connection, "authorship", key, self._touched)

    def again(self, told: dict[tuple[str, str], str]) -> None:
        """Mark profiles, by the name of their connection and key, of which it was not known yet, and all that is
        stored of those people; that is erased."""
        known = self._erased.among({profile: self._erased.profile(*profile) for profile in told})
        for profile in told.keys() - known.keys():
            name, key = profile
            same = self._db.execute(text(_SAME), {"name": name, "key": key}).fetchall()
            marks = {self._erased.profile(row.name, row.key) for row in same} | {self._erased.profile(name, key)}
            marks |= {self._erased.orcid(row.orcid) for row in same if row.orcid}
            self._erased.put("person", told[profile], marks, now=self._now)
            erase_profiles(self._db, [(row.connection_id, row.key) for row in same], self._touched)
            audit.note(self._db, "person forget again", told[profile], by=WE, now=self._now, connection=name)


def erase_profiles(db: Database, profiles: Sequence[tuple[int, str]], touched: Touched) -> None:
    """Remove profiles, by connection and key, with all that hangs on them. That somebody has left a group is no change
    of the group, for which all that its members wrote would be worked out again."""
    own = Touched()
    for connection, key in profiles:
        gone.erase(db, connection, "person", key, own)
        for table in ("member", "authorship_record"):  # of a profile that was never told, or is not any more
            sql = f"DELETE FROM {table} WHERE connection_id = :connection AND person_key = :key"
            db.execute(text(sql), {"connection": connection, "key": key})
    regroup(db, own.people)
    touched.people |= own.people
    touched.profiles |= own.profiles
    touched.outputs |= own.outputs


def _without_people(border: _Border, page: Page) -> Page:
    border.by_orcid(page.people)
    border.merges(page.gone)
    named = {person.key for person in page.people} | {link.person for link in page.authorships}
    named |= {key for each in page.members for key in each.people} | {each.key for each in page.asides}
    lost = border.keys(named)
    if not lost:
        return page
    border.unlink(link.key for link in page.authorships if link.person in lost)
    return replace(
        page,
        people=tuple(each for each in page.people if each.key not in lost),
        members=tuple(replace(each, people=tuple(k for k in each.people if k not in lost)) for each in page.members),
        authorships=tuple(each for each in page.authorships if each.person not in lost),
        asides=tuple(_bare(each) if each.kind == "person" and each.key in lost else each for each in page.asides),
    )


def _bare(aside: Aside) -> Aside:
    """That a record was not understood, without anything of it."""
    return replace(aside, key="", evidence="", reason="not understood; of somebody who was erased")


def _without_accounts(erased: Erased, name: str, told: Sequence[Mention]) -> tuple[Mention, ...]:
    accounts = erased.among(
        {(m.source, m.account.key): erased.account(m.source, m.account.key) for m in told if m.account}
    )
    said = erased.among({m.key: erased.mention(name, m.key) for m in told})
    kept = []
    for each in told:
        if each.account and (each.source, each.account.key) in accounts:
            if UNITS.get(each.source) in SPOKEN_FOR:
                continue
            each = replace(each, account=None)  # the outlet has said it
        if each.key not in said or each.deleted:
            kept.append(each)
    return tuple(kept)


_PUT = """
INSERT INTO erased (mark, kind, subject, at) VALUES (:mark, :kind, :subject, :now) ON CONFLICT (mark) DO NOTHING
"""
_KNOWN = "SELECT mark, subject FROM erased WHERE mark IN :values"
_SUBJECTS = "SELECT DISTINCT subject FROM erased WHERE kind = :kind AND subject IN :values"
_WITH_ORCID = """
SELECT c.name, r.key FROM person_record r JOIN connection c ON c.id = r.connection_id
WHERE r.orcid IN :values
"""
_SAME = """
SELECT r.connection_id, c.name, r.key, r.orcid FROM person_record one
JOIN connection o ON o.id = one.connection_id AND o.name = :name
JOIN person_record r ON r.person_id = one.person_id JOIN connection c ON c.id = r.connection_id
WHERE one.key = :key AND (one.person_id <> 0 OR r.id = one.id)
"""
