"""What a change does to what each audience may see: what was to be seen before it and is after it, and the difference.

Both are temporary tables, `before` and `after`, of things by row key; what differs is told by labels that
administrators know, and by a digest that is the same only where all of it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import permission, pushing
from sync.store.badges import AUDIENCES
from sync.store.permission import IN_FORCE
from sync.store.rows import digest, measured
from sync.store.targets import Target

KINDS = ("outputs", "people", "groups")
WAYS = {"appear": ("after", "before"), "vanish": ("before", "after")}
Difference = dict[str, dict[str, dict[str, list[str]]]]  # audience -> kind -> appear or vanish -> labels
Totals = dict[str, dict[str, tuple[int, int]]]  # audience -> kind -> how many before and after


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: to what each audience sees, and by connection how many badges are written and withdrawn.

    `totals` are what each audience sees in all; `alone` how many outputs take part without a person, before and after,
    where that was asked for. `mark` is another as soon as anything of it is, down to what a label stands for."""

    seen: Difference
    writes: dict[str, int]
    withdrawals: dict[str, int]
    totals: Totals = field(default_factory=dict)
    alone: tuple[int, int] = (0, 0)
    mark: str = ""


def see(db: Database, name: str, *, now: int, scope: int = IN_FORCE) -> None:
    """A temporary table `name` of what each audience may see under a scope."""
    with permission.laid_out(db, now=now, scope=scope) as shown:
        list_seen(db, shown, name, now=now, scope=scope)


def list_seen(db: Database, shown: str, name: str, *, now: int, scope: int = IN_FORCE) -> None:
    """The same where permission is laid out; `shown` asks for it."""
    db.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    db.exec_driver_sql(f"CREATE TEMPORARY TABLE {name} ({_COLUMNS}, PRIMARY KEY ({_KEY})) WITHOUT ROWID")
    for rows in _SEEN:
        db.execute(text(f"{shown} INSERT INTO {name} {rows.format(name=name)}"), permission.at(now, scope))
    measured(db, name)


def label_all(db: Database) -> None:
    """Keep the labels of whatever is known now, for what the change will make unknown."""
    label(db, dict.fromkeys(KINDS, "id > 0"))


def of_change(
    db: Database, change: Callable[[], object], targets: Sequence[Target], *, now: int, dry_run: bool
) -> Effect:
    """Make a change, and tell what it did; with `dry_run` all of it is worked out and taken back."""
    see(db, "before", now=now)
    label_all(db)
    with db.begin_nested() as attempt:
        change()
        see(db, "after", now=now)
        found = effect(db, targets)
        if dry_run:
            attempt.rollback()
    return found


def effect(db: Database, targets: Sequence[Target], *, of: object = "", alone: tuple[int, int] = (0, 0)) -> Effect:
    """What is different between the temporary tables `before` and `after`; `of` is the change itself, for the mark."""
    db.exec_driver_sql("DROP TABLE IF EXISTS differing")
    db.exec_driver_sql("CREATE TEMPORARY TABLE differing (audience TEXT, kind TEXT, way TEXT, thing INTEGER)")
    for way, (one, other) in WAYS.items():
        db.exec_driver_sql(_DIFFERING.format(way=way, one=one, other=other))
    label(db, {kind: f"id IN (SELECT thing FROM differing WHERE kind = '{kind}')" for kind in KINDS})
    found: Difference = {a: {kind: {way: [] for way in WAYS} for kind in KINDS} for a in AUDIENCES}
    rows = sorted(tuple(row) for row in db.execute(text(_DIFFERENT)))
    for audience, kind, way, _, told in rows:
        found[audience][kind][way].append(told)
    for kinds in found.values():
        for ways in kinds.values():
            for labels in ways.values():
                labels.sort()
    totals: Totals = {a: dict.fromkeys(KINDS, (0, 0)) for a in AUDIENCES}
    for row in db.execute(text(_TOTALS)):
        totals[row.audience][row.kind] = (int(row.was), int(row.becomes))
    for name in ("label", "differing"):
        db.exec_driver_sql(f"DROP TABLE {name}")
    writes, withdrawals = pushing.effect(db, targets)
    return Effect(found, writes, withdrawals, totals, alone, digest([of, rows, writes, withdrawals]))


def label(db: Database, among: Mapping[str, str]) -> None:
    """Label things, by kind those of a condition on their row key `id`; where one has a label, the newest holds."""
    db.exec_driver_sql(
        "CREATE TEMPORARY TABLE IF NOT EXISTS label (kind TEXT, thing INTEGER, label TEXT, PRIMARY KEY (kind, thing))"
    )
    for kind, which in among.items():
        db.exec_driver_sql(f"INSERT INTO label {_LABELLED[kind]} WHERE {which} {_NEWEST}")


_COLUMNS = "audience TEXT, kind TEXT, thing INTEGER"
_KEY = "audience, kind, thing"
_SEEN = (
    "SELECT audience, 'outputs', output_id FROM shown_output",
    "SELECT p.audience, 'people', p.person_id FROM shown_person p WHERE EXISTS "
    "(SELECT 1 FROM shown_authorship a WHERE a.audience = p.audience AND a.person_id = p.person_id)",
    "SELECT DISTINCT n.audience, 'groups', g.group_id FROM {name} n "
    "JOIN person_group m ON m.person_id = n.thing "
    "JOIN open_group g ON g.audience = n.audience AND g.group_id = m.group_id WHERE n.kind = 'people'",
)
_LABELLED = {
    "outputs": "SELECT 'outputs', id, CASE WHEN doi <> '' THEN 'doi:' || doi ELSE 'output:' || public_id END "
    "FROM output",
    "people": "SELECT 'people', id, name FROM person",
    "groups": "SELECT 'groups', id, name FROM group_record",
}
_NEWEST = "ON CONFLICT (kind, thing) DO UPDATE SET label = excluded.label WHERE label.label <> excluded.label"
_DIFFERING = """
INSERT INTO differing (audience, kind, way, thing) SELECT o.audience, o.kind, '{way}', o.thing FROM {one} o
WHERE NOT EXISTS (SELECT 1 FROM {other} x WHERE x.audience = o.audience AND x.kind = o.kind AND x.thing = o.thing)
"""
_DIFFERENT = """
SELECT d.audience, d.kind, d.way, d.thing, l.label
FROM differing d JOIN label l ON l.kind = d.kind AND l.thing = d.thing
"""
_TOTALS = """
SELECT audience, kind, sum(was) AS was, sum(becomes) AS becomes FROM (
  SELECT audience, kind, count(*) AS was, 0 AS becomes FROM before GROUP BY audience, kind
  UNION ALL SELECT audience, kind, 0, count(*) FROM after GROUP BY audience, kind
) AS counted GROUP BY audience, kind
"""
