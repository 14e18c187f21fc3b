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
    """A temporary table of what shows under a scope: outputs, who is named on them, and groups, with their labels."""
    db.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    db.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {name} (audience TEXT, kind TEXT, output_id INTEGER, thing INTEGER, closes_at INTEGER)"
    )
    with permission.laid_out(db, now=now, scope=scope) as shown:
        for rows in _SEEN:
            db.execute(text(f"{shown} INSERT INTO {name} {rows.format(name=name)}"), permission.at(now, scope))
    db.exec_driver_sql(_LABELS)
    for rows in _LABELLED:
        db.execute(text(f"INSERT INTO label {rows} ON CONFLICT DO NOTHING"))


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


_SEEN = (
    "SELECT audience, 'outputs', output_id, output_id, closes_at FROM shown_output",
    "SELECT audience, 'people', output_id, person_id, closes_at FROM shown_authorship",
    # the groups of those who are named: `shown_group` without going through every output again
    "SELECT DISTINCT n.audience, 'groups', 0, g.group_id, 0 "
    "FROM (SELECT DISTINCT audience, thing AS person_id FROM {name} WHERE kind = 'people') n "
    "JOIN person_group m ON m.person_id = n.person_id "
    "JOIN open_group g ON g.audience = n.audience AND g.group_id = m.group_id",
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
SELECT output_id FROM (SELECT * FROM before EXCEPT SELECT * FROM after) AS gone WHERE output_id <> 0
UNION SELECT output_id FROM (SELECT * FROM after EXCEPT SELECT * FROM before) AS come WHERE output_id <> 0
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
