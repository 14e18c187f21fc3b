"""The audit log after a restore. It is never replaced: what the store that is there has noted stays where it is.

A backup of the same store has noted nothing that is not there already. Where the backup knows more, as on a new
machine, its lines follow, tied as they were; where both have gone on by themselves, what the backup has beyond their
common beginning follows as a segment of its own, tied anew, after a line that says so.
"""

from sqlalchemy import Connection as Database
from sqlalchemy import select, text

from sync.store import audit, noted
from sync.store.pour import AT_ONCE
from sync.tables import metadata

SEGMENT = "audit segment"  # the verb of the line before what follows from a backup that has gone on by itself
LINE = "at, actor, verb, subject, detail"


def bring(source: Database, db: Database) -> None:
    """Lay the lines of a backup beside those that are there, as the temporary table `then_audit`."""
    db.exec_driver_sql("CREATE TEMPORARY TABLE then_audit AS SELECT * FROM audit WHERE id < 0")
    names = [column.name for column in metadata().tables["audit"].columns]
    put = f"INSERT INTO then_audit ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
    rows = source.execute(select(metadata().tables["audit"]).execution_options(yield_per=AT_ONCE))
    for part in rows.partitions():
        db.exec_driver_sql(put, [dict(zip(names, row, strict=True)) for row in part])


def join(db: Database, backup: str, *, lines: int, by: str, now: int) -> None:
    """Let what the backup knows beyond what is there follow it. `lines` is how many there should be already, `backup`
    what the log calls the backup."""
    shared = int(db.execute(text(_SHARED)).scalar_one())
    told = {"shared": shared}
    beyond = int(db.execute(text("SELECT count(*) FROM then_audit WHERE id > :shared"), told).scalar_one())
    _, last = audit.head(db)
    goes_on = last == (db.execute(text("SELECT hash FROM then_audit WHERE id = :shared"), told).scalar() or "")
    if beyond and goes_on:
        db.execute(text(_FOLLOW), told)
        lines += beyond
    noted.note(db, audit.HEAD, f"{lines} {audit.head(db)[1]}")
    if beyond and not goes_on:
        end = db.execute(text("SELECT hash FROM then_audit ORDER BY id DESC LIMIT 1")).scalar()
        audit.note(db, SEGMENT, backup, by=by, now=now, lines=beyond, tied_there=end)
        for row in db.execute(text(_BEYOND), told).fetchall():
            audit.add(db, row.at, row.actor, row.verb, row.subject, row.detail)
    db.exec_driver_sql("DROP TABLE then_audit")


# A line is tied to all before it, so that where one is the same, so are they.
_SHARED = "SELECT coalesce(max(t.id), 0) FROM then_audit t JOIN audit a ON a.hash = t.hash AND a.hash <> ''"
_FOLLOW = f"""
INSERT INTO audit ({LINE}, hash) SELECT {LINE}, hash FROM then_audit WHERE id > :shared ORDER BY id
"""
_BEYOND = "SELECT * FROM then_audit WHERE id > :shared ORDER BY id"
