"""Mendeley: how many readers have an output in their library. Never counted in a score, always shown.

API:       `/catalog?doi=...&view=stats`, JSON; one request for an output
Auth:      client id and secret of an application of yours (`username`, `password`), for a token that lasts an hour
Deletions: a number that is told no more is taken back
Terms:     of the registered application. Kept is one number; status, subject and country of readers are not read
Costs:     nothing
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from config.settings import Connection
from connectors.base import Asks, Finding, Manifest
from connectors.documents import documents
from connectors.enriching import NOBODY, finding
from connectors.errors import NotAllowed
from connectors.http import Client
from connectors.identifiers import Identifier
from connectors.mendeley.catalog import readers
from connectors.mendeley.login import Login
from connectors.records import Heard

PATH = "/catalog"
DOCUMENT = "application/vnd.mendeley-document.1+json"


class Mendeley(Asks):
    """The catalogue of Mendeley."""

    manifest: ClassVar = Manifest(
        kind="mendeley", asks_by="doi", at_a_time=1, hears=True, daily=5000, own_login=True, pace=0.5, at_once=1
    )

    def __init__(self, settings: Connection, client: Client) -> None:
        super().__init__(settings, client)
        self._login = Login(settings, client)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Without an application nothing is answered."""
        if not (settings.username and settings.password):
            mend = "register an application at Mendeley and set its id as username, its secret as password_file"
            yield "username", f"missing; {mend}"

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """The number of readers of each."""
        for each in about:
            if count := readers(self._catalogue(each, permit), each):
                yield Heard(asked=each, units={"mendeley": count})

    def check(self) -> Iterator[Finding]:
        """Whether it answers and takes the application, asked about an article that nobody wrote."""
        mend = "see docs/answerers.md for address and application"
        yield from finding("Mendeley answers, and takes the application", lambda: self._catalogue(NOBODY, None), mend)

    def _catalogue(self, asked: Identifier, permit: Callable[[], bool] | None) -> list[object]:
        """What the catalogue has under a DOI. A token that has ended early is renewed once."""
        headers = self._login.headers()
        try:
            return self._get(asked, headers, permit)
        except NotAllowed:
            self._login.forget()
        return self._get(asked, self._login.headers(), permit)

    def _get(self, asked: Identifier, headers: Mapping[str, str], permit: Callable[[], bool] | None) -> list[object]:
        question = {"doi": asked.value, "view": "stats"}
        with self.client.get(PATH, question, accept=DOCUMENT, headers=headers, permit=permit) as answer:
            return [] if answer.status == 404 else documents(answer)
