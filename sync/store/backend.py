"""What SQLite and PostgreSQL do each in their own way; everything else of the store is the same for both."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import ClassVar

import pyarrow as pa
from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

PATIENCE = 60_000  # milliseconds that a writer waits for another


class StoreError(Exception):
    """The store cannot be used; the message names the file or database, and the mend."""


class Backend(ABC):
    """One database that holds, or will hold, a store."""

    mends: ClassVar[Mapping[str, str]]  # how the driver's words begin, and what to do then

    def __init__(self, url: URL) -> None:
        self.url = url

    @property
    @abstractmethod
    def name(self) -> str:
        """What messages call it; never with a password."""

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is a database to open; whether it is a store of ours is seen later."""

    @abstractmethod
    def engine(self) -> Engine:
        """An engine whose transactions see one moment, and of which one writes at a time. Raises `StoreError` where
        what is written would not be safe."""

    @abstractmethod
    def turn(self, name: str) -> AbstractContextManager[bool]:
        """Whether this process, and no other that uses the store, may do what `name` says for now."""

    @abstractmethod
    def columns(self, statements: Sequence[str]) -> list[pa.Table]:
        """The results of SELECT statements as tables, all from one snapshot."""

    @contextmanager
    def plain(self) -> Iterator[None]:
        """Turn what the driver says into a `StoreError`, without the statement and its values, which may hold names."""
        try:
            yield
        except DBAPIError as error:
            words = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
            mend = next((mend for said, mend in self.mends.items() if said in words), "see docs/operate.md")
            raise StoreError(f"{self.name}: {words}; {mend}") from error
