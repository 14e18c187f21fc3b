"""The counts and lists that the pages and the watchers of a machine ask for."""

from typing import NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.badges import AUDIENCES, Audience, count


class Line(NamedTuple):
    """One output in a list."""

    output: int
    title: str
    journal: str
    published: str
    score: int
    basis: str


def top(db: Database, audience: Audience, *, most: int, now: int) -> tuple[int, list[Line]]:
    """How many badges an audience sees, and the outputs with the highest scores above 0."""
    rows = db.execute(text(_TOP), {"audience": audience, "now": now, "most": most})
    return count(db, audience, now=now), [Line(*row) for row in rows]


class Vitals(NamedTuple):
    """How the store is: its generation, badges by audience, and by connection the seconds since a pull of it ended
    (None for never)."""

    generation: int
    badges: dict[str, int]
    since_pull: dict[str, float | None]


def vitals(db: Database, *, now: int) -> Vitals:
    """Counts and the names of connections, for whoever runs this installation."""
    generation = db.execute(text(_GENERATION)).scalar()
    pulls = db.execute(text(_PULLS)).all()
    return Vitals(
        int(generation or 0),
        {audience: count(db, audience, now=now) for audience in AUDIENCES},
        {row.name: None if row.ended_at is None else max(0, now - row.ended_at) / 1e6 for row in pulls},
    )


_GENERATION = "SELECT value FROM meta WHERE name = 'generation'"
_TOP = """
SELECT public_id, title, journal, published, score, basis FROM badge
WHERE audience = :audience AND closes_at > :now AND millipoints > 0
ORDER BY millipoints DESC, output_id LIMIT :most
"""
_PULLS = """
SELECT c.name, max(r.ended_at) AS ended_at
FROM connection c LEFT JOIN run r ON r.connection_id = c.id AND r.step = 'pull' AND r.ended_at > 0
WHERE c.state <> 'removed' AND c.kind <> '(import)' GROUP BY c.name ORDER BY c.name
"""
