"""Who speaks: outlets and accounts, what sources told of them, what administrators said, and what follows."""

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import SQLModel

from sync.tables.kinds import KEYED, STRICT, key, part, whole, words


class Outlet(SQLModel, table=True):
    """An outlet, blog or show; what a source told last wins. -1: not told."""

    __table_args__ = STRICT
    id: int = key()
    key: str = words(unique=True)
    name: str = words()
    country: str = words()
    tier: int = whole()
    reach: int = whole()


class OutletSaid(SQLModel, table=True):
    """What others than sources say of an outlet: an administrator (1), the list that comes with Ringmark (2). -1 and an
    empty text: not said."""

    __tablename__ = "outlet_said"
    __table_args__ = (CheckConstraint("said_by IN (1, 2)", name="outlet_said_by_known"), KEYED)
    outlet_id: int = part()
    said_by: int = part()
    name: str = words()
    country: str = words()
    language: str = words()
    tier: int = whole()
    reach: int = whole()
    active: int = whole()


class OutletDomain(SQLModel, table=True):
    """Whose a domain is, with all that is below it, as an administrator (1) or the list (2) says."""

    __tablename__ = "outlet_domain"
    __table_args__ = KEYED
    domain: str = part(Text)
    said_by: int = part()
    outlet_id: int = whole(index=True)


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


class AccountSaid(SQLModel, table=True):
    """What an administrator says of an account. -1 and an empty text: not said."""

    __tablename__ = "account_said"
    __table_args__ = STRICT
    account_id: int = part()
    name: str = words()
    followers: int = whole()
    posts: int = whole()
    share: int = whole()


class AccountHabit(SQLModel, table=True):
    """What the posts of an account that we hold say of it, where they are enough; thousandths, as in `account`."""

    __tablename__ = "account_habit"
    __table_args__ = STRICT
    account_id: int = part()
    posts: int = whole()
    share: int = whole()


class AccountPast(SQLModel, table=True):
    """How many followers a source told of an account before it told another number, on that day (from 1970-01-01)."""

    __tablename__ = "account_past"
    __table_args__ = KEYED
    account_id: int = part()
    day: int = part()
    followers: int = whole()


class AccountMoved(SQLModel, table=True):
    """Accounts of which something new is known since the last score, with what held then."""

    __tablename__ = "account_moved"
    __table_args__ = STRICT
    account_id: int = part()
    followers: int = whole()
    posts: int = whole()
    share: int = whole()
