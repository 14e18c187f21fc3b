"""What follows from all sources together, from local votes, and from the scope."""

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import SQLModel

from sync.tables import FOREVER
from sync.tables.kinds import KEYED, STRICT, key, open_level, part, whole, words


class Person(SQLModel, table=True):
    """A person: the profiles of several sources joined by a confirmed ORCID, with the joint level and flags. `terms` is
    the name as a search compares it."""

    __table_args__ = (open_level("person"), STRICT)
    id: int = key()
    public_id: int = whole(unique=True)
    name: str = words()
    terms: str = words(".")
    visibility: int = whole()
    closes_at: int = whole()
    live: int = whole()
    current: int = whole()
    academic: int = whole()
    student: int = whole()


class PersonGroup(SQLModel, table=True):
    """The direct groups of a person; each group belongs to one source."""

    __tablename__ = "person_group"
    __table_args__ = KEYED
    person_id: int = part()
    group_id: int = part()
    connection_id: int = whole()


class Journal(SQLModel, table=True):
    """A journal by its folded name, so that counting within one compares integers. `id` is a digest of the name: the
    same in every store, and so an address that lasts."""

    __table_args__ = STRICT
    id: int = key()
    name: str = words(unique=True)


class Subject(SQLModel, table=True):
    """A field that outputs are classified under, by its folded name, so that counting within one compares integers."""

    __table_args__ = STRICT
    id: int = key()
    name: str = words(unique=True)


class OutputSubject(SQLModel, table=True):
    """The fields of an output, as the first of its records that has any names them."""

    __tablename__ = "output_subject"
    __table_args__ = KEYED
    output_id: int = part()
    subject_id: int = part()
    name: str = words()


class Output(SQLModel, table=True):
    """The output itself: items joined by shared identifiers, with the joint level. `precision` 0 to 3: no date, year,
    month, day; `day` is its first day since 1970, 0 when there is none. `terms` is what a search finds it by."""

    __table_args__ = (open_level("output"), STRICT)
    id: int = key()
    public_id: int = whole(unique=True)
    visibility: int = whole()
    closes_at: int = whole()
    live: int = whole()
    requires_author: int = whole()
    title: str = words()
    terms: str = words(".")
    type: str = words()
    journal: str = words()
    journal_id: int = whole(0)
    issn: str = words()
    published: str = words()
    day: int = whole()
    precision: int = whole()
    doi: str = words()
    conflict: str = words("")


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
    sweep: int = whole(0)


class Sees(SQLModel, table=True):
    """The second lock: which audience sees which level. What is not listed here is not seen; private never is."""

    __table_args__ = (CheckConstraint("visibility IN (1, 2)", name="sees_never_private"), KEYED)
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
