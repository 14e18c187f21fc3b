"""The scope in force: kept here, previewed against what is stored, applied in one transaction with its badges."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.scope import Least, Scope
from config.visibility import Visibility
from sync.store import effects, permission, settle, versions
from sync.store.database import Store
from sync.store.effects import Effect
from sync.store.permission import IN_FORCE, PREVIEW, SHOWN
from sync.store.publish import publish
from sync.store.rows import measured, upsert
from sync.store.targets import Target

PROFILES = ("all", "academic_or_student", "academic")
LEVELS = ("people", "outputs", "authorships")
COLUMNS = ("id", "current_only", "profile", *LEVELS)


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
    """What another scope would do, against the one in force; nothing is changed.

    The other scope stands in a temporary table that hides the one of the store, so that nobody who writes is waited
    for or kept waiting. The connection is closed with it, so that nobody else can ever read through such a table."""
    with store.read() as db:
        db.detach()
        before = in_force(db)
        db.exec_driver_sql("CREATE TEMPORARY TABLE scope AS SELECT * FROM scope")
        _put(db, PREVIEW, scope, _PREVIEWED)
        with permission.laid_out(db, now=now) as shown:
            was = _see(db, shown, "before", now=now)
        with permission.laid_out(db, now=now, scope=PREVIEW) as shown:
            alone = was, _see(db, shown, "after", now=now, scope=PREVIEW)
        return effects.effect(db, targets, of=_change(before, scope), alone=alone)


def _nobody_asks(_: Effect) -> None:
    """Whatever it does is agreed to."""


def apply(
    store: Store,
    scope: Scope,
    targets: Sequence[Target],
    *,
    now: int,
    agreed: Callable[[Effect], None] = _nobody_asks,
) -> Effect:
    """Put a scope in force and publish what it changes, in one transaction; what it does.

    `agreed` is told that before anything is published; where it raises, nothing is changed."""
    with store.write() as db:
        before = in_force(db)
        with permission.laid_out(db, now=now, whole=True) as shown:
            was = _see(db, shown, "before", now=now)
            _take_down(db)
        _put(db, IN_FORCE, scope)
        with permission.laid_out(db, now=now, whole=True) as shown:
            alone = was, _see(db, shown, "after", now=now)
            found = effects.effect(db, targets, of=_change(before, scope), alone=alone)
            agreed(found)
            changed = {row.output_id for row in db.execute(text(_CHANGED))}
            publish(db, changed, now=now, shown=shown)
        settle.wish(db, {row.id for row in db.execute(text(_UNSCORED))} | versions.above(db, changed))
    return found


def counted(db: Database, *, now: int) -> dict[str, int]:
    """How many outputs are known, take part, and take part without a person."""
    return {name: int(db.execute(text(SHOWN + sql), permission.at(now)).scalar_one()) for name, sql in _COUNTS.items()}


def _see(db: Database, shown: str, name: str, *, now: int, scope: int = IN_FORCE) -> int:
    """A temporary table `name` of what each audience may see; how many outputs take part without a person."""
    effects.list_seen(db, shown, name, now=now, scope=scope)
    return int(db.execute(text(shown + _COUNTS["without_person"]), permission.at(now, scope)).scalar_one())


def _take_down(db: Database) -> None:
    """Keep all that takes part now, which is laid out, as `before_in`; an output itself has no person."""
    db.exec_driver_sql("DROP TABLE IF EXISTS before_in")
    db.exec_driver_sql(f"CREATE TEMPORARY TABLE before_in {_IN}")
    for rows in _TAKES_PART:
        db.exec_driver_sql(f"INSERT INTO before_in {rows}")
    measured(db, "before_in")


def _put(db: Database, id_: int, scope: Scope, how: str = "") -> None:
    told = {
        "id": id_,
        "current_only": int(scope.status == "current"),
        "profile": PROFILES.index(scope.profile),
        **{name: int(getattr(scope.visibility, name)) for name in LEVELS},
    }
    db.execute(text(how or upsert("scope", ("id",), ("current_only", "profile", *LEVELS))), told)


def _change(before: Scope | None, after: Scope) -> list[dict[str, object] | None]:
    return [before.words if before else None, after.words]


_PREVIEWED = f"INSERT INTO scope ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
_IN = (
    "(output_id INTEGER, person_id INTEGER, visibility INTEGER, closes_at INTEGER, stays_until INTEGER, "
    "PRIMARY KEY (output_id, person_id)) WITHOUT ROWID"
)
_TAKES_PART = (
    "SELECT id, 0, visibility, closes_at, 0 FROM output_in",
    "SELECT output_id, person_id, visibility, closes_at, stays_until FROM authorship_in ORDER BY 1, 2",
)
_CHANGED = """
SELECT b.output_id FROM before_in b LEFT JOIN output_in a ON a.id = b.output_id
WHERE b.person_id = 0 AND (a.visibility, a.closes_at) IS NOT (b.visibility, b.closes_at)
UNION SELECT a.id FROM output_in a
WHERE NOT EXISTS (SELECT 1 FROM before_in b WHERE b.output_id = a.id AND b.person_id = 0)
UNION SELECT b.output_id FROM before_in b
LEFT JOIN authorship_in a ON a.output_id = b.output_id AND a.person_id = b.person_id
WHERE b.person_id > 0 AND (a.visibility, a.closes_at, a.stays_until) IS NOT (b.visibility, b.closes_at, b.stays_until)
UNION SELECT a.output_id FROM authorship_in a
WHERE NOT EXISTS (SELECT 1 FROM before_in b WHERE b.output_id = a.output_id AND b.person_id = a.person_id)
"""
_UNSCORED = "SELECT o.id FROM output o WHERE o.live = 1 AND o.id NOT IN (SELECT output_id FROM score)"
_COUNTS = {
    "outputs": "SELECT count(*) FROM output WHERE live = 1",
    "in_scope": "SELECT count(*) FROM output_in",
    "without_person": "SELECT count(*) FROM output_in o JOIN output k ON k.id = o.id "
    "WHERE k.requires_author = 0 AND NOT EXISTS (SELECT 1 FROM authorship_in a WHERE a.output_id = o.id)",
}
