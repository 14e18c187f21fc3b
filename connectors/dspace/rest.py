"""One DSpace's REST API as our account: JSON documents, proof of who we are, and patches."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from config.settings import Connection
from connectors.documents import JSON, Document, document
from connectors.dspace.login import Login, renews
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.http import Answer, Client, Refusal

FIND = "/api/pid/find"  # of a handle: it redirects to what has it


class Rest:
    """Requests as our account, or as anybody. A bearer that is not accepted is replaced once. `ours` tells whether
    there is an account at all."""

    def __init__(self, settings: Connection, client: Client) -> None:
        self._client = client
        self._login = Login(settings, client)
        self.ours = bool(settings.username)

    @property
    def clock(self) -> datetime | None:
        """The time that the DSpace told last."""
        return self._client.heard

    def read(
        self, path: str, params: Mapping[str, str] | None = None, *, absent: Sequence[int] = (404,)
    ) -> Document | None:
        """As `get`, or as `anybody` where there is no account."""
        return (self.get if self.ours else self.anybody)(path, params, absent=absent)

    def anybody(
        self, path: str, params: Mapping[str, str] | None = None, *, absent: Sequence[int] = (404,)
    ) -> Document | None:
        """What is answered to who is not logged in. Raises `Refused` for what is not for everybody."""
        with self._client.get(path, params, accept=JSON, refusal=_closed) as answer:
            return None if answer.status in absent else document(answer)

    def get(
        self, path: str, params: Mapping[str, str] | None = None, *, absent: Sequence[int] = (404,)
    ) -> Document | None:
        """The document at a path; None for a status in `absent`. Raises `NotUnderstood` for what is no document."""
        try:
            return self._get(path, params, absent, _logged_out)
        except _LoggedOut:
            self._login.forget()
            return self._get(path, params, absent, _not_ours)

    def resolved(self, handle: str) -> str | None:
        """The path of what has a handle, also of what we may not see; None where there is nothing."""
        ours = self._login.headers() if self.ours else None
        try:
            with self._client.get(FIND, {"id": handle}, accept=JSON, headers=ours, refusal=_closed) as answer:
                if answer.status not in (200, 404):
                    raise NotUnderstood(f"{answer.path}: status {answer.status} to a handle")
                there = answer.status == 200 or not answer.path.endswith(FIND)
                return answer.path if there else None
        except Refused as refused:
            return refused.path

    def known(self) -> bool:
        """Whether we are still who we were. A DSpace does not refuse a bearer that has ended or was logged out
        elsewhere, it answers as it would to anybody: so what is absent proves something only when this is true.
        Where it is not, the next request logs in again."""
        status = self.get("/api/authn/status", absent=())
        known = status is not None and status.get("authenticated") is True
        if not known:
            self._login.forget()
        return known

    def meet(self) -> None:
        """Log in where there is an account, and hear what time it is. Raises `NotUnderstood` where a login is accepted,
        and does not hold."""
        if not self.ours:
            self.anybody("/api/authn/status", absent=())
        elif not self.known():
            raise NotUnderstood("the login was accepted, and then nobody was logged in; does a proxy drop a header?")

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


class Refused(NotUnderstood):
    """One thing that may not be seen, by our account or by anybody. `path` is where it is."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


class _LoggedOut(NotAllowed):
    """The bearer was not accepted."""


def _logged_out(answer: Answer) -> ConnectorError | None:
    return _LoggedOut(f"{answer.path}: the login has ended") if answer.status == 401 else _not_ours(answer)


def _not_ours(answer: Answer) -> ConnectorError | None:
    """That one thing is refused says nothing of the others."""
    mend = "give the account the right to see and edit it; docs/dspace.md says which"
    return _refused(answer, mend)


def _closed(answer: Answer) -> ConnectorError | None:
    return _refused(answer, "not everybody may see it: give an account that may (docs/dspace.md)")


def _refused(answer: Answer, mend: str) -> ConnectorError | None:
    if answer.status not in (401, 403):
        return None
    return Refused(f"{answer.path}: refused with status {answer.status}; {mend}", answer.path)
