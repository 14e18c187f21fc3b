"""What a change to a few things does to what each audience sees, without looking at all the others.

The change is made once to learn what it touches, taken back, and made again with what was seen before at hand; for a
trial it is taken back once more."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import effects, permission
from sync.store.effects import Effect
from sync.store.permission import SHOWN
from sync.store.rows import fill
from sync.store.targets import Target
from sync.store.touched import Touched


def effect_of(
    db: Database, change: Callable[[], Touched], targets: Sequence[Target], *, now: int, dry_run: bool
) -> Effect:
    """Make a change, and tell what it did; `change` tells what it has touched once all is settled."""
    with db.begin_nested() as attempt:
        touched = change()
        near = _near(db, touched.outputs, touched.people)
        attempt.rollback()
    people, groups = _near(db, touched.outputs, touched.people)
    _see(db, "before", touched.outputs, people | near[0], groups | near[1], now)
    with db.begin_nested() as attempt:
        change()
        _see(db, "after", touched.outputs, people | near[0], groups | near[1], now)
        effect = effects.effect(db, targets)
        if dry_run:
            attempt.rollback()
    return effect


def _near(db: Database, outputs: set[int], people: set[int]) -> tuple[set[int], set[int]]:
    """The people whose being named may hang on it, and their groups."""
    fill(db, "near_output", outputs)
    authors = db.exec_driver_sql("SELECT a.person_id FROM near_output x JOIN authorship a ON a.output_id = x.id")
    found = people | {row.person_id for row in authors}
    fill(db, "near_person", found)
    groups = db.exec_driver_sql("SELECT g.group_id FROM near_person x JOIN person_group g ON g.person_id = x.id")
    return found, {row.group_id for row in groups}


def _see(db: Database, name: str, outputs: set[int], people: set[int], groups: set[int], now: int) -> None:
    """A temporary table `name` as `effects.see` makes it, of these things alone, and their labels."""
    for table, ids in (("near_output", outputs), ("near_person", people), ("near_group", groups)):
        fill(db, table, ids)
    db.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    db.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} (audience TEXT, kind TEXT, thing INTEGER)")
    for rows in _SEEN:
        db.execute(text(f"{SHOWN} INSERT INTO {name} {rows}"), permission.at(now))
    effects.label(db, _LABELLED)


# CROSS JOIN has a database begin with what somebody wrote, of which the first that is seen is enough.
_NAMED = """
EXISTS (SELECT 1 FROM authorship w CROSS JOIN shown_authorship a ON a.output_id = w.output_id
  AND a.person_id = w.person_id AND a.audience = {audience} WHERE w.person_id = {person})
"""
_SEEN = (
    "SELECT s.audience, 'outputs', s.output_id FROM near_output x CROSS JOIN shown_output s ON s.output_id = x.id",
    "SELECT s.audience, 'people', s.person_id FROM near_person x CROSS JOIN shown_person s ON s.person_id = x.id "
    f"WHERE {_NAMED.format(audience='s.audience', person='s.person_id')}",
    "SELECT g.audience, 'groups', g.group_id FROM near_group x CROSS JOIN open_group g ON g.group_id = x.id "
    "WHERE EXISTS (SELECT 1 FROM person_group m WHERE m.group_id = g.group_id "
    f"AND {_NAMED.format(audience='g.audience', person='m.person_id')})",
)
_LABELLED = {
    "outputs": "id IN (SELECT id FROM near_output)",
    "people": "id IN (SELECT id FROM near_person)",
    "groups": "id IN (SELECT id FROM near_group)",
}
