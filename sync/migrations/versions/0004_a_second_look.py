"""When an address that a badge was pushed to was last found by what it is known by."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("pushed", sa.Column("looked_at", BIG, server_default="0", nullable=False))
