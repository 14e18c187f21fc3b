"""The CSV files of the `files` connector as rows: read once, kept sorted by key in a temporary database.

Rows of one key may stand anywhere in a file and vote together, and a file may be larger than memory; so rows go to a
temporary SQLite database, which spills to disk and vanishes with its connection.
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Self

from connectors.sheet import Row, Table

PEOPLE = Table(
    file="people.csv",
    kind="person",
    keys=("person",),
    columns=("name", "orcid", "visibility", "current", "academic", "student"),
)
GROUPS = Table(file="groups.csv", kind="group", keys=("group",), columns=("name", "parents", "visibility"))
MEMBERSHIPS = Table(file="memberships.csv", kind="membership", keys=("group", "person"), columns=())
OUTPUTS = Table(
    file="outputs.csv",
    kind="item",
    keys=("output",),
    columns=(
        *("title", "type", "journal", "issn", "published", "visibility"),
        *("doi", "pmid", "pmcid", "arxiv", "handle", "isbn", "url", "versions", "subjects"),
    ),
)
AUTHORSHIPS = Table(
    file="authorships.csv", kind="authorship", keys=("output", "person"), columns=("visibility", "position")
)
TABLES = (PEOPLE, GROUPS, MEMBERSHIPS, OUTPUTS, AUTHORSHIPS)


class Shelf:
    """All rows of a folder, by file and key. Use it as a context: it takes the temporary database away."""

    def __init__(self) -> None:
        self._store = sqlite3.connect("", isolation_level=None)  # an empty name: a private file, deleted on close
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute("CREATE TABLE rows (file, key, second, line, broken, cells)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._store.close()

    def add(self, table: Table, rows: Iterator[Row]) -> None:
        """Keep the rows of one file."""
        first, second = (*table.keys, None)[:2]
        self._store.execute("BEGIN")
        self._store.executemany(
            "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)",
            (
                (table.file, row[first or ""], row[second or ""], row.line, row.broken, json.dumps(row.cells))
                for row in rows
            ),
        )
        self._store.execute("COMMIT")

    def sort(self) -> None:
        """All rows are there."""
        self._store.execute("CREATE INDEX sorted ON rows (file, key, second, line)")

    def by_key(self, table: Table) -> Iterator[list[Row]]:
        """The rows of each key, in the order of the file."""
        return self._groups(
            "SELECT key, second, line, broken, cells FROM rows WHERE file = ? ORDER BY key, second, line", table.file
        )

    def below(self, table: Table, key: str) -> Iterator[list[Row]]:
        """The rows of each key whose first part is `key`."""
        return self._groups(
            "SELECT key, second, line, broken, cells FROM rows WHERE file = ? AND key = ? ORDER BY second, line",
            table.file,
            key,
        )

    def without(self, table: Table, other: Table) -> Iterator[list[Row]]:
        """The rows of each key whose first part is no key of `other`."""
        return self._groups(
            "SELECT key, second, line, broken, cells FROM rows AS r WHERE file = ? AND NOT EXISTS "
            "(SELECT 1 FROM rows AS o WHERE o.file = ? AND o.key = r.key) ORDER BY key, second, line",
            table.file,
            other.file,
        )

    def _groups(self, query: str, *values: str) -> Iterator[list[Row]]:
        for _, rows in groupby(self._store.execute(query, values), key=lambda row: row[:2]):
            yield [Row(line, json.loads(cells), broken) for _, _, line, broken, cells in rows]
