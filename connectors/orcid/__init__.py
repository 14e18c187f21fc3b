"""ORCID: other identifiers of outputs that we have, as people with a confirmed ORCID iD list them in public.

API:       public API 3.0, JSON; `/{orcid}/works`, one request for a person
Auth:      a token for reading what is public (`/read-public`), which lasts for years
Deletions: 404, or 409 where a record is locked; asked about again later
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from connectors.base import Asks, Finding, Manifest
from connectors.documents import JSON, document
from connectors.enriching import findings
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.orcid.works import learned
from connectors.records import Learned

NOBODY = "0000-0002-1825-0097"  # Josiah Carberry, whom ORCID itself has invented


class Orcid(Asks):
    """The public API of ORCID. It tells nothing of people here: their works' identifiers alone are taken."""

    manifest: ClassVar = Manifest(
        kind="orcid",
        asks_by="orcid",
        at_a_time=1,
        pace=0.5,
        at_once=1,
        token="Authorization: Bearer {}",  # noqa: S106 - a header without one
    )

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Learned]:
        """What each person lists; messages do not say whose list it was."""
        for person in about:
            called = "/{orcid}/works"
            with self.client.get(f"/{person.value}/works", accept=JSON, permit=permit, called=called) as answer:
                if answer.status in (404, 409, 410):
                    continue
                told = document(answer)
            if not isinstance(told.get("group"), list):
                raise NotUnderstood("/{orcid}/works: no list of works; is this the API address?")
            yield from learned(told, person)

    def check(self) -> Iterator[Finding]:
        """Whether it answers and takes the token, asked about a person whom nobody is."""
        yield from findings(self.client, "ORCID", f"/{NOBODY}/works")
