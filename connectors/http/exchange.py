"""One request and its answer, or why there is none."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead
from urllib.parse import urlsplit

import requests
from urllib3 import exceptions as wire

from connectors.errors import NotUnderstood
from connectors.http.answer import MOVED, Answer, Trouble
from connectors.http.body import MEND, spooled, too_large
from connectors.http.clocks import in_words
from connectors.http.rates import http_date
from connectors.http.transport import Allowance
from connectors.origins import shown, target_of

CONNECT_SECONDS = 30

Headers = Mapping[str, str]
Hear = Callable[[int, Headers], None]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """One request; not shown, since headers and body may hold a token or a password."""

    method: str
    address: str
    headers: Headers
    params: Mapping[str, str] | None = None
    body: bytes | None = None
    called: str = ""
    mend: str = MEND  # where the answer is too large

    @property
    def path(self) -> str:
        """The address without host and query, for messages; `called` where that would say whom it is about."""
        return self.called or urlsplit(self.address).path

    @property
    def name(self) -> str:
        """Method and path, for messages."""
        return f"{self.method} {self.path or '/'}"


def exchange(session: requests.Session, request: Request, allowance: Allowance, hear: Hear) -> tuple[Answer, str]:
    """The answer, and where it redirects to (empty when it does not); `hear` has status and headers before the body.

    Raises `Trouble` for what is worth another attempt, `NotUnderstood` for what can never work."""
    try:
        with allowance.given(), begun(session, request, allowance) as response:
            hear(response.status_code, response.headers)
            body = spooled(request.name, response, allowance.size, request.mend)
    except (requests.RequestException, wire.HTTPError, ValueError) as broken:
        raise why(request, broken, allowance) from None
    target = location(response)
    answer = Answer(
        status=response.status_code,
        headers=response.headers,
        url=request.address,
        path=request.path,
        body=body,
        date=http_date(response.headers.get("Date")),
    )
    return answer, target_of(request.address, target) if target else ""


def begun(session: requests.Session, request: Request, allowance: Allowance) -> requests.Response:
    """An answer of which the body is still to come, read within `allowance.given`. Raises what requests does."""
    return session.request(
        request.method,
        request.address,
        params=request.params,
        data=request.body,
        headers=request.headers,
        timeout=(min(CONNECT_SECONDS, allowance.total), allowance.silence),
        allow_redirects=False,
        stream=True,
    )


def location(response: requests.Response) -> str:
    """Where an answer redirects to, as it says; empty where it does not. Servers write addresses in UTF-8, though
    headers are read as Latin-1."""
    told = response.headers.get("Location", "").strip() if response.status_code in MOVED else ""
    with suppress(UnicodeError):  # then it is Latin-1
        told = told.encode("latin-1").decode("utf-8")
    return told


def why(request: Request, broken: Exception, allowance: Allowance) -> Exception:
    """What a failure of requests or urllib3 means: `Trouble`, or `NotUnderstood`."""
    if "CERTIFICATE_VERIFY_FAILED" in str(broken):
        mend = "is not trusted; set ca_file or mend it"
        return NotUnderstood(f"{request.name}: the certificate of {shown(request.address)} {mend}")
    if allowance.exceeded:
        return too_large(request.name, allowance.size, request.mend)
    causes = tuple(_causes(broken))
    for kinds, what in _TROUBLES:
        if any(isinstance(cause, kinds) for cause in causes):
            late = allowance.left <= 0
            return Trouble(f"no complete answer within {in_words(allowance.total)}" if late else what)
    return NotUnderstood(f"{request.name}: no valid request ({type(broken).__name__}); check url and headers")


def _causes(broken: BaseException) -> Iterator[BaseException]:
    """What requests and urllib3 wrapped: an exception, and those it was made of."""
    yield broken
    for inner in (getattr(broken, "reason", None), *broken.args):
        if isinstance(inner, BaseException):
            yield from _causes(inner)


_TROUBLES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (requests.exceptions.ProxyError, "no connection through the proxy"),
    (wire.NameResolutionError, "the name of its host is not found"),
    (wire.NewConnectionError, "no connection"),
    ((wire.ConnectTimeoutError, requests.ConnectTimeout), f"no connection within {CONNECT_SECONDS} s"),
    ((wire.ReadTimeoutError, requests.ReadTimeout), "no answer in time"),
    ((wire.SSLError, requests.exceptions.SSLError), "the secure connection broke"),
    ((IncompleteRead, requests.exceptions.ChunkedEncodingError), "the answer broke off"),
    (ConnectionError, "the connection broke"),
    ((HTTPException, wire.InvalidHeader), "the answer is no HTTP"),
    (wire.ProtocolError, "the answer broke off"),
    (requests.ConnectionError, "no connection"),
)
