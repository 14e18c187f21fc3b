"""What `serve` asks of the store: one badge in one statement, at which generation, and a few counts.

The statements go to SQLite directly, on a connection that only reads: a request has no time for more. Every statement
is a transaction of its own, so each sees all that was committed before it, by whichever process.
"""

import os
import sqlite3
import time
from mmap import PROT_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import Connection as Database
from sqlalchemy import text

from connectors.identifiers import Identifier
from sync.store.badges import AUDIENCES, Audience, count
from sync.store.database import Store, StoreError

LOOKS = 0.001  # seconds between looks at whether the file is still the same; what was committed in it shows at once
PATIENCE = 1.0  # seconds to wait for a lock; in WAL a reader meets one only while the log is being recovered

HEAD = 48  # bytes of the first copy of the head of the index

Mark = tuple[int, str]  # which opening of the file, and the store's generation


class Piece(NamedTuple):
    """What one source brought to a score."""

    source: int
    mentions: int
    units: int
    millipoints: int


class Face(NamedTuple):
    """What the picture and the document of one badge are made of."""

    output: int
    title: str
    score: int
    millipoints: int
    basis: str
    rules: str
    version: str
    closes_at: int
    identifiers: tuple[Identifier, ...]
    breakdown: tuple[Piece, ...]


class Hot:
    """The badges of an open store, for one thread at a time; opened anew where the file was replaced by another.

    Every method raises `StoreError` while the store cannot be read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file = str(Path(str(store.engine.url.database)).absolute())
        self._db: sqlite3.Connection | None = None
        self._opened = 0
        self._is = (0, 0)
        self._looked, self._written_at = 0.0, 0
        self._index: mmap | None = None
        self._seen: tuple[int, bytes] | None = None
        self._mark: Mark = (0, "")
        self.mark()

    def mark(self) -> Mark:
        """What was read before this was another may no longer be so. SQLite is asked only where something was written
        since."""
        written_at = self._look()
        seen = (written_at, self._index[:HEAD]) if self._index else None  # first, so that a commit meanwhile shows
        if seen is None or seen != self._seen:
            rows = self._rows(_GENERATION, ())
            self._mark, self._seen = (self._opened, rows[0][0] if rows else ""), seen
        return self._mark

    def find(self, audience: Audience, wanted: Identifier | int, *, now: int) -> tuple[Mark, Face] | None:
        """The badge of an output, and the mark at which it was read; None when there is none, for whatever reason."""
        if isinstance(wanted, int):
            rows = self._rows(_BY_PUBLIC_ID, (audience, wanted, now))
        else:
            rows = self._rows(_BY_IDENTIFIER, (audience, wanted.scheme, wanted.value, now))
        if not rows:
            return None
        generation, *told, identifiers, parts = rows[0]
        named = tuple(Identifier(scheme, value) for scheme, value in from_json(identifiers))
        public, title, score, millipoints, basis, rules, version, closes_at = told
        breakdown = tuple(map(Piece._make, from_json(parts)))
        face = Face(public, title, score, millipoints, basis, rules, version, closes_at, named, breakdown)
        return (self._opened, generation), face

    def close(self) -> None:
        """Let the file go; the next question opens it again."""
        if self._db is not None:
            self._db.close()
            self._db = None
            self._is = (0, 0)
            self._index = self._seen = None

    def _look(self) -> int:
        """Open the file, or anew where another has taken its place; when it was last written to."""
        if (moment := time.monotonic()) - self._looked < LOOKS and self._db is not None:
            return self._written_at
        try:
            there = os.stat(self._file)  # noqa: PTH116 - a third of the time that Path takes
            if self._db is None or self._is != (there.st_dev, there.st_ino):
                self._open((there.st_dev, there.st_ino))
        except (OSError, sqlite3.Error) as error:
            raise self._unreadable(error) from error
        self._looked, self._written_at = moment, there.st_mtime_ns
        return self._written_at

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[Any]:
        """All rows at once: a statement that is not read to its end would hold on to an old view of the store."""
        self._look()
        try:
            assert self._db is not None  # noqa: S101 - it was opened
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> StoreError:
        self.close()
        return StoreError(f"{self._file}: cannot be read ({type(error).__name__})")

    def _open(self, file: tuple[int, int]) -> None:
        self.close()
        if self._opened:
            self._store.engine.dispose()  # its connections read the file that was there before
        self._db = sqlite3.connect(
            f"{Path(self._file).as_uri()}?mode=ro",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        self._db.execute("PRAGMA query_only = ON")
        self._db.execute("PRAGMA mmap_size = 8589934592")  # pages are read from memory, without a system call each
        self._db.execute(_GENERATION).fetchall()  # which makes the index
        self._index = _index(self._file)
        self._is = file
        self._opened += 1


def _index(file: str) -> mmap | None:
    """The index of the write-ahead log, in memory; None where there is none to be seen.

    Its head holds a counter and checksums that every commit of every process changes, and that every reader of SQLite
    compares to know whether its own view is still of today (sqlite.org/walformat.html, 2.1). Comparing it is a look at
    memory where a question in SQL makes seven system calls. No descriptor is ever closed: that would give up all locks
    that this process holds on the file, SQLite's own among them (fcntl(2))."""
    try:
        _KEPT_OPEN.append(mmap(os.open(f"{file}-shm", os.O_RDONLY), HEAD, prot=PROT_READ))
    except OSError:
        return None
    return _KEPT_OPEN[-1]


_KEPT_OPEN: list[mmap] = []


class Line(NamedTuple):
    """One output in a list."""

    output: int
    title: str
    journal: str
    published: str
    score: int


def top(db: Database, audience: Audience, *, most: int, now: int) -> tuple[int, list[Line]]:
    """How many badges an audience sees, and the outputs with the highest scores above 0."""
    rows = db.execute(text(_TOP), {"audience": audience, "now": now, "most": most})
    return count(db, audience, now=now), [Line(*row) for row in rows]


class Vitals(NamedTuple):
    """How the store is: its generation, badges by audience, and by connection the seconds since a pull of it ended
    (None for never)."""

    generation: int
    badges: dict[str, int]
    since_pull: dict[str, float | None]


def vitals(db: Database, *, now: int) -> Vitals:
    """Counts and the names of connections, for whoever runs this installation."""
    generation = db.execute(text(_GENERATION)).scalar()
    pulls = db.execute(text(_PULLS)).all()
    return Vitals(
        int(generation or 0),
        {audience: count(db, audience, now=now) for audience in AUDIENCES},
        {row.name: None if row.ended_at is None else max(0, now - row.ended_at) / 1e6 for row in pulls},
    )


_GENERATION = "SELECT value FROM meta WHERE name = 'generation'"
_FACE = """
SELECT (SELECT value FROM meta WHERE name = 'generation'), b.public_id, b.title, b.score, b.millipoints, b.basis,
  b.rules, b.version, b.closes_at,
  (SELECT json_group_array(json_array(scheme, value)) FROM (
     SELECT scheme, value FROM badge_identifier n
     WHERE n.audience = b.audience AND n.output_id = b.output_id ORDER BY scheme, value)),
  (SELECT json_group_array(json_array(source_id, mentions, units, millipoints)) FROM (
     SELECT * FROM badge_source s
     WHERE s.audience = b.audience AND s.output_id = b.output_id ORDER BY source_id))
"""
_BY_PUBLIC_ID = f"{_FACE} FROM badge b WHERE b.audience = ? AND b.public_id = ? AND b.closes_at > ?"
# CROSS JOIN and the order keep SQLite from beginning with all badges of the audience.
_BY_IDENTIFIER = f"""{_FACE}
FROM badge_identifier i CROSS JOIN badge b ON b.audience = i.audience AND b.output_id = i.output_id
WHERE i.audience = ? AND i.scheme = ? AND i.value = ? AND b.closes_at > ? ORDER BY i.output_id LIMIT 1
"""
_TOP = """
SELECT public_id, title, journal, published, score FROM badge
WHERE audience = :audience AND closes_at > :now AND millipoints > 0
ORDER BY millipoints DESC, output_id LIMIT :most
"""
_PULLS = """
SELECT c.name, max(r.ended_at) AS ended_at
FROM connection c LEFT JOIN run r ON r.connection_id = c.id AND r.step = 'pull' AND r.ended_at > 0
WHERE c.state <> 'removed' AND c.kind <> '(import)' GROUP BY c.name ORDER BY c.name
"""
