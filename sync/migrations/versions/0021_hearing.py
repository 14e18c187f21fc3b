"""What connectors remember from run to run; why a mention was taken back, and when it is looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("connection_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("connection_id", "name"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.add_column("mention", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("mention", sa.Column("due_at", BIG, server_default=str(2**62), nullable=False))
    op.create_index("mention_due", "mention", ["connection_id", "due_at"])
