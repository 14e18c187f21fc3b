"""DataCite: versions, landing page, subjects and licence of data, software and texts whose DOI is registered there.

API:       REST, JSON:API; `/dois?query=doi:(...)` for up to 25 DOIs
Auth:      none; the contact of the institution goes along (`mailto`), which allows more requests
Deletions: not reported; what is no longer findable is asked about again
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from connectors.base import Asks, Finding, Manifest
from connectors.datacite.dois import learned
from connectors.documents import within
from connectors.enriching import findings, several
from connectors.identifiers import Identifier
from connectors.records import Learned

JSON_API = "application/vnd.api+json"
FIELDS = "doi,url,state,container,relatedIdentifiers,identifiers,subjects,rightsList"


class DataCite(Asks):
    """The REST API of DataCite."""

    manifest: ClassVar = Manifest(kind="datacite", asks_by="doi", at_a_time=25, pace=0.5, at_once=1)

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Learned]:
        """One request for all. No names of people are asked for."""
        asked = {
            "query": f"doi:({' OR '.join(map(_quoted, about))})",
            "page[size]": str(2 * len(about)),
            "fields[dois]": FIELDS,
        }
        found = several(
            self.client, "/dois", asked, rows=("data",), count=("meta", "total"), permit=permit, accept=JSON_API
        )
        for row in found:
            yield from learned(within(row, "attributes"), about)

    def check(self) -> Iterator[Finding]:
        """Whether it answers."""
        yield from findings(self.client, "DataCite", "/dois", **{"page[size]": "0"})


def _quoted(doi: Identifier) -> str:
    """As a phrase of the query language: nothing in it is an operator."""
    return '"' + doi.value.replace("\\", "\\\\").replace('"', '\\"') + '"'
