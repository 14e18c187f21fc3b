"""How a DSpace is logged in to: CSRF tokens, the login form, and the bearer that ends after a while.

Rules: RestContract `csrf-tokens.md` and `authentication.md`. A token comes as a header with any answer and replaces the
one before; its cookie stays with the client. Nothing here shows a token or a password.
"""

import base64
import json
import logging
import re
from collections.abc import Mapping

from config.settings import Connection
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http import Answer, Client

log = logging.getLogger(__name__)

CSRF, CSRF_SENT = "DSPACE-XSRF-TOKEN", "X-XSRF-TOKEN"
LASTS = 25 * 60.0  # seconds; a bearer that does not say is taken to end after 30 minutes, as DSpace's default is
EARLY = 120.0  # seconds before its end it is renewed; half its time where that is less
TOKEN = re.compile(r"[!-~]{1,4096}")
BEARER = re.compile(r"Bearer [A-Za-z0-9._~+/-]{1,8192}=*")


class Login:
    """The account of one connection. It logs in when first asked for headers, and again when the bearer ends. One
    thread at a time."""

    def __init__(self, settings: Connection, client: Client) -> None:
        self._settings, self._client = settings, client
        self._csrf = self._bearer = ""
        self._ends = 0.0
        self._refused: NotAllowed | None = None
        client.listen(self._hear)

    def headers(self) -> dict[str, str]:
        """What a request that changes nothing needs to be ours. Logs in, or renews the bearer, where that is due.

        Raises `NotAllowed` for credentials that are not accepted, which are offered once, since accounts may be locked
        after several times; and `NotUnderstood` for an answer that is no login."""
        if self._refused is not None:
            raise self._refused
        if not self._bearer or self._client.clock() >= self._ends:
            self._log_in()
        return {"Authorization": self._bearer}

    def headers_to_change(self) -> dict[str, str]:
        """The same for a request that changes something."""
        ours = self.headers()
        return {**ours, CSRF_SENT: self._csrf_token()}

    def forget(self) -> None:
        """The bearer was not accepted, so the next request logs in again."""
        self._bearer = ""

    def _hear(self, headers: Mapping[str, str]) -> None:
        token = headers.get(CSRF, "")
        if TOKEN.fullmatch(token):
            self._csrf = token

    def _csrf_token(self) -> str:
        if not self._csrf:  # else not asked for: later ones come by themselves
            self._client.get("/api/security/csrf").close()
        if not self._csrf:  # 7.0 to 7.6.1 have no such address, and give one with any answer
            self._client.get("/api").close()
        if not self._csrf:
            mend = "set url to the address of its REST API, which usually ends with /server"
            raise NotUnderstood(f"{self._where()}: no CSRF token, so this is no DSpace 7 or later; {mend}")
        return self._csrf

    def _log_in(self) -> None:
        username, password = self._settings.username, self._settings.password
        if not username or not password:
            raise NotAllowed(f"{self._where()}.username: missing; a DSpace lets only accounts write")
        if self._bearer:
            try:
                return self._ask({}, {"Authorization": self._bearer})  # which renews it
            except NotAllowed:
                log.info("the login has ended; logging in again", extra={"source": self._settings.name})
        self._bearer = ""
        try:
            self._ask({"user": username, "password": password.get_secret_value()}, {})
        except NotAllowed as refused:
            self._refused = refused
            raise

    def _ask(self, form: Mapping[str, str], ours: Mapping[str, str], *, again: bool = True) -> None:
        headers = {**ours, CSRF_SENT: self._csrf_token()}
        try:
            with self._client.post("/api/authn/login", form, headers=headers, refusal=self._refusal) as answer:
                self._take(answer)
        except _WrongToken:
            if again:
                return self._ask(form, ours, again=False)
            mend = f"does a proxy in between drop its cookie or the header {CSRF_SENT}?"
            raise NotAllowed(f"{self._where()}: the login was refused twice with status 403; {mend}") from None

    def _take(self, answer: Answer) -> None:
        bearer = answer.headers.get("Authorization", "")
        if answer.status != 200 or not BEARER.fullmatch(bearer):
            what = f"the login answered with status {answer.status} and without a bearer"
            mend = "set url to the address of the REST API, and let no other login stand before it"
            raise NotUnderstood(f"{self._where()}: {what}; {mend}")
        self._bearer, self._ends = bearer, self._client.clock() + _lasts(bearer, answer)

    def _refusal(self, answer: Answer) -> NotAllowed | None:
        if answer.status == 403 and renews(answer):
            return _WrongToken("the CSRF token was not accepted")
        if answer.status != 401:
            return None
        ways = answer.headers.get("WWW-Authenticate", "")
        if ways and not re.search(r"\bpassword\b", ways):
            return NotAllowed(
                f"{self._where()}: this DSpace has no login by password; let it offer one for our account"
            )
        mend = "check username and password; the account needs a password of its own and must be allowed to log in"
        return NotAllowed(f"{self._where()}: the login was refused; {mend}")

    def _where(self) -> str:
        return f"connections.{self._settings.name}"


def renews(refused: Answer) -> bool:
    """Whether what was refused with 403 was our CSRF token: then a new one comes with it, and only then."""
    return CSRF in refused.headers


class _WrongToken(NotAllowed):
    """Or an expired one: a new one came with the answer."""


def _lasts(bearer: str, answer: Answer) -> float:
    """Seconds after which to renew a bearer, by its own `exp` (RFC 7519, 4.1.4) and the server's clock."""
    try:
        part = bearer.removeprefix("Bearer ").split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        end = float(claims["exp"])
    except (IndexError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return LASTS
    if answer.date is None or not 0 < (left := end - answer.date.timestamp()) < 366 * 86_400:
        return LASTS
    return max(left - EARLY, left / 2)
