"""Mentions that administrators refused, and a mark on those that are stored."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "refusal",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("mention", BIG, nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("released_at", BIG, server_default=str(2**62), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("refusal_by_key", "refusal", ["connection", "key"])
    op.create_index("refusal_by_page", "refusal", ["source_id", "url"])
    op.add_column("mention", sa.Column("refused", BIG, server_default="0", nullable=False))
