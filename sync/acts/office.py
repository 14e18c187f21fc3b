"""What every act of an administrator is done with, and how one is refused."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection as Database

from config.settings import Settings
from sync.store import Store

Refusal = Literal["unknown", "wrong", "clash"]


@dataclass(frozen=True, slots=True)
class Office:
    """The store, the settings of now, and who is at work: `by` stands in the audit log. `clock` gives microseconds
    since 1970."""

    house: Store
    settings: Settings
    by: str
    clock: Callable[[], int]

    def of(self, name: str) -> "Office":
        """The same, with somebody else at work."""
        return replace(self, by=name)

    @contextmanager
    def trying(self, *, dry_run: bool) -> Iterator[Database]:
        """A writing transaction; of a dry run nothing stays."""
        with suppress(_NothingStaysError), self.house.write() as db:
            yield db
            if dry_run:
                raise _NothingStaysError


@dataclass(slots=True)
class Refused(Exception):  # noqa: N818 - it is an answer
    """An act was not done. `message` names the thing and the mend; `why`: there is no such thing, what was given is
    wrong, or something has changed meanwhile."""

    message: str
    why: Refusal = "clash"

    def __str__(self) -> str:
        return self.message


class _NothingStaysError(Exception):
    """Ends a transaction that was only tried."""


def machine_user() -> str:
    """The user of the machine; a container may have a number without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unnamed user"
