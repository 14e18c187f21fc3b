"""What readers say is missing or wrong. Their words are for administrators alone, and are kept for half a year after
somebody has dealt with them."""

from typing import Any, Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import watching
from sync.store.clock import DAY
from sync.store.database import Store

Kind = Literal["missed", "wrong"]

CLOSED_FOR = 180 * DAY
OPEN, PER_HOUR = 2_000, 60  # at most


def report(
    store: Store, output: int, kind: Kind, *, mention: int, url: str, remark: str, address: str, now: int
) -> None:
    """Keep what a reader says of an output. Nothing happens where too many speak."""
    told = {"output": output, "kind": kind, "mention": mention, "url": url, "remark": remark, "address": address}
    with store.write(patience=watching.PATIENCE) as db:
        found = db.execute(text(_ROOM), {"hour": now - watching.HOUR}).one()
        if found.open < OPEN and found.lately < PER_HOUR:
            watching.begun(db, now)
            db.execute(text(_REPORT), {**told, "now": now})


def listed(db: Database, *, closed: bool) -> list[Any]:
    """What is open, with what is `closed` too where that is asked for; the oldest first."""
    which = "" if closed else "WHERE closed_at = 0"
    return list(db.execute(text(f"SELECT * FROM report {which} ORDER BY id")))


def part(db: Database, *, closed: bool, after: int, most: int) -> list[Any]:
    """Some of the open ones, or of the closed, after a number; the oldest first."""
    which = "closed_at > 0" if closed else "closed_at = 0"
    sql = f"SELECT * FROM report WHERE {which} AND id > :after ORDER BY id LIMIT :most"
    return list(db.execute(text(sql), {"after": after, "most": most}))


def one(db: Database, id_: int) -> Any | None:
    """One report, open or closed."""
    return db.execute(text("SELECT * FROM report WHERE id = :id"), {"id": id_}).one_or_none()


def close(db: Database, id_: int, why: str, *, now: int) -> bool:
    """Somebody has dealt with it; False where it is not open."""
    sql = "UPDATE report SET closed_at = :now, why = :why WHERE id = :id AND closed_at = 0"
    return bool(db.execute(text(sql), {"id": id_, "why": why, "now": now}).rowcount)


def forget(db: Database, address: str) -> int:
    """Take an address out of what its owner has said; of how many."""
    sql = "UPDATE report SET address = '' WHERE lower(address) = :address"
    return db.execute(text(sql), {"address": address.lower()}).rowcount


def expire(db: Database, *, now: int) -> None:
    """Drop what was dealt with long ago."""
    db.execute(text("DELETE FROM report WHERE closed_at > 0 AND closed_at < :old"), {"old": now - CLOSED_FOR})


def counts(db: Database) -> dict[str, int]:
    """How many there are."""
    return dict(db.execute(text(_COUNTS)).one()._mapping)


_ROOM = """
SELECT count(CASE WHEN closed_at = 0 THEN 1 END) AS open, count(CASE WHEN made_at > :hour THEN 1 END) AS lately
FROM report
"""
_REPORT = """
INSERT INTO report (output, kind, mention, url, remark, address, made_at)
VALUES (:output, :kind, :mention, :url, :remark, :address, :now)
"""
_COUNTS = """
SELECT count(CASE WHEN closed_at = 0 THEN 1 END) AS open, count(CASE WHEN closed_at > 0 THEN 1 END) AS closed
FROM report
"""
