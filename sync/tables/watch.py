"""What readers ask of us: to be told of what is new, and to look at what is missing or wrong."""

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import SQLModel

from sync.tables.kinds import KEYED, STRICT, key, part, whole, words


class Watcher(SQLModel, table=True):
    """An e-mail address, and the language that it is written to in. `mailed_at`: when it was last asked whether it
    means it; `day`, since 1970: when it was last told of news. After what was refused it waits until `next_at`."""

    __table_args__ = (UniqueConstraint("address"), STRICT)
    id: int = key()
    address: str = words()
    language: str = words()
    mailed_at: int = whole(0)
    day: int = whole(0)
    tries: int = whole(0)
    next_at: int = whole(0)


class Watch(SQLModel, table=True):
    """What an address watches; `subject` is the public id of an output. A search or a group would be other kinds.
    `confirmed_at` 0: nobody has said yet that they mean it. Mentions up to the row key `seen` are no news."""

    __table_args__ = (
        UniqueConstraint("watcher_id", "kind", "subject"),
        CheckConstraint("kind IN ('output')", name="watch_kind_known"),
        STRICT,
    )
    id: int = key()
    watcher_id: int = whole()
    kind: str = words()
    subject: str = words()
    asked_at: int = whole()
    confirmed_at: int = whole(0)
    seen: int = whole(0)
    seen_at: int = whole(0)


class WatchToken(SQLModel, table=True):
    """The hash of a word in the links of one message, by which its reader is known."""

    __tablename__ = "watch_token"
    __table_args__ = (Index("watch_token_by_watcher", "watcher_id"), KEYED)
    mark: str = part(Text)
    watcher_id: int = whole()
    made_at: int = whole()


class Report(SQLModel, table=True):
    """What a reader says is missing or wrong with an output, by public ids; `closed_at` 0 while nobody has dealt with
    it. For administrators alone."""

    __table_args__ = (CheckConstraint("kind IN ('missed', 'wrong')", name="report_kind_known"), STRICT)
    id: int = key()
    output: int = whole()
    kind: str = words()
    mention: int = whole()
    url: str = words()
    remark: str = words()
    address: str = words()
    made_at: int = whole()
    closed_at: int = whole(0)
    why: str = words("")
