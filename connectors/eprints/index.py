"""Which records carry a DOI, as Dublin Core has it: read once, when it is first asked for, and kept on disk.

No search of an EPrints finds a DOI unless the site has made it one of the fields that are searched, and by default it
is none. Dublin Core has it with every record, a hundred a page.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack

from connectors.eprints.run import PREFIX, header
from connectors.errors import TryLater
from connectors.identifiers import normalise
from connectors.oai_pmh.provider import Provider
from connectors.oai_pmh.xml import Record
from connectors.records import Aside

DC = "{http://purl.org/dc/elements/1.1/}"
CACHE = -4096  # KiB of pages that SQLite keeps in memory


class Index:
    """The keys of records by DOI. SQLite's unnamed database is a private temporary file that is gone when it is closed.
    Raises `TryLater` when the temporary folder is full."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._store: sqlite3.Connection | None = None

    def keys(self, doi: str) -> list[str]:
        """Records that may carry it, in order."""
        if self._store is None:
            self._store = self._filled()
        rows = self._store.execute(
            "SELECT DISTINCT key FROM carries WHERE doi = ? ORDER BY CAST(key AS INTEGER)", (doi,)
        )
        return [key for (key,) in rows]

    def close(self) -> None:
        """Give the disk back."""
        if self._store is not None:
            self._store.close()
        self._store = None

    def _filled(self) -> sqlite3.Connection:
        """The whole listing on disk; what breaks off on the way leaves nothing there."""
        with ExitStack() as unfinished:
            store = sqlite3.connect("", check_same_thread=False)
            unfinished.callback(store.close)
            try:
                store.execute("PRAGMA journal_mode = OFF")
                store.execute(f"PRAGMA cache_size = {CACHE}")
                store.execute("CREATE TABLE carries (doi TEXT NOT NULL, key TEXT NOT NULL)")
                for sheet in self._provider.list("ListRecords", {"metadataPrefix": PREFIX}, _pairs):
                    store.executemany("INSERT INTO carries VALUES (?, ?)", sheet.records)
                store.execute("CREATE INDEX by_doi ON carries (doi)")
            except sqlite3.OperationalError as error:
                raise TryLater(f"the DOIs cannot be kept for a while ({error}); empty the temporary folder") from None
            unfinished.pop_all()
        return store


def _pairs(record: Record) -> Iterator[tuple[str, str]]:
    """The DOIs that stand alone in an element; a citation in words is none."""
    for told in header(record):
        if isinstance(told, Aside) or told.deleted or record.metadata is None:
            continue
        for element in record.metadata.iter(f"{DC}identifier", f"{DC}relation"):
            if doi := normalise("doi", element.text or ""):
                yield doi.value, told.key
