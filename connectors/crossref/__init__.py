"""Crossref: versions, landing page, journal and licence of outputs whose DOI is registered there.

API:       REST, JSON; `/works?filter=doi:...` for up to 20 DOIs, `/works/{doi}` for one that has a comma
Auth:      none; the contact of the institution goes along (`mailto`), which gives access to the polite pool
Deletions: not reported; what is no longer known is asked about again
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from connectors.base import Asks, Finding, Manifest
from connectors.crossref.works import learned
from connectors.documents import within
from connectors.enriching import findings, one, several
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.records import Learned

FIELDS = "DOI,ISSN,container-title,license,relation,resource,subject,type,update-to,updated-by"


class Crossref(Asks):
    """The REST API of Crossref."""

    manifest: ClassVar = Manifest(kind="crossref", asks_by="doi", at_a_time=20, pace=0.5, at_once=1)

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Learned]:
        """One request for all whose DOI the filter can take, for what is read alone. The others are asked about one by
        one and come whole; the names of people in them are not read."""
        together = [each for each in about if "," not in each.value]
        for work in self._together(together, permit) if together else ():
            yield from learned(work, about)
        for each in about:
            if each not in together and (work := self._one(each, permit)):
                yield from learned(work, [each])

    def check(self) -> Iterator[Finding]:
        """Whether it answers."""
        yield from findings(self.client, "Crossref", "/works", rows="0")

    def _together(self, about: Sequence[Identifier], permit: Callable[[], bool]) -> list[Any]:
        asked = {"filter": ",".join(f"doi:{each.value}" for each in about), "rows": str(len(about)), "select": FIELDS}
        rows, count = ("message", "items"), ("message", "total-results")
        return several(self.client, "/works", asked, rows=rows, count=count, permit=permit)

    def _one(self, about: Identifier, permit: Callable[[], bool]) -> Any:
        path = f"/works/{quote(about.value, safe='')}"
        told = one(self.client, path, called="/works/{doi}", permit=permit)
        work = within(told, "message")
        if told is not None and not isinstance(work, dict):
            raise NotUnderstood("/works/{doi}: no work in the answer")
        return work
