"""OpenAlex: PubMed identifiers, landing page, journal and fields of outputs by their DOI.

API:       REST, JSON; `/works?filter=doi:a|b` for up to 50 DOIs, `/works/doi:{doi}` for one alone, which costs nothing
Auth:      the key of an account, in a header
Deletions: not reported; what is no longer known is asked about again
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from connectors.base import Asks, Finding, Manifest
from connectors.enriching import findings, one, several
from connectors.identifiers import Identifier
from connectors.openalex.works import learned
from connectors.records import Learned

FIELDS = "doi,ids,is_retracted,primary_location,topics"
LARGEST = 100  # rows of a page; a DOI may have several works


class OpenAlex(Asks):
    """The API of OpenAlex. The key goes in a header: in an address it would stand in the logs on the way."""

    manifest: ClassVar = Manifest(
        kind="openalex",
        asks_by="doi",
        at_a_time=50,
        pace=0.2,
        at_once=1,
        token="Authorization: Bearer {}",  # noqa: S106 - a header without one
    )

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Learned]:
        """One request for all whose DOI the filter can take. No names of people are asked for."""
        together = [each for each in about if not set(each.value) & set(",|!")] if len(about) > 1 else []
        if together:
            yield from learned(self._together(together, permit), about)
        for each in about:
            if each not in together:
                path = f"/works/doi:{quote(each.value, safe='/')}"
                work = one(self.client, path, called="/works/doi:{doi}", permit=permit, select=FIELDS)
                yield from learned([work] if work else [], [each])

    def check(self) -> Iterator[Finding]:
        """Whether it answers, and takes the key."""
        yield from findings(self.client, "OpenAlex", "/works", per_page="1", select="id")

    def _together(self, about: Sequence[Identifier], permit: Callable[[], bool]) -> list[Any]:
        values = "|".join(each.value for each in about)
        asked = {"filter": f"doi:{values}", "per_page": str(LARGEST), "select": FIELDS}
        return several(self.client, "/works", asked, rows=("results",), count=("meta", "count"), permit=permit)
