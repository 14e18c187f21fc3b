"""What remains of records below a connection's `keep`: keyed hashes that vote private, and nothing that can be read.

The key lies beside the settings, never in the store or a backup of it; without it no veto can be checked, so a store
that holds vetoes refuses to work without its key.
"""

import hmac
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from sync.store.database import Store, StoreError
from sync.store.rows import change_in, many, rows_in
from sync.store.touched import Touched

KEY_BYTES = 32

Mark = tuple[str, str]  # the mark, and the mark of the DOI beside a weak identifier ("" for none)


class Vetoes:
    """Writing and asking vetoes within one transaction."""

    def __init__(self, store: Store, db: Database) -> None:
        self._store, self._db = store, db
        self._key: bytes | None = None
        self.any = bool(db.execute(text("SELECT EXISTS (SELECT 1 FROM veto)")).scalar())

    def put(self, connection: int, kind: str, key: str, marks: Iterable[Mark], *, sweep: int) -> set[str]:
        """Replace what is remembered of one record of a source; the marks that came or went by it."""
        subject = self._mark(kind, str(connection), key)
        told = {(subject, ""), *marks}
        before = self.lift(connection, kind, [key])
        rows = [{"c": connection, "s": subject, "m": mark, "d": doi, "w": sweep} for mark, doi in told]
        many(self._db, _PUT, rows)
        self.any = True
        return before ^ {mark for mark, _ in told if mark != subject}

    def lift(self, connection: int, kind: str, keys: Sequence[str]) -> set[str]:
        """Forget the vetoes of records whose source now says otherwise; the marks that went."""
        if not self.any or not keys:
            return set()
        subjects = [self._mark(kind, str(connection), key) for key in keys]
        went = {row.mark for row in rows_in(self._db, _OF_SUBJECTS, subjects, connection=connection)}
        change_in(
            self._db,
            "DELETE FROM veto WHERE connection_id = :connection AND subject IN :values",
            subjects,
            connection=connection,
        )
        return went

    def known(self, connection: int, kind: str, keys: Iterable[str], *, sweep: int | None = None) -> set[str]:
        """Which of the keys stand for records that were forgotten at the border, in one sweep where it is given."""
        if not self.any:
            return set()
        marks = {self._mark(kind, str(connection), key): key for key in keys}
        return {marks[row.mark] for row in rows_in(self._db, _ASKED, marks) if sweep is None or row.sweep == sweep}

    def touch_outputs(self, marks: set[str], hints: set[Identifier], touched: Touched) -> None:
        """Touch the outputs that bear any of the marks. `hints` are identifiers that probably do; only where marks are
        left over are all identifiers gone through."""
        found = {self._own(identifier): identifier for identifier in hints}
        if marks - found.keys():
            rows = self._db.execute(text("SELECT scheme, value FROM identifier"))
            every = [Identifier(row.scheme, row.value) for row in rows]
            found = {mark: i for mark, i in zip(map(self._own, every), every, strict=True) if mark in marks}
        self._touch_bearing(set(found.values()), touched)

    def touch_people(self, marks: set[str], hints: set[str], touched: Touched) -> None:
        """The same for people, by ORCID."""
        found = {mark: orcid for orcid in hints - {""} for mark, _ in self.person_marks(orcid)}
        if marks - found.keys():
            rows = self._db.execute(text("SELECT DISTINCT orcid FROM person_record WHERE orcid <> ''"))
            found = {mark: row.orcid for row in rows for mark, _ in self.person_marks(row.orcid) if mark in marks}
        touched.people |= {row.person_id for row in rows_in(self._db, _PEOPLE, set(found.values()))}

    def touch_pairs(self, marks: set[str], hints: set[str], identifiers: set[Identifier], touched: Touched) -> None:
        """The same for authorships: every output with one of the identifiers, since any of its people may be meant.
        `hints` are the marks that these identifiers account for."""
        self._touch_bearing(identifiers, touched)
        if marks - hints:
            for row in self._db.execute(text(_PAIRS)):
                who = self.names_of(row.connection_id, row.person_key, row.orcid)
                if any(mark in marks for mark, _ in self.pair_marks([Identifier(row.scheme, row.value)], who)):
                    touched.outputs.add(row.output_id)

    def touch_survivors(self, marks: set[str], kind: str, connection: int, touched: Touched) -> None:
        """The same for what took the place of forgotten records; the keys of all its source's are gone through."""
        rows = self._db.execute(text(_KEYS[kind]), {"connection": connection})
        found = touched.items if kind == "item" else touched.profiles
        found |= {row.id for row in rows if self.survivor(kind, connection, row.key)[0] in marks}

    def touch_all(self, connection: int, touched: Touched) -> None:
        """Touch whatever the vetoes of a connection have closed, before they are forgotten with it."""
        rows = self._db.execute(text("SELECT mark FROM veto WHERE connection_id = :c"), {"c": connection})
        if marks := {row.mark for row in rows}:
            self.touch_outputs(marks, set(), touched)
            self.touch_people(marks, set(), touched)
            self.touch_pairs(marks, set(), set(), touched)

    def _touch_bearing(self, identifiers: set[Identifier], touched: Touched) -> None:
        for scheme in {identifier.scheme for identifier in identifiers}:
            values = {i.value for i in identifiers if i.scheme == scheme}
            touched.outputs |= {row.output_id for row in rows_in(self._db, _OUTPUTS, values, scheme=scheme)}

    def _own(self, identifier: Identifier) -> str:
        return self._mark("doi" if identifier.scheme == "doi" else "weak", str(identifier))

    def item_marks(self, identifiers: Sequence[Identifier]) -> list[Mark]:
        """The marks of an item's identifiers; the DOI speaks for itself, the others only where DOIs do not differ."""
        doi = next((self._own(i) for i in identifiers if i.scheme == "doi"), "")
        return [(self._own(i), "" if i.scheme == "doi" else doi) for i in identifiers]

    def person_marks(self, orcid: str) -> list[Mark]:
        """The mark of an ORCID, if there is one."""
        return [(self._mark("orcid", orcid), "")] if orcid else []

    def pair_marks(self, identifiers: Sequence[Identifier], who: Iterable[str]) -> list[Mark]:
        """The marks of a pair: every identifier of the item with every name of the person (`names_of`)."""
        names = list(who)
        return [(self._mark("pair", mark, name), doi) for mark, doi in self.item_marks(identifiers) for name in names]

    @staticmethod
    def names_of(connection: int, key: str, orcid: str) -> list[str]:
        """What a profile is known by: its source's own key, and the ORCID where there is one."""
        return [f"{connection}:{key}", *([orcid] if orcid else [])]

    def own_pair(self, connection: int, item: str, person: str) -> Mark:
        """The mark of a pair by the keys of its own source, for other links of the same two."""
        return self._mark("own pair", str(connection), item, person), ""

    def survivor(self, kind: str, connection: int, key: str) -> Mark:
        """The mark of the record that a forgotten one was merged into."""
        return self._mark("survivor", kind, str(connection), key), ""

    def on_survivors(self, kind: str, keys: Iterable[tuple[int, str]]) -> bool:
        """Whether any of the records, given by connection and key, took the place of a forgotten one."""
        return self.any and self.on_any(self.survivor(kind, connection, key) for connection, key in keys)

    def of_stored(self, connection: int, kind: str, key: str) -> list[Mark]:
        """The marks of a record that is still stored and about to be forgotten."""
        if kind == "person":
            return [m for row in rows_in(self._db, _ORCID, [key], c=connection) for m in self.person_marks(row.orcid)]
        if kind == "item":
            return self.item_marks([Identifier(*row) for row in rows_in(self._db, _NAMED, [key], c=connection)])
        rows = list(rows_in(self._db, _PAIR, [key], c=connection))
        own = [self.own_pair(connection, row.item_key, row.person_key) for row in rows[:1]]
        names = [self.names_of(connection, row.person_key, row.orcid or "") for row in rows[:1]]
        identifiers = [Identifier(row.scheme, row.value) for row in rows if row.scheme]
        return own + [m for who in names for m in self.pair_marks(identifiers, who)]

    def on_output(self, identifiers: Sequence[Identifier]) -> bool:
        """Whether a forgotten item would have joined an output with these identifiers."""
        return self.any and self._on(identifiers, self.item_marks(identifiers))

    def on_alone(self, identifiers: Iterable[Identifier]) -> set[Identifier]:
        """Which of the identifiers any forgotten item had, each taken alone."""
        marks = {self._own(identifier): identifier for identifier in identifiers} if self.any else {}
        return {marks[row.mark] for row in rows_in(self._db, _ASKED, marks)}

    def on_pair(self, identifiers: Sequence[Identifier], who: Iterable[str]) -> bool:
        """Whether a forgotten link was between such an output and a person of any of these names."""
        return self.any and self._on(identifiers, self.pair_marks(identifiers, who))

    def _on(self, identifiers: Sequence[Identifier], marks: Iterable[Mark]) -> bool:
        """A weak identifier speaks only where it does not stand beside another DOI than the output's own."""
        dois = {self._own(identifier) for identifier in identifiers if identifier.scheme == "doi"}
        rows = rows_in(self._db, _ASKED, [mark for mark, _ in marks])
        return any(not row.doi_mark or not dois or row.doi_mark in dois for row in rows)

    def on_any(self, marks: Iterable[Mark]) -> bool:
        """Whether any of the marks was left by a forgotten record."""
        return self.any and any(True for _ in rows_in(self._db, _ASKED, [mark for mark, _ in marks]))

    def _mark(self, *parts: str) -> str:
        if self._key is None:
            self._key = key_of(self._store, self._db)
        return mark(self._key, *parts)


def mark(key: bytes, *parts: str) -> str:
    """The keyed hash of what is forgotten, in 64 hexadecimal digits."""
    return hmac.digest(key, "\x1f".join(parts).encode(), "sha256").hex()


def key_of(store: Store, db: Database) -> bytes:
    """The key, made at the first need; its fingerprint in the store tells a wrong one."""
    if not store.key_file.exists():
        if db.execute(text("SELECT EXISTS (SELECT 1 FROM veto) OR EXISTS (SELECT 1 FROM erased)")).scalar():
            raise StoreError(
                f"{store.key_file}: the key of the vetoes is missing; bring it back, or nothing can be shown"
            )
        _make(store.key_file)
    try:
        key = bytes.fromhex(store.key_file.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreError(f"{store.key_file}: is no key of {KEY_BYTES} bytes; bring the right one back")
    print_ = hmac.new(key, b"ringmark", sha256).hexdigest()
    known = db.execute(text("SELECT value FROM meta WHERE name = 'veto_key'")).scalar()
    if known is None:
        db.execute(text("INSERT INTO meta (name, value) VALUES ('veto_key', :print)"), {"print": print_})
    elif known != print_:
        raise StoreError(f"{store.key_file}: not the key this store was made with; bring the right one back")
    return key


def _make(file: Path) -> None:
    """Write a new key, all of it or nothing, and onto the disk: what is marked with it may be committed next."""
    with NamedTemporaryFile("w", dir=file.parent, prefix=f"{file.name}.") as new:  # for its owner alone
        new.write(secrets.token_hex(KEY_BYTES) + "\n")
        new.flush()
        os.fsync(new.fileno())
        with suppress(FileExistsError):  # made by another process meanwhile
            os.link(new.name, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


_PUT = "INSERT INTO veto (connection_id, subject, mark, doi_mark, sweep) VALUES (:c, :s, :m, :d, :w)"
_ASKED = "SELECT mark, doi_mark, sweep FROM veto WHERE mark IN :values"
_OF_SUBJECTS = "SELECT mark FROM veto WHERE connection_id = :connection AND subject IN :values"
_OUTPUTS = """
SELECT i.output_id FROM identifier d JOIN item_identifier n ON n.identifier_id = d.id AND n.counts = 1
JOIN item i ON i.id = n.item_id WHERE d.scheme = :scheme AND d.value IN :values
UNION
SELECT abs(s.output_id) FROM identifier d JOIN score_version s ON s.identifier_id = d.id
WHERE d.scheme = :scheme AND d.value IN :values
"""
_KEYS = {
    "item": "SELECT id, key FROM item WHERE connection_id = :connection",
    "person": "SELECT id, key FROM person_record WHERE connection_id = :connection",
}
_PEOPLE = "SELECT person_id FROM person_record WHERE orcid IN :values"
_PAIRS = """
SELECT DISTINCT i.output_id, d.scheme, d.value, a.connection_id, a.person_key, p.orcid FROM authorship_record a
JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key
JOIN person_record p ON p.connection_id = a.connection_id AND p.key = a.person_key
JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1 JOIN identifier d ON d.id = n.identifier_id
"""
_ORCID = "SELECT orcid FROM person_record WHERE connection_id = :c AND key IN :values"
_NAMED = """
SELECT d.scheme, d.value FROM item i JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN identifier d ON d.id = n.identifier_id WHERE i.connection_id = :c AND i.key IN :values
"""
_PAIR = """
SELECT a.item_key, a.person_key, p.orcid, d.scheme, d.value FROM authorship_record a
LEFT JOIN person_record p ON p.connection_id = a.connection_id AND p.key = a.person_key
LEFT JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key
LEFT JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
LEFT JOIN identifier d ON d.id = n.identifier_id WHERE a.connection_id = :c AND a.key IN :values
"""
