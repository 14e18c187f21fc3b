"""What a place that cannot be asked knows a badge by: the notice that told of it, or its line in a file."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("pushed", sa.Column("mark", sa.Text(), server_default="", nullable=False))
