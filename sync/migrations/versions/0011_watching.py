"""Watching and reports: what readers ask of us."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "watcher",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("mailed_at", BIG, server_default="0", nullable=False),
        sa.Column("day", BIG, server_default="0", nullable=False),
        sa.Column("tries", BIG, server_default="0", nullable=False),
        sa.Column("next_at", BIG, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("address"),
        sqlite_strict=True,
    )
    op.create_table(
        "watch",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("watcher_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("confirmed_at", BIG, server_default="0", nullable=False),
        sa.Column("seen", BIG, server_default="0", nullable=False),
        sa.Column("seen_at", BIG, server_default="0", nullable=False),
        sa.CheckConstraint("kind IN ('output')", name="watch_kind_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("watcher_id", "kind", "subject"),
        sqlite_strict=True,
    )
    op.create_table(
        "watch_token",
        sa.Column("mark", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("watcher_id", BIG, nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("mark"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("watch_token_by_watcher", "watch_token", ["watcher_id"])
    op.create_table(
        "report",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("output", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mention", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("closed_at", BIG, server_default="0", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("kind IN ('missed', 'wrong')", name="report_kind_known"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
