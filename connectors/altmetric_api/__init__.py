"""Altmetric: the full record of an output, with its posts, by a key of your own; to move house with.

API:       `/v1/fetch/doi/{doi}`, JSON; one request for an output
Auth:      the key of your contract (`token`), which Altmetric takes in the query alone; no log or message has it
Deletions: a post that is told no more is taken back
Terms:     of your contract: what it does not allow to be kept after its end is to be removed with the connection. Their
           score is not read. Kept of a post are address, title, day and who spoke, as `import --format altmetric` does
Costs:     a contract; a key is asked for by everybody since November 2025
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar
from urllib.parse import quote

from config.settings import Connection
from connectors.base import Asks, Finding, Manifest
from connectors.documents import JSON, Document, document
from connectors.enriching import finding
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.records import Heard

PATH = "/v1/fetch/doi"
EXAMPLE = Identifier("doi", "10.1038/news.2011.490")  # about which its documentation asks


class AltmetricApi(Asks):
    """The API of Altmetric for full records."""

    manifest: ClassVar = Manifest(
        kind="altmetric_api", asks_by="doi", at_a_time=1, hears=True, daily=5000, pace=1.0, at_once=1
    )

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Without a key nothing is answered."""
        if not settings.token:
            yield "token", "missing; take the key of your contract for full records and set token_file"

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """What its record has."""
        from connectors.altmetric_api.record import heard

        for each in about:
            record = self._record(each, permit)
            if record is not None and (told := heard(record, each)) is not None:
                yield told

    def check(self) -> Iterator[Finding]:
        """Whether it answers, and gives full records for the key; asked for the one in its own documentation."""
        from connectors.altmetric_api.record import heard

        def ask() -> None:
            record = self._record(EXAMPLE, None)
            if record is None:
                raise NotUnderstood(f"{PATH}: the record of its documentation is not there")
            heard(record, EXAMPLE)

        mend = "see docs/answerers.md for address and key"
        yield from finding("Altmetric answers, and gives full records for the key", ask, mend)

    def _record(self, asked: Identifier, permit: Callable[[], bool] | None) -> Document | None:
        key = self.settings.token.get_secret_value() if self.settings.token else ""
        address = f"{PATH}/{quote(asked.value)}"
        with self.client.get(address, {"key": key}, accept=JSON, permit=permit, called=PATH) as answer:
            return None if answer.status == 404 else document(answer)
