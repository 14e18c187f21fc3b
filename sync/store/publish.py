"""Writing badges: one `INSERT ... SELECT` per table, which joins the permitted pairs in the writing transaction.

A score computed from an older snapshot can therefore never bring back what a pull has just hidden: permission is read
here, at the moment of writing, and nowhere else. What is the same as before is left alone.
"""

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import permission, settle
from sync.store.permission import SHOWN
from sync.store.rows import fill

MANY = 2000  # outputs from which on permission is laid out first


@dataclass(frozen=True, slots=True)
class Part:
    """One table of badges: what tells its rows apart, what they hold, and the rows that may be there."""

    table: str
    key: tuple[str, ...]
    content: tuple[str, ...]
    rows: str


def publish(db: Database, outputs: Collection[int], *, now: int) -> int:
    """Make the badges of outputs what may show at `now` under the scope in force; how many there are."""
    fill(db, "chosen", outputs)
    with permission.laid_out(db, now=now) if len(outputs) > MANY else nullcontext(SHOWN) as shown:
        for name, sql in _PERMITTED.items():
            db.exec_driver_sql(f"DROP TABLE IF EXISTS temp.{name}")
            db.execute(text(f"CREATE TEMPORARY TABLE {name} AS {shown} {sql}"), permission.at(now))
    db.exec_driver_sql("CREATE UNIQUE INDEX temp.permitted_output_once ON permitted_output (audience, output_id)")
    for part in PARTS:
        _write(db, part)
    settle.bump(db)
    return int(
        db.exec_driver_sql("SELECT count(*) FROM permitted_output p JOIN score c USING (output_id)").scalar_one()
    )


def _write(db: Database, part: Part) -> None:
    """Take away what may no longer be there, then add and correct."""
    columns = ", ".join((*part.key, *part.content))
    same = " AND ".join(f"n.{name} = {part.table}.{name}" for name in part.key)
    db.exec_driver_sql("DROP TABLE IF EXISTS temp.fresh")
    db.exec_driver_sql(f"CREATE TEMPORARY TABLE fresh AS {part.rows}")
    db.exec_driver_sql(f"CREATE UNIQUE INDEX temp.fresh_once ON fresh ({', '.join(part.key)})")
    db.exec_driver_sql(
        f"DELETE FROM {part.table} WHERE audience IN ('public', 'internal') AND output_id IN (SELECT id FROM chosen) "
        f"AND NOT EXISTS (SELECT 1 FROM fresh n WHERE {same})"
    )
    differs = " OR ".join(f"{part.table}.{name} <> excluded.{name}" for name in part.content)
    correct = (
        f"UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in part.content)} WHERE {differs}" if differs else "NOTHING"
    )
    db.exec_driver_sql(
        f"INSERT INTO {part.table} ({columns}) SELECT {columns} FROM fresh WHERE output_id > 0 "
        f"ON CONFLICT ({', '.join(part.key)}) DO {correct}"
    )


_PERMITTED = {
    "permitted_output": """
        SELECT s.audience, s.output_id, s.visibility, s.closes_at FROM chosen x
        JOIN shown_output s ON s.output_id = x.id""",
    "permitted_person": """
        SELECT a.audience, a.output_id, a.person_id, a.public_id AS person, a.name, a.position, a.closes_at
        FROM chosen x
        JOIN shown_authorship a ON a.output_id = x.id""",
    # CROSS JOIN: from those who are named, never from the groups, of which everybody may be in some
    "permitted_group": """
        SELECT p.audience, p.output_id, g.public_id AS group_id, g.name,
          max(CASE WHEN p.closes_at < g.closes_at THEN p.closes_at ELSE g.closes_at END) AS closes_at
        FROM permitted_person p CROSS JOIN person_group m ON m.person_id = p.person_id
        CROSS JOIN open_group g ON g.audience = p.audience AND g.group_id = m.group_id
        GROUP BY p.audience, p.output_id, g.public_id, g.name""",
}
BADGE = "JOIN badge b ON b.audience = p.audience AND b.output_id = p.output_id"
PARTS = (
    Part(
        "badge",
        ("audience", "output_id"),
        (
            "public_id",
            "closes_at",
            "visibility",
            "title",
            "type",
            "journal",
            "journal_id",
            "issn",
            "published",
            "day",
            "precision",
            "doi",
            "score",
            "millipoints",
            "basis",
            "rules",
            "version",
            "scored_at",
        ),
        """
        SELECT p.audience, p.output_id, o.public_id, p.closes_at, p.visibility, o.title, o.type, o.journal,
          o.journal_id, o.issn, o.published, o.day, o.precision, o.doi, c.score, c.millipoints, c.basis, c.rules,
          c.version, c.scored_at
        FROM permitted_output p JOIN output o ON o.id = p.output_id JOIN score c ON c.output_id = p.output_id""",
    ),
    Part(
        "badge_identifier",
        ("audience", "output_id", "scheme", "value"),
        (),
        f"""
        SELECT DISTINCT p.audience, p.output_id, d.scheme, d.value FROM permitted_output p {BADGE}
        JOIN item i ON i.output_id = p.output_id AND i.state = 1
        JOIN connection c ON c.id = i.connection_id AND c.state <> 'removed'
        JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1 JOIN identifier d ON d.id = n.identifier_id""",
    ),
    Part(
        "badge_person",
        ("audience", "output_id", "person"),
        ("name", "position", "closes_at"),
        f"SELECT p.audience, p.output_id, p.person, p.name, p.position, p.closes_at FROM permitted_person p {BADGE}",
    ),
    Part(
        "badge_group",
        ("audience", "output_id", "group_id"),
        ("name", "closes_at"),
        f"SELECT p.audience, p.output_id, p.group_id, p.name, p.closes_at FROM permitted_group p {BADGE}",
    ),
    Part(
        "badge_source",
        ("audience", "output_id", "source_id"),
        ("mentions", "units", "millipoints"),
        f"""
        SELECT p.audience, p.output_id, c.source_id, c.mentions, c.units, c.millipoints FROM permitted_output p {BADGE}
        JOIN score_source c ON c.output_id = p.output_id""",
    ),
)
