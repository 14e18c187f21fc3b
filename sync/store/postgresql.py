"""A store in a PostgreSQL database, 15 or newer."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import psycopg
import pyarrow as pa
from sqlalchemy import Connection as Database
from sqlalchemy import Engine, create_engine, event

from sync.store.backend import PATIENCE, Backend, StoreError

OLDEST = 15
ONE_WRITER = "ringmark writes"  # what the lock of every writing transaction stands for
# A machine that died must not hold its locks for the two hours that TCP would: both sides look after half a minute.
SESSION = (
    f"SET lock_timeout = {PATIENCE}",
    "SET jit = off",  # compiling costs more than any statement of ours takes
    "SET client_min_messages = 'error'",
    "SET synchronous_commit = on",  # what was committed is there after a power cut, whatever the server's default
    *(f"SET tcp_keepalives_{name}" for name in ("idle = 30", "interval = 10", "count = 3")),
)
KEEPALIVES: dict[str, Any] = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


class Postgresql(Backend):
    """One database of a server; several machines may use it."""

    mends = {  # noqa: RUF012 - a constant of the base
        "lock timeout": "another Ringmark is writing; run again later",
        "password authentication failed": "mend the user or password in store.url",
        "no password supplied": "give the password with url_file or RINGMARK_STORE__URL",
        'FATAL:  database "': "create it, or mend store.url",
        "permission denied": "let this user create tables and temporary tables there",
        "could not extend file": "free some space on the server and run again; nothing was half written",
        "No space left": "free some space on the server and run again; nothing was half written",
        "connection failed": "start the server, or mend store.url",
        "connection is bad": "start the server, or mend store.url",
        "server closed the connection": "the server ended the connection; run again, nothing was half written",
        "terminating connection": "the server ended the connection; run again, nothing was half written",
    }

    @property
    def name(self) -> str:
        return f"PostgreSQL {self.url.host or 'here'}/{self.url.database or ''}"

    def exists(self) -> bool:
        return True  # else opening it says what is missing

    def engine(self) -> Engine:
        engine = create_engine(
            self.url, pool_pre_ping=True, connect_args={"application_name": "ringmark", **KEEPALIVES}
        )
        event.listen(engine, "connect", _settle)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "before_cursor_execute", _reword, retval=True)
        with self.plain(), engine.connect().execution_options(writes=False) as db:
            version = int(db.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
            encoding = db.exec_driver_sql("SHOW server_encoding").scalar_one()
        if version < OLDEST:
            raise StoreError(f"{self.name}: PostgreSQL {version} is too old; use {OLDEST} or newer")
        if encoding != "UTF8":
            raise StoreError(f"{self.name}: its encoding is {encoding}; create the database with ENCODING 'UTF8'")
        return engine

    @contextmanager
    def turn(self, name: str) -> Iterator[bool]:
        """An advisory lock of a session of its own: it ends with that session, however the process or its machine
        ends."""
        with psycopg.connect(
            self.address, autocommit=True, application_name=f"ringmark {name}", **KEEPALIVES
        ) as session:
            yield bool(session.execute("SELECT pg_try_advisory_lock(%s)", [_number(f"turn {name}")]).fetchone()[0])  # type: ignore[index]

    def columns(self, statements: Sequence[str]) -> list[pa.Table]:
        import adbc_driver_postgresql.dbapi as adbc  # slow to import, and needed only here

        try:
            with adbc.connect(self.address) as connection, connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                return [_whole_numbers(cursor, statement) for statement in statements]
        except adbc.Error as error:
            raise StoreError(f"{self.name}: {str(error).splitlines()[0]}; run again") from error

    @property
    def address(self) -> str:
        """Where the driver itself finds it; holds the password."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _whole_numbers(cursor: Any, statement: str) -> pa.Table:
    cursor.execute(statement)
    return cursor.fetch_arrow_table()


def _settle(connection: psycopg.Connection[Any], _record: object) -> None:
    with connection.cursor() as cursor:
        for statement in SESSION:
            cursor.execute(statement)
    connection.commit()


def _begin(db: Database) -> None:
    """One writer at a time, as in SQLite: what a transaction has read is still so when it writes. Readers see one
    moment and wait for nobody."""
    asked = db.get_execution_options()
    if asked.get("writes", True):
        if "patience" in asked:
            db.exec_driver_sql(f"SET LOCAL lock_timeout = {asked['patience']}")
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(%(lock)s)", {"lock": _number(ONE_WRITER)})
    else:
        db.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _number(name: str) -> int:
    """The key of an advisory lock, which is a number."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def _reword(_db: object, _cursor: object, sql: str, values: Any, _context: object, _many: bool) -> tuple[str, Any]:
    return reworded(sql), values


@lru_cache(maxsize=2000)
def reworded(sql: str) -> str:
    """A statement of ours in PostgreSQL's words: what only tells SQLite how to go about it is left out."""
    for pattern, instead in _WORDS:
        sql = pattern.sub(instead, sql)
    return sql


_WORDS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"(?<![\w:']):([a-z_]+)\b", r"%(\1)s"),
        (r"\bCROSS JOIN (\w+(?: \w+)?) ON\b", r"JOIN \1 ON"),
        (r"\) IS NOT \(", ") IS DISTINCT FROM ("),
        (r"\) WITHOUT ROWID\b", ")"),
        (r"\bINTEGER\b", "BIGINT"),
        (r"\bgroup_concat\(", "string_agg("),
        (r"(?<!AS) TEXT\b(?! COLLATE)(?=[,) ])", ' TEXT COLLATE "C"'),  # sorted by code points, as SQLite does
    )
)
