"""Every request to the outside goes through one client: patient, polite, suspicious, and silent about credentials.

Requests stay on the configured scheme, host and port, redirects included, since credentials and keys travel with
them. Bodies are spooled to disk when they are large, and refused above a limit. No message, log line or exception
chain holds a query, a header or a credential. What changes something is asked for once, and only while it may be.
"""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Literal
from urllib.parse import urlencode, urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from config.settings import Connection
from connectors.errors import NotUnderstood, Recalled, TryLater
from connectors.http_answer import AGAIN, MOVED, REFUSED, Answer, Refusal, Trouble, error, http_date, retry_after
from connectors.http_session import session_of
from connectors.origins import origin, shown, target_of

__all__ = ["Answer", "Client", "Refusal", "client"]

log = logging.getLogger(__name__)

CONNECT_SECONDS, READ_SECONDS = 30, 300  # as the vendor's own Elements client waits
LIMIT = 256 * 1024 * 1024  # bytes of one decoded answer; the largest real page known has 2 MB
IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger body waits on disk
CHUNK = 64 * 1024
ATTEMPTS = 6
LONGEST_WAIT = 300.0  # seconds; a source that asks for more is left alone until the next run
RUN_SECONDS = 12 * 3600.0  # a run that takes longer goes on from its bookmark next time
REDIRECTS = 5
PACE = 0.5  # seconds between requests where neither settings nor manifest say

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Request:
    """One request; not shown, since headers and body may hold a token or a password."""

    method: str
    address: str
    headers: Headers
    params: Mapping[str, str] | None = None
    body: bytes | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {urlsplit(self.address).path or '/'}"


class Client:
    """The requests of one connection. May be used by several threads: they share the pace, not a request.

    Headers given with a request go with that request alone, and with redirects of it within the same place."""

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
        self.base, self.clock = base.rstrip("/"), clock
        self._session, self._pace, self._sleep = session, pace, sleep
        self._hear: Callable[[Headers], None] = lambda _: None
        self._turn = Lock()
        self._next_turn = 0.0
        self._deadline = clock() + RUN_SECONDS

    def begin(self) -> None:
        """A run begins: its total deadline counts from now."""
        self._deadline = self.clock() + RUN_SECONDS

    def listen(self, hear: Callable[[Headers], None]) -> None:
        """Let `hear` have the headers of every answer, also of those that never come back (redirects, failures), for
        systems that may hand out a new token with any of them."""
        self._hear = hear

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        accept: str = "*/*",
        headers: Headers | None = None,
        refusal: Refusal | None = None,
    ) -> Answer:
        """The answer to a GET; `url` is absolute, or begins with `/` and is below the configured address.

        Raises `TryLater` when attempts or time are used up, `NotAllowed` on 401 and 403, `NotUnderstood` for what can
        never work (another host, certificate, size). Any other 4xx comes back. `refusal` reads the protocol's own error
        out of an answer that would be tried again or refused, and decides over its status; None where it finds none.
        """
        asked = {"Accept": accept, **(headers or {})}
        request = _Request(method="GET", address=self._inside(url), params=params, headers=asked)
        return self._patiently(request, refusal)

    def post(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        accept: str = "*/*",
        headers: Headers | None = None,
        refusal: Refusal | None = None,
    ) -> Answer:
        """The answer to a form that changes nothing there, such as a login; tried again, and refused, as in `get`.

        A redirect is not followed: a form may hold a password."""
        asked = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        body = urlencode(form).encode()
        request = _Request(method="POST", address=self._inside(url), body=body, headers=asked)
        return self._patiently(request, refusal)

    def change(
        self,
        method: Literal["POST", "PUT", "PATCH", "DELETE"],
        url: str,
        *,
        permit: Callable[[], bool],
        body: bytes = b"",
        accept: str = "*/*",
        headers: Headers | None = None,
    ) -> Answer:
        """The answer to a request that changes something: sent once, since only who reads knows whether it was done.

        `permit` is asked after the wait for our turn, and nothing but opening the connection comes between it and the
        sending; where it says no, `Recalled` is raised. Raises `TryLater` on 429, 5xx and every trouble of the
        connection, `NotUnderstood` for a redirect, which is not followed, and as `get` does. Any other 4xx comes back,
        401, 403 and 409 too.
        """
        asked = {"Accept": accept, **(headers or {})}
        request = _Request(method=method, address=self._inside(url), body=body, headers=asked)
        self._wait_for_turn(request.name)
        if not permit():
            raise Recalled(f"{request.name}: no longer permitted; nothing was sent")
        unknown = "whether it was done, only reading can tell"
        try:
            answer, target = self._exchange(request)
        except Trouble as trouble:
            raise TryLater(f"{request.name}: {trouble}; {unknown}", after=trouble.after) from None
        if answer.status in MOVED or answer.status == 429 or answer.status >= 500:
            with answer:
                if answer.status in MOVED:
                    raise _moved(request, target)
                after = retry_after(answer.headers)
                raise TryLater(f"{request.name}: status {answer.status}; {unknown}", after=after)
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _inside(self, url: str) -> str:
        address = f"{self.base}{url}" if url.startswith("/") else url
        if not self.base:
            raise NotUnderstood("this connection has no address; set its url")
        if not origin(address) or origin(address) != origin(self.base):
            raise NotUnderstood(f"refused a request outside {shown(self.base)}; set url to the source's real address")
        return address

    def _patiently(self, request: _Request, refusal: Refusal | None) -> Answer:
        retrying = Retrying(
            retry=retry_if_exception_type(Trouble),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            before_sleep=self._look(request.name),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, request, refusal)
        except Trouble as again:
            raise TryLater(f"{request.name}: {again}, {ATTEMPTS} times; try again later", after=again.after) from None

    def _look(self, name: str) -> Callable[[RetryCallState], None]:
        """Before a wait: give up at once where waiting cannot help within this run."""

        def look(state: RetryCallState) -> None:
            again = state.outcome.exception() if state.outcome else None
            after = again.after if isinstance(again, Trouble) else None
            wait = state.next_action.sleep if state.next_action else 0.0
            if (after or 0.0) > LONGEST_WAIT or self.clock() + wait > self._deadline:
                raise TryLater(f"{name}: {again}; try again later", after=after) from None
            facts = {"request": name, "why": str(again), "attempt": state.attempt_number, "wait": round(wait, 1)}
            log.warning("asking again", extra=facts)

        return look

    def _once(self, request: _Request, refusal: Refusal | None) -> Answer:
        first = request
        for _ in range(REDIRECTS + 1):
            self._wait_for_turn(first.name)
            answer, target = self._exchange(request)
            if answer.status in AGAIN | REFUSED:
                with answer:
                    raise error(first.name, answer, refusal)
            if not target:
                return answer
            answer.close()
            if first.method != "GET" or origin(target) != origin(request.address):
                raise _moved(first, target)
            request = replace(request, address=target, params=None)
        raise NotUnderstood(f"{first.name}: redirected more than {REDIRECTS} times; set url to the final address")

    def _wait_for_turn(self, name: str) -> None:
        with self._turn:
            now = self.clock()
            if now > self._deadline:
                hours = f"{RUN_SECONDS / 3600:.0f} hours"
                raise TryLater(f"{name}: the run took longer than {hours}; the next one goes on from here")
            wait = self._next_turn - now
            self._next_turn = max(now, self._next_turn) + self._pace
        if wait > 0:
            self._sleep(wait)

    def _exchange(self, request: _Request) -> tuple[Answer, str]:
        """The answer, and where it redirects to (empty when it does not)."""
        try:
            with self._session.request(
                request.method,
                request.address,
                params=request.params,
                data=request.body,
                headers=request.headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                self._hear(response.headers)
                body = _body(request.name, response)
        except requests.exceptions.SSLError as broken:
            if "CERTIFICATE_VERIFY_FAILED" not in str(broken):
                raise Trouble("the secure connection broke") from None
            mend = "is not trusted; set ca_file or mend it"
            raise NotUnderstood(f"{request.name}: the certificate of {shown(request.address)} {mend}") from None
        except (requests.ConnectionError, requests.Timeout, *_BROKEN) as broken:
            raise Trouble(_TROUBLE.get(type(broken), "no connection")) from None
        except (requests.RequestException, ValueError) as wrong:
            what = f"no valid request ({type(wrong).__name__})"
            raise NotUnderstood(f"{request.name}: {what}; check url and headers") from None
        target = response.headers.get("Location", "") if response.status_code in MOVED else ""
        answer = Answer(
            status=response.status_code,
            headers=response.headers,
            url=request.address,
            path=urlsplit(request.address).path,
            body=body,
            date=http_date(response.headers.get("Date")),
        )
        return answer, target_of(request.address, target) if target else ""


def client(
    settings: Connection,
    *,
    agent: str = "",
    basic: bool = True,
    pace: float = PACE,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Client:
    """The client of one connection. `agent` is `Ringmark/<version> (+base_url)`; `pace` is for silent settings;
    `basic` sends user name and password with every request, and is false for a kind with a login of its own.

    Raises `NotAllowed` for an address that would expose credentials: one with a user in it, or plain http elsewhere."""
    session = session_of(settings, agent=agent, basic=basic)
    pace = pace if settings.pace is None else settings.pace
    return Client(session, settings.url or "", pace=pace, sleep=sleep, clock=clock)


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
    after = again.after if isinstance(again, Trouble) else None
    return max(_backoff(state), after or 0.0)


def _moved(request: _Request, target: str) -> NotUnderstood:
    mend = "which is not followed; if that is the source, set url to it"
    return NotUnderstood(f"{request.name}: redirected to {shown(target)}, {mend}")


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
            except OSError as full:
                mend = "make room in the temporary folder"
                raise TryLater(f"{name}: the answer cannot be kept ({full.strerror}); {mend}") from None
        body.seek(0)
        stack.pop_all()  # complete: from here on the answer closes it
    return body
