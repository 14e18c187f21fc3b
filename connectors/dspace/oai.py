"""What changed in a DSpace, as its OAI-PMH interface tells it: handles alone, of which nothing else is believed.

The interface is asked as anybody. It answers from an index of its own, which is made anew by cron and by nothing else:
in many a DSpace it is a day old, in some it is empty, and in neither case does an answer say so.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from functools import cached_property

from connectors.errors import NotUnderstood
from connectors.http import Client
from connectors.oai_pmh.provider import Provider, Repository
from connectors.oai_pmh.xml import Record
from connectors.scratch import Scratch

PLACE = "/oai/request"
PREFIX = "oai_dc"  # the one format that every provider has; of a header it does not matter
IDENTIFIER = re.compile(r"oai:[^:]*:([^\s/]+/\S+)")
TRIES = 3  # lists have no order, so that something may slip from page to page while the index is made anew
TABLE = "CREATE TABLE changed (handle TEXT PRIMARY KEY) WITHOUT ROWID"


class Changed(Scratch):
    """Handles of what changed, each once, on disk. Raises `TryLater` when the disk is full."""

    def __init__(self) -> None:
        super().__init__("what changed", TABLE)

    def add(self, handles: tuple[str, ...]) -> int:
        """How many of them are new."""
        return self.change("INSERT OR IGNORE INTO changed VALUES (?)", ((each,) for each in handles))

    def clear(self) -> None:
        """Forget all."""
        self.change("DELETE FROM changed", [()])

    def after(self, handle: str, most: int) -> list[str]:
        """The next ones in their order, from a handle on."""
        sql = "SELECT handle FROM changed WHERE handle > ? ORDER BY handle LIMIT ?"
        return [found for (found,) in self.ask(sql, handle, most)]


class Oai:
    """The interface of one DSpace. Everything raises what `Client.get` does, and `NotUnderstood` for what is no answer
    of a DSpace."""

    def __init__(self, client: Client, address: str | None) -> None:
        """`address` is where it is, if that is not below the address of the client."""
        self.address = address or PLACE
        self._provider = Provider(client, self.address)

    def names(self, handle: str, since: datetime) -> bool:
        """Whether an item is among those that changed since a time."""
        with closing(self._provider.list("ListIdentifiers", self._query(since), _handle)) as sheets:
            return any(handle in sheet.records for sheet in sheets)

    def keep(self, changed: Changed, since: datetime) -> int:
        """Put down what changed since a time; how much that is. Raises `NotUnderstood` where not all of it came."""
        query = self._query(since)
        for _ in range(TRIES):
            changed.clear()
            came = told = 0
            for sheet in self._provider.list("ListIdentifiers", query, _handle):
                came, told = came + changed.add(sheet.records), max(told, sheet.total or 0)
            if came >= told:
                return came
        raise NotUnderstood(f"{self.address}: fewer items come than it tells of, {TRIES} times")

    def _query(self, since: datetime) -> dict[str, str]:
        stamp = f"{since:%Y-%m-%dT%H:%M:%SZ}" if self._repository.seconds else f"{since:%Y-%m-%d}"
        return {"metadataPrefix": PREFIX, "from": stamp}

    @cached_property
    def _repository(self) -> Repository:
        return self._provider.identify()


def _handle(record: Record) -> Iterator[str]:
    found = IDENTIFIER.fullmatch(record.identifier)
    if not found:
        raise NotUnderstood(f"{record.place}: an identifier without a handle, as no DSpace tells it")
    yield found[1]
