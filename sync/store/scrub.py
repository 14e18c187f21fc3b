"""After something was erased: no trace of it stays in what the database keeps beside its tables."""

from contextlib import closing

from sqlalchemy import Connection as Database

from sync.store.badges import AUDIENCES
from sync.store.database import Store
from sync.store.rows import is_postgresql

PATIENCE = 2_000  # milliseconds that writers may have to wait while SQLite gives back the space of its log
TABLES = (
    *("person_record", "person", "member", "authorship_record", "authorship", "badge_person", "badge_text"),
    *(
        "account",
        "account_said",
        "account_past",
        "mention",
        "evidence",
        "refusal",
        "ruling",
        "page",
        "unit",
        "hide",
        "hide_target",
        "set_aside",
        "report",
    ),
)


def scrub(store: Store) -> bool:
    """Write the indexes of words anew, empty SQLite's log into its file, and let PostgreSQL use the space of rows that
    are gone; whether nothing was in the way. Free pages of an SQLite file hold nothing (`secure_delete`)."""
    if store.engine.dialect.name != "sqlite":
        with store.backend.plain(), store.engine.connect() as db:
            db.execution_options(isolation_level="AUTOCOMMIT", writes=False)
            db.exec_driver_sql(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
        return True
    with store.write() as db:
        write_indexes_anew(db)
        if db.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'").scalar():
            db.exec_driver_sql("DELETE FROM sqlite_stat4")  # samples of what is in indexes
    return empty_log(store)


def write_indexes_anew(db: Database) -> None:
    """In an index of SQLite's, words that were taken back lie until it is written anew."""
    if not is_postgresql(db):
        for audience in AUDIENCES:
            db.exec_driver_sql(f"INSERT INTO found_{audience} (found_{audience}) VALUES ('optimize')")


def empty_log(store: Store) -> bool:
    """Empty SQLite's write-ahead log into the file; False where somebody reads from it just then."""
    with closing(store.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        (busy, _, _) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {patience}")
    return not busy
