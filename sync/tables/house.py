"""Facts about the store itself, and who did what."""

from sqlalchemy import Text
from sqlmodel import SQLModel

from sync.tables.kinds import KEYED, STRICT, key, part, whole, words


class Meta(SQLModel, table=True):
    """Single facts about the store, such as its generation."""

    __table_args__ = KEYED
    name: str = part(Text)
    value: str = words()


class Audit(SQLModel, table=True):
    """Who did what to which thing, and why. Never changed, never deleted."""

    __table_args__ = STRICT
    id: int = key()
    at: int = whole()
    actor: str = words()
    verb: str = words()
    subject: str = words()
    detail: str = words()
