"""The console: who is signed in, errands, and how the scope came to be what it is."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("seen_at", BIG, nullable=False),
        sa.Column("until_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, server_default="0", nullable=False),
        sa.Column("account", sa.Text(), server_default="", nullable=False),
        sa.Column("visit", sa.Text(), server_default="", nullable=False),
        sa.Column("hint", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("role IN ('internal', 'editor', 'admin')", name="session_role_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mark"),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in_link",
        sa.Column("mark", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("until_at", BIG, nullable=False),
        sa.CheckConstraint("role IN ('internal', 'editor', 'admin')", name="sign_in_link_role_known"),
        sa.PrimaryKeyConstraint("mark"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_used",
        sa.Column("mark", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("until_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("mark"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "token",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("may", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("until_at", BIG, nullable=False),
        sa.Column("used_at", BIG, server_default="0", nullable=False),
        sa.Column("ended_at", BIG, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mark"),
        sqlite_strict=True,
    )
    op.create_table(
        "errand",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("begun_at", BIG, server_default="0", nullable=False),
        sa.Column("ended_at", BIG, server_default="0", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("told", sa.Text(), server_default="{}", nullable=False),
        sa.CheckConstraint("verb IN ('pull', 'full', 'score', 'push', 'check', 'withdraw')", name="errand_verb_known"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "scope_change",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
