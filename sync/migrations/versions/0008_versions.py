"""Versions: what records state of others, which of them are in a score, and which of those a badge may name."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "item_version",
        sa.Column("item_id", BIG, autoincrement=False, nullable=False),
        sa.Column("identifier_id", BIG, autoincrement=False, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("counts_here", BIG, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "identifier_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("item_version_by_identifier", "item_version", ["identifier_id"])
    op.create_table(
        "score_version",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("identifier_id", BIG, autoincrement=False, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("barred", BIG, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("output_id", "identifier_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("score_version_by_version", "score_version", ["version_id"])
    op.create_index("score_version_by_identifier", "score_version", ["identifier_id"])
    op.create_table(
        "badge_version",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience", "output_id"], ["badge.audience", "badge.output_id"], ondelete="CASCADE", deferrable=True
        ),
        sa.PrimaryKeyConstraint("audience", "output_id", "scheme", "value"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
