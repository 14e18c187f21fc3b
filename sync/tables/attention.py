"""Mentions, what of them counts once, and the scores that follow."""

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import SQLModel

from sync.tables import FOREVER
from sync.tables.kinds import KEYED, STRICT, key, part, whole, words


class Unit(SQLModel, table=True):
    """What counts once, within a source: an outlet, an account, a policy source, a jurisdiction, the whole source."""

    __table_args__ = (UniqueConstraint("source_id", "name"), STRICT)
    id: int = key()
    source_id: int = whole()
    name: str = words()


class Page(SQLModel, table=True):
    """A canonical URL, once per source."""

    __table_args__ = (UniqueConstraint("source_id", "url"), STRICT)
    id: int = key()
    source_id: int = whole()
    url: str = words()


class Mention(SQLModel, table=True):
    """One act of attention as one connection told it. `taken_at`: when it was taken back, -1 never; unit, account and
    outlet are -1 where they are not told, `page_id` 0. `found` 1: the outlet was not told, but has the domain;
    `refused` 1: an administrator refused it, and nothing ties it to an output. `unquoted` 1: what was quoted of
    it named somebody who was erased, and nothing is quoted of it again. `reason`: why it was taken back, one of
    `REASONS`, empty where its source did not say; `due_at`: when its source is asked about it again."""

    __table_args__ = (
        UniqueConstraint("connection_id", "key"),
        Index("mention_due", "connection_id", "due_at"),
        STRICT,
    )
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
    digest: str = words()
    found: int = whole(0)
    refused: int = whole(0)
    unquoted: int = whole(0)
    reason: str = words("")
    due_at: int = whole(FOREVER)


class Coming(SQLModel, table=True):
    """Mentions whose time has not come yet; few, so a score run need not look through all."""

    __table_args__ = STRICT
    mention_id: int = part()
    occurred_at: int = whole()


class MentionTarget(SQLModel, table=True):
    """Which identifiers a mention names. `verdict` is what an administrator ruled of that: -1 refused, so that it ties
    the mention to nothing; 1 confirmed; 0 nothing."""

    __tablename__ = "mention_target"
    __table_args__ = (Index("mention_target_by_identifier", "identifier_id"), KEYED)
    mention_id: int = part()
    identifier_id: int = part()
    verdict: int = whole(0)


class Note(SQLModel, table=True):
    """What a connector wants to remember from run to run, by its own names; nothing of people."""

    __table_args__ = KEYED
    connection_id: int = part()
    name: str = part(Text)
    text: str = words()


class Evidence(SQLModel, table=True):
    """What was seen of an identifier that a mention names; `excerpt` is empty once its source has taken the mention
    back, and of a mention that is `unquoted`. The level is as it was told: whether the tie was confirmed by hand stands
    with it."""

    __table_args__ = KEYED
    mention_id: int = part()
    identifier_id: int = part()
    method: str = words()
    level: str = words()
    excerpt: str = words()
    digest: str = words()
    extractor: str = words()


class Refusal(SQLModel, table=True):
    """A mention that does not count and is not shown, by its source's key for it, and by its page: whoever tells of
    that page again as the same source tells the same mention. `mention` is its public id then, which another row may
    not have. `released_at` FOREVER while it is in force."""

    __table_args__ = (
        Index("refusal_by_key", "connection", "key"),
        Index("refusal_by_page", "source_id", "url"),
        STRICT,
    )
    id: int = key()
    mention: int = whole()
    connection: str = words()
    key: str = words()
    source_id: int = whole()
    url: str = words()
    why: str = words()
    actor: str = words()
    made_at: int = whole()
    released_at: int = whole(FOREVER)


class Ruling(SQLModel, table=True):
    """What an administrator ruled of a tie: whether a mention speaks of what an identifier names. It clings to the
    mention as a refusal does, and to the identifier's name, so that it outlives both rows. `verdict` as that of
    `MentionTarget`; `released_at` FOREVER while it is in force."""

    __table_args__ = (
        CheckConstraint("verdict IN (-1, 1)", name="ruling_verdict_known"),
        Index("ruling_by_key", "connection", "key"),
        Index("ruling_by_page", "source_id", "url"),
        STRICT,
    )
    id: int = key()
    mention: int = whole()
    connection: str = words()
    key: str = words()
    source_id: int = whole()
    url: str = words()
    target: str = words()
    verdict: int = whole()
    why: str = words()
    actor: str = words()
    made_at: int = whole()
    released_at: int = whole(FOREVER)


class Tally(SQLModel, table=True):
    """How many units of a source were told to speak of what an identifier names, by a connection that names none of
    them. `told_at`: since when it is that number."""

    __table_args__ = (Index("tally_by_connection", "connection_id"), KEYED)
    identifier_id: int = part()
    source_id: int = part()
    connection_id: int = part()
    units: int = whole()
    told_at: int = whole()


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


class Sign(SQLModel, table=True):
    """What a check for gaming has found, by its number. It counts as ever unless a rule set excludes it."""

    __table_args__ = KEYED
    output_id: int = part()
    mention_id: int = part()
    sign: int = part()


class Score(SQLModel, table=True):
    """The score of an output, whoever may see it; it leaves the house only as part of a badge.

    `output_id` is a row key, or its negative: the score as insiders see it, where it has versions that only they see.
    The same holds for `score_source`, `score_change` and `score_version`."""

    __table_args__ = (CheckConstraint("basis IN ('mentions', 'counts', 'none')", name="score_basis_known"), STRICT)
    output_id: int = part()
    millipoints: int = whole()
    score: int = whole()
    basis: str = words()
    rules: str = words()
    version: str = words()
    scored_at: int = whole()


class ScoreSource(SQLModel, table=True):
    """What each source brought to a score. `tallied` 1: from a number alone, of which no mention is known."""

    __tablename__ = "score_source"
    __table_args__ = KEYED
    output_id: int = part()
    source_id: int = part()
    mentions: int = whole()
    units: int = whole()
    millipoints: int = whole()
    tallied: int = whole(0)


class ScoreVersion(SQLModel, table=True):
    """The versions whose attention is in a score: by the identifier that names one, and by the output that it is, 0
    where nobody told of a record. `item_id` states the `relation`. `closes_at`: until when whoever sees the score sees
    the version, as far as was known then. `barred` 1: it has changed since, and no badge shows the score any more."""

    __tablename__ = "score_version"
    __table_args__ = (
        Index("score_version_by_version", "version_id"),
        Index("score_version_by_identifier", "identifier_id"),
        KEYED,
    )
    output_id: int = part()
    identifier_id: int = part()
    version_id: int = whole()
    relation: str = words()
    item_id: int = whole()
    closes_at: int = whole()
    barred: int = whole(0)


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
