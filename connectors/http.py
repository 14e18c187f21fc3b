"""Every request to the outside goes through one client: patient, polite, suspicious, and silent about credentials.

Requests stay on the configured scheme, host and port, redirects included, since credentials and keys travel with
them. Bodies are spooled to disk when they are large, and refused above a limit. No message, log line or exception
chain holds a query, a header or a credential.
"""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Self
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from config.settings import Connection
from config.values import is_loopback
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TryLater
from connectors.origins import origin, shown, target_of

log = logging.getLogger(__name__)

CONNECT_SECONDS, READ_SECONDS = 30, 300  # as the vendor's own Elements client waits
LIMIT = 256 * 1024 * 1024  # bytes of one decoded answer; the largest real page known has 2 MB
IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger body waits on disk
CHUNK = 64 * 1024
ATTEMPTS = 6
LONGEST_WAIT = 300.0  # seconds; a source that asks for more is left alone until the next run
LONGEST_TOLD = 86_400.0  # seconds; a Retry-After beyond a day is a mistake
RUN_SECONDS = 12 * 3600.0  # a run that takes longer goes on from its bookmark next time
REDIRECTS = 5
PACE = 0.5  # seconds between requests where neither settings nor manifest say
AGAIN = frozenset({409, 429, 500, 502, 503, 504})
REFUSED = frozenset({401, 403})
MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One complete answer. `body` stands at its beginning; `date` is the server's own clock in UTC, if it told.

    `path` is the address without host and query, for messages. Close it, or use it as a context."""

    status: int
    headers: Mapping[str, str]
    url: str
    path: str
    body: SpooledTemporaryFile[bytes]
    date: datetime | None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory or the temporary file back."""
        self.body.close()


Refusal = Callable[[Answer], ConnectorError | None]


class Client:
    """The requests of one connection. May be used by several threads: they share the pace, not a request."""

    def __init__(
        self,
        session: requests.Session,
        base: str,
        *,
        pace: float = PACE,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`base` may be empty for a connection without an address; then every request is refused."""
        self.base = base.rstrip("/")
        self._session, self._pace, self._sleep, self._clock = session, pace, sleep, clock
        self._turn = Lock()
        self._next_turn = 0.0
        self._deadline = clock() + RUN_SECONDS

    def begin(self) -> None:
        """A run begins: its total deadline counts from now."""
        self._deadline = self._clock() + RUN_SECONDS

    def get(
        self, url: str, params: Mapping[str, str] | None = None, *, accept: str = "*/*", refusal: Refusal | None = None
    ) -> Answer:
        """The answer to a GET; `url` is absolute, or begins with `/` and is below the configured address.

        Raises `TryLater` when attempts or time are used up, `NotAllowed` on 401 and 403, `NotUnderstood` for what can
        never work (another host, certificate, size). Any other 4xx comes back. `refusal` reads the protocol's own error
        out of an answer that would be tried again or refused, and decides over its status; None where it finds none.
        """
        address = self._inside(f"{self.base}{url}" if url.startswith("/") else url)
        name = f"GET {urlsplit(address).path or '/'}"
        retrying = Retrying(
            retry=retry_if_exception_type(_TransientError),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            before_sleep=self._patient(name),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, name, address, params, accept, refusal)
        except _TransientError as again:
            raise TryLater(f"{name}: {again}, {ATTEMPTS} times; try again later", after=again.after) from None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _inside(self, address: str) -> str:
        if not self.base:
            raise NotUnderstood("this connection has no address; set its url")
        if not origin(address) or origin(address) != origin(self.base):
            raise NotUnderstood(f"refused a request outside {shown(self.base)}; set url to the source's real address")
        return address

    def _patient(self, name: str) -> Callable[[RetryCallState], None]:
        """Before a wait: give up at once where waiting cannot help within this run."""

        def look(state: RetryCallState) -> None:
            again = state.outcome.exception() if state.outcome else None
            after = again.after if isinstance(again, _TransientError) else None
            wait = state.next_action.sleep if state.next_action else 0.0
            if (after or 0.0) > LONGEST_WAIT or self._clock() + wait > self._deadline:
                raise TryLater(f"{name}: {again}; try again later", after=after) from None
            facts = {"request": name, "why": str(again), "attempt": state.attempt_number, "wait": round(wait, 1)}
            log.warning("asking again", extra=facts)

        return look

    def _once(
        self, name: str, address: str, params: Mapping[str, str] | None, accept: str, refusal: Refusal | None
    ) -> Answer:
        for _ in range(REDIRECTS + 1):
            self._wait_for_turn(name)
            answer, target = self._exchange(name, address, params, accept)
            if answer.status in AGAIN | REFUSED:
                with answer:
                    raise _error(name, answer, refusal)
            if not target:
                return answer
            answer.close()
            if origin(target) != origin(address):
                mend = "which is not followed; if that is the source, set url to it"
                raise NotUnderstood(f"{name}: redirected to {shown(target)}, {mend}")
            address, params = target, None
        raise NotUnderstood(f"{name}: redirected more than {REDIRECTS} times; set url to the final address")

    def _wait_for_turn(self, name: str) -> None:
        with self._turn:
            now = self._clock()
            if now > self._deadline:
                hours = f"{RUN_SECONDS / 3600:.0f} hours"
                raise TryLater(f"{name}: the run took longer than {hours}; the next one goes on from here")
            wait = self._next_turn - now
            self._next_turn = max(now, self._next_turn) + self._pace
        if wait > 0:
            self._sleep(wait)

    def _exchange(self, name: str, address: str, params: Mapping[str, str] | None, accept: str) -> tuple[Answer, str]:
        """The answer, and where it redirects to (empty when it does not)."""
        try:
            with self._session.get(
                address,
                params=params,
                headers={"Accept": accept},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _body(name, response)
        except requests.exceptions.SSLError as error:
            if "CERTIFICATE_VERIFY_FAILED" not in str(error):
                raise _TransientError("the secure connection broke") from None
            mend = "is not trusted; set ca_file or mend it"
            raise NotUnderstood(f"{name}: the certificate of {shown(address)} {mend}") from None
        except (requests.ConnectionError, requests.Timeout, *_BROKEN) as error:
            raise _TransientError(_TROUBLE.get(type(error), "no connection")) from None
        except requests.RequestException as error:
            raise NotUnderstood(f"{name}: no valid request ({type(error).__name__}); check url and headers") from None
        target = response.headers.get("Location", "") if response.status_code in MOVED else ""
        answer = Answer(
            status=response.status_code,
            headers=response.headers,
            url=address,
            path=urlsplit(address).path,
            body=body,
            date=_http_date(response.headers.get("Date")),
        )
        return answer, target_of(address, target) if target else ""


def client(
    settings: Connection,
    *,
    agent: str = "",
    pace: float = PACE,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Client:
    """The client of one connection. `agent` is `Ringmark/<version> (+base_url)`; `pace` is for silent settings.

    Raises `NotAllowed` for an address that would expose credentials: one with a user in it, or plain http elsewhere."""
    base = settings.url or ""
    secrets = {name: _reveal(value) for name, value in settings.headers.items()}
    if "@" in urlsplit(base).netloc:
        raise NotAllowed(f"connections.{settings.name}.url holds credentials; set username and password instead")
    if base.startswith("http:") and not is_loopback(base) and (settings.password or secrets):
        raise NotAllowed(f"connections.{settings.name}.url would send credentials over plain http; write https://")
    for name, value in secrets.items():
        if not (name + value).isprintable():
            raise NotAllowed(f"connections.{settings.name}.headers.{name} holds a line break or control character")
    if settings.ca_file and not settings.ca_file.is_file():
        raise NotAllowed(f"connections.{settings.name}.ca_file is no file that can be read")
    session = _Session()
    session.trust_env = not is_loopback(base)  # a proxy has no business between us and this machine
    session.verify = str(settings.ca_file) if settings.ca_file else True
    session.headers["User-Agent"] = agent or f"Ringmark/{version('ringmark')}"
    session.headers.update({name: value.encode() for name, value in secrets.items()})
    session.auth = _no_auth
    if settings.username and settings.password:
        session.auth = HTTPBasicAuth(settings.username.encode(), settings.password.get_secret_value().encode())
    return Client(session, base, pace=pace if settings.pace is None else settings.pace, sleep=sleep, clock=clock)


class _TransientError(Exception):
    """Worth another attempt; the text says what happened, `after` what the source asked for."""

    def __init__(self, what: str, *, after: float | None = None) -> None:
        super().__init__(what)
        self.after = after


class _Session(requests.Session):
    """Leaves redirects to us. Otherwise requests would prepare the next request, and read a body without a limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  the name is that of requests
        return None


_BROKEN = (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)
_TROUBLE: Mapping[type[Exception], str] = {
    requests.exceptions.ConnectTimeout: f"no connection within {CONNECT_SECONDS} s",
    requests.exceptions.ReadTimeout: f"no answer within {READ_SECONDS} s",
    requests.exceptions.ChunkedEncodingError: "the answer broke off",
    requests.exceptions.ContentDecodingError: "the answer was damaged",
}
_backoff = wait_random_exponential(multiplier=1, max=60)


def _wait(state: RetryCallState) -> float:
    again = state.outcome.exception() if state.outcome else None
    after = again.after if isinstance(again, _TransientError) else None
    return max(_backoff(state), after or 0.0)


def _error(name: str, answer: Answer, refusal: Refusal | None) -> Exception:
    """What a status that is no answer means: what the protocol says of it, unless that is only to try again."""
    told = refusal(answer) if refusal else None
    if told is not None and not isinstance(told, TryLater):
        return told
    if answer.status in AGAIN:
        return _TransientError(f"status {answer.status}", after=_retry_after(answer.headers))
    mend = "check username, password, headers and the account's rights"
    return NotAllowed(f"{name}: refused with status {answer.status}; {mend}")


def _body(name: str, response: requests.Response) -> SpooledTemporaryFile[bytes]:
    size = 0
    with ExitStack() as stack:
        body = stack.enter_context(SpooledTemporaryFile[bytes](max_size=IN_MEMORY))
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > LIMIT:
                raise NotUnderstood(f"{name}: the answer is larger than {LIMIT // 1024**2} MB; lower per_page")
            try:
                body.write(chunk)
            except OSError as error:
                mend = "make room in the temporary folder"
                raise TryLater(f"{name}: the answer cannot be kept ({error.strerror}); {mend}") from None
        body.seek(0)
        stack.pop_all()  # complete: from here on the answer closes it
    return body


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from either form of Retry-After (RFC 9110, 10.2.3); None when absent or unreadable."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_TOLD)
    until = _http_date(text)
    if until is None:
        return None
    now = _http_date(headers.get("Date")) or datetime.now(UTC)  # the server's clock, since the date is by it
    return min(max((until - now).total_seconds(), 0.0), LONGEST_TOLD)


def _http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _reveal(value: object) -> str:
    secret = getattr(value, "get_secret_value", None)
    return secret() if secret else str(value)


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Stands where no credentials are set, since requests would otherwise look for a netrc file and send those."""
    return request
