"""Mentions of which nothing is quoted again, since somebody who was erased was named in what was."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("mention", sa.Column("unquoted", whole, server_default="0", nullable=False))
