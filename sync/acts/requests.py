"""What people may ask for: all that is known of them (GDPR, articles 15 and 20), and to be erased (article 17).

A person is `person:ID`, an ORCID, or the key of a profile; an account is `SOURCE:ACCOUNT`. The audit log calls both by
numbers.
"""

from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection as Database

from scoring.rules import SOURCES
from sync import steps, store
from sync.acts.office import Office, Refused
from sync.store import Forgotten
from sync.store.erased import Erased
from sync.store.known_as import LONGEST, FoundAccount, FoundPerson
from sync.store.rows import as_json
from sync.store.traces import Names

DONE = ("person export", "person forget", "person allow", "account export", "forget", "account allow")


class Erasure(NamedTuple):
    """What erasing did, or would do. `mark` stands for all of it; `clean` is False where SQLite's log still holds what
    was erased, since somebody reads from it."""

    did: Forgotten
    mark: str
    clean: bool = True


class Known(NamedTuple):
    """One person or account for a page: how an act is told of them, what they are called, the numbers of what is
    known, and each record or account."""

    told: str
    name: str
    counts: dict[str, int]
    records: list[dict[str, Any]]


def known(office: Office, kind: str, number: str) -> Known:
    """Who has a number, and what is known of them in short. Raises `Refused`."""
    id_ = int(number) if number.isascii() and number.isdigit() and len(number) <= LONGEST else 0
    now = office.clock()
    with office.house.read() as db:
        if kind == "person":
            person_ = store.known_as.one_person(db, id_)
            if person_ is None:
                raise Refused("unknown person", "unknown")
            document = store.known_of_person(db, person_.id, now=now)
            parts = ("profiles", "groups", "outputs", "local_votes", "not_understood", "said_by_readers", "audit")
            counts = {part: len(document[part]) for part in parts}
            return Known(f"person:{id_}", person_.name, counts, document["profiles"])
        found = store.known_as.one_account(db, id_)
        if found is None:
            raise Refused("unknown account", "unknown")
    followers = found.followers if found.followers >= 0 else None
    records = [{"source": found.source, "account": found.key, "name": found.name or None, "followers": followers}]
    return Known(f"{found.source}:{found.key}", found.name or found.key, {"mentions": found.mentions}, records)


def look(office: Office, told: str) -> tuple[list[FoundPerson], list[FoundAccount]]:
    """Who a text may mean. It is noted that somebody has looked, and not for whom."""
    with office.house.write() as db:
        people, accounts = store.known_as.people(db, told), store.known_as.accounts(db, told)
        found = {"people": len(people), "accounts": len(accounts)}
        store.note(db, "look for a person", "requests", by=office.by, now=office.clock(), **found)
    return people, accounts


def person(office: Office, told: str) -> FoundPerson:
    """The one person that is meant. Raises `Refused`."""
    with office.house.read() as db:
        found = sorted(store.known_as.person(db, told))
        if len(found) > 1:
            raise Refused("several people are known by that; write person:ID, or CONNECTION:KEY")
        people = [one for one in store.known_as.people(db, told) if one.id in found] if found else []
    if not people:
        raise Refused("unknown person", "unknown")
    return people[0]


def account(office: Office, told: str) -> FoundAccount:
    """The account that is meant. Raises `Refused`."""
    source, _, key = told.strip().partition(":")
    if source not in SOURCES or not key:
        raise Refused(f"{told}: write SOURCE:ACCOUNT; sources are {', '.join(SOURCES)}", "wrong")
    with office.house.read() as db:
        id_ = store.known_as.account(db, source, key)
        found = None if id_ is None else store.known_as.one_account(db, id_)
    if found is None:
        raise Refused("unknown account", "unknown")
    return found


def export_person(office: Office, told: str) -> dict[str, Any]:
    """Everything that is known of a person."""
    found, now = person(office, told), office.clock()
    with office.house.write() as db:
        document = {"institution": office.settings.institution.name, **store.known_of_person(db, found.id, now=now)}
        outputs = len(document["outputs"])
        store.note(db, "person export", f"person:{found.public}", by=office.by, now=now, outputs=outputs)
    return document


def export_account(office: Office, told: str) -> dict[str, Any]:
    """Everything that is known of an account."""
    found, now = account(office, told), office.clock()
    rules = steps.rules_in_force(office.settings)
    with office.house.write() as db:
        known = store.known_of_account(db, found.id, rules, now=now)
        mentions = len(known["mentions"])
        store.note(db, "account export", f"account:{found.id}", by=office.by, now=now, mentions=mentions)
    return {"institution": office.settings.institution.name, **known}


def forget_person(office: Office, told: str, *, because: str, dry_run: bool = False, seen: str = "") -> Erasure:
    """Erase a person. `seen` is the mark of the preview that this was decided on, where there was one."""
    found, now = person(office, told), office.clock()

    def erase(db: Database) -> Forgotten:
        return store.erase_person(office.house, db, found.id, now=now)

    document = "" if dry_run else _names(office, found.id)
    return _erase(office, erase, "person forget", because, document, dry_run=dry_run, seen=seen)


def forget_account(office: Office, told: str, *, because: str, dry_run: bool = False, seen: str = "") -> Erasure:
    """Erase an account and what it has said; scores follow with the next score run."""
    found, now = account(office, told), office.clock()

    def erase(db: Database) -> Forgotten:
        return store.erase_account(office.house, db, found.id, now=now)

    names = "\n".join({found.key, found.name} - {""})
    return _erase(office, erase, "forget", because, names, dry_run=dry_run, seen=seen)


def allow_person(office: Office, told: str, *, because: str) -> str:
    """Let sources bring somebody back who was erased: `person:ID` of the log, an ORCID, or `CONNECTION:KEY`."""
    return _allow(office, told, because, "person allow")


def allow_account(office: Office, told: str, *, because: str) -> str:
    """The same for an account: `account:ID` of the log, or `SOURCE:ACCOUNT`."""
    return _allow(office, told, because, "account allow")


def _names(office: Office, id_: int) -> str:
    with office.house.read() as db:
        return "\n".join(store.names_of(db, id_))


def _erase(
    office: Office,
    erase: Callable[[Database], Forgotten],
    verb: str,
    because: str,
    names: str,
    *,
    dry_run: bool,
    seen: str,
) -> Erasure:
    if not dry_run:
        _reason(because, names)
    with office.house.write() as db:
        with db.begin_nested() as attempt:
            did = erase(db)
            if dry_run:
                attempt.rollback()
        mark = _mark(did)
        if seen and seen != mark:
            raise Refused("something has changed since you looked: see anew what it would do, then decide")
        if not dry_run:
            counts = {name: count for name, count in did.counts.items() if count}
            store.note(db, verb, did.subject, by=office.by, now=office.clock(), why=because, **counts)
    return Erasure(did, mark, clean=dry_run or store.scrub(office.house))


def _reason(because: str, names: str) -> None:
    if not because.strip():
        raise Refused("why: is empty; say why, for those who come after you", "wrong")
    told = names.split("\n") if names else []
    if Names(told, told).within(because):
        raise Refused("why: names whom it is about, and the audit log never forgets; write a case number", "wrong")


def _mark(did: Forgotten) -> str:
    """Accounts are given a number anew each time."""
    return sha256(as_json({**asdict(did), "subject": ""}).encode()).hexdigest()[:16]


def _allow(office: Office, told: str, because: str, verb: str) -> str:
    if not because.strip():
        raise Refused("why: is empty; say why, for those who come after you", "wrong")
    given = told.strip()
    with office.house.write() as db:
        found = Erased(office.house, db).subjects(given, "person" if verb.startswith("person") else "account")
        if not found:
            raise Refused(f"{verb.partition(' ')[0]}: nobody of that kind was erased", "unknown")
        for subject in sorted(found):
            Erased(office.house, db).allow([subject])
            store.note(db, verb, subject, by=office.by, now=office.clock(), why=because)
    return ", ".join(sorted(found))
