"""The accounts of a Figshare, waiting on disk for their profiles and for the articles that name them as authors."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from connectors.documents import Document
from connectors.figshare.items import key_of, number_of
from connectors.scratch import Scratch

KEPT = ("id", "user_id", "first_name", "last_name", "email", "active", "orcid_id")  # not what its storage holds by now


class Accounts(Scratch):
    """Accounts by id and by user. Raises `TryLater` when the temporary folder is full."""

    def __init__(self) -> None:
        super().__init__(
            "accounts",
            "CREATE TABLE account (key INTEGER, user TEXT, row TEXT, PRIMARY KEY (key, row))",
            "CREATE INDEX by_user ON account (user)",
        )

    def add(self, rows: Iterable[Document]) -> int:
        """Keep some; how many were not there yet."""
        told = ((int(key_of(row)), number_of(row.get("user_id")), _packed(row)) for row in rows)
        return self.change("INSERT OR IGNORE INTO account VALUES (?, ?, ?)", told)

    def all(self) -> Iterator[list[Document]]:
        """Every account, in the order of the ids: all the rows that tell of it."""
        rows = self.ask("SELECT key, row FROM account ORDER BY key, row")
        for _, told in groupby(rows, key=lambda pair: pair[0]):
            yield [json.loads(row) for _, row in told]

    def of(self, user: str) -> list[str]:
        """The keys of the accounts of a user; none for somebody from elsewhere."""
        found = self.ask("SELECT DISTINCT key FROM account WHERE user = ? ORDER BY key", user)
        return [str(key) for (key,) in found]


def _packed(row: Document) -> str:
    return json.dumps({name: row[name] for name in KEPT if name in row})
