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
        settle.wish(db, {row.id for row in db.execute(text(_UNSCORED))})
        return difference(db)


def counted(db: Database, *, now: int) -> dict[str, int]:
    """How many outputs are known, take part, and take part without a person."""
    return {
        name: int(db.execute(text(SHOWN + sql), {"scope": IN_FORCE, "now": now}).scalar_one())
        for name, sql in _COUNTS.items()
    }


def _put(db: Database, id_: int, scope: Scope) -> None:
    columns = ("current_only", "profile", "people", "outputs", "authorships")
    db.execute(
        text(upsert("scope", ("id",), columns)),
        {
            "id": id_,
            "current_only": int(scope.status == "current"),
            "profile": PROFILES.index(scope.profile),
            **{name: int(getattr(scope.visibility, name)) for name in columns[2:]},
        },
    )


def see(db: Database, name: str, *, now: int, scope: int = IN_FORCE) -> None:
    """A temporary table of what shows under a scope: outputs (person 0) and who is named on them."""
    db.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    db.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} (audience TEXT, output_id INTEGER, person_id INTEGER)")
    for rows in _SEEN:
        db.execute(text(SHOWN + f"INSERT INTO {name} {rows}"), {"scope": scope, "now": now})  # noqa: S608 - names of ours


def difference(db: Database) -> Difference:
    """What appears and vanishes between the temporary tables `before` and `after`."""
    found: Difference = {audience: {kind: {} for kind in ("outputs", "people", "groups")} for audience in AUDIENCES}
    for way, one, other in (("appear", "after", "before"), ("vanish", "before", "after")):
        for kind, sql in _ONLY.items():
            for audience in AUDIENCES:
                rows = db.execute(text(sql.format(one=one, other=other)), {"audience": audience})
                found[audience][kind][way] = sorted(row.label for row in rows)
    return found


_SEEN = (
    "SELECT audience, output_id, 0 FROM shown_output",
    "SELECT audience, output_id, person_id FROM shown_authorship",
)
_CHANGED = """
SELECT output_id FROM (SELECT * FROM before EXCEPT SELECT * FROM after) AS gone
UNION SELECT output_id FROM (SELECT * FROM after EXCEPT SELECT * FROM before) AS come
"""
_UNSCORED = """
SELECT o.id FROM output o WHERE o.live = 1 AND o.id NOT IN (SELECT output_id FROM score)
"""
_ONLY = {
    "outputs": """
        SELECT CASE WHEN o.doi <> '' THEN 'doi:' || o.doi ELSE 'output:' || o.public_id END AS label FROM (
          SELECT output_id FROM {one} WHERE audience = :audience AND person_id = 0
          EXCEPT SELECT output_id FROM {other} WHERE audience = :audience AND person_id = 0) AS x
        JOIN output o ON o.id = x.output_id""",
    "people": """
        SELECT p.name AS label FROM (
          SELECT person_id FROM {one} WHERE audience = :audience AND person_id <> 0
          EXCEPT SELECT person_id FROM {other} WHERE audience = :audience AND person_id <> 0) AS x
        JOIN person p ON p.id = x.person_id""",
    "groups": """
        SELECT g.name AS label FROM (
          SELECT m.group_id FROM {one} n JOIN person_group m ON m.person_id = n.person_id
          JOIN group_record v ON v.id = m.group_id JOIN sees s ON s.audience = n.audience AND s.visibility = v.effective
          WHERE n.audience = :audience
          EXCEPT SELECT m.group_id FROM {other} n JOIN person_group m ON m.person_id = n.person_id WHERE n.audience = :audience
        ) AS x JOIN group_record g ON g.id = x.group_id""",
}
_COUNTS = {
    "outputs": "SELECT count(*) FROM output WHERE live = 1",
    "in_scope": "SELECT count(*) FROM output_in",
    "without_person": "SELECT count(*) FROM output_in o WHERE NOT EXISTS "
    "(SELECT 1 FROM authorship_in a WHERE a.output_id = o.id)",
}
