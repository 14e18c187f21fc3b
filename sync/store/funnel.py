"""What the scope in force makes of everything we know: how much takes part, who sees it, and why the rest does not.

Whether something takes part is asked of the one relation of permission; the reasons only explain its answer, each
thing by the first that holds.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.scope import Scope
from sync.store import hides, unread
from sync.store.badges import AUDIENCES, Audience
from sync.store.permission import SHOWN, at
from sync.store.rows import fill
from sync.store.scopes import in_force

REASONS = {  # in the order in which they are asked for
    "gone": "no source tells it any more",
    "hidden": "hidden here, by an administrator",
    "veto": "a record below keep was forgotten, and votes private",
    "closed": "its level has closed",
    "ancestor": "a group above it is less open, or unknown",
    "private": "private",
    "below": "internal, and the scope asks for public",
    "current": "not current",
    "profile": "not of the profile that the scope asks for",
    "unlinked": "it needs an author, and no person is linked to it",
    "author": "it needs an author, and none is in scope",
    "person": "its person does not take part",
    "unread": "every source must be read again first",
}


class Funnel(NamedTuple):
    """`out` are the reasons with their numbers, `levels` what takes part as private, internal and public, `may` what
    each audience may see by that, and `seen` what it does see now, on badges."""

    known: int
    out: dict[str, int]
    takes_part: int
    levels: tuple[int, int, int]
    may: dict[Audience, int]
    seen: dict[Audience, int]


def funnels(db: Database, *, now: int) -> dict[str, Funnel]:
    """Of outputs, people, authorships and groups; nothing where no scope is in force yet."""
    scope = in_force(db)
    if scope is None:
        return {}
    for kind in ("output", "person"):
        fill(db, f"hidden_{kind}", hides.hidden(db, kind))
    return {kind: _funnel(db, kind, scope, now) for kind in _ASKED}


def without_person(db: Database, *, now: int) -> int:
    """How many outputs take part without a person."""
    return int(db.execute(text(SHOWN + _WITHOUT_PERSON), at(now)).scalar_one())


def _funnel(db: Database, kind: str, scope: Scope, now: int) -> Funnel:
    asked = {
        **at(now),
        "least_people": int(scope.visibility.people),
        "least_outputs": int(scope.visibility.outputs),
        "least_authorships": int(scope.visibility.authorships),
        "current_only": int(scope.status == "current"),
        "shut": int(bool(unread.awaited(db))),
    }
    names = {name for name in asked if f":{name}" in SHOWN + _ASKED[kind]}
    rows = db.execute(text(SHOWN + _ASKED[kind]), {name: asked[name] for name in names}).fetchall()
    out = {reason: sum(row.n for row in rows if row.reason == reason) for reason in REASONS}
    levels = _levels(rows)
    return Funnel(
        known=sum(row.n for row in rows),
        out={reason: n for reason, n in out.items() if n},
        takes_part=sum(levels),
        levels=levels,
        may={"public": levels[2], "internal": levels[1] + levels[2]},
        seen=_seen(db, kind, now),
    )


def _levels(rows: Iterable[Any]) -> tuple[int, int, int]:
    counts = [0, 0, 0]
    for row in rows:
        if row.reason == "in":
            counts[row.level] += row.n
    return counts[0], counts[1], counts[2]


def _seen(db: Database, kind: str, now: int) -> dict[Audience, int]:
    found = {row.audience: row.n for row in db.execute(text(_SEEN[kind]), {"now": now})}
    return {audience: found.get(audience, 0) for audience in AUDIENCES}


_OUTPUTS = """
SELECT reason, level, count(*) AS n FROM (
  SELECT CASE
    WHEN i.id IS NOT NULL THEN 'in'
    WHEN o.live = 0 THEN 'gone'
    WHEN o.id IN (SELECT id FROM hidden_output) THEN 'hidden'
    WHEN o.visibility = 0 AND :least_outputs > 0
      AND NOT EXISTS (SELECT 1 FROM item t WHERE t.output_id = o.id AND t.visibility = 0)
      AND NOT EXISTS (SELECT 1 FROM output_vote v JOIN item t ON t.id = v.item_id
                      WHERE v.output_id = o.id AND t.visibility = 0) THEN 'veto'
    WHEN o.visibility >= :least_outputs AND o.closes_at <= :now AND :least_outputs > 0 THEN 'closed'
    WHEN o.visibility = 0 AND :least_outputs > 0 THEN 'private'
    WHEN o.visibility < :least_outputs THEN 'below'
    WHEN :shut = 1 THEN 'unread'
    WHEN NOT EXISTS (SELECT 1 FROM authorship a WHERE a.output_id = o.id) THEN 'unlinked'
    ELSE 'author' END AS reason, coalesce(i.visibility, 0) AS level
  FROM output o LEFT JOIN output_in i ON i.id = o.id
) AS why GROUP BY reason, level
"""
_PEOPLE = """
SELECT reason, level, count(*) AS n FROM (
  SELECT CASE
    WHEN i.id IS NOT NULL THEN 'in'
    WHEN p.live = 0 THEN 'gone'
    WHEN p.id IN (SELECT id FROM hidden_person) THEN 'hidden'
    WHEN p.visibility = 0 AND :least_people > 0
      AND NOT EXISTS (SELECT 1 FROM person_record r WHERE r.person_id = p.id AND r.visibility = 0) THEN 'veto'
    WHEN p.visibility >= :least_people AND p.closes_at <= :now AND :least_people > 0 THEN 'closed'
    WHEN p.visibility = 0 AND :least_people > 0 THEN 'private'
    WHEN p.visibility < :least_people THEN 'below'
    WHEN :shut = 1 THEN 'unread'
    WHEN :current_only = 1 AND p.current = 0 THEN 'current'
    ELSE 'profile' END AS reason, coalesce(i.visibility, 0) AS level
  FROM person p LEFT JOIN person_in i ON i.id = p.id
) AS why GROUP BY reason, level
"""
# To join all authorships to those that take part takes seconds: these are counted, and only the others are asked why.
_AUTHORSHIPS = """
SELECT 'in' AS reason, visibility AS level, count(*) AS n FROM authorship_in GROUP BY visibility
UNION ALL
SELECT reason, 0, count(*) FROM (
  SELECT CASE
    WHEN :shut = 1 THEN 'unread'
    WHEN p.id IS NULL THEN 'person'
    WHEN a.visibility >= :least_authorships THEN 'closed'
    WHEN a.visibility = 0 THEN 'private'
    ELSE 'below' END AS reason
  FROM authorship a LEFT JOIN person_in p ON p.id = a.person_id
  WHERE p.id IS NULL OR CASE WHEN a.closes_at > :now THEN a.visibility ELSE 0 END < :least_authorships
) AS why GROUP BY reason
"""
_GROUPS = """
SELECT reason, level, count(*) AS n FROM (
  SELECT CASE
    WHEN EXISTS (SELECT 1 FROM open_group o WHERE o.group_id = g.id) THEN 'in'
    WHEN g.visibility > 0 AND g.effective = 0 THEN 'ancestor'
    WHEN g.effective > 0 THEN 'closed'
    ELSE 'private' END AS reason,
    CASE WHEN g.effective_closes_at > :now THEN g.effective ELSE 0 END AS level
  FROM group_record g WHERE g.state = 1
) AS why GROUP BY reason, level
"""
_ASKED = {"outputs": _OUTPUTS, "people": _PEOPLE, "authorships": _AUTHORSHIPS, "groups": _GROUPS}
_OPEN = """
FROM {part} AS x WHERE x.closes_at > :now
  AND (x.audience, x.output_id) NOT IN (SELECT audience, output_id FROM badge WHERE closes_at <= :now)
GROUP BY x.audience
"""
_SEEN = {
    "outputs": "SELECT audience, count(*) AS n FROM badge WHERE closes_at > :now GROUP BY audience",
    "people": "SELECT x.audience, count(DISTINCT x.person) AS n" + _OPEN.format(part="badge_person"),
    "authorships": "SELECT x.audience, count(*) AS n" + _OPEN.format(part="badge_person"),
    "groups": "SELECT x.audience, count(DISTINCT x.group_id) AS n" + _OPEN.format(part="badge_group"),
}
_WITHOUT_PERSON = """
SELECT count(*) FROM output_in o WHERE NOT EXISTS (SELECT 1 FROM authorship_in a WHERE a.output_id = o.id)
"""
