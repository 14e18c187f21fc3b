"""The scope in force: kept here, previewed against what is stored, applied in one transaction with its badges."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.scope import Least, Scope
from config.visibility import Visibility
from sync.store import permission, pushing, settle, versions
from sync.store.badges import AUDIENCES
from sync.store.database import Store
from sync.store.permission import IN_FORCE, PREVIEW, SHOWN
from sync.store.publish import publish
from sync.store.rows import upsert
from sync.store.targets import Target

PROFILES = ("all", "academic_or_student", "academic")
LEVELS = ("people", "outputs", "authorships")
KINDS = ("outputs", "people", "groups")
Difference = dict[str, dict[str, dict[str, list[str]]]]  # audience -> kind -> appear or vanish -> labels


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: to what each audience sees, and by connection how many badges are written and withdrawn."""

    seen: Difference
    writes: dict[str, int]
    withdrawals: dict[str, int]


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


def preview(store: Store, scope: Scope, targets: Sequence[Target], *, now: int) -> Effect:
    """What another scope would do, against the one in force; nothing is changed."""
    with store.engine.connect() as db:
        transaction = db.begin()
        try:
            see(db, "before", now=now)
            _put(db, PREVIEW, scope)
            see(db, "after", now=now, scope=PREVIEW)
            return effect(db, targets)
        finally:
            transaction.rollback()


def apply(store: Store, scope: Scope, targets: Sequence[Target], *, now: int) -> Effect:
    """Put a scope in force and publish what it changes, in one transaction; what it does."""
    with store.write() as db:
        with permission.laid_out(db, now=now) as shown:
            _list(db, shown, "before", _SEEN | _IN, permission.at(now))
        _put(db, IN_FORCE, scope)
        with permission.laid_out(db, now=now) as shown:
            _list(db, shown, "after", _SEEN | _IN, permission.at(now))
            changed = {row.output_id for row in db.execute(text(_CHANGED))}
            publish(db, changed, now=now, shown=shown)
        settle.wish(db, {row.id for row in db.execute(text(_UNSCORED))} | versions.above(db, changed))
        return effect(db, targets)


def counted(db: Database, *, now: int) -> dict[str, int]:
    """How many outputs are known, take part, and take part without a person."""
    return {name: int(db.execute(text(SHOWN + sql), permission.at(now)).scalar_one()) for name, sql in _COUNTS.items()}


def see(db: Database, name: str, *, now: int, scope: int = IN_FORCE) -> None:
    """A temporary table `name` of what each audience may see under a scope."""
    with permission.laid_out(db, now=now, scope=scope) as shown:
        _list(db, shown, name, _SEEN, permission.at(now, scope))


def effect(db: Database, targets: Sequence[Target]) -> Effect:
    """What is different between the temporary tables `before` and `after`."""
    found: Difference = {audience: {kind: {} for kind in KINDS} for audience in AUDIENCES}
    for way, one, other in (("appear", "after", "before"), ("vanish", "before", "after")):
        for audience in AUDIENCES:
            for kind in KINDS:
                rows = db.execute(text(_ONLY.format(one=one, other=other)), {"audience": audience, "kind": kind})
                found[audience][kind][way] = sorted(row.label for row in rows)
    db.exec_driver_sql("DROP TABLE label")
    return Effect(found, *pushing.effect(db, targets))


def _list(db: Database, shown: str, name: str, lists: "_Lists", asked: dict[str, int]) -> None:
    """Fill temporary tables, and keep the labels of whatever is known now."""
    for table, rows in lists.items():
        place, _, columns = table.format(name=name).partition(" ")
        db.exec_driver_sql(f"DROP TABLE IF EXISTS {place}")
        db.exec_driver_sql(f"CREATE TEMPORARY TABLE {place} {columns}")
        for each in rows:
            db.execute(text(f"{shown} INSERT INTO {place} {each.format(name=name)}"), asked)
    db.exec_driver_sql(LABELS)
    for labelled in _LABELLED:
        db.exec_driver_sql(f"INSERT INTO label {labelled} {NEWEST}")


def _put(db: Database, id_: int, scope: Scope) -> None:
    told = {
        "id": id_,
        "current_only": int(scope.status == "current"),
        "profile": PROFILES.index(scope.profile),
        **{name: int(getattr(scope.visibility, name)) for name in LEVELS},
    }
    db.execute(text(upsert("scope", ("id",), ("current_only", "profile", *LEVELS))), told)


_Lists = dict[str, tuple[str, ...]]  # a table with its columns, and the rows that go into it
_SEEN: _Lists = {
    "{name} (audience TEXT, kind TEXT, thing INTEGER)": (
        "SELECT audience, 'outputs', output_id FROM shown_output",
        "SELECT p.audience, 'people', p.person_id FROM shown_person p WHERE EXISTS "
        "(SELECT 1 FROM shown_authorship a WHERE a.audience = p.audience AND a.person_id = p.person_id)",
        "SELECT DISTINCT n.audience, 'groups', g.group_id FROM {name} n "
        "JOIN person_group m ON m.person_id = n.thing "
        "JOIN open_group g ON g.audience = n.audience AND g.group_id = m.group_id WHERE n.kind = 'people'",
    ),
}
_IN: _Lists = {  # all that takes part; an output itself has no person
    "{name}_in (output_id INTEGER, person_id INTEGER, visibility INTEGER, closes_at INTEGER, stays_until INTEGER, "
    "PRIMARY KEY (output_id, person_id)) WITHOUT ROWID": (
        "SELECT id, 0, visibility, closes_at, 0 FROM output_in",
        "SELECT output_id, person_id, visibility, closes_at, stays_until FROM authorship_in ORDER BY 1, 2",
    ),
}
LABELS = """
CREATE TEMPORARY TABLE IF NOT EXISTS label (kind TEXT, thing INTEGER, label TEXT, PRIMARY KEY (kind, thing))
"""
NEWEST = "ON CONFLICT (kind, thing) DO UPDATE SET label = excluded.label WHERE label.label <> excluded.label"
_LABELLED = (  # WHERE keeps SQLite from reading ON CONFLICT as the condition of a join
    "SELECT 'outputs', id, CASE WHEN doi <> '' THEN 'doi:' || doi ELSE 'output:' || public_id END "
    "FROM output WHERE id > 0",
    "SELECT 'people', id, name FROM person WHERE id > 0",
    "SELECT 'groups', id, name FROM group_record WHERE id > 0",
)
_CHANGED = """
SELECT b.output_id FROM before_in b LEFT JOIN after_in a ON a.output_id = b.output_id AND a.person_id = b.person_id
WHERE (a.visibility, a.closes_at, a.stays_until) IS NOT (b.visibility, b.closes_at, b.stays_until)
UNION SELECT a.output_id FROM after_in a
WHERE NOT EXISTS (SELECT 1 FROM before_in b WHERE b.output_id = a.output_id AND b.person_id = a.person_id)
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
