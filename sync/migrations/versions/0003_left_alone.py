"""What a daemon needs: its lease, rests of sources that fail, alarms, and runs that say what was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("taken_at", BIG, nullable=False),
        sa.Column("until_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alarm",
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("since_at", BIG, nullable=False),
        sa.Column("told_at", BIG, server_default="0", nullable=False),
        sa.Column("solved_at", BIG, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.add_column("connection", sa.Column("rests_until", BIG, server_default="0", nullable=False))
    op.add_column("connection", sa.Column("unread", BIG, server_default="0", nullable=False))
    op.add_column("run", sa.Column("asked", sa.Text(), server_default="", nullable=False))
    op.add_column("run", sa.Column("expected", BIG, server_default="0", nullable=False))
