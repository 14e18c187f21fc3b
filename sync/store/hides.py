"""Local votes: an administrator hides an output or a person, at once, whatever the sources say."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from sync.store import settle, votes
from sync.store.database import Store
from sync.store.publish import publish
from sync.store.rows import many, rows_in
from sync.store.touched import Touched
from sync.store.vetoes import Vetoes
from sync.tables import FOREVER


def output_of(db: Database, wanted: Identifier | int) -> int | None:
    """The row key of a live output, by an identifier that counts or by public id: for administrators only."""
    if isinstance(wanted, int):
        found = db.execute(text("SELECT id FROM output WHERE public_id = :id AND live = 1"), {"id": wanted}).scalar()
    else:
        found = db.execute(text(_BY_IDENTIFIER), {"scheme": wanted.scheme, "value": wanted.value}).scalar()
    return None if found is None else int(found)


def public_of(db: Database, wanted: Identifier) -> int:
    """The public id of a live output, by an identifier that counts; 0 where there is none."""
    id_ = output_of(db, wanted)
    return int(db.execute(text("SELECT public_id FROM output WHERE id = :id"), {"id": id_}).scalar() or 0) if id_ else 0


def person_of(db: Database, public: int) -> int | None:
    """The row key of a person, by public id."""
    found = db.execute(text("SELECT id FROM person WHERE public_id = :id"), {"id": public}).scalar()
    return None if found is None else int(found)


def hide(store: Store, kind: str, id_: int, *, subject: str, why: str, until: int, now: int) -> Touched:
    """Vote private on an output or a person. The vote clings to every identifier and key it has now, so that it
    survives pulls, merges and partings; its badges are gone when this returns. What it touched."""
    with store.write() as db:
        hide_id = db.execute(
            text(_HIDE), {"kind": kind, "subject": subject, "why": why, "now": now, "until": until}
        ).scalar_one()
        marks = set(_marks(db, kind, id_))
        many(
            db,
            "INSERT INTO hide_target (hide_id, mark) VALUES (:hide, :mark)",
            [{"hide": hide_id, "mark": mark} for mark in marks],
        )
        return resettle(store, db, kind, marks, now)


def unhide(store: Store, kind: str, id_: int, *, now: int) -> int:
    """Release every local vote on an output or a person; how many there were."""
    with store.write() as db:
        marks = set(_marks(db, kind, id_))
        found = {row.hide_id for row in rows_in(db, _IN_FORCE, marks, kind=kind, never=FOREVER)}
        return _release(store, db, found, now)


def release_due(store: Store, *, read_from: int, now: int) -> int:
    """Release the hides whose time was up before every source was read again, beginning at `read_from`.

    Our clock alone opens nothing: what a source says now has been heard since the hide ended."""
    with store.write() as db:
        due = db.execute(
            text("SELECT id FROM hide WHERE until_at <= :read AND released_at = :never"),
            {"read": read_from, "never": FOREVER},
        )
        return _release(store, db, {row.id for row in due}, now)


def due(db: Database, *, now: int) -> bool:
    """Whether a hide's time is up and waits for its sources to be read again."""
    sql = "SELECT EXISTS (SELECT 1 FROM hide WHERE until_at <= :now AND released_at = :never)"
    return bool(db.execute(text(sql), {"now": now, "never": FOREVER}).scalar())


def on(db: Database, kind: str, id_: int) -> list[Any]:
    """The local votes in force on an output or a person, for `why`."""
    hides = {row.hide_id for row in rows_in(db, _IN_FORCE, set(_marks(db, kind, id_)), kind=kind, never=FOREVER)}
    return list(rows_in(db, "SELECT * FROM hide WHERE id IN :values", hides))


def _release(store: Store, db: Database, hides: set[int], now: int) -> int:
    marks: dict[str, set[str]] = {"output": set(), "person": set()}
    for row in rows_in(
        db, "SELECT h.kind, t.mark FROM hide h JOIN hide_target t ON t.hide_id = h.id WHERE h.id IN :values", hides
    ):
        marks[row.kind].add(row.mark)
    many(db, "UPDATE hide SET released_at = :now WHERE id = :id", [{"id": id_, "now": now} for id_ in hides])
    for kind, named in marks.items():
        resettle(store, db, kind, named, now)
    return len(hides)


def resettle(store: Store, db: Database, kind: str, marks: Iterable[str], now: int) -> Touched:
    """Work out again everything that any of the marks stands for, and publish what may still show of it."""
    touched = _bearing(db, kind, marks)
    settle.settle(db, Vetoes(store, db), touched)
    publish(db, touched.outputs, now=now)
    return touched


def hidden(db: Database, kind: str) -> set[int]:
    """The row keys of all outputs, or of all people, that a local vote is in force on."""
    touched = _bearing(db, kind, votes.hidden(db, kind))
    return touched.outputs if kind == "output" else touched.people


def listed(db: Database) -> list[tuple[Any, list[int], str]]:
    """Every local vote in force, the newest first, with the public ids of what it is on now, and who cast it as far as
    the audit log tells."""
    by = {(row.subject, row.at): row.actor for row in db.execute(text(_BY))}
    found = []
    for row in db.execute(text(_ALL_IN_FORCE), {"never": FOREVER}).fetchall():
        touched = _bearing(db, row.kind, {each.mark for each in db.execute(text(_TARGETS), {"id": row.id})})
        on_ = touched.outputs if row.kind == "output" else touched.people
        public = sorted(each.public_id for each in rows_in(db, _PUBLIC[row.kind], on_))
        found.append((row, public, by.get((row.subject, row.made_at), "")))
    return found


def _bearing(db: Database, kind: str, marks: Iterable[str]) -> Touched:
    """The outputs or people that bear any of the marks."""
    touched = Touched()
    for mark in marks:
        where, _, rest = mark.partition(":")
        if where in ("item", "profile"):
            name, _, key = rest.partition(":")
            table, column = ("item", "output_id") if where == "item" else ("person_record", "person_id")
            sql = _BY_KEY.format(table=table, column=column)
            rows = db.execute(text(sql), {"name": name, "key": key})
            (touched.outputs if where == "item" else touched.people).update(row.found for row in rows)
        elif where == "orcid":
            rows = db.execute(text("SELECT person_id FROM person_record WHERE orcid = :orcid"), {"orcid": rest})
            touched.people |= {row.person_id for row in rows}
        elif kind == "output":
            rows = db.execute(text(_BY_IDENTIFIER), {"scheme": where, "value": rest})
            touched.outputs |= {row.id for row in rows}
    return touched


def _marks(db: Database, kind: str, id_: int) -> list[str]:
    if kind == "person":
        rows = list(db.execute(text(_PROFILES), {"id": id_}))
        return [f"profile:{row.name}:{row.key}" for row in rows] + [f"orcid:{row.orcid}" for row in rows if row.orcid]
    items = [f"item:{row.name}:{row.key}" for row in db.execute(text(_ITEMS), {"id": id_})]
    return items + [f"{row.scheme}:{row.value}" for row in db.execute(text(_IDENTIFIERS), {"id": id_})]


_HIDE = """
INSERT INTO hide (kind, subject, why, made_at, until_at) VALUES (:kind, :subject, :why, :now, :until) RETURNING id
"""
_IN_FORCE = """
SELECT DISTINCT t.hide_id FROM hide_target t JOIN hide h ON h.id = t.hide_id
WHERE h.kind = :kind AND h.released_at = :never AND t.mark IN :values
"""
_ALL_IN_FORCE = "SELECT * FROM hide WHERE released_at = :never ORDER BY made_at DESC, id DESC"
_BY = "SELECT subject, at, actor FROM audit WHERE verb = 'hide'"
_TARGETS = "SELECT mark FROM hide_target WHERE hide_id = :id"
_PUBLIC = {
    "output": "SELECT public_id FROM output WHERE id IN :values",
    "person": "SELECT public_id FROM person WHERE id IN :values",
}
_BY_IDENTIFIER = """
SELECT DISTINCT o.id FROM identifier d JOIN item_identifier n ON n.identifier_id = d.id AND n.counts = 1
JOIN item i ON i.id = n.item_id JOIN output o ON o.id = i.output_id
WHERE d.scheme = :scheme AND d.value = :value ORDER BY o.id
"""
_BY_KEY = """
SELECT t.{column} AS found FROM {table} t JOIN connection c ON c.id = t.connection_id
WHERE c.name = :name AND t.key = :key
"""
_PROFILES = """
SELECT c.name, r.key, r.orcid FROM person_record r JOIN connection c ON c.id = r.connection_id WHERE r.person_id = :id
"""
_ITEMS = "SELECT c.name, i.key FROM item i JOIN connection c ON c.id = i.connection_id WHERE i.output_id = :id"
_IDENTIFIERS = """
SELECT DISTINCT d.scheme, d.value FROM item i JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN identifier d ON d.id = n.identifier_id WHERE i.output_id = :id
"""
