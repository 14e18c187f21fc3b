"""How an application logs in to Mendeley: by its id and secret, for a token of its own (RFC 6749, 4.4)."""

import base64
import re

from config.settings import Connection
from connectors.documents import JSON, document, text
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http import Answer, Client

PATH = "/oauth/token"
EARLY = 60.0  # seconds before its end it is renewed
LONGEST = 86_400  # seconds that a token is believed to last
_TOKEN = re.compile(r"[!-~]{1,8192}")


class Login:
    """The token of one connection; asked for when it is first needed, and again when it ends."""

    def __init__(self, settings: Connection, client: Client) -> None:
        self._settings, self._client = settings, client
        self._token, self._ends = "", 0.0

    def headers(self) -> dict[str, str]:
        """What a request needs to be ours. Raises `NotAllowed` for an application that is not known."""
        if not self._token or self._client.clock() >= self._ends:
            self._log_in()
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """The token was not accepted."""
        self._token = ""

    def _log_in(self) -> None:
        password = self._settings.password.get_secret_value() if self._settings.password else ""
        pair = base64.b64encode(f"{self._settings.username}:{password}".encode()).decode()
        form = {"grant_type": "client_credentials", "scope": "all"}
        headers = {"Authorization": f"Basic {pair}"}
        with self._client.post(PATH, form, accept=JSON, headers=headers, refusal=_refused) as answer:
            if answer.status == 400:
                raise _unknown(answer)
            told = document(answer)
        token, seconds = text(told.get("access_token")), told.get("expires_in")
        if not _TOKEN.fullmatch(token):
            raise NotUnderstood(f"{PATH}: no token in the answer")
        lasts = seconds if type(seconds) is int and 0 < seconds <= LONGEST else 0
        self._token, self._ends = token, self._client.clock() + lasts - EARLY


def _refused(answer: Answer) -> NotAllowed | None:
    return _unknown(answer) if answer.status in (401, 403) else None


def _unknown(answer: Answer) -> NotAllowed:
    mend = "check username and password, which are the id and the secret of an application"
    return NotAllowed(f"{PATH}: refused with status {answer.status}; {mend}")
