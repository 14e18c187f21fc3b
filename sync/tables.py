"""Every table of the store. Only `sync.store` imports this module; table classes do not validate, so CHECKs do.

Three layers: what each source told (`*_record`, `item`, `member`), what follows from all of them together (`person`,
`output`, `authorship`, `person_group`, `mark`), and what may leave the house (`badge` and its parts). Times are
microseconds since 1970 in UTC, `FOREVER` where there is none; a flag is 0 or 1, and -1 where a source did not state it.
Everything is NOT NULL and STRICT: the score reads through ADBC, which infers types from the first rows.
"""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

FOREVER = 2**62
BIG = BigInteger().with_variant(Integer, "sqlite")
STRICT: dict[str, Any] = {"sqlite_strict": True}
KEYED: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}


def key() -> Any:
    """A row key; it never leaves the store."""
    return Field(default=None, sa_column=Column(BIG, primary_key=True, autoincrement=True))


def part(kind: Any = BIG) -> Any:
    """One column of a compound primary key."""
    return Field(sa_column=Column(kind, primary_key=True, autoincrement=False))


def whole(default: int | None = None, **options: Any) -> Any:
    """An integer, never NULL."""
    return Field(
        sa_column=Column(BIG, nullable=False, server_default=None if default is None else str(default), **options)
    )


def words(default: str | None = None, **options: Any) -> Any:
    """A text, never NULL."""
    return Field(sa_column=Column(Text, nullable=False, server_default=default, **options))


def open_level(table: str, column: str = "visibility") -> CheckConstraint:
    """The first lock: a level is private, internal or public, and nothing else."""
    return CheckConstraint(f"{column} IN (0, 1, 2)", name=f"{table}_{column}_known")


class Meta(SQLModel, table=True):
    """Single facts about the store, such as its generation."""

    __table_args__ = KEYED
    name: str = part(Text)
    value: str = words()


class Connection(SQLModel, table=True):
    """A configured system. `position` is its place in the settings, which decides whose titles and names are used."""

    __table_args__ = (
        CheckConstraint("state IN ('active', 'paused', 'removed')", name="connection_state_known"),
        STRICT,
    )
    id: int = key()
    name: str = words(unique=True)
    kind: str = words()
    position: int = whole()
    people: int = whole()
    require_author: int = whole()
    keep: int = whole()
    state: str = words("active")
    sweep: int = whole(0)
    cursor: str = words("")
    bookmark: str = words("")
    bookmark_at: int = whole(0)
    failures: int = whole(0)
    alarm: str = words("")


class Run(SQLModel, table=True):
    """One run of one step: what was asked, what came of it, and what of it waits for a decision."""

    __table_args__ = STRICT
    id: int = key()
    connection_id: int = whole(index=True)
    step: str = words()
    began_at: int = whole()
    ended_at: int = whole(0)
    outcome: str = words("running")
    why: str = words("")
    counts: str = words("{}")


class PersonRecord(SQLModel, table=True):
    """A profile as one source tells it. `state` 0: the source deleted it, and its vote stays."""

    __tablename__ = "person_record"
    __table_args__ = (UniqueConstraint("connection_id", "key"), open_level("person_record"), STRICT)
    id: int = key()
    connection_id: int = whole()
    key: str = words()
    person_id: int = whole(index=True)
    name: str = words()
    orcid: str = words("", index=True)
    visibility: int = whole()
    closes_at: int = whole()
    current: int = whole()
    academic: int = whole()
    student: int = whole()
    raw: str = words()
    doubts: str = words()
    digest: str = words()
    state: int = whole(1)
    sweep: int = whole()
    into_key: str = words("")
    held_at: int = whole(0)
    held_run: int = whole(0)


class Person(SQLModel, table=True):
    """A person: the profiles of several sources joined by a confirmed ORCID, with the joint level and flags."""

    __table_args__ = (open_level("person"), STRICT)
    id: int = key()
    public_id: int = whole(unique=True)
    name: str = words()
    visibility: int = whole()
    closes_at: int = whole()
    live: int = whole()
    current: int = whole()
    academic: int = whole()
    student: int = whole()


class GroupRecord(SQLModel, table=True):
    """A department of one source. `effective` is the least open of its own level and all its ancestors'."""

    __tablename__ = "group_record"
    __table_args__ = (
        UniqueConstraint("connection_id", "key"),
        open_level("group_record"),
        open_level("group_record", "effective"),
        STRICT,
    )
    id: int = key()
    public_id: int = whole(unique=True)
    connection_id: int = whole()
    key: str = words()
    name: str = words()
    parents: str = words()
    visibility: int = whole()
    closes_at: int = whole()
    effective: int = whole(0)
    effective_closes_at: int = whole(0)
    raw: str = words()
    doubts: str = words()
    digest: str = words()
    state: int = whole(1)
    sweep: int = whole()
    held_at: int = whole(0)
    held_run: int = whole(0)


class Member(SQLModel, table=True):
    """A direct membership, by the source's keys, since either side may come later."""

    __table_args__ = KEYED
    connection_id: int = part()
    group_key: str = part(Text)
    person_key: str = part(Text)


class PersonGroup(SQLModel, table=True):
    """The direct groups of a person; each group belongs to one source."""

    __tablename__ = "person_group"
    __table_args__ = KEYED
    person_id: int = part()
    group_id: int = part()
    connection_id: int = whole()


class Item(SQLModel, table=True):
    """One record of an output as one source tells it. `state` as for profiles; `into_key` names a merge's survivor."""

    __table_args__ = (UniqueConstraint("connection_id", "key"), open_level("item"), STRICT)
    id: int = key()
    connection_id: int = whole()
    key: str = words()
    output_id: int = whole(0, index=True)
    title: str = words()
    type: str = words()
    journal: str = words()
    issns: str = words()
    published: str = words()
    visibility: int = whole()
    closes_at: int = whole()
    raw: str = words()
    doubts: str = words()
    digest: str = words()
    state: int = whole(1)
    sweep: int = whole()
    into_key: str = words("")
    held_at: int = whole(0)
    held_run: int = whole(0)


class Identifier(SQLModel, table=True):
    """A normalised identifier, once."""

    __table_args__ = (UniqueConstraint("scheme", "value"), STRICT)
    id: int = key()
    scheme: str = words()
    value: str = words()


class ItemIdentifier(SQLModel, table=True):
    """Which identifiers an item has; `counts` 0 marks a further DOI that neither joins nor matches until confirmed."""

    __tablename__ = "item_identifier"
    __table_args__ = (Index("item_identifier_by_identifier", "identifier_id"), KEYED)
    item_id: int = part()
    identifier_id: int = part()
    counts: int = whole()


class AuthorshipRecord(SQLModel, table=True):
    """A link between a person and an item as one source tells it, by the source's keys; either side may be unknown."""

    __tablename__ = "authorship_record"
    __table_args__ = (
        UniqueConstraint("connection_id", "key"),
        open_level("authorship_record"),
        Index("authorship_record_by_item", "connection_id", "item_key"),
        Index("authorship_record_by_person", "connection_id", "person_key"),
        STRICT,
    )
    id: int = key()
    connection_id: int = whole()
    key: str = words()
    item_key: str = words()
    person_key: str = words()
    visibility: int = whole()
    closes_at: int = whole()
    position: int = whole()
    raw: str = words()
    doubts: str = words()
    digest: str = words()
    state: int = whole(1)
    sweep: int = whole()


class Output(SQLModel, table=True):
    """The output itself: items joined by shared identifiers, with the joint level. `precision` 0 to 3: no date, year,
    month, day; `day` is its first day since 1970, 0 when there is none."""

    __table_args__ = (open_level("output"), STRICT)
    id: int = key()
    public_id: int = whole(unique=True)
    visibility: int = whole()
    closes_at: int = whole()
    live: int = whole()
    requires_author: int = whole()
    title: str = words()
    type: str = words()
    journal: str = words()
    journal_id: int = whole(0)
    issn: str = words()
    published: str = words()
    day: int = whole()
    precision: int = whole()
    doi: str = words()
    conflict: str = words("")


class Journal(SQLModel, table=True):
    """A journal by its folded name, so that counting within one compares integers."""

    __table_args__ = STRICT
    id: int = key()
    name: str = words(unique=True)


class OutputVote(SQLModel, table=True):
    """An item that votes on an output it is no part of: one merged away, or one that could belong to several."""

    __tablename__ = "output_vote"
    __table_args__ = (Index("output_vote_by_item", "item_id"), KEYED)
    output_id: int = part()
    item_id: int = part()


class Authorship(SQLModel, table=True):
    """Who wrote what, over all sources, with the joint level of the link."""

    __table_args__ = (open_level("authorship"), Index("authorship_by_person", "person_id"), KEYED)
    output_id: int = part()
    person_id: int = part()
    visibility: int = whole()
    closes_at: int = whole()
    position: int = whole()


class Hide(SQLModel, table=True):
    """A local vote of an administrator. It can only tighten."""

    __table_args__ = (CheckConstraint("kind IN ('output', 'person')", name="hide_kind_known"), STRICT)
    id: int = key()
    kind: str = words()
    subject: str = words()
    why: str = words()
    made_at: int = whole()
    until_at: int = whole()
    released_at: int = whole(FOREVER)


class HideTarget(SQLModel, table=True):
    """What a hide clings to, so that it survives merges and partings: identifiers, ORCIDs, and the sources' keys."""

    __tablename__ = "hide_target"
    __table_args__ = (Index("hide_target_by_mark", "mark"), KEYED)
    hide_id: int = part()
    mark: str = part(Text)


class Veto(SQLModel, table=True):
    """What remains of a record that was forgotten at the border: keyed hashes that vote private. `doi_mark` limits a
    weak identifier to outputs that do not have a different DOI."""

    __table_args__ = (Index("veto_by_mark", "mark"), KEYED)
    connection_id: int = part()
    subject: str = part(Text)
    mark: str = part(Text)
    doi_mark: str = words("")


class Sees(SQLModel, table=True):
    """The second lock: which audience sees which level. What is not listed here is not seen."""

    __table_args__ = KEYED
    audience: str = part(Text)
    visibility: int = part()


class Scope(SQLModel, table=True):
    """The scope in force (id 1). `profile`: 0 all, 1 academic or student, 2 academic."""

    __table_args__ = (
        open_level("scope", "people"),
        open_level("scope", "outputs"),
        open_level("scope", "authorships"),
        CheckConstraint("profile IN (0, 1, 2) AND current_only IN (0, 1)", name="scope_filters_known"),
        STRICT,
    )
    id: int = key()
    current_only: int = whole()
    profile: int = whole()
    people: int = whole()
    outputs: int = whole()
    authorships: int = whole()


class Outlet(SQLModel, table=True):
    """An outlet, blog or show; what was told last wins. -1: not told."""

    __table_args__ = STRICT
    id: int = key()
    key: str = words(unique=True)
    name: str = words()
    country: str = words()
    tier: int = whole()
    reach: int = whole()


class Account(SQLModel, table=True):
    """An account of one source; what was told last wins. `posts` a month and `share` in thousandths, -1: not told."""

    __table_args__ = (UniqueConstraint("source_id", "key"), STRICT)
    id: int = key()
    source_id: int = whole()
    key: str = words()
    name: str = words()
    followers: int = whole()
    posts: int = whole()
    share: int = whole()


class Unit(SQLModel, table=True):
    """What counts once, within a source: an outlet, an account, a policy source, a jurisdiction, the whole source."""

    __table_args__ = (UniqueConstraint("source_id", "name"), STRICT)
    id: int = key()
    source_id: int = whole()
    name: str = words()


class Mention(SQLModel, table=True):
    """One act of attention as one connection told it. `taken_at`: when it was taken back, -1 never; unit, account and
    outlet are -1 where they are not told, `page_id` 0."""

    __table_args__ = (UniqueConstraint("connection_id", "key"), STRICT)
    id: int = key()
    public_id: int = whole(unique=True)
    connection_id: int = whole()
    key: str = words()
    source_id: int = whole()
    unit_id: int = whole()
    account_id: int = whole(index=True)
    outlet_id: int = whole(index=True)
    page_id: int = whole(index=True)
    url: str = words()
    title: str = words()
    method: str = words()
    occurred_at: int = whole()
    known_at: int = whole()
    taken_at: int = whole()
    repost: int = whole()
    targets: str = words()


class MentionTarget(SQLModel, table=True):
    """Which identifiers a mention names."""

    __tablename__ = "mention_target"
    __table_args__ = (Index("mention_target_by_identifier", "identifier_id"), KEYED)
    mention_id: int = part()
    identifier_id: int = part()


class Mark(SQLModel, table=True):
    """What the score reads: one row for a mention and an output, integers only, clustered by output. `twin` 1: another
    mention of the same source was told with the same canonical URL."""

    __table_args__ = (Index("mark_by_mention", "mention_id"), KEYED)
    output_id: int = part()
    mention_id: int = part()
    source_id: int = whole()
    unit_id: int = whole()
    account_id: int = whole()
    outlet_id: int = whole()
    occurred_at: int = whole()
    known_at: int = whole()
    taken_at: int = whole()
    repost: int = whole()
    page_id: int = whole()
    twin: int = whole(0)


class Page(SQLModel, table=True):
    """A canonical URL, once per source."""

    __table_args__ = (UniqueConstraint("source_id", "url"), STRICT)
    id: int = key()
    source_id: int = whole()
    url: str = words()


class Score(SQLModel, table=True):
    """The score of an output, whoever may see it; it leaves the house only as part of a badge."""

    __table_args__ = (CheckConstraint("basis IN ('mentions', 'counts', 'none')", name="score_basis_known"), STRICT)
    output_id: int = part()
    millipoints: int = whole()
    score: int = whole()
    basis: str = words()
    rules: str = words()
    version: str = words()
    scored_at: int = whole()


class ScoreSource(SQLModel, table=True):
    """What each source brought to a score."""

    __tablename__ = "score_source"
    __table_args__ = KEYED
    output_id: int = part()
    source_id: int = part()
    mentions: int = whole()
    units: int = whole()
    millipoints: int = whole()


class ScoreChange(SQLModel, table=True):
    """The history of a score."""

    __tablename__ = "score_change"
    __table_args__ = STRICT
    id: int = key()
    output_id: int = whole(index=True)
    at: int = whole()
    before: int = whole()
    after: int = whole()
    rules: str = words()
    version: str = words()
    reason: str = words()


class Dirty(SQLModel, table=True):
    """Outputs whose badges are to be written again; `turn` tells a newer wish from the one a score run has read."""

    __table_args__ = KEYED
    output_id: int = part()
    turn: int = whole()


class Badge(SQLModel, table=True):
    """The third lock: the only thing that may leave the house, per audience. Written by `publish` alone."""

    __table_args__ = (
        CheckConstraint("audience IN ('public', 'internal')", name="badge_audience_known"),
        Index("badge_by_public_id", "audience", "public_id", unique=True),
        Index("badge_by_millipoints", "audience", "millipoints"),
        Index("badge_by_journal", "audience", "journal_id", "day"),
        Index("badge_by_day", "audience", "day", "millipoints"),
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
    __table_args__ = (badge_part(), Index("badge_group_by_group", "audience", "group_id"), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    group_id: int = part()
    name: str = words()
    closes_at: int = whole()


class BadgeSource(SQLModel, table=True):
    """The breakdown of a badge."""

    __tablename__ = "badge_source"
    __table_args__ = (badge_part(), KEYED)
    audience: str = part(Text)
    output_id: int = part()
    source_id: int = part()
    mentions: int = whole()
    units: int = whole()
    millipoints: int = whole()


class SetAside(SQLModel, table=True):
    """What was not understood, with its evidence. `resolved_at`: when it was, after all."""

    __tablename__ = "set_aside"
    __table_args__ = (UniqueConstraint("connection_id", "kind", "key", "reason", "place"), STRICT)
    id: int = key()
    connection_id: int = whole()
    run_id: int = whole()
    kind: str = words()
    key: str = words()
    place: str = words()
    reason: str = words()
    evidence: str = words()
    stored: int = whole(0)
    at: int = whole()
    resolved_at: int = whole(FOREVER)


class Audit(SQLModel, table=True):
    """Who did what to which thing, and why. Never changed, never deleted."""

    __table_args__ = STRICT
    id: int = key()
    at: int = whole()
    actor: str = words()
    verb: str = words()
    subject: str = words()
    detail: str = words()
