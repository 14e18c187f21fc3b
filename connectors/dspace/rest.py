"""One DSpace's REST API as our account: JSON documents, proof of who we are, and patches."""

import json
from collections.abc import Callable, Mapping, Sequence

from config.settings import Connection
from connectors.documents import JSON, Document, document
from connectors.dspace.login import Login, renews
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Answer, Client, Refusal


class Rest:
    """Requests as our account. A bearer that is not accepted is replaced once."""

    def __init__(self, settings: Connection, client: Client) -> None:
        self._client = client
        self._login = Login(settings, client)

    def get(
        self, path: str, params: Mapping[str, str] | None = None, *, absent: Sequence[int] = (404,)
    ) -> Document | None:
        """The document at a path; None for a status in `absent`. Raises `NotUnderstood` for what is no document."""
        try:
            return self._get(path, params, absent, _logged_out)
        except _LoggedOut:
            self._login.forget()
            return self._get(path, params, absent, _not_ours)

    def known(self) -> bool:
        """Whether we are still who we were. A DSpace does not refuse a bearer that has ended or was logged out
        elsewhere, it answers as it would to anybody: so what is absent proves something only when this is true.
        Where it is not, the next request logs in again."""
        status = self.get("/api/authn/status", absent=())
        known = status is not None and status.get("authenticated") is True
        if not known:
            self._login.forget()
        return known

    def patch(self, path: str, operations: Sequence[Mapping[str, object]], permit: Callable[[], bool]) -> int:
        """The status of a JSON Patch (RFC 6902). A CSRF token or bearer that is not accepted is replaced, and the
        patch sent once more for each, asking `permit` again; nothing was changed by what was refused."""
        body = json.dumps(operations).encode()
        again = {401, 403}
        while True:
            headers = {**self._login.headers_to_change(), "Content-Type": "application/json-patch+json"}
            with self._client.change("PATCH", path, permit=permit, body=body, accept=JSON, headers=headers) as answer:
                if answer.status not in again or (answer.status == 403 and not renews(answer)):
                    return answer.status
            again.discard(answer.status)
            if answer.status == 401:
                self._login.forget()

    def _get(
        self,
        path: str,
        params: Mapping[str, str] | None,
        absent: Sequence[int],
        refusal: Refusal,
    ) -> Document | None:
        ours = self._login.headers()
        with self._client.get(path, params, accept=JSON, headers=ours, refusal=refusal) as answer:
            return None if answer.status in absent else document(answer)


class _LoggedOut(NotAllowed):
    """The bearer was not accepted."""


def _logged_out(answer: Answer) -> ConnectorError | None:
    return _LoggedOut(f"{answer.path}: the login has ended") if answer.status == 401 else _not_ours(answer)


def _not_ours(answer: Answer) -> ConnectorError | None:
    """That one thing is refused says nothing of the others."""
    if answer.status not in (401, 403):
        return None
    mend = "give the account the right to see and edit it; docs/dspace.md says which"
    return NotUnderstood(f"{answer.path}: refused with status {answer.status}; {mend}")
