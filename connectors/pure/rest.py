"""The requests that are made of a Pure: listings, searches, single records, changes, and updates."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

from connectors.documents import JSON, Document, document
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Answer, Client
from connectors.pure.dialect import OUTPUTS, Dialect

LARGEST = 64 * 1024 * 1024  # bytes of one document: outputs of collaborations have a thousand contributors and more
GONE = (404, 410)
UNSEEN = "deleted, or confidential and not for this key; let the key see confidential content (docs/pure.md)"
PURE = "set url to the address of its API, which ends with /ws/api, or with /ws/api/524 for the legacy one"


class Forbidden(NotUnderstood):
    """One record is not for us; that says nothing of the others."""


class Unseen(NotUnderstood):
    """One record is not found, which may mean either that it was deleted or that it is not for us."""


class Rest:
    """One Pure, by one of its two APIs."""

    def __init__(self, client: Client, dialect: Dialect) -> None:
        self._client, self.dialect = client, dialect

    def hello(self) -> datetime | None:
        """Whether the API is there, and accepts our key; the time by its own clock."""
        path = f"{OUTPUTS}/orderings" if self.dialect.writes else OUTPUTS
        with self._get(path, {} if self.dialect.writes else {"size": "1"}) as answer:
            if answer.status == 404:
                raise NotUnderstood(f"{answer.path}: no {self.dialect.name} API of Pure answers here; {PURE}")
            told = document(answer, largest=LARGEST)
            if ("orderings" if self.dialect.writes else "count") not in told:
                raise NotUnderstood(f"{answer.path}: not what the {self.dialect.name} API of Pure answers; {PURE}")
            return answer.date

    def orderings(self) -> dict[str, str]:
        """The ids of the orders that outputs can be listed in, by themselves in small letters; the current API only."""
        with self._get(f"{OUTPUTS}/orderings") as answer:
            told = document(answer).get("orderings")
        return {each.lower(): each for each in told if isinstance(each, str)} if isinstance(told, list) else {}

    def get(self, path: str, query: Mapping[str, str]) -> Document:
        """The document at a path."""
        with self._get(path, query) as answer:
            return document(answer, largest=LARGEST)

    def search(self, path: str, question: Mapping[str, object]) -> Document:
        """What fits a question; it changes nothing there."""
        with self._client.query(path, question, accept=JSON, refusal=_refused) as answer:
            return document(answer, largest=LARGEST)

    def one(self, path: str, key: str, *, surely: bool = False) -> Document | None:
        """One record, or what it was merged into; None when it is gone, or nowhere to be seen. Where it has to be
        `surely` gone, raises `Unseen` for an answer that means either. Raises `Forbidden` where it is not for us."""
        with self._get(f"{path}/{quote(key, safe='')}", single=True) as answer:
            if surely and answer.status == 404:
                raise Unseen(f"{answer.path}: {UNSEEN}")
            return None if answer.status in GONE else document(answer, largest=LARGEST)

    def update(self, key: str, body: Document, permit: Callable[[], bool]) -> int:
        """The status of an update of an output. 409: somebody else was quicker, by the version in the body."""
        path = f"{OUTPUTS}/{quote(key, safe='')}"
        sent, headers = json.dumps(body).encode(), {"Content-Type": JSON}
        with self._client.change("PUT", path, permit=permit, body=sent, accept=JSON, headers=headers) as answer:
            return answer.status

    def _get(self, path: str, query: Mapping[str, str] | None = None, *, single: bool = False) -> Answer:
        return self._client.get(path, query, accept=JSON, refusal=_hidden if single else _refused)


def _refused(answer: Answer) -> ConnectorError | None:
    if answer.status not in (401, 403):
        return None
    mend = "check token, which is an API key of Pure, and that the key may read this (docs/pure.md)"
    return NotAllowed(f"{answer.path}: the key was refused with status {answer.status}; {mend}")


def _hidden(answer: Answer) -> ConnectorError | None:
    if answer.status != 403:
        return _refused(answer)
    return Forbidden(f"{answer.path}: refused with status 403; may the key see this record?")
