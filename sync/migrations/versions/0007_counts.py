"""Counts: how many units of a source speak of an output where no mention is known, and which points come from them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("identifier_id", BIG, autoincrement=False, nullable=False),
        sa.Column("source_id", BIG, autoincrement=False, nullable=False),
        sa.Column("connection_id", BIG, autoincrement=False, nullable=False),
        sa.Column("units", BIG, nullable=False),
        sa.Column("told_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("identifier_id", "source_id", "connection_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("tally_by_connection", "tally", ["connection_id"])
    op.add_column("score_source", sa.Column("tallied", BIG, server_default="0", nullable=False))
    op.add_column("badge_source", sa.Column("tallied", BIG, server_default="0", nullable=False))
