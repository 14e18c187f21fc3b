"""COPY, PostgreSQL's way of taking many rows: into a temporary table, and from there in one statement."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import Connection as Database

from sync import tables

if TYPE_CHECKING:
    import psycopg

PAYS = 300  # rows from which on it is faster than one after the other
_INSERT = re.compile(r"\s*INSERT INTO (\w+) \(([^)]*)\)\s*VALUES \(([^)]*)\)(.*)", re.S)
_CONFLICT = re.compile(r"\s*ON CONFLICT(?: \(([^)]*)\))? DO (NOTHING|UPDATE)")


class _Insert(NamedTuple):
    """The statements of one way of inserting: `given` are the parameters, in the order of the staged columns."""

    given: tuple[str, ...]
    stage: str
    copy: str
    take: str


def insert(db: Database, sql: str, rows: Sequence[Mapping[str, object]]) -> bool:
    """Insert rows by a statement `INSERT INTO ... VALUES (:name, ...) [ON CONFLICT ...]`; False, and nothing done,
    for any other. Of rows that are the same for ON CONFLICT the last counts, as if they came one after the other."""
    way = _ways.get(sql) or _ways.setdefault(sql, _way(sql))
    if way is None:
        return False
    db.exec_driver_sql("DROP TABLE IF EXISTS staged")
    db.exec_driver_sql(way.stage)
    driver = cast("psycopg.Connection[Any]", db.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(way.copy) as copy:
        for place, row in enumerate(rows):
            copy.write_row((place, *(row[name] for name in way.given)))
    db.exec_driver_sql(way.take)
    return True


def copy(db: Database, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Copy rows right into a table, where none of them can be there already."""
    driver = cast("psycopg.Connection[Any]", db.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as into:
        for row in rows:
            into.write_row(row)


def _way(sql: str) -> _Insert | None:
    found = _INSERT.fullmatch(sql)
    if found is None:
        return None
    table, columns, values, rest = found[1], _list(found[2]), _list(found[3]), found[4]
    kinds = tables.metadata().tables[table].columns
    given = {value[1:]: kinds[column].type for column, value in zip(columns, values, strict=True) if value[:1] == ":"}
    staged = [f"staged.told_{value[1:]}" if value[:1] == ":" else value for value in values]
    taken = ", ".join(staged)
    conflict = _CONFLICT.match(rest)
    if conflict and conflict[2] == "UPDATE":
        by = ", ".join(staged[columns.index(column)] for column in _list(conflict[1]))
        source = f"SELECT DISTINCT ON ({by}) {taken} FROM staged ORDER BY {by}, staged.place DESC"
    else:
        source = f"SELECT {taken} FROM staged ORDER BY staged.place"
    stage = ", ".join(f"told_{name} {kind}" for name, kind in given.items())  # parameters may have any name
    told = ", ".join(f"told_{name}" for name in given)
    return _Insert(
        given=tuple(given),
        stage=f"CREATE TEMPORARY TABLE staged (place BIGINT, {stage})",
        copy=f"COPY staged (place, {told}) FROM STDIN",
        take=f"INSERT INTO {table} ({', '.join(columns)}) {source} {rest}",
    )


def _list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",")]


_ways: dict[str, _Insert | None] = {}
