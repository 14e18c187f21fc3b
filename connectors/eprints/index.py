"""Which records carry a DOI, as Dublin Core has it: read once, when it is first asked for, and kept on disk.

No search of an EPrints finds a DOI unless the site has made it one of the fields that are searched, and by default it
is none. Dublin Core has it with every record, a hundred a page.
"""

from collections.abc import Iterator
from contextlib import ExitStack

from connectors.eprints.run import PREFIX, header
from connectors.identifiers import normalise
from connectors.oai_pmh.provider import Provider
from connectors.oai_pmh.xml import Record
from connectors.records import Aside
from connectors.scratch import Scratch

TABLE = ("CREATE TABLE carries (doi TEXT NOT NULL, key TEXT NOT NULL)", "CREATE INDEX by_doi ON carries (doi)")
DC = "{http://purl.org/dc/elements/1.1/}"


class Index:
    """The keys of records by DOI. Raises `TryLater` when the temporary folder is full."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._kept: Scratch | None = None

    def keys(self, doi: str) -> list[str]:
        """Records that may carry it, in order."""
        if self._kept is None:
            self._kept = self._filled()
        rows = self._kept.ask("SELECT DISTINCT key FROM carries WHERE doi = ? ORDER BY CAST(key AS INTEGER)", doi)
        return [key for (key,) in rows]

    def close(self) -> None:
        """Give the disk back."""
        if self._kept is not None:
            self._kept.close()
        self._kept = None

    def _filled(self) -> Scratch:
        """The whole listing; what breaks off on the way leaves nothing there."""
        with ExitStack() as unfinished:
            kept = unfinished.enter_context(Scratch("DOIs", *TABLE))
            for sheet in self._provider.list("ListRecords", {"metadataPrefix": PREFIX}, _pairs):
                kept.change("INSERT INTO carries VALUES (?, ?)", sheet.records)
            unfinished.pop_all()
        return kept


def _pairs(record: Record) -> Iterator[tuple[str, str]]:
    """The DOIs that stand alone in an element; a citation in words is none."""
    for told in header(record):
        if isinstance(told, Aside) or told.deleted or record.metadata is None:
            continue
        for element in record.metadata.iter(f"{DC}identifier", f"{DC}relation"):
            if doi := normalise("doi", element.text or ""):
                yield doi.value, told.key
