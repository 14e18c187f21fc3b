"""Opening the store: one engine, real transactions, the schema of this version and no other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection as Database
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

HEAD = "0003"  # the newest migration; a test holds it against the files
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "glusterfs"}


class StoreError(Exception):
    """The store cannot be used; the message names the file and the mend."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store, and the file that holds the key of its vetoes (which must not lie inside the store)."""

    engine: Engine
    key_file: Path

    @contextmanager
    def write(self) -> Iterator[Database]:
        """One writing transaction; raises `StoreError` where the disk or the database gives out."""
        try:
            with self.engine.begin() as db:
                yield db
        except DBAPIError as error:
            raise StoreError(_plain(error, self.engine)) from error

    @contextmanager
    def read(self) -> Iterator[Database]:
        """One consistent view, nothing written."""
        try:
            with self.engine.connect().execution_options(writes=False) as db:
                yield db
        except DBAPIError as error:
            raise StoreError(_plain(error, self.engine)) from error


def open_store(url: str, *, key_file: Path, create: bool = True) -> Store:
    """Open the store at an SQLAlchemy URL and bring its schema up to this version.

    Raises `StoreError` for a database of a newer version, one that is not ours, and SQLite on a network file system."""
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        raise StoreError(f"store.url: {where.get_backend_name()} is not supported by this version; use sqlite:///FILE")
    file = Path(where.database or "")
    if not create and not file.exists():
        raise StoreError(f"{file}: no store there yet; run `ringmark pull` first")
    _refuse_network(file)
    engine = create_engine(where, connect_args={"timeout": 60})
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    store = Store(engine, key_file)
    try:
        _upgrade(store, file)
    except DBAPIError as error:
        raise StoreError(_plain(error, engine)) from error
    return store


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    """SQLite's driver must leave transactions to us. NORMAL in WAL may lose the last commits to a power cut, never
    the integrity; a lost page is pulled again, since the cursor was lost with it."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "wal_autocheckpoint=50000",
        "cache_size=-200000",
        "temp_store=MEMORY",
        "secure_delete=FAST",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(db: Database) -> None:
    """Take the write lock at once, so that two writers queue instead of failing half way."""
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("writes", True) else "BEGIN")


def _upgrade(store: Store, file: Path) -> None:
    found = None
    with store.engine.connect().execution_options(writes=False) as db:
        names = set(inspect(db).get_table_names())
        if "alembic_version" in names:
            found = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if names and found is None:
        raise StoreError(f"{file}: this database is not a Ringmark store; give store.url another file")
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise StoreError(
            f"{file}: written by a newer Ringmark (schema {found}, this one knows {HEAD}); upgrade Ringmark"
        )
    from alembic import command  # slow to import, and needed only here
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("sync") / "migrations"))
    with store.engine.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "head")
    if file.exists():
        file.chmod(0o600)


def _refuse_network(file: Path) -> None:
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return  # not Linux: nothing to read it from
    folder = file.absolute().parent
    if not folder.is_dir():
        raise StoreError(f"store.url: the folder {folder} does not exist; create it or give another")
    above = [(mount, kind) for mount, kind in mounts if folder.is_relative_to(mount.replace("\\040", " "))]
    if above and max(above, key=lambda pair: len(pair[0]))[1] in NETWORK_FILE_SYSTEMS:
        raise StoreError(f"{file}: SQLite on a network file system loses data; use a local disk")


def _plain(error: DBAPIError, engine: Engine) -> str:
    """The driver's own words without the statement and its values, which may hold names."""
    words = str(error.orig).splitlines()[0]
    mend = {
        "database or disk is full": "free some space and run again; nothing was half written",
        "database is locked": "another Ringmark is writing; run again later",
        "file is not a database": "give store.url another file, or restore a backup",
        "attempt to write a readonly database": "make the file and its folder writable for this user",
        "unable to open database file": "make the folder writable for this user",
    }.get(words, "see docs/operate.md")
    return f"{engine.url.database}: {words}; {mend}"


@contextmanager
def copy_of(store: Store) -> Iterator[Store]:
    """A copy of the store in a temporary file, gone afterwards: what a dry run may change."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "copy.db"
        with closing(sqlite3.connect(str(store.engine.url.database))) as old, closing(sqlite3.connect(file)) as new:
            old.backup(new)
        key = Path(folder) / "key"
        if store.key_file.exists():
            key.write_bytes(store.key_file.read_bytes())
        copy = open_store(f"sqlite:///{file}", key_file=key)
        try:
            yield copy
        finally:
            copy.engine.dispose()
