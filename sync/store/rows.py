"""Small ways of speaking SQL that every room of the store needs."""

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection as Database
from sqlalchemy import CursorResult

from sync.store import bulk

T = TypeVar("T")


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size` values."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def rows_in(db: Database, sql: str, values: Iterable[object], **others: object) -> Sequence[Any]:
    """The rows of a statement with one `IN :values`, however many the values are."""
    told = list(values)
    return db.exec_driver_sql(_among(db, sql), _asked(db, told, others)).fetchall() if told else ()


def change_in(db: Database, sql: str, values: Iterable[object], **others: object) -> int:
    """Run a changing statement with one `IN :values`; how many rows it changed."""
    told = list(values)
    return db.exec_driver_sql(_among(db, sql), _asked(db, told, others)).rowcount if told else 0


def tuples(rows: CursorResult[Any]) -> list[tuple[Any, ...]]:
    """All rows as the driver gives them: of thousands of rows, those of SQLAlchemy take longer than the question."""
    if rows.cursor is None:
        return []
    with rows:
        return list(rows.cursor.fetchall())


def many(db: Database, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Run one statement for many rows; nothing at all for none."""
    if len(rows) >= bulk.PAYS and is_postgresql(db) and bulk.insert(db, sql, rows):
        return
    if rows:
        db.exec_driver_sql(sql, list(rows))


def insert(db: Database, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows that are new for sure, their values in the order of the columns: the quickest way there is."""
    if len(rows) >= bulk.PAYS and is_postgresql(db):
        bulk.copy(db, table, columns, rows)
    elif rows:
        values = ", ".join(["%s" if is_postgresql(db) else "?"] * len(columns))
        db.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})", list(rows))


def is_postgresql(db: Database) -> bool:
    """Whether the store is a PostgreSQL database; else it is an SQLite file."""
    return db.dialect.name == "postgresql"


def _among(db: Database, sql: str) -> str:
    """One parameter for all values: nothing is compiled anew, and no limit on their number applies."""
    some = "= ANY (:values)" if is_postgresql(db) else "IN (SELECT value FROM json_each(:values))"
    return sql.replace("IN :values", some)


def _asked(db: Database, values: Sequence[object], others: Mapping[str, object]) -> dict[str, object]:
    return {"values": values if is_postgresql(db) else json.dumps(list(values)), **others}


def upsert(table: str, unique: Sequence[str], columns: Sequence[str], fresh: Sequence[str] = ()) -> str:
    """An INSERT that replaces `columns` of a row that is there already; `fresh` are given to new rows only."""
    names = (*unique, *columns, *fresh)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)}) "
        f"ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {changes}"  # names of ours, never values
    )


def public_ids(count: int) -> list[int]:
    """Random ids below 2^53, so that every reader of JSON keeps them whole; a clash fails on the unique index."""
    return [value >> 11 or 1 for value in struct.unpack(f"{count}Q", os.urandom(8 * count))]


def next_id(db: Database, table: str) -> int:
    """The first row key that is free; inside a writing transaction nobody else takes it."""
    return int(db.exec_driver_sql(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").scalar_one())


def new_rows(db: Database, table: str, sql: str, count: int) -> list[int]:
    """Insert rows with an `:id` and a random `:public` id each; their row keys."""
    first = next_id(db, table)
    rows = [{"id": first + place, "public": public} for place, public in enumerate(public_ids(count))]
    many(db, sql, rows)
    return [first + place for place in range(count)]


def as_json(value: object) -> str:
    """Compact JSON with sorted keys, so that equal values are equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(told: object) -> str:
    """What was told, in 32 hexadecimal digits; equal values have the same."""
    return hashlib.sha256(as_json(told).encode()).hexdigest()[:32]


def fill(db: Database, table: str, ids: Iterable[int]) -> None:
    """A temporary table of ids to join with, emptied first."""
    asked = _asked(db, sorted(set(ids)), {})
    empty, some = "DELETE FROM", "value FROM json_each(:values)"
    if is_postgresql(db):
        empty, some = "TRUNCATE", "unnest(:values::bigint[])"  # nobody vacuums a temporary table
    db.exec_driver_sql(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY)")
    db.exec_driver_sql(f"{empty} {table}")
    db.exec_driver_sql(f"INSERT INTO {table} (id) SELECT {some}", asked)
    measured(db, table)


def measured(db: Database, table: str) -> None:
    """Let the planner know how large a temporary table is; SQLite does not ask."""
    if is_postgresql(db):
        db.exec_driver_sql(f"ANALYZE {table}")
