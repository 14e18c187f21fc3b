"""A backup of the store: one SQLite file, whatever the store is, with everything in it but the key of the vetoes.

It is written beside its name, for its owner alone from the first byte, checked, and only then takes the name.
"""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection as Database
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from sync.store import unread
from sync.store.copies import copy_of
from sync.store.database import HEAD, Store, StoreError, open_store
from sync.store.pour import Told, count, tables
from sync.store.rows import as_json

MARK = "backup"  # the fact in `meta` by which a backup is known
BESIDE = ("-journal", "-wal", "-shm")  # what SQLite may have beside a file
MENDS = {"database or disk is full": "free some space and run again"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup says of itself: when it was made, by which version, its schema, and the rows of each table."""

    file: Path
    made_at: int
    version: str
    schema: str
    rows: dict[str, int]


def backup(
    store: Store,
    file: Path,
    *,
    never_read: Collection[str],
    replace: bool = False,
    now: int,
    told: Told = lambda *_: None,
) -> Backup:
    """Write the whole store, as it is at one instant, into a file, while others go on working. Nothing would show of
    what is in it, if somebody took the file for a store, until all connections but those that are `never_read` were
    read again.

    Raises `StoreError`, and leaves nothing behind, where that is not possible, or where the file is there already and
    `replace` is not said."""
    if file.is_dir():
        raise StoreError(f"{file}: is a folder; give the name of a file in it")
    if _is_the_store(store, file):
        raise StoreError(f"{file}: is the store itself; give another name")
    if file.exists() and not replace:
        raise StoreError(f"{file}: is there already; give another name, or --force to replace it")
    with _whole_or_nothing(file) as part:
        with nullcontext(store) if _is_file(store) else copy_of(store, told) as source:
            _vacuum(source.backend.name, part)
        _sign(part, never_read, now)
        made = read(part)
    return Backup(file=file, made_at=made.made_at, version=made.version, schema=made.schema, rows=made.rows)


def read(file: Path) -> Backup:
    """What a backup says of itself, once it has been looked through from end to end.

    Raises `StoreError`: there is none, it is no backup, it is of a newer version, it is damaged."""
    if not file.is_file():
        raise StoreError(f"{file}: no such file")
    try:
        with closing(sqlite3.connect(_kept(file), uri=True)) as db:
            found = _told(db, file)
            damage = [row[0] for row in db.execute("PRAGMA integrity_check(1)")]
            if damage != ["ok"] or _count(db, found.rows) != found.rows:
                raise StoreError(f"{file}: is damaged; use another backup")
    except (sqlite3.Error, ValueError, LookupError) as error:
        if "not a database" in str(error):
            raise _no_backup(file) from error
        raise StoreError(f"{file}: is damaged; use another backup") from error
    return found


@contextmanager
def opened(made: Backup) -> Iterator[Database]:
    """A backup to read from, with the tables of this version. The file itself is never changed."""
    if made.schema == HEAD:
        with _engine(_kept(made.file)) as engine, engine.connect() as db:
            yield db
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(made.file, copy)
        store = open_store(f"sqlite:///{copy}", key_file=Path(folder) / "no key")  # which migrates it
        with store.read() as db:
            yield db
        store.engine.dispose()


def _is_the_store(store: Store, file: Path) -> bool:
    its_own = [Path(f"{store.backend.name}{ending}").resolve() for ending in ("", *BESIDE)]
    return _is_file(store) and file.resolve() in its_own


def _is_file(store: Store) -> bool:
    return store.engine.dialect.name == "sqlite"


@contextmanager
def _whole_or_nothing(file: Path) -> Iterator[Path]:
    """An empty file that takes the name of `file` in the end, or is gone. What a killed process has left of one is
    taken over."""
    part = file.with_name(f"{file.name}.part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.fchmod(handle, 0o600)
        os.ftruncate(handle, 0)  # so that SQLite takes no journal for one of this file
        yield part
        os.fsync(handle)
        part.replace(file)
        _sync_folder(file.absolute().parent)
    except BlockingIOError:
        raise StoreError(f"{file}: another backup is being written there; wait for it to end") from None
    except BaseException as error:
        for ending in ("", *BESIDE):
            Path(f"{part}{ending}").unlink(missing_ok=True)
        if isinstance(error, sqlite3.Error | DBAPIError | OSError):
            raise StoreError(f"{file}: {_plain(error)}; nothing was left behind") from error
        raise
    finally:
        os.close(handle)


def _plain(error: Exception) -> str:
    words = str(error.orig if isinstance(error, DBAPIError) else getattr(error, "strerror", None) or error)
    return f"{words}; {MENDS.get(words, 'is there space for it, and may it be written?')}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _vacuum(database: str, part: Path) -> None:
    """One snapshot, which keeps no writer waiting, and without the free pages of the file, in which what was erased
    can still be read."""
    source = f"{Path(database).absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(source, uri=True, timeout=60, isolation_level=None)) as db:
        db.execute("VACUUM INTO ?", (_alone(part),))


def _sign(part: Path, never_read: Collection[str], now: int) -> None:
    """Make a backup of a copy."""
    with _engine(_alone(part)) as engine, engine.begin() as db:
        unread.shut(db, never_read)
        objects = db.execute(text(_OBJECTS)).scalar_one()
        facts = {"made_at": now, "version": version("ringmark"), "rows": count(db, tables("meta")), "objects": objects}
        put = "INSERT INTO meta (name, value) VALUES (:name, :value)"
        db.execute(text("DELETE FROM meta WHERE name = :name"), {"name": MARK})
        db.execute(text(put), {"name": MARK, "value": as_json(facts)})


@contextmanager
def _engine(uri: str) -> Iterator[Engine]:
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True))
    try:
        yield engine
    finally:
        engine.dispose()


def _alone(part: Path) -> str:
    """A file that nobody else uses, and that may lie on a network file system: without locks."""
    return f"{part.absolute().as_uri()}?nolock=1"


def _kept(file: Path) -> str:
    """A file that nobody writes: nothing is locked, and nothing is made beside it."""
    return f"{file.absolute().as_uri()}?mode=ro&immutable=1"


def _told(db: sqlite3.Connection, file: Path) -> Backup:
    names = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "meta", "connection"} <= names:
        raise _no_backup(file)
    signed = db.execute("SELECT value FROM meta WHERE name = ?", (MARK,)).fetchone()
    (schema,) = db.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    if signed is None:
        raise StoreError(f"{file}: is a copy of a store, and no backup; only what `ringmark backup` wrote is restored")
    if schema > HEAD:
        raise StoreError(f"{file}: made by a newer Ringmark (schema {schema}, this one knows {HEAD}); upgrade first")
    facts = json.loads(signed[0])
    if "objects" in facts and db.execute(_OBJECTS).fetchone() != (facts["objects"],):
        raise LookupError("a table or an index is gone")  # SQLite's own look misses that beside a virtual table
    rows = {name: number for name, number in facts["rows"].items() if name in names}
    return Backup(file=file, made_at=int(facts["made_at"]), version=facts["version"], schema=schema, rows=rows)


_OBJECTS = "SELECT count(*) FROM sqlite_master"


def _no_backup(file: Path) -> StoreError:
    return StoreError(f"{file}: is no backup of a Ringmark store")


def _count(db: sqlite3.Connection, names: Iterable[str]) -> dict[str, int]:
    return {name: int(db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in names}
