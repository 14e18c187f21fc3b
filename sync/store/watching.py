"""Who watches what by e-mail: asking, confirming and leaving.

A word in the links of a message stands for its reader; only its hash is stored. Addresses are in no log and no alarm.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.noted import note, noted
from sync.store.rows import many

HOUR = 3_600_000_000
UNCONFIRMED_FOR = 2 * DAY
TOKENS_FOR = 400 * DAY  # links of messages go on working for so long
UNCONFIRMED, ADDRESSES, EACH = 5_000, 100_000, 300  # at most: watches that nobody confirmed, addresses, watches of one
PATIENCE = 2_000  # milliseconds that a reader may wait for another writer
BEGUN = "readers asked"  # the fact that readers have ever asked for anything here


class Watched(NamedTuple):
    """One thing that is watched: the public id of an output. `seen` and `seen_at` say what is no news."""

    output: int
    confirmed: bool
    seen: int
    seen_at: int


class Watcher(NamedTuple):
    """One address, and what it watches."""

    id: int
    address: str
    language: str
    mailed_at: int
    day: int
    watches: tuple[Watched, ...]


def ask(store: Store, address: str, output: int, *, language: str, now: int) -> None:
    """Somebody wants an address to be told of an output. Nothing happens where too many ask, or it is told already."""
    asked: dict[str, Any] = {"address": address.lower(), "language": language, "subject": str(output), "now": now}
    with store.write(patience=PATIENCE) as db:
        if not _room(db, asked):
            return
        begun(db, now)
        asked["watcher"] = db.execute(text(_WATCHER), asked).scalar_one()
        db.execute(text(_WATCH), asked)
        db.execute(text(_LANGUAGE), asked)


def begun(db: Database, now: int) -> None:
    """Remember that readers have asked for something, so that a restore leaves what they ask as it is."""
    if noted(db, BEGUN) is None:
        note(db, BEGUN, now)


def holder(db: Database, token: str) -> Watcher | None:
    """Whose message a word comes from."""
    id_ = db.execute(text("SELECT watcher_id FROM watch_token WHERE mark = :mark"), {"mark": mark(token)}).scalar()
    return None if id_ is None else one(db, int(id_))


def one(db: Database, id_: int) -> Watcher | None:
    """One address; None where it has left."""
    return next(watchers(db, "WHERE w.id = :id", id=id_), None)


def confirm(store: Store, token: str, outputs: Iterable[int], *, now: int) -> None:
    """The reader of a message means it; what was known before is no news to them."""
    with store.write(patience=PATIENCE) as db:
        found = holder(db, token)
        if found is not None:
            asked = {"watcher": found.id, "now": now, "seen": newest(db)}
            many(db, _CONFIRM, [{**asked, "subject": str(output)} for output in outputs])


def leave(store: Store, token: str, output: int | None) -> None:
    """The reader of a message leaves an output, or everything, with the address."""
    with store.write(patience=PATIENCE) as db:
        found = holder(db, token)
        if found is not None:
            which = "" if output is None else " AND subject = :subject"
            asked = {"watcher": found.id, "subject": str(output)}
            db.execute(text(f"DELETE FROM watch WHERE watcher_id = :watcher{which}"), asked)
            _sweep(db)


def forget(db: Database, address: str) -> int:
    """Forget an address and all that it watches; how many watches there were."""
    asked = {"address": address.lower()}
    count = db.execute(text(_FORGET), asked).rowcount
    db.execute(text("DELETE FROM watcher WHERE address = :address"), asked)
    _sweep(db)
    return count


def newest(db: Database) -> int:
    """The row key of the newest mention; they are given out in the order in which mentions are stored."""
    return int(db.execute(text("SELECT coalesce(max(id), 0) FROM mention")).scalar_one())


def expired(db: Database, *, now: int) -> bool:
    """Whether something is to be dropped."""
    return bool(db.execute(text(_EXPIRED), {"old": now - UNCONFIRMED_FOR}).scalar())


def expire(db: Database, *, now: int) -> None:
    """Drop what nobody has confirmed in time, with addresses that watch nothing else, and words of old messages."""
    db.execute(text("DELETE FROM watch WHERE confirmed_at = 0 AND asked_at < :old"), {"old": now - UNCONFIRMED_FOR})
    db.execute(text("DELETE FROM watch_token WHERE made_at < :old"), {"old": now - TOKENS_FOR})
    _sweep(db)


def restored(db: Database) -> None:
    """After a restore row keys of mentions may begin anew below."""
    db.execute(text("UPDATE watch SET seen = :newest WHERE seen > :newest"), {"newest": newest(db)})


def counts(db: Database) -> dict[str, int]:
    """How many addresses watch how much; never which."""
    return dict(db.execute(text(_COUNTS)).one()._mapping)


def mark(token: str) -> str:
    """What is stored of a word."""
    return sha256(token.encode()).hexdigest()


def watchers(db: Database, which: str, **asked: object) -> Iterator[Watcher]:
    """Addresses `w` with what of it they watch `t`, in the order in which they came."""
    found: dict[int, tuple[Any, list[Watched]]] = {}
    for row in db.execute(text(_WATCHERS + which + " ORDER BY w.id, t.id"), asked):
        watched = Watched(int(row.subject), row.confirmed_at > 0, row.seen, row.seen_at)
        found.setdefault(row.id, (row, []))[1].append(watched)
    for row, watches in found.values():
        yield Watcher(row.id, row.address, row.language, row.mailed_at, row.day, tuple(watches))


def _room(db: Database, asked: Mapping[str, Any]) -> bool:
    found = db.execute(text(_ROOM), asked).one()
    return bool(found.unconfirmed < UNCONFIRMED and found.addresses < ADDRESSES and found.own < EACH)


def _sweep(db: Database) -> None:
    """Addresses that watch nothing go, and with them the words of their messages."""
    db.execute(text("DELETE FROM watcher WHERE id NOT IN (SELECT watcher_id FROM watch)"))
    db.execute(text("DELETE FROM watch_token WHERE watcher_id NOT IN (SELECT id FROM watcher)"))


_WATCHERS = """
SELECT w.id, w.address, w.language, w.mailed_at, w.day, t.subject, t.confirmed_at, t.seen, t.seen_at
FROM watcher w JOIN watch t ON t.watcher_id = w.id
"""
_ROOM = """
SELECT (SELECT count(*) FROM watch WHERE confirmed_at = 0) AS unconfirmed, (SELECT count(*) FROM watcher) AS addresses,
  (SELECT count(*) FROM watch t JOIN watcher w ON w.id = t.watcher_id WHERE w.address = :address) AS own
"""
_WATCHER = """
INSERT INTO watcher (address, language) VALUES (:address, :language)
ON CONFLICT (address) DO UPDATE SET address = excluded.address RETURNING id
"""
_WATCH = """
INSERT INTO watch (watcher_id, kind, subject, asked_at) VALUES (:watcher, 'output', :subject, :now)
ON CONFLICT (watcher_id, kind, subject) DO UPDATE SET asked_at = excluded.asked_at WHERE watch.confirmed_at = 0
"""
# Nobody else says in which language somebody is written to who has confirmed something.
_LANGUAGE = """
UPDATE watcher SET language = :language WHERE id = :watcher AND NOT EXISTS (
  SELECT 1 FROM watch t WHERE t.watcher_id = watcher.id AND t.confirmed_at > 0)
"""
_CONFIRM = """
UPDATE watch SET confirmed_at = :now, seen = :seen, seen_at = :now
WHERE watcher_id = :watcher AND kind = 'output' AND subject = :subject AND confirmed_at = 0
"""
_FORGET = "DELETE FROM watch WHERE watcher_id IN (SELECT id FROM watcher WHERE address = :address)"
_EXPIRED = "SELECT EXISTS (SELECT 1 FROM watch WHERE confirmed_at = 0 AND asked_at < :old)"
_COUNTS = """
SELECT count(DISTINCT CASE WHEN confirmed_at > 0 THEN watcher_id END) AS addresses,
  count(CASE WHEN confirmed_at > 0 THEN 1 END) AS watches, count(CASE WHEN confirmed_at = 0 THEN 1 END) AS unconfirmed
FROM watch
"""
