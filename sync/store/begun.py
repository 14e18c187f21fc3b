"""How far a house has come since it was empty, and what waits in it: asked of small tables, so that it is there at
once. Only `spread` counts what sources told."""

from typing import Any, NamedTuple

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.visibility import Visibility
from sync.store import errands
from sync.store.errands import Errand, Verb
from sync.store.noted import noted as kept
from sync.tables import FOREVER

SCORED = "scored_at"  # as `scores` notes it
FLAGS = ("current", "academic", "student")


class Stands(NamedTuple):
    """An alarm that the daemon has noticed; `since` in microseconds."""

    name: str
    words: str
    since: int


class Line(NamedTuple):
    """A line of the audit log."""

    at: int
    by: str
    verb: str
    subject: str


class Seen(NamedTuple):
    """One badge; `output` is the public id."""

    output: int
    title: str
    score: int
    doi: str


def alarms(db: Database) -> list[Stands]:
    """What the daemon found the last time it looked, the oldest first."""
    return [Stands(row.name, row.words, int(row.since_at)) for row in db.execute(text(_ALARMS))]


def set_aside(db: Database) -> int:
    """How many records are set aside, or stored as private since they were not understood."""
    return int(db.execute(text(_ASIDE), {"never": FOREVER}).scalar_one())


def changes(db: Database, *, most: int, back: int = 500) -> list[Line]:
    """The newest lines of the audit log that are no looks and no signing in, newest first; of the last `back` lines."""
    rows = db.execute(text(_LATELY), {"back": back, "most": most})
    return [Line(int(row.at), row.actor, row.verb, row.subject) for row in rows]


def noted(db: Database, verb: str) -> bool:
    """Whether somebody has ever done that."""
    return bool(db.execute(text("SELECT EXISTS (SELECT 1 FROM audit WHERE verb = :verb)"), {"verb": verb}).scalar())


def kind_of(db: Database, name: str) -> str:
    """The kind of a connection, one that was removed too; empty for none."""
    found = db.execute(text("SELECT kind FROM connection WHERE name = :name"), {"name": name}).scalar()
    return "" if found is None else str(found)


def pulled(db: Database) -> bool:
    """Whether a pull of anything has ever come to its end."""
    return bool(db.execute(text(_PULLED)).scalar())


def last_pull(db: Database) -> int:
    """When the last pull that came to its end did; 0 for never."""
    return int(db.execute(text(_LAST_PULL)).scalar() or 0)


def last_score(db: Database) -> int:
    """When the last score was published; 0 for never."""
    return int(kept(db, SCORED) or 0)


def asked(db: Database, verb: Verb, subject: str) -> Errand | None:
    """The newest errand of a kind."""
    found = db.execute(text(_ASKED), {"verb": verb, "subject": subject}).scalar()
    return None if found is None else errands.one(db, found)


def first_badges(db: Database, *, most: int, now: int) -> list[Seen]:
    """Badges as the public sees them, the highest scores first."""
    rows = db.execute(text(_BADGES), {"most": most, "now": now})
    return [Seen(int(row.public_id), row.title, int(row.score), row.doi) for row in rows]


def figures(db: Database) -> dict[str, int]:
    """How many people and mentions there are, whoever may see them."""
    return {name: int(db.execute(text(sql)).scalar_one()) for name, sql in _FIGURES.items()}


def spread(db: Database) -> dict[str, dict[str, Any]]:
    """By connection and kind of record, how many there are of each visibility; of people also of each flag."""
    found: dict[str, dict[str, Any]] = {}
    for kind, table in _RECORDS.items():
        for row in db.execute(text(_SPREAD.format(table=table))):
            told = found.setdefault(row.name, {}).setdefault(kind, {level.word: 0 for level in Visibility})
            told[Visibility(row.visibility).word] = int(row.records)
    for row in db.execute(text(_PEOPLE)):
        told = found.setdefault(row.name, {})
        told["flags"] = {flag: int(getattr(row, flag) or 0) for flag in FLAGS}
    return found


_RECORDS = {"people": "person_record", "outputs": "item", "authorships": "authorship_record", "groups": "group_record"}
_ALARMS = "SELECT name, words, since_at FROM alarm WHERE solved_at = 0 ORDER BY since_at, name"
_ASIDE = "SELECT count(*) FROM set_aside WHERE resolved_at = :never"
_LATELY = """
SELECT at, actor, verb, subject FROM (SELECT * FROM audit ORDER BY id DESC LIMIT :back) AS lately
WHERE verb NOT LIKE 'look %' AND verb NOT LIKE 'sign %' AND verb NOT LIKE 'session %' AND verb NOT LIKE '% show'
  AND verb NOT IN ('why', 'marks', 'gaming', 'account export')
ORDER BY id DESC LIMIT :most
"""
_PULLED = "SELECT EXISTS (SELECT 1 FROM run WHERE step = 'pull' AND outcome IN ('done', 'held'))"
_LAST_PULL = "SELECT max(ended_at) FROM run WHERE step = 'pull' AND outcome IN ('done', 'held')"
_ASKED = "SELECT max(id) FROM errand WHERE verb = :verb AND subject = :subject"
_BADGES = """
SELECT public_id, title, score, doi FROM badge WHERE audience = 'public' AND closes_at > :now
ORDER BY millipoints DESC, output_id LIMIT :most
"""
_FIGURES = {
    "people": "SELECT count(*) FROM person WHERE live = 1",
    "mentions": "SELECT count(*) FROM mention WHERE taken_at < 0 AND refused = 0",
}
_SPREAD = """
SELECT c.name, r.visibility, count(*) AS records FROM {table} r JOIN connection c ON c.id = r.connection_id
WHERE r.state = 1 GROUP BY c.name, r.visibility ORDER BY c.name, r.visibility
"""
_PEOPLE = """
SELECT c.name, sum(CASE WHEN r.current = 1 THEN 1 ELSE 0 END) AS current,
  sum(CASE WHEN r.academic = 1 THEN 1 ELSE 0 END) AS academic, sum(CASE WHEN r.student = 1 THEN 1 ELSE 0 END) AS student
FROM person_record r JOIN connection c ON c.id = r.connection_id WHERE r.state = 1 GROUP BY c.name ORDER BY c.name
"""
