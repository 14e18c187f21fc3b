"""The third lock: the only rows that may leave the house, keyed by audience and written by `publish` alone."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, text
from sqlmodel import SQLModel

from sync.tables import FOREVER
from sync.tables.kinds import KEYED, STRICT, key, part, whole, words

CLOSES = text(f"closes_at < {FOREVER}")  # few do, and who looks for others is not led through all of them


class Badge(SQLModel, table=True):
    """The third lock: the only thing that may leave the house, per audience. Written by `publish` alone."""

    __table_args__ = (
        CheckConstraint("audience IN ('public', 'internal')", name="badge_audience_known"),
        CheckConstraint("visibility IN (1, 2)", name="badge_never_private"),
        Index("badge_by_public_id", "audience", "public_id", unique=True),
        # What a context and a search count by: a badge is wide, so all that is asked of it stands in the index.
        Index("badge_by_millipoints", "audience", "millipoints", "day", "public_id", "closes_at"),
        Index("badge_by_journal", "audience", "journal_id", "day", "precision", "millipoints", "closes_at"),
        Index("badge_by_day", "audience", "day", "millipoints", "public_id", "precision", "closes_at"),
        Index("badge_by_type", "audience", "type", "millipoints", "closes_at"),
        Index("badge_that_closes", "audience", "closes_at", sqlite_where=CLOSES, postgresql_where=CLOSES),
        Index("badge_by_output", "audience", "output_id", "type", "journal_id", "day", "precision", "closes_at"),
        KEYED,
    )
    audience: str = part(Text)
    output_id: int = part()
    public_id: int = whole()
    closes_at: int = whole()
    visibility: int = whole()
    title: str = words()
    type: str = words()
    journal: str = words()
    journal_id: int = whole()
    issn: str = words()
    published: str = words()
    day: int = whole()
    precision: int = whole()
    doi: str = words()
    score: int = whole()
    millipoints: int = whole()
    basis: str = words()
    rules: str = words()
    version: str = words()
    scored_at: int = whole()


def badge_part() -> ForeignKeyConstraint:
    """A part of a badge goes when the badge goes."""
    return ForeignKeyConstraint(
        ["audience", "output_id"], ["badge.audience", "badge.output_id"], ondelete="CASCADE", deferrable=True
    )


class BadgeIdentifier(SQLModel, table=True):
    """What a badge is found by."""

    __tablename__ = "badge_identifier"
    __table_args__ = (badge_part(), Index("badge_identifier_by_value", "audience", "scheme", "value"), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    scheme: str = part(Text)
    value: str = part(Text)


class BadgePerson(SQLModel, table=True):
    """Who may be named on a badge."""

    __tablename__ = "badge_person"
    __table_args__ = (badge_part(), Index("badge_person_by_person", "audience", "person"), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    person: int = part()
    name: str = words()
    position: int = whole()
    closes_at: int = whole()


class BadgeGroup(SQLModel, table=True):
    """The groups of those who are named on a badge."""

    __tablename__ = "badge_group"
    __table_args__ = (badge_part(), Index("badge_group_by_group", "audience", "group_id", "closes_at"), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    group_id: int = part()
    name: str = words()
    closes_at: int = whole()


class BadgeSubject(SQLModel, table=True):
    """The fields of the output of a badge."""

    __tablename__ = "badge_subject"
    __table_args__ = (badge_part(), Index("badge_subject_by_subject", "audience", "subject_id"), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    subject_id: int = part()
    name: str = words()


class BadgeSource(SQLModel, table=True):
    """The breakdown of a badge."""

    __tablename__ = "badge_source"
    __table_args__ = (badge_part(), Index("badge_source_by_source", "audience", "source_id", "mentions"), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    source_id: int = part()
    mentions: int = whole()
    units: int = whole()
    millipoints: int = whole()
    tallied: int = whole(0)


class BadgeText(SQLModel, table=True):
    """What a search finds a badge by: the words of its title, journal and ISSN, and of those who may be named for as
    long as it shows. The index of each audience follows it by itself (migration 0010). `title` is their beginning, by
    which a list is sorted."""

    __tablename__ = "badge_text"
    __table_args__ = (badge_part(), Index("badge_text_by_title", "audience", "title"), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    terms: str = words()
    title: str = words()


class BadgeVersion(SQLModel, table=True):
    """The versions whose attention is in the score of a badge; `version` is the public id of an output, or 0."""

    __tablename__ = "badge_version"
    __table_args__ = (badge_part(), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    scheme: str = part(Text)
    value: str = part(Text)
    version: int = whole()
    relation: str = words()


class BadgeChange(SQLModel, table=True):
    """What an audience could see of a score, and since when: the last row of a badge is what it shows. It outlives the
    badge, and holds nothing that was not shown: what changed while the badge was away is not there."""

    __tablename__ = "badge_change"
    __table_args__ = (
        CheckConstraint("audience IN ('public', 'internal')", name="badge_change_audience_known"),
        Index("badge_change_by_output", "output_id", "audience"),
        STRICT,
    )
    id: int = key()
    audience: str = words()
    output_id: int = whole()
    at: int = whole()
    millipoints: int = whole()
    rules: str = words()
    version: str = words()
    reason: str = words()


class Dirty(SQLModel, table=True):
    """Outputs whose badges are to be written again; `turn` tells a newer wish from the one a score run has read."""

    __table_args__ = KEYED
    output_id: int = part()
    turn: int = whole()
