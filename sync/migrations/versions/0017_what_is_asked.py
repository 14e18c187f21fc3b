"""What services are asked about single outputs and people, and what they say."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "asked",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("misses", BIG, server_default="0", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("subject IN ('doi', 'orcid')", name="asked_subject_known"),
        sa.CheckConstraint("outcome IN ('found', 'unknown', 'error')", name="asked_outcome_known"),
        sa.UniqueConstraint("connection_id", "subject", "subject_id"),
        sqlite_strict=True,
    )
    op.create_index("asked_by_subject", "asked", ["subject", "subject_id"])
    op.create_table(
        "learned",
        sa.Column("id", BIG, primary_key=True, autoincrement=True),
        sa.Column("asked_id", BIG, nullable=False),
        sa.Column("doi_id", BIG, nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("issns", sa.Text(), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("learned_by_doi", "learned", ["doi_id"])
    op.create_index("learned_by_question", "learned", ["asked_id"])
    op.create_table(
        "learned_version",
        sa.Column("learned_id", BIG, autoincrement=False, nullable=False),
        sa.Column("identifier_id", BIG, autoincrement=False, nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("counts_here", BIG, nullable=False),
        sa.PrimaryKeyConstraint("learned_id", "identifier_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("learned_version_by_identifier", "learned_version", ["identifier_id"])
