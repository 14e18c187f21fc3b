"""Where the stores of the runs live, and what can befall each kind."""

import random
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from itertools import count
from os import getpid
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
from interleaving_child import Terms
from interleaving_university import LOCKS
from sqlalchemy.engine import make_url

PATIENCE = 30.0  # seconds until a server must have noticed who is gone
ROOM = (40_000, 900_000)  # bytes, from hardly any to enough


class Stores(ABC):
    """One kind of store. `own_disk`: it lies on a disk of the house, which may be full."""

    own_disk = False

    @abstractmethod
    def fresh(self, folder: Path) -> AbstractContextManager[str]:
        """A store in which nothing is yet, for the house of a folder: the `[store]` of its settings."""

    def no_room(self, terms: Terms, _dice: random.Random) -> Terms:
        """The same, on a disk that is nearly full."""
        return terms

    def lose(self, _folder: Path) -> bool:
        """End every connection to the store of a house, where it has any."""
        return False

    def let_go(self, _folder: Path) -> None:  # noqa: B027 - the kernel notices at once
        """Wait until it is noticed who is gone."""

    @abstractmethod
    def ask(self, folder: Path, sql: str) -> list[Any]:
        """What the store of a house answers."""


class Sqlite(Stores):
    """A file in the folder."""

    own_disk = True

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:  # noqa: ARG002 - the settings' own default
        yield ""

    def no_room(self, terms: Terms, dice: random.Random) -> Terms:
        return replace(terms, room=dice.randint(*ROOM))

    def ask(self, folder: Path, sql: str) -> list[Any]:
        with closing(sqlite3.connect(folder / "ringmark.db", timeout=PATIENCE)) as db:
            return db.execute(sql).fetchall()


class Postgresql(Stores):
    """A database of its own on a server, given by the address of any database there whose user may make others."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self._numbers = count()
        self._names: dict[Path, str] = {}

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        name = self._names[folder] = f"torture_{getpid()}_{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        try:
            url = self.url.set(database=name).render_as_string(hide_password=False)
            yield f'[store]\nurl = "{url}"\n'
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def lose(self, folder: Path) -> bool:
        self.ask(folder, _END)
        return True

    def let_go(self, folder: Path) -> None:
        end = monotonic() + PATIENCE
        while self.ask(folder, LOCKS):
            assert monotonic() < end, "the server still keeps the locks of a process that is gone"
            sleep(0.01)

    def ask(self, folder: Path, sql: str) -> list[Any]:
        return self._do(sql, self._names[folder])

    def _do(self, statement: str, database: str | None = None) -> list[Any]:
        url = self.url.set(drivername="postgresql", database=database or self.url.database)
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as session:
            found = session.execute(statement)  # type: ignore[arg-type]  # put together from names of ours
            return found.fetchall() if found.description else []


_END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
