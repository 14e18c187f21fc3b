"""What a source no longer tells. Its record goes, but a vote that was less open than the rest stays.

The rest are the other records of the same output, person or pair; where there is none, any level below public stays.
What its source states to be hidden votes private from then on, and stays whatever the rest. What stays is the level and
the identifiers, never a title or a name.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from connectors.records import Gone
from sync.store import identity
from sync.store.rows import change_in, rows_in
from sync.store.touched import Touched
from sync.tables import FOREVER


def gone(db: Database, connection: int, told: Gone, touched: Touched, *, sweep: int = 0) -> int:
    """Take one record away; 1 when there was one. `told.into` names the survivor of a merge. What is hidden is
    not shown again by a later page of the same `sweep`."""
    asked = {"connection": connection, "key": told.key}
    if told.hidden and can_hide(db, connection, told):  # what is hidden already is left in peace
        db.execute(text(_HIDE.format(table=_TABLES[told.kind])), {**asked, "sweep": sweep})
        touch_key(db, connection, told.kind, told.key, touched)
    row = db.execute(text(_FIND[told.kind]), asked).one_or_none()
    if row is None:
        return 0
    if told.kind == "group":
        _erase_group(db, connection, told.key, touched)
    elif told.kind == "authorship":
        _links_gone(db, [row.id], touched)
    elif told.kind == "item":
        _item_gone(db, connection, row, told, touched)
    else:
        _profile_gone(db, connection, row, told, touched)
    return 1


def can_hide(db: Database, connection: int, told: Gone) -> bool:
    """Whether there is a record, or a vote of one, that a source can state to be hidden."""
    sql = f"SELECT EXISTS (SELECT 1 FROM {_TABLES[told.kind]} {_CAN_HIDE})"
    return bool(db.execute(text(sql), {"connection": connection, "key": told.key}).scalar())


def unlisted(db: Database, connection: int, items: Iterable[str], told: set[str], touched: Touched) -> int:
    """The links of items that their source no longer tells, while it tells the items; how many there were."""
    links = [row.id for row in rows_in(db, _LINKS_OF_ITEMS, items, connection=connection) if row.key not in told]
    _links_gone(db, links, touched)
    return len(links)


def outputs_of(db: Database, connection: int, items: Iterable[str]) -> set[int]:
    """The outputs of items, by the source's keys."""
    sql = "SELECT output_id FROM item WHERE connection_id = :connection AND key IN :values"
    return {row.output_id for row in rows_in(db, sql, items, connection=connection)} - {0}


def outputs_of_links(db: Database, links: Iterable[int]) -> set[int]:
    """The outputs of links, by row key."""
    return {row.output_id for row in rows_in(db, _OUTPUTS_OF_LINKS, links)} - {0}


def touch_key(db: Database, connection: int, kind: str, key: str, touched: Touched) -> None:
    """Touch an item or a profile by its source's key, where it is known."""
    found = touched.items if kind == "item" else touched.profiles
    sql = f"SELECT id FROM {_TABLES[kind]} WHERE connection_id = :connection AND key IN :values"
    found |= {row.id for row in rows_in(db, sql, [key], connection=connection)}


def erase(db: Database, connection: int, kind: str, key: str, touched: Touched) -> None:
    """Remove one record and all that hangs on it, votes included: another trace of it votes from now on."""
    row = db.execute(
        text(_FIND[kind] + " OR (connection_id = :connection AND key = :key AND state = 0)"),
        {"connection": connection, "key": key},
    ).one_or_none()
    if row is None:
        return
    if kind == "group":
        _erase_group(db, connection, key, touched)
        return
    if kind == "authorship":
        touched.outputs |= outputs_of_links(db, [row.id])
        change_in(db, "DELETE FROM authorship_record WHERE id IN :values", [row.id])
        return
    _touch(db, connection, kind, row, touched)
    column = "item_key" if kind == "item" else "person_key"
    links = [link.id for link in rows_in(db, _LINKS.format(column=column, states="0, 1"), [key], connection=connection)]
    touched.outputs |= outputs_of_links(db, links)
    change_in(db, "DELETE FROM authorship_record WHERE id IN :values", links)
    _drop(db, connection, kind, row)


def _item_gone(db: Database, connection: int, row: Any, told: Gone, touched: Touched) -> None:
    _touch(db, connection, "item", row, touched)
    links = [link.id for link in rows_in(db, _LINKS_OF_ITEMS, [row.key], connection=connection)]
    stays = _links_gone(db, links, touched) or _voting(db, connection, "item_key", row.key)
    rest = db.execute(text(_REST_OF_OUTPUT), {"output": row.output_id, "id": row.id}).one()
    if told.into or told.hidden or stays or _less_open(row, rest):
        words = ("title", "journal", "type", "issns", "subjects", "published")
        _leave_the_vote(db, "item", words, row.id, told.into or "")
        db.execute(text("DELETE FROM item_version WHERE item_id = :id"), {"id": row.id})
    else:
        _drop(db, connection, "item", row)


def _profile_gone(db: Database, connection: int, row: Any, told: Gone, touched: Touched) -> None:
    _touch(db, connection, "person", row, touched)
    asked = _LINKS.format(column="person_key", states="1")
    stays = _links_gone(db, [link.id for link in rows_in(db, asked, [row.key], connection=connection)], touched)
    stays = stays or _voting(db, connection, "person_key", row.key)
    rest = db.execute(text(_REST_OF_PERSON), {"person": row.person_id, "id": row.id}).one()
    if told.into or told.hidden or stays or _less_open(row, rest):
        _leave_the_vote(db, "person_record", ("name",), row.id, told.into or "")
    else:
        _drop(db, connection, "person", row)


def _leave_the_vote(db: Database, table: str, words: Iterable[str], id_: int, into: str) -> None:
    """All that a record said of itself goes; its level and what joins it stay."""
    blank = ", ".join(f"{word} = ''" for word in words)
    db.execute(
        text(
            f"UPDATE {table} SET state = 0, {blank}, raw = '{{}}', doubts = '[]', digest = '', into_key = :into, "
            "held_at = 0, held_run = 0 WHERE id = :id"
        ),
        {"into": into, "id": id_},
    )


def _links_gone(db: Database, links: list[int], touched: Touched) -> bool:
    """Take links away one after the other; whether the vote of any of them stays."""
    touched.outputs |= outputs_of_links(db, links)
    stays = False
    for id_ in links:
        row = db.execute(text("SELECT visibility, closes_at FROM authorship_record WHERE id = :id"), {"id": id_}).one()
        if _less_open(row, db.execute(text(_REST_OF_PAIR), {"id": id_}).one()):
            db.execute(text("UPDATE authorship_record SET state = 0, digest = '' WHERE id = :id"), {"id": id_})
            stays = True
        else:
            db.execute(text("DELETE FROM authorship_record WHERE id = :id"), {"id": id_})
    return stays


def _voting(db: Database, connection: int, column: str, key: str) -> bool:
    """Whether a link that is gone still votes by way of this item or profile, which must then stay as well."""
    sql = f"SELECT EXISTS (SELECT 1 FROM authorship_record WHERE connection_id = :c AND {column} = :key AND state = 0)"
    return bool(db.execute(text(sql), {"c": connection, "key": key}).scalar())


def _less_open(row: Any, rest: Any) -> bool:
    """Whether a record is less open than the rest, now or at any later time; without a rest, than public for ever."""
    level = int(Visibility.PUBLIC) if rest.visibility is None else rest.visibility
    closes = FOREVER if rest.closes_at is None else rest.closes_at
    return bool(row.visibility < level or row.closes_at < closes)


def _touch(db: Database, connection: int, kind: str, row: Any, touched: Touched) -> None:
    """A record that goes may part what it joined."""
    if kind == "item":
        touched.outputs.add(row.output_id)
        touched.identified.add(row.output_id)
        reached = rows_in(db, "SELECT output_id FROM output_vote WHERE item_id IN :values", [row.id])
        touched.outputs |= {vote.output_id for vote in reached}
        voting = rows_in(db, "SELECT item_id FROM output_vote WHERE output_id IN :values", [row.output_id])
        touched.items |= {vote.item_id for vote in voting}  # one that could belong here may belong elsewhere now
        touched.items |= {
            near.id for near in rows_in(db, "SELECT id FROM item WHERE output_id IN :values", [row.output_id])
        }
    else:
        touched.people.add(row.person_id)
        touched.groups.add(connection)
        touched.profiles |= {
            near.id for near in rows_in(db, "SELECT id FROM person_record WHERE person_id IN :values", [row.person_id])
        }


def _drop(db: Database, connection: int, kind: str, row: Any) -> None:
    if kind == "item":
        named = rows_in(db, identity.NAMED_BY, [row.id])
        for sql in (
            "DELETE FROM item_version WHERE item_id = :id",
            "DELETE FROM item_identifier WHERE item_id = :id",
            "DELETE FROM output_vote WHERE item_id = :id",
            "DELETE FROM item WHERE id = :id",
        ):
            db.execute(text(sql), {"id": row.id})
        identity.prune(db, [one.identifier_id for one in named])
    else:
        db.execute(
            text("DELETE FROM member WHERE connection_id = :connection AND person_key = :key"),
            {"connection": connection, "key": row.key},
        )
        db.execute(text("DELETE FROM person_record WHERE id = :id"), {"id": row.id})


def _erase_group(db: Database, connection: int, key: str, touched: Touched) -> None:
    for sql in (
        "DELETE FROM member WHERE connection_id = :connection AND group_key = :key",
        "DELETE FROM group_record WHERE connection_id = :connection AND key = :key",
    ):
        db.execute(text(sql), {"connection": connection, "key": key})
    touched.groups.add(connection)


_FIND: Mapping[str, str] = {
    "item": "SELECT id, key, visibility, closes_at, output_id FROM item "
    "WHERE connection_id = :connection AND key = :key AND state = 1",
    "person": "SELECT id, key, visibility, closes_at, person_id FROM person_record "
    "WHERE connection_id = :connection AND key = :key AND state = 1",
    "group": "SELECT id FROM group_record WHERE connection_id = :connection AND key = :key AND state = 1",
    "authorship": "SELECT id FROM authorship_record WHERE connection_id = :connection AND key = :key AND state = 1",
}
_TABLES = {"item": "item", "person": "person_record"}
# Also a vote that stays already; but what was merged into another is that other, whatever is said of its own key.
_CAN_HIDE = "WHERE connection_id = :connection AND key = :key AND (state = 1 OR (into_key = '' AND visibility > 0))"
_HIDE = f"UPDATE {{table}} SET visibility = {int(Visibility.PRIVATE)}, sweep = :sweep {_CAN_HIDE}"
_LINKS = """
SELECT id, key FROM authorship_record WHERE connection_id = :connection AND state IN ({states}) AND {column} IN :values
ORDER BY id
"""
_LINKS_OF_ITEMS = _LINKS.format(column="item_key", states="1")
_OUTPUTS_OF_LINKS = """
SELECT i.output_id FROM authorship_record a JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key
WHERE a.id IN :values
"""
_REST_OF_OUTPUT = """
SELECT min(visibility) AS visibility, min(closes_at) AS closes_at FROM item WHERE output_id = :output AND id <> :id
"""
_REST_OF_PERSON = """
SELECT min(visibility) AS visibility, min(closes_at) AS closes_at FROM person_record
WHERE person_id = :person AND id <> :id
"""
_REST_OF_PAIR = """
SELECT min(b.visibility) AS visibility, min(b.closes_at) AS closes_at FROM authorship_record a
JOIN item i ON i.connection_id = a.connection_id AND i.key = a.item_key AND i.output_id <> 0
JOIN person_record p ON p.connection_id = a.connection_id AND p.key = a.person_key AND p.person_id <> 0
JOIN item j ON j.output_id = i.output_id
JOIN authorship_record b ON b.connection_id = j.connection_id AND b.item_key = j.key AND b.id <> a.id
JOIN person_record q ON q.connection_id = b.connection_id AND q.key = b.person_key AND q.person_id = p.person_id
WHERE a.id = :id
"""
