"""Every table of the store. Only `sync.store` imports this package; table classes do not validate, so CHECKs do.

What each source told (`told`), what services that are asked have said (`learned`), what follows from all of them
together (`joint`, `attention`), who speaks (`speakers`), what may leave the house (`badge`), what did (`ledger`), what
readers ask of us (`watch`), and administrators (`console`). Times are microseconds since 1970 in UTC, `FOREVER` where
there is none; a flag is 0 or 1, and -1 where a source did not state it. Everything is NOT NULL and STRICT: the score
reads through ADBC, which infers types from the first rows.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import MetaData

FOREVER = 2**62


@cache
def metadata() -> "MetaData":
    """All of them. They take half a second to be put together, and who only reads the store needs none."""
    from sqlmodel import SQLModel

    from sync.tables import attention, badge, console, house, joint, learned, ledger, speakers, told, watch  # noqa: F401

    return SQLModel.metadata
