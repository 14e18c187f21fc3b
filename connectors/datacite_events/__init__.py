"""DataCite events: datasets, software and other works with a DOI that cite an output. Never counted, always shown.

API:       `/events?doi=...&page[cursor]=...`, JSON:API; one request for an output, unless thousands of events name it
Auth:      none
Deletions: an event that is told no more is taken back
Terms:     events are in the public domain (CC0). Kept are the address of what cites and the day; no title, no author
Costs:     nothing; some 3,000 requests in five minutes, less for who does not say who asks
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from connectors.answering import entries
from connectors.base import Asks, Finding, Manifest
from connectors.documents import Document, document
from connectors.enriching import findings
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.records import Heard

PATH = "/events"
ACCEPT = "application/vnd.api+json, application/json"
LARGEST = 1000  # events of a page
PAGES = 20  # of one output


class DataCiteEvents(Asks):
    """What DataCite knows of links between works."""

    manifest: ClassVar = Manifest(
        kind="datacite_events", asks_by="doi", at_a_time=1, hears=True, daily=5000, pace=0.5, at_once=1
    )

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """What cites each output, as either side has registered it."""
        from connectors.datacite_events.events import mentions

        for each in about:
            if told := mentions(self._events(each, permit), each):
                yield Heard(asked=each, mentions=told)

    def check(self) -> Iterator[Finding]:
        """Whether it answers."""
        yield from findings(self.client, "DataCite", PATH, see="docs/answerers.md", **{"page[size]": "1"})

    def _events(self, asked: Identifier, permit: Callable[[], bool]) -> list[Document]:
        """All that name it. Of the address of the next page only the cursor is taken, and asked for where we are."""
        from connectors.datacite_events.events import next_cursor

        found: list[Document] = []
        cursor, seen = "1", set[str]()
        while cursor and len(seen) < PAGES:
            seen.add(cursor)
            question = {"doi": asked.value, "page[size]": str(LARGEST), "page[cursor]": cursor}
            with self.client.get(PATH, question, accept=ACCEPT, permit=permit) as answer:
                told = document(answer)
            page = entries(told, "data")
            found += page
            cursor = next_cursor(told) if page else ""
            if cursor in seen:
                raise NotUnderstood(f"{PATH}: the next page is one that was there before")
        if cursor:
            raise NotUnderstood(f"{PATH}: more than {PAGES} pages of events")
        return found
