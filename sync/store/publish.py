"""Writing badges: one `INSERT ... SELECT` per table, which joins the permitted pairs in the writing transaction.

A score computed from an older snapshot can therefore never bring back what a pull has just hidden: permission is read
here, at the moment of writing, and nowhere else.
"""

from collections.abc import Iterable
from importlib import resources

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import settle
from sync.store.rows import fill
from sync.tables import FOREVER

SHOWN = "WITH " + resources.files("sync.store").joinpath("shown.sql").read_text(encoding="utf-8")
IN_FORCE, PREVIEW = 1, 2


def shown_at(now: int, scope: int = IN_FORCE) -> dict[str, int]:
    """What `SHOWN` asks for."""
    return {"scope": scope, "now": now, "never": FOREVER}


def publish(db: Database, outputs: Iterable[int], *, now: int) -> int:
    """Replace the badges of outputs by those that may show at `now` under the scope in force; how many there are."""
    fill(db, "chosen", outputs)
    db.execute(text("DELETE FROM badge WHERE output_id IN (SELECT id FROM chosen)"))
    asked = shown_at(now)
    db.execute(text(SHOWN + _BADGES), asked)
    for part in (_IDENTIFIERS, _PEOPLE, _GROUPS, _SOURCES):
        db.execute(text(SHOWN + part), asked)
    settle.bump(db)
    return int(db.execute(text("SELECT count(*) FROM badge WHERE output_id IN (SELECT id FROM chosen)")).scalar_one())


_BADGES = """
INSERT INTO badge (audience, output_id, public_id, closes_at, visibility, title, type, journal, journal_id, issn,
                   published, day, precision, doi, score, millipoints, basis, rules, version, scored_at)
SELECT s.audience, o.id, o.public_id, s.closes_at, s.visibility, o.title, o.type, o.journal, o.journal_id, o.issn,
       o.published, o.day, o.precision, o.doi, c.score, c.millipoints, c.basis, c.rules, c.version, c.scored_at
FROM chosen x
JOIN shown_output s ON s.output_id = x.id
JOIN output o ON o.id = x.id
JOIN score c ON c.output_id = x.id
"""
_IDENTIFIERS = """
INSERT INTO badge_identifier (audience, output_id, scheme, value)
SELECT DISTINCT b.audience, b.output_id, d.scheme, d.value
FROM chosen x
JOIN shown_output s ON s.output_id = x.id
JOIN badge b ON b.audience = s.audience AND b.output_id = s.output_id
JOIN item i ON i.output_id = x.id AND i.state = 1
JOIN connection c ON c.id = i.connection_id AND c.state <> 'removed'
JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
JOIN identifier d ON d.id = n.identifier_id
"""
_PEOPLE = """
INSERT INTO badge_person (audience, output_id, person, name, position, closes_at)
SELECT b.audience, b.output_id, a.public_id, a.name, a.position, a.closes_at
FROM chosen x
JOIN shown_authorship a ON a.output_id = x.id
JOIN badge b ON b.audience = a.audience AND b.output_id = a.output_id
"""
_GROUPS = """
INSERT INTO badge_group (audience, output_id, group_id, name, closes_at)
SELECT b.audience, b.output_id, g.public_id, g.name, max(g.closes_at)
FROM chosen x
JOIN shown_group g ON g.output_id = x.id
JOIN badge b ON b.audience = g.audience AND b.output_id = g.output_id
GROUP BY b.audience, b.output_id, g.public_id, g.name
"""
_SOURCES = """
INSERT INTO badge_source (audience, output_id, source_id, mentions, units, millipoints)
SELECT b.audience, b.output_id, c.source_id, c.mentions, c.units, c.millipoints
FROM chosen x
JOIN shown_output s ON s.output_id = x.id
JOIN badge b ON b.audience = s.audience AND b.output_id = s.output_id
JOIN score_source c ON c.output_id = x.id
"""
