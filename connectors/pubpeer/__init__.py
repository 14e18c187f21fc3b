"""PubPeer: pages on which readers comment on an article.

API:       `POST /v3/publications`, JSON; up to 50 DOIs in one request
Auth:      a key of your own (`devkey`), which PubPeer takes in the query alone; no log or message has it
Deletions: not reported; a page that is not told any more is taken back
Terms:     the key is given by PubPeer on request and is not to be borrowed. Kept of a page are its address, title and
           the day of its latest comment; no comment, and nobody's name
Costs:     nothing
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from config.settings import Connection
from connectors.base import Asks, Finding, Manifest
from connectors.documents import JSON, Document, document
from connectors.enriching import NOBODY, finding
from connectors.errors import NotAllowed, NotUnderstood
from connectors.identifiers import Identifier
from connectors.records import Heard

PATH = "/v3/publications"
OWN = "ask PubPeer for a key of your own and set token_file"


class PubPeer(Asks):
    """The API of PubPeer, as reference managers use it."""

    manifest: ClassVar = Manifest(
        kind="pubpeer", asks_by="doi", at_a_time=50, hears=True, daily=5000, pace=1.0, at_once=1
    )

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Without a key nothing is answered."""
        if not settings.token:
            yield "token", f"missing; {OWN}"

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """One request for all."""
        from connectors.pubpeer.feedbacks import heard

        told = self._told(about, permit)
        if told is None:  # because of the key, or because of what was asked
            mend = "the question was refused with status 422, and another was not"
            raise NotUnderstood(f"{PATH}: {mend}") if self._takes_the_key() else _unknown_key()
        yield from heard(told, about)

    def check(self) -> Iterator[Finding]:
        """Whether it answers and takes the key, asked about an article that nobody wrote."""

        def ask() -> None:
            if not self._takes_the_key():
                raise _unknown_key()

        yield from finding("PubPeer answers, and takes the key", ask, "see docs/answerers.md for address and key")

    def _takes_the_key(self) -> bool:
        return self._told([NOBODY], None) is not None

    def _told(self, about: Sequence[Identifier], permit: Callable[[], bool] | None) -> Document | None:
        """The answer; None for a 422."""
        key = self.settings.token.get_secret_value() if self.settings.token else ""
        question = {"dois": [each.value for each in about]}
        with self.client.query(PATH, question, params={"devkey": key}, accept=JSON, permit=permit) as answer:
            return None if answer.status == 422 else document(answer)


def _unknown_key() -> NotAllowed:
    return NotAllowed(f"{PATH}: the key is not accepted (status 422); {OWN}")
