"""A store in one SQLite file."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Connection as Database
from sqlalchemy import Engine, create_engine, event

from sync.store.backend import PATIENCE, Backend, StoreError

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "glusterfs"}
CHILD = Path(__file__).with_name("hand_over.py")


class Sqlite(Backend):
    """One file on a local disk, and the two beside it."""

    mends = {  # noqa: RUF012 - a constant of the base
        "database or disk is full": "free some space and run again; nothing was half written",
        "disk I/O error": "the disk may be full or failing; free some space, look at the system's log, and run again",
        "database is locked": "another Ringmark is writing; run again later",
        "file is not a database": "give store.url another file, or restore a backup",
        "attempt to write a readonly database": "make the file and its folder writable for this user",
        "no such module: fts5": "use a Python whose SQLite can search texts (FTS5), as that of python.org",
        "unable to open database file": "make the folder writable for this user",
    }

    @property
    def file(self) -> Path:
        """The file as the settings name it."""
        return Path(self.url.database or "")

    @property
    def name(self) -> str:
        return str(self.file)

    def exists(self) -> bool:
        return self.file.exists()

    def engine(self) -> Engine:
        _refuse_network(self.file)
        _own(self.file)
        engine = create_engine(self.url, connect_args={"timeout": PATIENCE / 1000})
        event.listen(engine, "connect", _settle)
        event.listen(engine, "begin", _begin)
        return engine

    @contextmanager
    def turn(self, name: str) -> Iterator[bool]:
        """The lock is the kernel's, so it ends with the process, however that ends; the file that carries it stays and
        means nothing by itself."""
        with Path(f"{self.name}-{name}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def columns(self, statements: Sequence[str]) -> list[pa.Table]:
        """Three million rows a second, read by a process of its own.

        ADBC brings its own copy of SQLite. Two copies in one process break each other's locks, because closing any
        handle on a file drops all POSIX locks that the process holds on it (sqlite.org/howtocorrupt.html, 2.2.1). So
        the one that reads columns runs as a child, and hands them over through a pipe."""
        command = [sys.executable, "-I", str(CHILD), self.name, *statements]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:  # noqa: S603 - ourselves
            assert child.stdout is not None  # noqa: S101 - it was asked for
            assert child.stderr is not None  # noqa: S101
            try:
                tables = [pa.ipc.open_stream(child.stdout).read_all() for _ in statements]
            except pa.ArrowInvalid as error:
                words = child.stderr.read().decode(errors="replace").strip().splitlines()
                raise StoreError(f"{self.name}: {words[-1] if words else 'could not be read'}") from error
        if child.returncode:  # a stream that breaks off between two parts looks like one that has ended
            raise StoreError(f"{self.name}: could not be read to the end")
        return tables


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    """SQLite's driver must leave transactions to us. FULL syncs the log at each commit, so that a power cut takes back
    nothing that others may have acted on: a hide that was confirmed, a badge that was about to leave."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "wal_autocheckpoint=50000",
        "cache_size=-200000",
        "temp_store=MEMORY",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(db: Database) -> None:
    """Take the write lock at once, so that two writers queue instead of failing half way."""
    asked = db.get_execution_options()
    if not asked.get("writes", True):
        db.exec_driver_sql("BEGIN")
        return
    db.exec_driver_sql(f"PRAGMA busy_timeout = {asked.get('patience', PATIENCE)}")
    db.exec_driver_sql("BEGIN IMMEDIATE")


def _own(file: Path) -> None:
    """Make a new file for its owner alone before SQLite opens it, which gives the two beside it the same mode."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return  # an older one is as its owner wants it
    except OSError as error:
        raise StoreError(f"{file}: cannot be made ({error.strerror}); make the folder writable for this user") from None


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
