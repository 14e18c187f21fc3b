"""One InvenioRDM's REST API, as the account whose token we have, or as anybody.

A token that has ended or was revoked is not refused: the request goes on as anybody's, and what is restricted is then
missing. So it is asked whether we are still known, and where answers name our account, each of them must.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from config.settings import Connection
from connectors.documents import JSON, LARGEST, Document, document
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Answer, Client

ACCEPT = f"application/vnd.inveniordm.v1+json, {JSON};q=0.9"  # zenodo.org's plain JSON is of the time before InvenioRDM
ACCOUNT = "X-User-ID"
WORLD = "zenodo.org"
GONE = (404, 410)
ERROR = 64 * 1024  # bytes of the body of an error


class Rest:
    """Requests of one connection. One thread at a time."""

    def __init__(self, settings: Connection, client: Client) -> None:
        self.settings, self.client = settings, client
        self._named = False

    @property
    def shared(self) -> bool:
        """Whether this is Zenodo, which holds the world's records and not one institution's."""
        host = (urlsplit(self.client.base).hostname or "").rstrip(".")
        return host == WORLD or host.endswith(f".{WORLD}")

    def known(self) -> bool:
        """Whether the token is accepted: only an account has uploads of its own, be it none."""
        self._named = False
        try:
            with self.client.get("/api/user/records", {"size": "1"}, accept=ACCEPT, refusal=_forbidden) as answer:
                document(answer)
                self._named = ACCOUNT in answer.headers
        except Forbidden:
            return False
        return True

    def expect_known(self) -> None:
        """Raises `NotAllowed` where there is a token, and it is not accepted."""
        if self.settings.token and not self.known():
            mend = "make a new one for our account, and set it in token_file"
            raise NotAllowed(f"connections.{self.settings.name}.token: not accepted, or not any more; {mend}")

    def page(self, path: str, params: Mapping[str, str]) -> tuple[list[object], int]:
        """The rows of a page of a listing, and how many there are on all pages. Raises `NotAllowed` where it may not be
        read, `NotUnderstood` for what is no listing."""
        with self.client.get(path, params, accept=ACCEPT) as answer:
            if answer.status == 404:
                mend = "is url the address of the site, without /api, and does the community exist?"
                raise NotUnderstood(f"{answer.path}: no such listing; {mend}")
            hits = document(answer).get("hits")
            self._ours(answer)
        rows, total = (hits.get("hits"), hits.get("total")) if isinstance(hits, dict) else (None, None)
        if not isinstance(rows, list) or type(total) is not int or total < 0:
            raise NotUnderstood(f"GET {path}: no list of records, or not how many there are")
        return rows, total

    def record(self, key: str, *, surely: bool = False) -> Document | None:
        """A published record; None when it is deleted, or nowhere to be seen. Where it has to be `surely` deleted,
        raises `Unseen` for an answer that means either. Raises `Forbidden` where it is not for us."""
        return self._one(f"/api/records/{quote(key, safe='')}", surely=surely)

    def draft(self, key: str) -> Document | None:
        """The one draft of a record; None when there is none. Raises `Forbidden` where it is not for us."""
        return self._one(draft_of(key))

    def community(self, slug: str) -> Document | None:
        """A community by its slug; None when there is none."""
        return self._one(f"/api/communities/{quote(slug, safe='')}")

    def change(
        self,
        method: Literal["POST", "PUT", "DELETE"],
        path: str,
        permit: Callable[[], bool],
        *,
        body: Document | None = None,
        revision: object = None,
    ) -> tuple[int, Document]:
        """The status of a change, and the document that came with it, empty where none did. `revision` is what the
        server compares (If-Match), and refuses with 412 where somebody was quicker."""
        headers = {"Content-Type": JSON}
        if isinstance(revision, int):
            headers["If-Match"] = str(revision)
        sent = b"" if body is None else json.dumps(body).encode()
        with self.client.change(method, path, permit=permit, body=sent, accept=ACCEPT, headers=headers) as answer:
            told = _object(answer)
            return answer.status, told if answer.status < 300 and told else {}

    def _one(self, path: str, *, surely: bool = False) -> Document | None:
        with self.client.get(path, accept=ACCEPT, refusal=_forbidden) as answer:
            if answer.status not in GONE:
                told = document(answer)
                self._ours(answer)
                return told
            refused = _object(answer)
            if refused is None or refused.get("status") != answer.status:
                mend = "is url the address of the site, without /api, and does nothing else answer in its place?"
                raise NotUnderstood(f"{answer.path}: status {answer.status}, not in InvenioRDM's own words; {mend}")
            self._ours(answer)
            if surely and answer.status == 404:
                raise Unseen(f"{answer.path}: never there, or hidden")
            return None

    def _ours(self, answer: Answer) -> None:
        if self._named and ACCOUNT not in answer.headers:
            mend = "the token may have been revoked; make a new one"
            raise NotAllowed(f"{answer.path}: answered as to anybody, and no more as to our account; {mend}")


class Forbidden(NotUnderstood):
    """This one thing is not for us, which says nothing of the others."""


class Unseen(NotUnderstood):
    """This one thing is not found, which may mean either that it never was or that it is hidden."""


def draft_of(key: str) -> str:
    """Where the draft of a record is."""
    return f"/api/records/{quote(key, safe='')}/draft"


def _forbidden(answer: Answer) -> ConnectorError | None:
    if answer.status != 403:
        return None
    mend = "give the account the right to see and edit it; docs/inveniordm.md says which"
    return Forbidden(f"{answer.path}: refused with status 403; {mend}")


def _object(answer: Answer) -> dict[str, Any] | None:
    try:
        told = json.loads(answer.body.read(LARGEST if answer.status < 300 else ERROR))
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
