"""Hacker News: stories and comments that name an output, found by the search that Algolia runs for it.

API:       `/search_by_date?query="{doi}"`, JSON; one request for an output, unless a thousand things name it
Auth:      none
Deletions: what is deleted or dead is not found any more, and so is taken back
Terms:     open to everybody, about 10,000 requests an hour for an address. Kept are author, title and day; not the text
Costs:     nothing
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from connectors.base import Asks, Finding, Manifest
from connectors.documents import JSON, Document, document
from connectors.enriching import findings
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.records import Heard

PATH = "/search_by_date"
LARGEST = 1000  # hits of one page, which is all that Algolia shows of one question
MOST = 10_000  # hits of one output: more name no single article


class HackerNews(Asks):
    """The search of Hacker News. It searches by words, so that much of what it finds is something else."""

    manifest: ClassVar = Manifest(
        kind="hackernews", asks_by="doi", at_a_time=1, hears=True, daily=10_000, pace=0.5, at_once=1
    )

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """What names each output in its own words or in the address that it points to."""
        from connectors.hackernews.hits import mentions

        for each in about:
            if told := mentions(self._hits(each, permit), each):
                yield Heard(asked=each, mentions=told)

    def check(self) -> Iterator[Finding]:
        """Whether it answers."""
        yield from findings(self.client, "Hacker News Search", PATH, see="docs/answerers.md", query="", hitsPerPage="1")

    def _hits(self, asked: Identifier, permit: Callable[[], bool]) -> list[Document]:
        """All that is found, the newest first: where that is more than is shown at once, what is as old as the last or
        older is asked for, so that nothing is passed over where hits have the same second."""
        from connectors.hackernews.hits import dated

        found: dict[str, Document] = {}
        older: dict[str, str] = {}
        while len(found) <= MOST:
            hits, count = dated(self._page(asked, older, permit))
            new = {key: hit for key, (hit, _) in hits.items() if key not in found}
            found |= new
            if count <= len(hits):
                return list(found.values())
            if not new:
                raise NotUnderstood(f"{PATH}: more hits in one second than are shown")
            older = {"numericFilters": f"created_at_i<={min(second for _, second in hits.values())}"}
        raise NotUnderstood(f"{PATH}: more than {MOST} hits")

    def _page(self, asked: Identifier, older: dict[str, str], permit: Callable[[], bool]) -> Document:
        phrase = asked.value.replace('"', " ")  # to the search both are what parts words
        question = {
            "query": f'"{phrase}"',
            "advancedSyntax": "true",  # or else the quotes mean nothing
            "typoTolerance": "false",
            "hitsPerPage": str(LARGEST),
            **older,
        }
        with self.client.get(PATH, question, accept=JSON, permit=permit) as answer:
            return document(answer)
