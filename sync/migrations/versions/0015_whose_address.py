"""Whose badge goes to an address is found at once: a first push asks it for each item that it finds."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index("pushed_by_address", "pushed", ["address", "connection_id"])
