"""Where the tests of the client send requests, and a clock that passes only in sleep."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SO_LINGER, SOL_SOCKET, socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from struct import pack
from threading import Event, Lock, Thread

from pydantic import SecretStr

from config.settings import Connection

BASE = "https://elements.example.edu:8091/secure-api/v6.13"


SECRETS = ("s3cret-word", "key-4711")

CERTIFICATE = Path(__file__).parent / "recorded" / "loopback.pem"
"""Of a server on 127.0.0.1; also the authority to trust."""


def connection(**more: object) -> Connection:
    given = {
        "name": "elements",
        "kind": "elements",
        "url": BASE,
        "username": "ringmark",
        "password": SecretStr(SECRETS[0]),
        "headers": {"Subscription-Key": SecretStr(SECRETS[1])},
        "pace": 0.0,
    }
    return Connection(**{**given, **more})


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@contextmanager
def loopback(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api"
        finally:
            server.shutdown()
            thread.join()


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


Script = bytes | Callable[["Place", socket], None]
"""What is sent for one request, or done with the connection; then it is closed."""


class Place(ThreadingTCPServer):
    """A server of bytes: the first request gets the first script, the next one the next, all others the last."""

    daemon_threads = True

    def __init__(self, scripts: tuple[Script, ...], context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Speaker)
        self.scripts, self.context = scripts, context
        self.heads: list[bytes] = []
        self.over = Event()
        self.lock = Lock()
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.server_address[1]}/api"

    def get_request(self) -> tuple[socket, object]:
        """The handshake is left to the thread of the connection."""
        connection, where = super().get_request()
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, where

    def asked(self, times: int) -> None:
        """Wait until so many requests have come."""
        until = time.monotonic() + 30
        while len(self.heads) < times:
            assert time.monotonic() < until, f"{len(self.heads)} of {times} requests came"
            time.sleep(0.005)


class _Speaker(BaseRequestHandler):
    server: Place

    def handle(self) -> None:
        head = b""
        with suppress(OSError):  # the client has gone
            while b"\r\n\r\n" not in head:
                more = self.request.recv(65536)
                if not more:
                    return
                head += more
            with self.server.lock:
                number = len(self.server.heads)
                self.server.heads.append(head)
            script = self.server.scripts[min(number, len(self.server.scripts) - 1)]
            self.request.sendall(script) if isinstance(script, bytes) else script(self.server, self.request)


@contextmanager
def speaking(*scripts: Script, tls: bool = False, kind: type[Place] = Place) -> Iterator[Place]:
    """Serve until the block ends; `over` is set then, for scripts that would go on."""
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    with kind(scripts, context) as place:
        thread = Thread(target=place.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield place
        finally:
            place.over.set()
            place.shutdown()
            thread.join()


def answer(body: bytes = b"fine", *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer, after which the connection ends."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers)
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body


def dripping(start: bytes, drop: bytes) -> Script:
    """A beginning, and then a little now and then, for ever."""

    def drip(place: Place, connection: socket) -> None:
        connection.sendall(start)
        while not place.over.wait(0.02):
            connection.sendall(drop)

    return drip


def silent(place: Place, _: socket) -> None:
    """Says nothing."""
    place.over.wait(60)


def reset(_: Place, connection: socket) -> None:
    """Breaks the connection, as a firewall does."""
    connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
    connection.close()
