"""Subjects: the fields that outputs are classified under, so that a score can be compared within them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("item", sa.Column("subjects", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "subject",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "output_subject",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("subject_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("output_id", "subject_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "badge_subject",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("subject_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience", "output_id"], ["badge.audience", "badge.output_id"], ondelete="CASCADE", deferrable=True
        ),
        sa.PrimaryKeyConstraint("audience", "output_id", "subject_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("badge_subject_by_subject", "badge_subject", ["audience", "subject_id"])
