"""Facts about who speaks: what administrators say, whose the domains are, their habits, signs of gaming."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outlet_said",
        sa.Column("outlet_id", BIG, autoincrement=False, nullable=False),
        sa.Column("said_by", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("tier", BIG, nullable=False),
        sa.Column("reach", BIG, nullable=False),
        sa.Column("active", BIG, nullable=False),
        sa.CheckConstraint("said_by IN (1, 2)", name="outlet_said_by_known"),
        sa.PrimaryKeyConstraint("outlet_id", "said_by"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outlet_domain",
        sa.Column("domain", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("said_by", BIG, autoincrement=False, nullable=False),
        sa.Column("outlet_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("domain", "said_by"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_outlet_domain_outlet_id"), "outlet_domain", ["outlet_id"], unique=False)
    op.add_column("mention", sa.Column("found", BIG, server_default="0", nullable=False))
    op.create_table(
        "account_said",
        sa.Column("account_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("followers", BIG, nullable=False),
        sa.Column("posts", BIG, nullable=False),
        sa.Column("share", BIG, nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "account_habit",
        sa.Column("account_id", BIG, autoincrement=False, nullable=False),
        sa.Column("posts", BIG, nullable=False),
        sa.Column("share", BIG, nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "account_past",
        sa.Column("account_id", BIG, autoincrement=False, nullable=False),
        sa.Column("day", BIG, autoincrement=False, nullable=False),
        sa.Column("followers", BIG, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "day"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("mention_id", BIG, autoincrement=False, nullable=False),
        sa.Column("sign", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("output_id", "mention_id", "sign"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
