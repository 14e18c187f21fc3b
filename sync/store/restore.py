"""Putting a backup in the place of what the store holds: all of it in one transaction, or nothing."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from sync.store import audit, audit_again, unread, watching
from sync.store.backup import MARK, Backup, backup, opened
from sync.store.clock import stamp
from sync.store.database import Store, StoreError
from sync.store.noted import note, noted
from sync.store.pour import Told, count, pour, renumber, tables
from sync.store.turns import turn

STAYS = (  # what is so here and now, whatever was so then: nobody comes back in by a restore
    *("lease", "alarm", "sees", "errand"),
    *("session", "sign_in_link", "sign_in_used", "token"),
)
ASKED = ("watcher", "watch", "watch_token", "report")  # what readers ask: who has left since must not come back


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did. `before` and `after` are rows by table, `kept` what the backup did not know, by kind, `waits`
    the connections that are to be read again in full, and `aside` the backup of what was there before."""

    before: dict[str, int]
    after: dict[str, int]
    kept: dict[str, int]
    waits: list[str]
    aside: Path | None


def restore(
    store: Store,
    made: Backup,
    *,
    aside: Path | None,
    never_read: Collection[str],
    by: str,
    now: int,
    told: Told = lambda *_: None,
) -> Restored:
    """Replace what the store holds, but for what was decided and erased since the backup was made.

    Nothing shows until every connection was read again in full, but for those that are `never_read`. What was there
    before goes into a backup `aside`, where one is named and the store was used. Raises `StoreError`, and changes
    nothing, while a connection is pulled or pushed to."""
    from sync.store import kept  # whose statements have the columns of tables in them

    with opened(made) as source, _nobody_else(store):
        with store.read() as db:
            before = count(db, tables())
        if not before["run"] and not before["audit"]:
            aside = None
        with _laid_aside(store, aside, never_read, now), store.write() as db:
            stays = (*STAYS, *(ASKED if noted(db, watching.BEGUN) else ()))
            said = kept.lay_by(db)
            anew = ("dirty", *unread.badges())  # what follows from the rest
            for table in anew:
                db.execute(text(f"DELETE FROM {table}"))
            try:
                pour(source, db, tables(*stays, *anew, "audit"), told)
            except IntegrityError as error:
                raise StoreError(f"{made.file}: is damaged; use another backup") from error
            audit_again.bring(source, db)
            name = f"backup:{stamp(made.made_at)}"
            counts = kept.put_back(store, db, said, name, by=by, now=now)
            watching.restored(db)
            renumber(db, tables())
            unread.shut(db, never_read)
            db.execute(text("DELETE FROM meta WHERE name = :name"), {"name": MARK})
            note(db, unread.RESTORED, now)
            audit.note(db, "restore", name, by=by, now=now, version=made.version)
            after = count(db, tables())
            waits = [row.name for row in unread.awaited(db)]
    return Restored(before=before, after=after, kept=counts, waits=waits, aside=aside)


@contextmanager
def _nobody_else(store: Store) -> Iterator[None]:
    """Hold the turn of every connection: what a pull or push knows of the store would no longer be so."""
    with store.read() as db:
        names = [row.name for row in db.execute(text("SELECT name FROM connection ORDER BY id"))]
    with ExitStack() as turns:
        for name in names:
            for what, words in ((name, "is being pulled"), (f"{name}-push", "is being pushed to")):
                if not turns.enter_context(turn(store, what)):
                    raise StoreError(f"{name}: {words} by another process; wait for it to end, then restore again")
        yield


@contextmanager
def _laid_aside(store: Store, aside: Path | None, never_read: Collection[str], now: int) -> Iterator[None]:
    """Back up what is there, and keep that file only where it was replaced."""
    if aside is None:
        yield
        return
    backup(store, aside, never_read=never_read, now=now)
    try:
        yield
    except BaseException:  # Ctrl-C too: where nothing was replaced, nothing was laid aside
        aside.unlink()
        raise
