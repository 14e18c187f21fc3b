"""What services that are asked about single outputs have said: when they were asked, and what came."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from sync.tables.kinds import KEYED, STRICT, key, part, whole, words


class Asked(SQLModel, table=True):
    """A question to one connection: about an identifier (`subject` doi) or a person (orcid), by row key. `misses` are
    the times in a row that nothing came of it; `digest` is of what came last."""

    __table_args__ = (
        UniqueConstraint("connection_id", "subject", "subject_id"),
        Index("asked_by_subject", "subject", "subject_id"),
        CheckConstraint("subject IN ('doi', 'orcid')", name="asked_subject_known"),
        CheckConstraint("outcome IN ('found', 'unknown', 'error')", name="asked_outcome_known"),
        STRICT,
    )
    id: int = key()
    connection_id: int = whole()
    subject: str = words()
    subject_id: int = whole()
    asked_at: int = whole()
    due_at: int = whole()
    outcome: str = words()
    misses: int = whole(0)
    digest: str = words("")


class Learned(SQLModel, table=True):
    """What an answer says of the output that has a DOI. No level stands here: nothing is shown by it."""

    __table_args__ = (Index("learned_by_doi", "doi_id"), Index("learned_by_question", "asked_id"), STRICT)
    id: int = key()
    asked_id: int = whole()
    doi_id: int = whole()
    journal: str = words()
    issns: str = words()
    subjects: str = words()
    raw: str = words()


class LearnedVersion(SQLModel, table=True):
    """What an answer states of another identifier, as an item does."""

    __tablename__ = "learned_version"
    __table_args__ = (Index("learned_version_by_identifier", "identifier_id"), KEYED)
    learned_id: int = part()
    identifier_id: int = part()
    relation: str = words()
    counts_here: int = whole()
