"""Search: the words that badges are found by, one index of them for each audience, and journals with lasting numbers.

The indexes follow their table by triggers (SQLite) or as indexes do (PostgreSQL), so that whatever writes or drops a
badge, by whichever way, nothing else is found.
"""

import sqlalchemy as sa
from alembic import op

from sync.store.words import number_of, pieces

revision = "0010"
down_revision = "0009"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AUDIENCES = ("public", "internal")
AT_ONCE = 10_000


def upgrade() -> None:
    for table in ("output", "person"):
        op.add_column(table, sa.Column("terms", sa.Text(), server_default=".", nullable=False))
    _say_terms()
    _number_journals()
    op.create_table(
        "badge_text",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience", "output_id"], ["badge.audience", "badge.output_id"], ondelete="CASCADE", deferrable=True
        ),
        sa.PrimaryKeyConstraint("audience", "output_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for audience in AUDIENCES:
        for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
            op.execute(statement.replace("AUDIENCE", audience))
    op.execute(FILL)
    op.create_index("badge_text_by_title", "badge_text", ["audience", "title"])
    op.drop_index("badge_by_millipoints", "badge")
    op.drop_index("badge_by_day", "badge")
    op.create_index("badge_by_millipoints", "badge", ["audience", "millipoints", "day", "public_id", "closes_at"])
    op.create_index("badge_by_day", "badge", ["audience", "day", "millipoints", "public_id", "precision", "closes_at"])
    closes = sa.text(f"closes_at < {2**62}")
    op.create_index(
        "badge_that_closes", "badge", ["audience", "closes_at"], sqlite_where=closes, postgresql_where=closes
    )
    counted = ["audience", "output_id", "type", "journal_id", "day", "precision", "closes_at"]
    op.create_index("badge_by_output", "badge", counted)
    op.create_index("badge_source_by_source", "badge_source", ["audience", "source_id", "mentions"])


def _say_terms() -> None:
    db = op.get_bind()
    for table, columns in (("output", "title, journal, issn"), ("person", "name")):
        put = sa.text(f"UPDATE {table} SET terms = :terms WHERE id = :id")  # noqa: S608 - names of ours
        found = db.execute(sa.text(f"SELECT id, {columns} FROM {table}")).fetchall()  # noqa: S608
        for first in range(0, len(found), AT_ONCE):
            db.execute(put, [{"id": id_, "terms": pieces(*told)} for id_, *told in found[first : first + AT_ONCE]])


def _number_journals() -> None:
    db = op.get_bind()
    numbers = [
        {"old": id_, "new": number_of(name)} for id_, name in db.execute(sa.text("SELECT id, name FROM journal"))
    ]
    op.execute("CREATE TEMPORARY TABLE renumbered (old INTEGER PRIMARY KEY, new INTEGER)")
    if numbers:
        db.execute(sa.text("INSERT INTO renumbered (old, new) VALUES (:old, :new)"), numbers)
        db.execute(sa.text("UPDATE journal SET id = :new WHERE id = :old"), numbers)
    for table in ("output", "badge"):
        op.execute(
            f"UPDATE {table} SET journal_id = (SELECT new FROM renumbered WHERE old = journal_id) "  # noqa: S608
            "WHERE journal_id IN (SELECT old FROM renumbered)"
        )
    op.execute("DROP TABLE renumbered")


FILL = """
INSERT INTO badge_text (output_id, audience, terms, title)
SELECT b.output_id, b.audience, o.terms || coalesce((
  SELECT ' ' || group_concat(named.terms, ' ') FROM (
    SELECT w.terms FROM badge_person n JOIN person w ON w.public_id = n.person
    WHERE n.output_id = b.output_id AND n.audience = b.audience AND n.closes_at >= b.closes_at
    ORDER BY n.person) AS named), ''), rtrim(substr(o.terms, 1, 60))
FROM badge b JOIN output o ON o.id = b.output_id
"""
# The index holds no text, so what goes from it is told word by word. It takes the words as they are: whatever is no
# ASCII belongs to a word.
SQLITE = (
    "CREATE VIEW text_AUDIENCE AS SELECT output_id, terms FROM badge_text WHERE audience = 'AUDIENCE'",
    """
    CREATE VIRTUAL TABLE found_AUDIENCE USING fts5(terms, content = 'text_AUDIENCE', content_rowid = 'output_id',
      tokenize = 'ascii', detail = 'none', columnsize = 0)""",
    """
    CREATE TRIGGER badge_text_come_AUDIENCE AFTER INSERT ON badge_text WHEN new.audience = 'AUDIENCE' BEGIN
      INSERT INTO found_AUDIENCE (rowid, terms) VALUES (new.output_id, new.terms);
    END""",
    """
    CREATE TRIGGER badge_text_gone_AUDIENCE AFTER DELETE ON badge_text WHEN old.audience = 'AUDIENCE' BEGIN
      INSERT INTO found_AUDIENCE (found_AUDIENCE, rowid, terms) VALUES ('delete', old.output_id, old.terms);
    END""",
    """
    CREATE TRIGGER badge_text_changed_AUDIENCE AFTER UPDATE ON badge_text WHEN old.audience = 'AUDIENCE' BEGIN
      INSERT INTO found_AUDIENCE (found_AUDIENCE, rowid, terms) VALUES ('delete', old.output_id, old.terms);
      INSERT INTO found_AUDIENCE (rowid, terms) VALUES (new.output_id, new.terms);
    END""",
)
POSTGRESQL = (
    """
    CREATE INDEX badge_text_AUDIENCE ON badge_text USING gin (array_to_tsvector(string_to_array(terms, ' ')))
    WHERE audience = 'AUDIENCE'""",
)
