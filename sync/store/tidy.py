"""What a store needs, once a day, to stay small and quick for years."""

from contextlib import closing

from sqlalchemy import text

from sync.store import errands, reports, sessions, tokens, watching
from sync.store.asides import drop_evidence
from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.scrub import empty_log, write_indexes_anew

RUNS_FOR = 400 * DAY  # a year and what somebody needs to look back upon it


def tidy(store: Store, *, now: int) -> int:
    """Drop the evidence of what was set aside, what readers asked for and is over, and runs that nobody will ask for
    again; how many runs.

    The newest of each connection and step stays, by outcome and by what was asked, and so does what waits for a
    decision."""
    with store.write() as db:
        drop_evidence(db, now=now)
        watching.expire(db, now=now)
        reports.expire(db, now=now)
        errands.expire(db, now=now)
        sessions.expire(db, now=now)
        tokens.expire(db, now=now)
        count = db.execute(text(_RUNS), {"old": now - RUNS_FOR}).rowcount
        write_indexes_anew(db)
    if store.engine.dialect.name == "sqlite":
        _tend_file(store)
    return count


def _tend_file(store: Store) -> None:
    """Empty the write-ahead log into the file, where nobody reads from it just then, and look at statistics."""
    empty_log(store)
    with closing(store.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA analysis_limit = 400")
        cursor.execute("BEGIN IMMEDIATE")  # waits its turn; by itself it fails where somebody has written meanwhile
        cursor.execute("PRAGMA optimize")
        cursor.execute("COMMIT")


_RUNS = """
DELETE FROM run WHERE ended_at > 0 AND ended_at < :old
  AND id NOT IN (SELECT max(id) FROM run GROUP BY connection_id, step, outcome, substr(asked, 1, 7))
  AND id NOT IN (SELECT held_run FROM person_record WHERE state = 1 AND held_run <> 0)
  AND id NOT IN (SELECT held_run FROM group_record WHERE state = 1 AND held_run <> 0)
  AND id NOT IN (SELECT held_run FROM item WHERE state = 1 AND held_run <> 0)
"""
