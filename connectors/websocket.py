"""Messages of a stream that is read over a websocket, as patiently and suspiciously as `connectors.http` reads answers.

The connection goes to the configured host alone and follows no redirect; a certificate is checked; a message above a
limit ends it. A line that is cut, also in the middle of a frame, is connected anew. No message of an error holds a
query, a header or what was said.
"""

import logging
import ssl
from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from requests.structures import CaseInsensitiveDict
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    ProxyError,
)
from websockets.frames import CloseCode
from websockets.http11 import Response
from websockets.sync.client import ClientConnection, reconnect

from config.settings import Connection
from config.values import is_loopback
from connectors.errors import NotAllowed, NotUnderstood, TryLater
from connectors.http import Client
from connectors.http.answer import AGAIN, MOVED, REFUSED
from connectors.http.clocks import LOOK_SECONDS
from connectors.http.gate import LONGEST_WAIT
from connectors.http.rates import http_date, patience
from connectors.http.session import trusted
from connectors.origins import shown

LARGEST = 16 * 1024 * 1024  # bytes of one message, unpacked
ATTEMPTS = 6  # from one and the same place on
OPEN_SECONDS = 30.0
CLOSE_SECONDS = 1.0  # for a farewell: a server that is still sending much does not hear of it in time

logging.getLogger("websockets.client").setLevel(logging.CRITICAL)  # below that its lines hold whole messages


def messages(client: Client, settings: Connection, address: Callable[[], str]) -> Generator[bytes | None, None, None]:
    """Every message, over as many connections as it takes; None each time that there was none for a moment.

    `address` is asked before each connection, so that it can go on from what was read. `client.heard` is the server's
    clock as it told it last. Raises `TryLater` when attempts or time are used up, `NotAllowed` where it refuses us, and
    `NotUnderstood` for what can never work."""
    failed, before = 0, ""
    while True:
        url = address()
        failed, before = failed if url == before else 0, url
        name = f"GET {urlsplit(url).path}"
        try:
            with _straight(client, settings, url) as socket:
                client.heard = _date(socket) or client.heard
                while True:
                    client.runtime.check(name)
                    try:
                        yield _next(socket)
                    except GeneratorExit:  # who reads has had enough: a farewell, and no error
                        return
        except (ConnectionClosed, InvalidHandshake, InvalidProxy, InvalidURI, OSError) as broken:
            again = _judged(name, url, broken)
        failed += 1
        after = again.after or 0.0
        if failed == ATTEMPTS or after > LONGEST_WAIT:
            raise again
        wait = max(2.0 ** (failed - 1), after)
        client.runtime.check(str(again), wait, after=again.after)
        client.runtime.wait(wait)


class _Straight(reconnect):
    """A connection to where it was asked for, and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """None is followed."""
        return exc


def _straight(client: Client, settings: Connection, url: str) -> _Straight:
    """One connection, not yet made."""
    secure = ssl.create_default_context(cafile=trusted(settings.ca_file)) if url.startswith("wss:") else None
    return _Straight(
        url,
        ssl=secure,
        user_agent_header=client.agent,
        additional_headers={name: value.get_secret_value() for name, value in settings.headers.items()},
        proxy=None if is_loopback(url) else True,
        open_timeout=OPEN_SECONDS,
        close_timeout=CLOSE_SECONDS,
        ping_interval=None,  # the answer would be behind all that waits to be read; who reads notices the silence
        max_size=LARGEST,
    )


def _next(socket: ClientConnection) -> bytes | None:
    try:
        return socket.recv(LOOK_SECONDS, decode=False)
    except TimeoutError:
        return None


def _date(socket: ClientConnection) -> datetime | None:
    return http_date(_headers(socket.response).get("Date")) if socket.response else None


def _headers(response: Response) -> Mapping[str, str]:
    """The last of each name, however it is written."""
    return CaseInsensitiveDict(response.headers.raw_items())


def _judged(name: str, url: str, broken: Exception) -> TryLater:
    """Why a line was cut or never there, where that is worth another attempt; raises what another would not mend."""
    if isinstance(broken, ssl.SSLCertVerificationError):
        raise NotUnderstood(f"{name}: the certificate of {shown(url)} is not trusted; set ca_file or mend it") from None
    if isinstance(broken, InvalidStatus):
        return _refused(name, broken.response)
    if isinstance(broken, ConnectionClosed):
        if broken.sent and broken.sent.code == CloseCode.MESSAGE_TOO_BIG:
            size = f"{LARGEST // 1024**2} MB"
            raise NotUnderstood(f"{name}: a message larger than {size}; is url the address of the stream?") from None
        return TryLater(f"{name}: the line was cut")
    if isinstance(broken, OSError | ProxyError) or isinstance(broken.__cause__, EOFError):
        return TryLater(f"{name}: no connection")
    raise NotUnderstood(f"{name}: the answer is no websocket; is url the address of the stream?") from None


def _refused(name: str, response: Response) -> TryLater:
    status = response.status_code
    if status in REFUSED:
        raise NotAllowed(f"{name}: refused with status {status}; check headers and the rights there") from None
    if status in AGAIN:
        return TryLater(f"{name}: status {status}", after=patience(_headers(response)))
    what = "redirected, which is not followed" if status in MOVED else f"status {status}"
    raise NotUnderstood(f"{name}: {what}; set url to the real address of the stream") from None
