"""The scope in force: kept here, previewed against what is stored, applied in one transaction with its badges."""

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.scope import Least, Scope
from config.visibility import Visibility
from sync.store import settle
from sync.store.badges import AUDIENCES
from sync.store.database import Store
from sync.store.publish import IN_FORCE, PREVIEW, SHOWN, publish
from sync.store.rows import upsert

PROFILES = ("all", "academic_or_student", "academic")
Difference = dict[str, dict[str, dict[str, list[str]]]]  # audience -> kind -> appear or vanish -> labels


def seed(store: Store, scope: Scope | None) -> None:
    """Give an empty store its scope; one that has a scope keeps it."""
    with store.read() as db:
        known = in_force(db)
    if known is None:
        with store.write() as db:
            _put(db, IN_FORCE, scope or Scope())


def in_force(db: Database) -> Scope | None:
    """The scope that decides; None in a store that was never seeded."""
    row = db.execute(text("SELECT * FROM scope WHERE id = :id"), {"id": IN_FORCE}).one_or_none()
    if row is None:
        return None
    least = Least(**{name: Visibility(getattr(row, name)).word for name in ("people", "outputs", "authorships")})
    return Scope(status="current" if row.current_only else "all", profile=PROFILES[row.profile], visibility=least)


def preview(store: Store, scope: Scope, *, now: int) -> Difference:
    """What would appear and vanish for each audience, against the scope in force; nothing is changed."""
    with store.engine.connect() as db:
        transaction = db.begin()
        try:
            see(db, "before", now=now)
            _put(db, PREVIEW, scope)
            see(db, "after", now=now, scope=PREVIEW)
            return difference(db)
        finally:
            transaction.rollback()


def apply(store: Store, scope: Scope, *, now: int) -> Difference:
    """Put a scope in force and publish what it changes, in one transaction; what appeared and vanished."""
    with store.write() as db:
        see(db, "before", now=now)
        _put(db, IN_FORCE, scope)
        see(db, "after", now=now)
        changed = {row.output_id for row in db.execute(text(_CHANGED))}
        publish(db, changed, now=now)
        settle.wish(db, {row.id for row in db.execute(text(_UNSCORED = """
SELECT o.id FROM output o WHERE o.live = 1 AND o.id NOT IN (SELECT output_id FROM score)
"""
_ONLY = """
SELECT l.label FROM (
  SELECT thing FROM {one} WHERE audience = :audience AND kind = :kind
  EXCEPT SELECT thing FROM {other} WHERE audience = :audience AND kind = :kind
) AS x JOIN label l ON l.kind = :kind AND l.thing = x.thing
"""
_COUNTS = {
    "outputs": "SELECT count(*) FROM output WHERE live = 1",
    "in_scope": "SELECT count(*) FROM output_in",
    "without_person": "SELECT count(*) FROM output_in o WHERE NOT EXISTS "
    "(SELECT 1 FROM authorship_in a WHERE a.output_id = o.id)",
}
