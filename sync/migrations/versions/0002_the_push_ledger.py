"""The push ledger, and how many writes of a connection an administrator has agreed to beyond its limit."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pushed",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("output", BIG, nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), server_default="", nullable=False),
        sa.Column("identifier", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("intended", sa.Text(), server_default="", nullable=False),
        sa.Column("intended_at", BIG, server_default="0", nullable=False),
        sa.Column("written_at", BIG, server_default="0", nullable=False),
        sa.Column("tries", BIG, server_default="0", nullable=False),
        sa.Column("next_at", BIG, server_default="0", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("audience IN ('public', 'internal')", name="pushed_audience_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "output", "target", "field"),
        sqlite_strict=True,
    )
    op.create_index("pushed_by_output", "pushed", ["output"])
    op.add_column("connection", sa.Column("push_agreed", BIG, server_default="0", nullable=False))
