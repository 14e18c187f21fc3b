"""The kinds of column and table that the store is made of."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, Text
from sqlmodel import Field

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
