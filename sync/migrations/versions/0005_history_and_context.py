"""What each audience could see of a score, and since when; and indexes by which a context is counted without reading
badges. The history begins with what is shown now, since nobody wrote down what was shown before."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COUNTED_BY = {
    "badge_by_millipoints": ("badge", ["audience", "millipoints", "closes_at"]),
    "badge_by_journal": ("badge", ["audience", "journal_id", "day", "precision", "millipoints", "closes_at"]),
    "badge_by_day": ("badge", ["audience", "day", "precision", "millipoints", "closes_at"]),
    "badge_group_by_group": ("badge_group", ["audience", "group_id", "closes_at"]),
}
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name, (table, columns) in COUNTED_BY.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, unique=False)
    op.create_index("badge_by_type", "badge", ["audience", "type", "millipoints", "closes_at"], unique=False)
    op.create_table(
        "badge_change",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("output_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("millipoints", BIG, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("audience IN ('public', 'internal')", name="badge_change_audience_known"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("badge_change_by_output", "badge_change", ["output_id", "audience"], unique=False)
    op.execute(
        "INSERT INTO badge_change (audience, output_id, at, millipoints, rules, version, reason) "
        "SELECT audience, output_id, scored_at, millipoints, rules, version, 'mentions' FROM badge "
        "WHERE millipoints > 0 ORDER BY output_id, audience"
    )
