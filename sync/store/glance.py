"""Flags at a glance: how everything is spread, and what the scope in force makes of it. Takes seconds in a large house,
so whoever shows it keeps it for as long as its stamp stays the same."""

from typing import NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.funnel import Funnel, funnels, without_person
from sync.store.spread import Spread, spread


class Glance(NamedTuple):
    """As everything was `at` that time. `without_person` are outputs that take part though nobody is named on them."""

    spread: Spread
    funnels: dict[str, Funnel]
    without_person: int
    at: int


def glance(db: Database, *, now: int) -> Glance:
    """All of it, worked out anew."""
    return Glance(spread(db, now=now), funnels(db, now=now), without_person(db, now=now), now)


def stamp(db: Database) -> str:
    """What changes with everything that may change a glance, but for the clock: badges, what runs have counted so far,
    what administrators have decided."""
    row = db.execute(text(_STAMP)).one()
    return "|".join(str(each) for each in row)


_STAMP = """
SELECT
  coalesce((SELECT value FROM meta WHERE name = 'generation'), '0') AS generation,
  coalesce((SELECT value FROM meta WHERE name = 'turn'), '0') AS turn,
  coalesce((SELECT max(id) FROM run), 0) AS runs,
  coalesce((SELECT counts || outcome FROM run ORDER BY id DESC LIMIT 1), '') AS last_run,
  (SELECT count(*) FROM run WHERE outcome = 'running') AS running,
  coalesce((SELECT max(made_at) FROM hide), 0) AS hidden,
  (SELECT count(*) FROM hide WHERE released_at < 4611686018427387904) AS released,
  coalesce((SELECT max(state) || min(state) || max(position) FROM connection), '') AS connections,
  coalesce((SELECT max(current_only * 1000 + profile * 100 + people * 9 + outputs * 3 + authorships) FROM scope
            WHERE id = 1), -1) AS scope
"""
