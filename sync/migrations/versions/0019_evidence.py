"""What was seen of the identifiers that a mention names, and what administrators ruled of its ties."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("mention_id", BIG, autoincrement=False, nullable=False),
        sa.Column("identifier_id", BIG, autoincrement=False, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mention_id", "identifier_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ruling",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("mention", BIG, nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("verdict", BIG, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("released_at", BIG, server_default=str(2**62), nullable=False),
        sa.CheckConstraint("verdict IN (-1, 1)", name="ruling_verdict_known"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("ruling_by_key", "ruling", ["connection", "key"])
    op.create_index("ruling_by_page", "ruling", ["source_id", "url"])
    op.add_column("mention_target", sa.Column("verdict", BIG, server_default="0", nullable=False))
