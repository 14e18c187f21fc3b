"""The house: every table, and which audience sees which level."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEES = (("public", 2), ("internal", 2), ("internal", 1))  # private is in no pair


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("followers", BIG, nullable=False),
        sa.Column("posts", BIG, nullable=False),
        sa.Column("share", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "key"),
        sqlite_strict=True,
    )
    op.create_table(
        "account_moved",
        sa.Column("account_id", BIG, autoincrement=False, nullable=False),
        sa.Column("followers", BIG, nullable=False),
        sa.Column("posts", BIG, nullable=False),
        sa.Column("share", BIG, nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "authorship",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        sa.Column("visibility", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.CheckConstraint("visibility IN (0, 1, 2)", name="authorship_visibility_known"),
        sa.PrimaryKeyConstraint("output_id", "person_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("authorship_by_person", "authorship", ["person_id"], unique=False)
    op.create_table(
        "authorship_record",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item_key", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("visibility", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("doubts", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", BIG, server_default="1", nullable=False),
        sa.Column("sweep", BIG, nullable=False),
        sa.CheckConstraint("visibility IN (0, 1, 2)", name="authorship_record_visibility_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "key"),
        sqlite_strict=True,
    )
    op.create_index("authorship_record_by_item", "authorship_record", ["connection_id", "item_key"], unique=False)
    op.create_index("authorship_record_by_person", "authorship_record", ["connection_id", "person_key"], unique=False)
    op.create_table(
        "badge",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("public_id", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("visibility", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("journal_id", BIG, nullable=False),
        sa.Column("issn", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("day", BIG, nullable=False),
        sa.Column("precision", BIG, nullable=False),
        sa.Column("doi", sa.Text(), nullable=False),
        sa.Column("score", BIG, nullable=False),
        sa.Column("millipoints", BIG, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("scored_at", BIG, nullable=False),
        sa.CheckConstraint("audience IN ('public', 'internal')", name="badge_audience_known"),
        sa.CheckConstraint("visibility IN (1, 2)", name="badge_never_private"),
        sa.PrimaryKeyConstraint("audience", "output_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("badge_by_day", "badge", ["audience", "day", "millipoints"], unique=False)
    op.create_index("badge_by_journal", "badge", ["audience", "journal_id", "day"], unique=False)
    op.create_index("badge_by_millipoints", "badge", ["audience", "millipoints"], unique=False)
    op.create_index("badge_by_public_id", "badge", ["audience", "public_id"], unique=True)
    op.create_table(
        "coming",
        sa.Column("mention_id", BIG, autoincrement=False, nullable=False),
        sa.Column("occurred_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("mention_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "connection",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("people", BIG, nullable=False),
        sa.Column("require_author", BIG, nullable=False),
        sa.Column("keep", BIG, nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("sweep", BIG, server_default="0", nullable=False),
        sa.Column("cursor", sa.Text(), server_default="", nullable=False),
        sa.Column("bookmark", sa.Text(), server_default="", nullable=False),
        sa.Column("bookmark_at", BIG, server_default="0", nullable=False),
        sa.Column("failures", BIG, server_default="0", nullable=False),
        sa.Column("alarm", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('active', 'paused', 'removed')", name="connection_state_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "dirty",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("turn", BIG, nullable=False),
        sa.PrimaryKeyConstraint("output_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_record",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("public_id", BIG, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parents", sa.Text(), nullable=False),
        sa.Column("visibility", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("effective", BIG, server_default="0", nullable=False),
        sa.Column("effective_closes_at", BIG, server_default="0", nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("doubts", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", BIG, server_default="1", nullable=False),
        sa.Column("sweep", BIG, nullable=False),
        sa.Column("held_at", BIG, server_default="0", nullable=False),
        sa.Column("held_run", BIG, server_default="0", nullable=False),
        sa.CheckConstraint("effective IN (0, 1, 2)", name="group_record_effective_known"),
        sa.CheckConstraint("visibility IN (0, 1, 2)", name="group_record_visibility_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "key"),
        sa.UniqueConstraint("public_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "hide",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("until_at", BIG, nullable=False),
        sa.Column("released_at", BIG, server_default="4611686018427387904", nullable=False),
        sa.CheckConstraint("kind IN ('output', 'person')", name="hide_kind_known"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "hide_target",
        sa.Column("hide_id", BIG, autoincrement=False, nullable=False),
        sa.Column("mark", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hide_id", "mark"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("hide_target_by_mark", "hide_target", ["mark"], unique=False)
    op.create_table(
        "identifier",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scheme", "value"),
        sqlite_strict=True,
    )
    op.create_table(
        "item",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("output_id", BIG, server_default="0", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("issns", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("visibility", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("doubts", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", BIG, server_default="1", nullable=False),
        sa.Column("sweep", BIG, nullable=False),
        sa.Column("into_key", sa.Text(), server_default="", nullable=False),
        sa.Column("held_at", BIG, server_default="0", nullable=False),
        sa.Column("held_run", BIG, server_default="0", nullable=False),
        sa.CheckConstraint("visibility IN (0, 1, 2)", name="item_visibility_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "key"),
        sqlite_strict=True,
    )
    op.create_index(
        "item_by_survivor",
        "item",
        ["connection_id", "into_key"],
        unique=False,
        sqlite_where=sa.text("into_key <> ''"),
        postgresql_where=sa.text("into_key <> ''"),
    )
    op.create_index(op.f("ix_item_output_id"), "item", ["output_id"], unique=False)
    op.create_table(
        "item_identifier",
        sa.Column("item_id", BIG, autoincrement=False, nullable=False),
        sa.Column("identifier_id", BIG, autoincrement=False, nullable=False),
        sa.Column("counts", BIG, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "identifier_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("item_identifier_by_identifier", "item_identifier", ["identifier_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "mark",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("mention_id", BIG, autoincrement=False, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("outlet_id", BIG, nullable=False),
        sa.Column("occurred_at", BIG, nullable=False),
        sa.Column("known_at", BIG, nullable=False),
        sa.Column("taken_at", BIG, nullable=False),
        sa.Column("repost", BIG, nullable=False),
        sa.Column("page_id", BIG, nullable=False),
        sa.Column("twin", BIG, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("output_id", "mention_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("mark_by_mention", "mark", ["mention_id"], unique=False)
    op.create_table(
        "member",
        sa.Column("connection_id", BIG, autoincrement=False, nullable=False),
        sa.Column("group_key", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_key", sa.Text(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("connection_id", "group_key", "person_key"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mention",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("public_id", BIG, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("outlet_id", BIG, nullable=False),
        sa.Column("page_id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("occurred_at", BIG, nullable=False),
        sa.Column("known_at", BIG, nullable=False),
        sa.Column("taken_at", BIG, nullable=False),
        sa.Column("repost", BIG, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "key"),
        sa.UniqueConstraint("public_id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mention_account_id"), "mention", ["account_id"], unique=False)
    op.create_index(op.f("ix_mention_outlet_id"), "mention", ["outlet_id"], unique=False)
    op.create_index(op.f("ix_mention_page_id"), "mention", ["page_id"], unique=False)
    op.create_table(
        "mention_target",
        sa.Column("mention_id", BIG, autoincrement=False, nullable=False),
        sa.Column("identifier_id", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("mention_id", "identifier_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("mention_target_by_identifier", "mention_target", ["identifier_id"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outlet",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("tier", BIG, nullable=False),
        sa.Column("reach", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sqlite_strict=True,
    )
    op.create_table(
        "output",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("public_id", BIG, nullable=False),
        sa.Column("visibility", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("live", BIG, nullable=False),
        sa.Column("requires_author", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("journal_id", BIG, server_default="0", nullable=False),
        sa.Column("issn", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("day", BIG, nullable=False),
        sa.Column("precision", BIG, nullable=False),
        sa.Column("doi", sa.Text(), nullable=False),
        sa.Column("conflict", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("visibility IN (0, 1, 2)", name="output_visibility_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "output_vote",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("item_id", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("output_id", "item_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("output_vote_by_item", "output_vote", ["item_id"], unique=False)
    op.create_table(
        "page",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "url"),
        sqlite_strict=True,
    )
    op.create_table(
        "person",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("public_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("visibility", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("live", BIG, nullable=False),
        sa.Column("current", BIG, nullable=False),
        sa.Column("academic", BIG, nullable=False),
        sa.Column("student", BIG, nullable=False),
        sa.CheckConstraint("visibility IN (0, 1, 2)", name="person_visibility_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "person_group",
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        sa.Column("group_id", BIG, autoincrement=False, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "group_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_record",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("orcid", sa.Text(), server_default="", nullable=False),
        sa.Column("visibility", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.Column("current", BIG, nullable=False),
        sa.Column("academic", BIG, nullable=False),
        sa.Column("student", BIG, nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("doubts", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", BIG, server_default="1", nullable=False),
        sa.Column("sweep", BIG, nullable=False),
        sa.Column("into_key", sa.Text(), server_default="", nullable=False),
        sa.Column("held_at", BIG, server_default="0", nullable=False),
        sa.Column("held_run", BIG, server_default="0", nullable=False),
        sa.CheckConstraint("visibility IN (0, 1, 2)", name="person_record_visibility_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "key"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_person_record_orcid"), "person_record", ["orcid"], unique=False)
    op.create_index(op.f("ix_person_record_person_id"), "person_record", ["person_id"], unique=False)
    op.create_index(
        "person_record_by_survivor",
        "person_record",
        ["connection_id", "into_key"],
        unique=False,
        sqlite_where=sa.text("into_key <> ''"),
        postgresql_where=sa.text("into_key <> ''"),
    )
    op.create_table(
        "run",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("began_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, server_default="0", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="running", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("counts", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_run_connection_id"), "run", ["connection_id"], unique=False)
    op.create_table(
        "scope",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("current_only", BIG, nullable=False),
        sa.Column("profile", BIG, nullable=False),
        sa.Column("people", BIG, nullable=False),
        sa.Column("outputs", BIG, nullable=False),
        sa.Column("authorships", BIG, nullable=False),
        sa.CheckConstraint("authorships IN (0, 1, 2)", name="scope_authorships_known"),
        sa.CheckConstraint("outputs IN (0, 1, 2)", name="scope_outputs_known"),
        sa.CheckConstraint("people IN (0, 1, 2)", name="scope_people_known"),
        sa.CheckConstraint("profile IN (0, 1, 2) AND current_only IN (0, 1)", name="scope_filters_known"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "score",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("millipoints", BIG, nullable=False),
        sa.Column("score", BIG, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("scored_at", BIG, nullable=False),
        sa.CheckConstraint("basis IN ('mentions', 'counts', 'none')", name="score_basis_known"),
        sa.PrimaryKeyConstraint("output_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "score_change",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("output_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("before", BIG, nullable=False),
        sa.Column("after", BIG, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_score_change_output_id"), "score_change", ["output_id"], unique=False)
    op.create_table(
        "score_source",
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("source_id", BIG, autoincrement=False, nullable=False),
        sa.Column("mentions", BIG, nullable=False),
        sa.Column("units", BIG, nullable=False),
        sa.Column("millipoints", BIG, nullable=False),
        sa.PrimaryKeyConstraint("output_id", "source_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sees",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("visibility", BIG, autoincrement=False, nullable=False),
        sa.CheckConstraint("visibility IN (1, 2)", name="sees_never_private"),
        sa.PrimaryKeyConstraint("audience", "visibility"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "set_aside",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("connection_id", BIG, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("stored", BIG, server_default="0", nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("resolved_at", BIG, server_default="4611686018427387904", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("connection_id", "kind", "key", "reason", "place"),
        sqlite_strict=True,
    )
    op.create_table(
        "unit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("source_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "name"),
        sqlite_strict=True,
    )
    op.create_table(
        "veto",
        sa.Column("connection_id", BIG, autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("doi_mark", sa.Text(), server_default="", nullable=False),
        sa.Column("sweep", BIG, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("connection_id", "subject", "mark"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("veto_by_mark", "veto", ["mark"], unique=False)
    op.create_table(
        "badge_group",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("group_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["audience", "output_id"], ["badge.audience", "badge.output_id"], ondelete="CASCADE", deferrable=True
        ),
        sa.PrimaryKeyConstraint("audience", "output_id", "group_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("badge_group_by_group", "badge_group", ["audience", "group_id"], unique=False)
    op.create_table(
        "badge_identifier",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["audience", "output_id"], ["badge.audience", "badge.output_id"], ondelete="CASCADE", deferrable=True
        ),
        sa.PrimaryKeyConstraint("audience", "output_id", "scheme", "value"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("badge_identifier_by_value", "badge_identifier", ["audience", "scheme", "value"], unique=False)
    op.create_table(
        "badge_person",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("person", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("closes_at", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["audience", "output_id"], ["badge.audience", "badge.output_id"], ondelete="CASCADE", deferrable=True
        ),
        sa.PrimaryKeyConstraint("audience", "output_id", "person"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("badge_person_by_person", "badge_person", ["audience", "person"], unique=False)
    op.create_table(
        "badge_source",
        sa.Column("audience", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("output_id", BIG, autoincrement=False, nullable=False),
        sa.Column("source_id", BIG, autoincrement=False, nullable=False),
        sa.Column("mentions", BIG, nullable=False),
        sa.Column("units", BIG, nullable=False),
        sa.Column("millipoints", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["audience", "output_id"], ["badge.audience", "badge.output_id"], ondelete="CASCADE", deferrable=True
        ),
        sa.PrimaryKeyConstraint("audience", "output_id", "source_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    sees = sa.table("sees", sa.column("audience", sa.Text), sa.column("visibility", sa.Integer))
    op.bulk_insert(sees, [{"audience": audience, "visibility": level} for audience, level in SEES])
