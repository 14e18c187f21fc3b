"""The scope in force: kept here, previewed against what is stored, applied in one transaction with its badges."""

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.scope import Least, Scope
from config.visibility import Visibility
from sync.store import permission, settle
from sync.store.badges import AUDIENCES
from sync.store.database import Store
from sync.store.permission import IN_FORCE, PREVIEW, SHOWN
from sync.store.publish import publish
from sync.store.rows import upsert

PROFILES = ("all", "academic_or_student", "academic")
LEVELS = ("people", "outputs", "authorships")
KINDS = ("outputs", "people", "groups")
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
    least = Least(**{name: Visibility(getattr(row, name)).word for name in LEVELS})
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
        publish(db, {row.output_id for row in db.execute(text(_CHANGED))}, now=now)
        settle.wish(db, {row.id for row in db.execute(text(_UNSCORED))})
        return difference(db)


def counted(db: Database, *, now: int) -> dict[str, int]:
    """How many outputs are known, take part, and take part without a person."""
    return {name: int(db.execute(text(SHOWN + sql), permission.at(now)).scalar_one()) for name, sql in _COUNTS.items()}


def see(db: Database, name: str, *, now: int, scope: int = IN_FORCE) -> None:
    """Temporary tables of a scope: `name` with what each audience may see, `name_in` with all that takes part."""
    for table, columns in _TABLES.items():
        db.exec_driver_sql(f"DROP TABLE IF EXISTS {table.format(name=name)}")
        db.exec_driver_sql(f"CREATE TEMPORARY TABLE {table.format(name=name)} ({columns})")
    with permission.laid_out(db, now=now, scope=scope) as shown:
        for rows in _SEEN:
            db.execute(text(f"{shown} INSERT INTO {rows.format(name=name)}"), permission.at(now, scope))
    db.exec_driver_sql(_LABELS)
    for rows in _LABELLED:
        db.exec_driver_sql(f"INSERT INTO label {rows} ON CONFLICT DO NOTHING")


def difference(db: Database) -> Difference:
    """What appears and vanishes between the temporary tables `before` and `after`."""
    found: Difference = {audience: {kind: {} for kind in KINDS} for audience in AUDIENCES}
    for way, one, other in (("appear", "after", "before"), ("vanish", "before", "after")):
        for audience in AUDIENCES:
            for kind in KINDS:
                rows = db.execute(text(_ONLY.format(one=one, other=other)), {"audience": audience, "kind": kind})
                found[audience][kind][way] = sorted(row.label for row in rows)
    db.exec_driver_sql("DROP TABLE label")
    return found


def _put(db: Database, id_: int, scope: Scope) -> None:
    told = {
        "id": id_,
        "current_only": int(scope.status == "current"),
        "profile": PROFILES.index(scope.profile),
        **{name: int(getattr(scope.visibility, name)) for name in LEVELS},
    }
    db.execute(text(upsert("scope", ("id",), ("current_only", "profile", *LEVELS))), told)


_TABLES = {
    "{name}": "audience TEXT, kind TEXT, thing INTEGER",
    "{name}_in": "output_id INTEGER, person_id INTEGER, visibility INTEGER, closes_at INTEGER, stays_until INTEGER",
}
_SEEN = (
    "{name} SELECT audience, 'outputs', output_id FROM shown_output",
    "{name} SELECT DISTINCT audience, 'people', person_id FROM shown_authorship",
    "{name} SELECT DISTINCT n.audience, 'groups', g.group_id FROM {name} n "
    "JOIN person_group m ON m.person_id = n.thing "
    "JOIN open_group g ON g.audience = n.audience AND g.group_id = m.group_id WHERE n.kind = 'people'",
    "{name}_in SELECT id, 0, visibility, closes_at, 0 FROM output_in",
    "{name}_in SELECT output_id, person_id, visibility, closes_at, stays_until FROM authorship_in",
)
_LABELS = """
CREATE TEMPORARY TABLE IF NOT EXISTS label (kind TEXT, thing INTEGER, label TEXT, PRIMARY KEY (kind, thing))
"""
_LABELLED = (  # WHERE keeps SQLite from reading ON CONFLICT as the condition of a join
    "SELECT 'outputs', id, CASE WHEN doi <> '' THEN 'doi:' || doi ELSE 'output:' || public_id END "
    "FROM output WHERE id > 0",
    "SELECT 'people', id, name FROM person WHERE id > 0",
    "SELECT 'groups', id, name FROM group_record WHERE id > 0",
)
_CHANGED = """
SELECT output_id FROM (SELECT * FROM before_in EXCEPT SELECT * FROM after_in) AS gone
UNION SELECT output_id FROM (SELECT * FROM after_in EXCEPT SELECT * FROM before_in) AS come
"""
_UNSCORED = "SELECT o.id FROM output o WHERE o.live = 1 AND o.id NOT IN (SELECT output_id FROM score)"
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
