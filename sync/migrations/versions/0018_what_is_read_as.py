"""The settings that decided what a source's records were read as, and those that have changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    for name in ("read_as", "read_again"):
        op.add_column("connection", sa.Column(name, sa.Text(), server_default="", nullable=False))
