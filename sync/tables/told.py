"""What each source told, record by record, and what was set aside."""

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import SQLModel

from sync.tables import FOREVER
from sync.tables.kinds import KEYED, STRICT, key, open_level, part, whole, words

MERGED = text("into_key <> ''")  # few are


class Connection(SQLModel, table=True):
    """A configured system. `position` is its place in the settings, which decides whose titles and names are used;
    `push_agreed` is how many writes at once an administrator has agreed to. A source that fails rests until
    `rests_until`. `unread` 1: the store was restored, and this source has not told its levels again since. `read_as`
    are digests of the settings that decide what records are read as, `read_again` which of them have changed since
    everything was read."""

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
    push_agreed: int = whole(0)
    rests_until: int = whole(0)
    unread: int = whole(0)
    read_as: str = words("")
    read_again: str = words("")


class Run(SQLModel, table=True):
    """One run of one step: what was asked, what came of it, and what of it waits for a decision. `expected` is how many
    records the source said would come, 0 where it did not."""

    __table_args__ = STRICT
    id: int = key()
    connection_id: int = whole(index=True)
    step: str = words()
    began_at: int = whole()
    ended_at: int = whole(0)
    outcome: str = words("running")
    why: str = words("")
    counts: str = words("{}")
    asked: str = words("")
    expected: int = whole(0)


class PersonRecord(SQLModel, table=True):
    """A profile as one source tells it. `state` 0: the source deleted it, and its vote stays."""

    __tablename__ = "person_record"
    __table_args__ = (
        UniqueConstraint("connection_id", "key"),
        Index("person_record_by_survivor", "connection_id", "into_key", sqlite_where=MERGED, postgresql_where=MERGED),
        open_level("person_record"),
        STRICT,
    )
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


class Item(SQLModel, table=True):
    """One record of an output as one source tells it; `subjects` stand a line each. `state` as for profiles; `into_key`
    names a merge's survivor."""

    __table_args__ = (
        UniqueConstraint("connection_id", "key"),
        Index("item_by_survivor", "connection_id", "into_key", sqlite_where=MERGED, postgresql_where=MERGED),
        open_level("item"),
        STRICT,
    )
    id: int = key()
    connection_id: int = whole()
    key: str = words()
    output_id: int = whole(0, index=True)
    title: str = words()
    type: str = words()
    journal: str = words()
    issns: str = words()
    subjects: str = words("")
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


class ItemVersion(SQLModel, table=True):
    """What an item states of another version. `counts_here` 1: what it names is a version of the item, whose attention
    counts for the item too; 0: the item is a version of what it names."""

    __tablename__ = "item_version"
    __table_args__ = (Index("item_version_by_identifier", "identifier_id"), KEYED)
    item_id: int = part()
    identifier_id: int = part()
    relation: str = words()
    counts_here: int = whole()


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
