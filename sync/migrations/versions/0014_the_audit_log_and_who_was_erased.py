"""The audit log can only grow, and each line is tied to the one before it; and what remains of who was erased.

The lines that are there are tied in their order, the same in the store and in every backup of it.
"""

import sqlalchemy as sa
from alembic import op

from sync.store.chain import BEGINNING, tie

revision = "0014"
down_revision = "0013"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 10_000


def upgrade() -> None:
    op.add_column("audit", sa.Column("hash", sa.Text(), server_default="", nullable=False))
    op.create_index("audit_by_verb", "audit", ["verb", "id"])
    _tie()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.create_table(
        "erased",
        sa.Column("mark", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint("kind IN ('person', 'account')", name="erased_kind_known"),
        sa.PrimaryKeyConstraint("mark"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("erased_by_subject", "erased", ["subject"])


def _tie() -> None:
    db, last, lines, before = op.get_bind(), 0, 0, BEGINNING
    while rows := db.execute(sa.text(LINES), {"last": last, "most": AT_ONCE}).fetchall():
        tied = []
        for id_, *line in rows:
            before = tie(before, *line)
            tied.append({"id": id_, "hash": before})
        db.execute(sa.text("UPDATE audit SET hash = :hash WHERE id = :id"), tied)
        last, lines = rows[-1][0], lines + len(rows)
    if lines:
        db.execute(sa.text(HEAD), {"value": f"{lines} {before}"})


LINES = "SELECT id, at, actor, verb, subject, detail FROM audit WHERE id > :last ORDER BY id LIMIT :most"
HEAD = "INSERT INTO meta (name, value) VALUES ('audit_head', :value)"
SQLITE = tuple(
    f"CREATE TRIGGER audit_{word} BEFORE {verb} ON audit BEGIN "
    "SELECT RAISE(ABORT, 'the audit log is never changed'); END"
    for word, verb in (("stays", "UPDATE"), ("never_goes", "DELETE"))
)
POSTGRESQL = (
    """
    CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$""",
    "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()",
    "CREATE TRIGGER audit_never_goes BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_stays()",
)
