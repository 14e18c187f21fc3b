"""Writing badges: what the permitted pairs allow is laid out, and one `INSERT ... SELECT` per table writes it, all in
the writing transaction.

A score computed from an older snapshot can therefore never bring back what a pull has just hidden: permission is read
here, at the moment of writing, and nowhere else. What is the same as before is left alone, and where all of it is the
same nothing is written at all.
"""

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store import permission, settle, versions
from sync.store.permission import SHOWN
from sync.store.rows import fill, measured
from sync.tables import FOREVER, metadata

MANY = 20_000  # outputs from which on it pays to lay permission out first


@dataclass(frozen=True, slots=True)
class Part:
    """One table of badges: what tells the rows of an output apart, what they hold, and the rows that may be there."""

    table: str
    key: tuple[str, ...]
    content: tuple[str, ...]
    rows: str
    also: tuple[str, ...] = ()  # what a later part asks for, and no badge holds

    @property
    def columns(self) -> str:
        return ", ".join((*self.key, *self.content))


def publish(db: Database, outputs: Collection[int], *, now: int, shown: str | None = None) -> int:
    """Make the badges of outputs what may show at `now` under the scope in force; how many there are.

    `shown` is how to ask for permission where the caller has it laid out already."""
    outputs = set(outputs) | versions.using(db, outputs)
    fill(db, "chosen", outputs)
    laid_out = (
        permission.laid_out(db, now=now) if shown is None and len(outputs) > MANY else nullcontext(shown or SHOWN)
    )
    with laid_out as asked:
        for table, columns in _VERSIONS.items():
            db.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
            db.exec_driver_sql(f"CREATE TEMPORARY TABLE {table} ({columns}) WITHOUT ROWID")
        db.execute(text(f"{asked} {_OPEN_VERSIONS}"), permission.at(now))
        db.execute(text(_OPEN_UNTIL), {"never": FOREVER})
        for part in PARTS:
            _permit(db, part, f"{asked} INSERT INTO permitted_{part.table}", now)
    # the parts of a badge before it: cheaper than as its consequence
    changed = sum([_take_away(db, part) for part in reversed(PARTS)] + [_add(db, part) for part in PARTS])
    if changed:
        db.execute(text(_REMEMBER), {"now": now})
        settle.bump(db)
    return int(db.exec_driver_sql("SELECT count(*) FROM permitted_badge").scalar_one())


def _permit(db: Database, part: Part, insert: str, now: int) -> None:
    """Lay out what may be there, in the order of outputs, in which most of it is found."""
    name, kinds = f"permitted_{part.table}", metadata().tables[part.table].columns
    columns = [f"{each} {kinds[each].type}" for each in (*part.key, *part.content)]  # a kind, or no index is used
    columns += [f"{each} INTEGER" for each in part.also]
    db.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    db.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {name} ({', '.join(columns)}, PRIMARY KEY ({', '.join(part.key)})) WITHOUT ROWID"
    )
    db.execute(text(f"{insert} ({', '.join((part.columns, *part.also))}) {part.rows}"), permission.at(now))
    measured(db, name)


def _take_away(db: Database, part: Part) -> int:
    """Drop what may not be there; how many rows."""
    same = " AND ".join(f"n.{name} = {part.table}.{name}" for name in part.key)
    gone = db.exec_driver_sql(
        f"DELETE FROM {part.table} WHERE audience IN ('public', 'internal') AND output_id IN (SELECT id FROM chosen) "
        f"AND NOT EXISTS (SELECT 1 FROM permitted_{part.table} n WHERE {same})"
    )
    return gone.rowcount


def _add(db: Database, part: Part) -> int:
    """Add what is new, and correct what differs; how many rows."""
    differs = " OR ".join(f"{part.table}.{name} <> excluded.{name}" for name in part.content)
    correct = (
        f"UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in part.content)} WHERE {differs}" if differs else "NOTHING"
    )
    come = db.exec_driver_sql(
        f"INSERT INTO {part.table} ({part.columns}) SELECT {part.columns} FROM permitted_{part.table} "
        f"WHERE output_id > 0 ON CONFLICT ({', '.join(part.key)}) DO {correct}"
    )
    return come.rowcount


# Until when an audience sees all versions whose attention is in a score; 0 where it does not see one, or where one has
# changed since. The permission of a score is that of all its parts. It is asked for each version first: what stands in
# an outer join to the relation of permission would have it worked out for all outputs.
_VERSIONS = {
    "open_version": "version_id BIGINT, audience TEXT, closes_at BIGINT, PRIMARY KEY (version_id, audience)",
    "open_until": "score_key BIGINT, audience TEXT, closes_at BIGINT, PRIMARY KEY (score_key, audience)",
}
_OPEN_VERSIONS = """
INSERT INTO open_version (version_id, audience, closes_at)
SELECT s.output_id, s.audience, s.closes_at
FROM (
  SELECT DISTINCT v.version_id FROM chosen x CROSS JOIN score_version v ON v.output_id IN (x.id, -x.id)
) AS w CROSS JOIN shown_output s ON s.output_id = w.version_id
"""
_OPEN_UNTIL = """
INSERT INTO open_until (score_key, audience, closes_at)
SELECT v.output_id, a.audience,
  min(CASE WHEN v.barred = 1 THEN 0 WHEN v.version_id = 0 THEN :never ELSE coalesce(s.closes_at, 0) END)
FROM chosen x CROSS JOIN score_version v ON v.output_id IN (x.id, -x.id)
CROSS JOIN (SELECT 'public' AS audience UNION ALL SELECT 'internal') AS a
LEFT JOIN open_version s ON s.version_id = v.version_id AND s.audience = a.audience
GROUP BY v.output_id, a.audience
"""

# CROSS JOIN keeps SQLite from beginning with all items, or with the groups, of which everybody may be in some; ORDER BY
# from reading authorships by person. Rows then come in the order in which they are kept.
PARTS = (
    Part(
        "badge",
        ("output_id", "audience"),
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
        SELECT s.output_id, s.audience, o.public_id,
          CASE WHEN v.closes_at < s.closes_at THEN v.closes_at ELSE s.closes_at END, s.visibility, o.title, o.type,
          o.journal, o.journal_id, o.issn, o.published, o.day, o.precision, o.doi, c.score, c.millipoints, c.basis,
          c.rules, c.version, c.scored_at, c.output_id
        FROM chosen x CROSS JOIN shown_output s ON s.output_id = x.id
        JOIN output o ON o.id = s.output_id
        LEFT JOIN score w ON w.output_id = -s.output_id AND s.audience = 'internal'
        JOIN score c ON c.output_id = coalesce(w.output_id, s.output_id)
        LEFT JOIN open_until v ON v.score_key = c.output_id AND v.audience = s.audience
        WHERE coalesce(v.closes_at, :never) > :now""",
        also=("score_key",),
    ),
    Part(
        "badge_identifier",
        ("output_id", "audience", "scheme", "value"),
        (),
        """
        SELECT p.output_id, p.audience, d.scheme, d.value
        FROM permitted_badge p CROSS JOIN item i ON i.output_id = p.output_id AND i.state = 1
        CROSS JOIN connection c ON c.id = i.connection_id AND c.state <> 'removed'
        CROSS JOIN item_identifier n ON n.item_id = i.id AND n.counts = 1
        CROSS JOIN identifier d ON d.id = n.identifier_id WHERE p.output_id > 0
        ON CONFLICT DO NOTHING""",
    ),
    Part(
        "badge_person",
        ("output_id", "audience", "person"),
        ("name", "position", "closes_at"),
        """
        SELECT a.output_id, a.audience, a.public_id, a.name, a.position, a.closes_at, a.person_id
        FROM chosen x JOIN shown_authorship a ON a.output_id = x.id
        WHERE EXISTS (SELECT 1 FROM permitted_badge p WHERE p.output_id = a.output_id AND p.audience = a.audience)
        ORDER BY x.id""",
        also=("person_id",),
    ),
    Part(
        "badge_group",
        ("output_id", "audience", "group_id"),
        ("name", "closes_at"),
        """
        SELECT p.output_id, p.audience, g.public_id, g.name,
          max(CASE WHEN p.closes_at < g.closes_at THEN p.closes_at ELSE g.closes_at END)
        FROM permitted_badge_person p CROSS JOIN person_group m ON m.person_id = p.person_id
        CROSS JOIN open_group g ON g.audience = p.audience AND g.group_id = m.group_id
        GROUP BY p.output_id, p.audience, g.public_id, g.name""",
    ),
    Part(
        "badge_subject",
        ("output_id", "audience", "subject_id"),
        ("name",),
        """
        SELECT p.output_id, p.audience, s.subject_id, s.name
        FROM permitted_badge p JOIN output_subject s ON s.output_id = p.output_id""",
    ),
    Part(
        "badge_source",
        ("output_id", "audience", "source_id"),
        ("mentions", "units", "millipoints", "tallied"),
        """
        SELECT p.output_id, p.audience, c.source_id, c.mentions, c.units, c.millipoints, c.tallied
        FROM permitted_badge p JOIN score_source c ON c.output_id = p.score_key""",
    ),
    Part(
        "badge_text",
        ("output_id", "audience"),
        ("terms", "title"),
        # A name that must go before the badge does is not found by. No address keeps a blank at the end of a title.
        """
        SELECT p.output_id, p.audience, o.terms || coalesce((
          SELECT ' ' || group_concat(named.terms, ' ') FROM (
            SELECT w.terms FROM permitted_badge_person n CROSS JOIN person w ON w.id = n.person_id
            WHERE n.output_id = p.output_id AND n.audience = p.audience AND n.closes_at >= p.closes_at
            ORDER BY n.person) AS named), ''), rtrim(substr(o.terms, 1, 60))
        FROM permitted_badge p JOIN output o ON o.id = p.output_id""",
    ),
    Part(
        "badge_version",
        ("output_id", "audience", "scheme", "value"),
        ("version", "relation"),
        """
        SELECT p.output_id, p.audience, d.scheme, d.value, coalesce(o.public_id, 0), v.relation
        FROM permitted_badge p CROSS JOIN score_version v ON v.output_id = p.score_key
        JOIN identifier d ON d.id = v.identifier_id LEFT JOIN output o ON o.id = v.version_id""",
    ),
)

# The history that each audience may be told: what a badge shows now, where that is not what it last showed. The reason
# is that of the score's own last change, but only where this audience saw all of it.
_REMEMBER = """
INSERT INTO badge_change (audience, output_id, at, millipoints, rules, version, reason)
SELECT p.audience, p.output_id, :now, p.millipoints, p.rules, p.version,
  CASE WHEN l.rules <> p.rules OR l.version <> p.version THEN 'rules'
       WHEN c.before = l.millipoints AND c.reason <> 'rules' THEN c.reason ELSE 'mentions' END
FROM permitted_badge p
LEFT JOIN badge_change l ON l.id = (
  SELECT max(n.id) FROM badge_change n WHERE n.output_id = p.output_id AND n.audience = p.audience)
LEFT JOIN score_change c ON c.id = (SELECT max(s.id) FROM score_change s WHERE s.output_id = p.score_key)
WHERE (l.id IS NULL AND p.millipoints > 0)
  OR l.millipoints <> p.millipoints OR l.rules <> p.rules OR l.version <> p.version
ORDER BY p.output_id, p.audience
"""
