"""Overton: policy documents and guidelines that cite an output.

API:       `POST /generate_id_set.php` for a set of up to a hundred DOIs, then `/articles.php?dois={set}` by pages, JSON
Auth:      the API key of your subscription (`token`), which Overton takes in the query alone; no log or message has it
Deletions: not reported; a document that is not told any more is taken back
Terms:     of your contract with Overton. Kept of a document are its address, title, day, publisher and the pages on
           which it cites; neither its text nor its authors
Costs:     a subscription
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from config.settings import Connection
from connectors.base import Asks, Finding, Manifest
from connectors.documents import JSON, Document, document, within
from connectors.enriching import finding
from connectors.errors import NotUnderstood
from connectors.identifiers import Identifier
from connectors.records import Heard

SETS, ARTICLES = "/generate_id_set.php", "/articles.php"
PAGES = 200  # of one set
NOBODY = "10.5555/12345678"  # which Crossref has for tests


class Overton(Asks):
    """The API of Overton."""

    manifest: ClassVar = Manifest(
        kind="overton", asks_by="doi", at_a_time=100, hears=True, daily=5000, pace=1.0, at_once=1
    )

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Without a key nothing is answered."""
        if not settings.token:
            yield "token", "missing; take the API key of your subscription and set token_file"

    def ask(self, about: Sequence[Identifier], *, permit: Callable[[], bool]) -> Iterator[Heard]:
        """What cites each of them. Pages are counted here, so that no address in an answer is followed."""
        from connectors.overton.citing import heard

        told: list[Document] = []
        named = self._set(about, permit)
        for page in range(1, PAGES + 1):
            answer = self._articles(named, page, permit)
            told.append(answer)
            if not within(answer, "query", "next_page_url"):
                break
        else:
            raise NotUnderstood(f"{ARTICLES}: more than {PAGES} pages of one set")
        yield from heard(told, about)

    def check(self) -> Iterator[Finding]:
        """Whether it answers and takes the key, asked about an article that nobody wrote."""
        from connectors.overton.citing import heard

        yield from finding(
            "Overton answers, and takes the key",
            lambda: list(heard([self._articles(NOBODY, 1, None)], [])),
            "see docs/answerers.md for address and key",
        )

    def _set(self, about: Sequence[Identifier], permit: Callable[[], bool]) -> str:
        """The name that Overton gives to so many DOIs."""
        from connectors.overton.citing import name_of_set

        form = {"dois": "\n".join(each.value for each in about)}
        with self.client.post(SETS, form, params=self._query(), accept=JSON, permit=permit) as answer:
            return name_of_set(document(answer))

    def _articles(self, dois: str, page: int, permit: Callable[[], bool] | None) -> Document:
        question = {"dois": dois, "page": str(page), **self._query()}
        with self.client.get(ARTICLES, question, accept=JSON, permit=permit) as answer:
            return document(answer)

    def _query(self) -> dict[str, str]:
        key = self.settings.token.get_secret_value() if self.settings.token else ""
        return {"format": "json", "api_key": key}
