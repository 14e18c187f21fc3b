"""What every practice system is underneath: a server on loopback that remembers what it was asked and fails on demand.

    with serving(PracticeElements(...)) as server:
        ...

A system brings its `PracticeServer` with what it holds, and its `Exchange` with how it answers.
"""

import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, TypeVar, cast

from sandbox.faults import Strike

IDLE = 60.0
"""Seconds after which a silent connection is closed."""

Headers = Mapping[str, str | tuple[str, ...]]
"""Headers of an answer; several values of a name make several lines."""

SomeFault = TypeVar("SomeFault", bound=Strike)
SomeServer = TypeVar("SomeServer", bound="PracticeServer[Any]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came in; `status` is what was answered, 0 when nothing was."""

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    status: int


@contextmanager
def serving(server: SomeServer) -> Iterator[SomeServer]:
    """Serve until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


class PracticeServer(ThreadingHTTPServer, Generic[SomeFault]):
    """A running server. `requests` is what was asked, in order; append to `faults` what shall go wrong."""

    daemon_threads = True

    def __init__(self, port: int, exchange: type["Exchange"]) -> None:
        super().__init__(("127.0.0.1", port), exchange)
        self.requests: list[Asked] = []
        self.faults: list[SomeFault] = []
        self.closing = threading.Event()
        self.lock = threading.RLock()
        self.connections: set[socket.socket] = set()
        self.asked = 0

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def struck(self, method: str, address: str) -> dict[str, SomeFault]:
        """Count a request; the faults that strike at it, by name."""
        with self.lock:
            self.asked += 1
            return {fault.what: fault for fault in self.faults if fault.strikes(self.asked, method, address)}

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be closed with the server."""
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone in the middle of something is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop serving, wake what waits, and end the connections that clients hold open."""
        self.closing.set()
        self.shutdown()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was quicker
        self.server_close()


class Exchange(BaseHTTPRequestHandler, ABC):
    """Requests of one connection: `answer` is called for each, after its body was read."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE
    disable_nagle_algorithm = True  # else every small answer on a kept connection waits 40 ms
    body = b""

    @abstractmethod
    def answer(self) -> None:
        """Answer by `send`, `hang_up` or `hang_up_midway`."""

    def do_GET(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self.answer()
        except ConnectionError:
            self.close_connection = True  # the client has gone; nothing to tell it

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815  (names that http.server looks for)

    def send(self, status: int, body: bytes, headers: Headers, kind: str, part: int | None = None) -> None:
        """`part`: how many bytes of the body leave, when not all; then the connection ends."""
        self.remember(status)
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        for name, values in headers.items():
            for value in (values,) if isinstance(values, str) else values:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:part])
        self.close_connection = self.close_connection or part is not None

    def hang_up(self) -> None:
        """End the connection without a word."""
        self.remember(0)
        self.close_connection = True

    def hang_up_midway(self, status: int, body: bytes, kind: str) -> None:
        """Half of a chunked answer without its end."""
        self.remember(status)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        half = body[: len(body) // 2]
        self.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
        self.close_connection = True

    def remember(self, status: int) -> None:
        """Put the request on the server's list, before the client can know of the answer."""
        path, _, query = self.path.partition("?")
        server = cast(PracticeServer[Any], self.server)
        asked = Asked(
            method=self.command, path=path, query=query, headers=dict(self.headers), body=self.body, status=status
        )
        with server.lock:
            server.requests.append(asked)

    def log_message(self, format: str, *args: object) -> None:
        """Practice is silent: `requests` is the log."""
