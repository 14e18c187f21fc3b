"""Mentions that administrators refused."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from sync.tables.kinds import FOREVER, STRICT, key, whole, words


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
