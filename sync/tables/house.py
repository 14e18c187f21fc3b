"""Facts about the store itself, and who did what."""

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import SQLModel

from sync.tables.kinds import KEYED, STRICT, key, part, whole, words


class Meta(SQLModel, table=True):
    """Single facts about the store, such as its generation."""

    __table_args__ = KEYED
    name: str = part(Text)
    value: str = words()


class Audit(SQLModel, table=True):
    """Who did what to which thing, and why. Never changed, never deleted: triggers refuse both (migration 0014). `hash`
    ties a line to the one before it (`sync.store.chain`)."""

    __table_args__ = (Index("audit_by_verb", "verb", "id"), STRICT)
    id: int = key()
    at: int = whole()
    actor: str = words()
    verb: str = words()
    subject: str = words()
    detail: str = words()
    hash: str = words("")


class Erased(SQLModel, table=True):
    """What remains of a person or an account that was erased: keyed hashes, by which they are known when a source tells
    of them again. `subject` is what the audit log calls them."""

    __table_args__ = (
        CheckConstraint("kind IN ('person', 'account')", name="erased_kind_known"),
        Index("erased_by_subject", "subject"),
        KEYED,
    )
    mark: str = part(Text)
    kind: str = words()
    subject: str = words()
    at: int = whole()


class Lease(SQLModel, table=True):
    """Who does what only one process may do, until when. `token` tells two holders of the same words apart."""

    __table_args__ = KEYED
    name: str = part(Text)
    token: str = words()
    holder: str = words()
    taken_at: int = whole()
    until_at: int = whole()


class Alarm(SQLModel, table=True):
    """What somebody should look at, since when, and when they were last told of it; 0 for not yet. Counts and names of
    connections only."""

    __table_args__ = KEYED
    name: str = part(Text)
    words: str = words()
    since_at: int = whole()
    told_at: int = whole(0)
    solved_at: int = whole(0)
