"""A practice Symplectic Elements on loopback: three wire formats of one institution, with faults on demand.

    with practice_elements(example(), version="6.13") as server:
        requests.get(server.url + "/publications?detail=full", auth=(server.username, server.password))

`server.url` is the base address of the version asked for; the other two are served beside it. `server.requests` is what
was asked, in order; append to `server.faults` what shall go wrong. Changes of the institution show at once.
"""

import base64
import hmac
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from sandbox.elements_answers import Answers
from sandbox.elements_bodies import Frame, error
from sandbox.elements_queries import ElementsError, Query
from sandbox.elements_wire import NEWER, WIRES, Wire
from sandbox.faults import CODES, LOGIN_PAGE, Fault, spoil
from sandbox.institution import Institution

BENDS = frozenset({"repeated next", "wrong order", "empty feed"})
IDLE = 60.0
"""Seconds after which a silent connection is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came in; `status` is what was answered, 0 when nothing was."""

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    status: int


@contextmanager
def practice_elements(
    institution: Institution,
    version: str = "6.13",
    *,
    port: int = 0,
    newer_product: bool = False,
    configured_base: str = "",
    gateway_header: tuple[str, str] | None = None,
) -> Iterator["PracticeElements"]:
    """Serve an institution until the block ends.

    `newer_product`: v5.5 tells privacy levels beside its old flags. `configured_base`: what addresses in answers of
    `version` begin with, when it is not what is called. `gateway_header`: a header and its value that are asked for
    instead of a user name. Raises `KeyError` for a version that is none of 4.6, 5.5 and 6.13."""
    server = PracticeElements(institution, (NEWER if newer_product else WIRES), version, port)
    server.configured_base = configured_base.rstrip("/")
    server.gateway_header = gateway_header
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


class PracticeElements(ThreadingHTTPServer):
    """The running server. `allowed` False makes the account one without rights (403)."""

    daemon_threads = True

    def __init__(self, institution: Institution, wires: dict[str, Wire], version: str, port: int) -> None:
        self.wires = wires
        self.wire = wires[version]
        super().__init__(("127.0.0.1", port), _Exchange)
        self.institution = institution
        self.username = "ringmark"
        self.password = "practice"  # noqa: S105  (of a server on loopback that holds invented data only)
        self.allowed = True
        self.configured_base = ""
        self.gateway_header: tuple[str, str] | None = None
        self.requests: list[Asked] = []
        self.faults: list[Fault] = []
        self.answers = Answers(institution, self.username)
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.connections: set[socket.socket] = set()
        self.asked = 0

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        """The base address of the version that was asked for."""
        return self.origin + self.wire.prefix

    def base(self, wire: Wire) -> str:
        """What the addresses in answers begin with."""
        return self.configured_base if self.configured_base and wire is self.wire else self.origin + wire.prefix

    def count(self) -> int:
        """The number of a new request."""
        with self.lock:
            self.asked += 1
            return self.asked

    def struck(self, number: int, address: str) -> Sequence[Fault]:
        """The faults that strike at one request."""
        with self.lock:
            return [fault for fault in self.faults if fault.strikes(number, address)]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be closed with the server."""
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self.connections.discard(request)
        super().shutdown_request(request)

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


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PracticeElements/1"
    timeout = IDLE
    disable_nagle_algorithm = True  # else every small answer on a kept connection waits 40 ms

    def do_GET(self) -> None:
        try:
            self._answer()
        except ConnectionError:
            self.close_connection = True  # the client has gone; nothing to tell it

    def do_POST(self) -> None:
        self._read_body()
        self.do_GET()

    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815  (names that http.server looks for)

    def _read_body(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(self) -> None:
        server = cast(PracticeElements, self.server)
        struck: dict[str, Fault] = {fault.what: fault for fault in server.struck(server.count(), self.path)}
        if fault := struck.get("slow"):
            server.closing.wait(fault.seconds)
        if (fault := struck.get("change")) and fault.act:
            fault.act(server.institution)
        if "hang up before" in struck:
            self._log(0)
            self.close_connection = True
            return
        if fault := struck.get("too many requests"):
            self._send(429, b"Too many requests.\n", {"Retry-After": fault.retry_after}, "text/plain")
            return
        if "login page" in struck:
            self._send(200, LOGIN_PAGE, {}, "text/html; charset=utf-8")
            return
        status, text, kind = self._body(server, struck)
        body = spoil(text, struck)
        headers = {"WWW-Authenticate": 'Basic realm="Elements API"'} if status == 401 else {}
        if "truncated" in struck:
            self._send(status, body, headers, kind, send=len(body) // 2)
        elif "hang up midway" in struck:
            self._hang_up_midway(status, body, kind)
        else:
            self._send(status, body, headers, kind)

    def _body(self, server: PracticeElements, struck: dict[str, Fault]) -> tuple[int, str, str]:
        path, _, text = self.path.partition("?")
        wire = next((w for w in server.wires.values() if (path + "/").startswith(w.prefix + "/")), None)
        if wire is None:
            return 404, "<html><body>There is no such application.</body></html>", "text/html"
        kind = "application/atom+xml; charset=utf-8" if wire.atom else "text/xml; charset=utf-8"
        with server.institution.lock:
            below = path.removeprefix(wire.prefix)
            query = Query.read(wire, text)
            base = server.base(wire)
            frame = Frame(wire=wire, base=base, href=query.href(base + below), now=server.institution.now())
            try:
                self._admit(server)
                if fault := struck.get("status"):
                    raise ElementsError(
                        fault.status, CODES.get(fault.status, "server fault"), "This fault was asked for."
                    )
                if "error in body" in struck:
                    raise ElementsError(200, "server fault", "This fault was asked for, with the wrong status.")
                bends = BENDS & struck.keys()
                return 200, server.answers.answer(frame, below, query, bends), kind
            except ElementsError as refused:
                return refused.status, error(replace(frame, href=base + below), refused), kind

    def _admit(self, server: PracticeElements) -> None:
        """Who may ask: the account by Basic, or who brings the gateway's header; nobody may write."""
        if server.gateway_header:
            name, value = server.gateway_header
            given, wanted = self.headers.get(name) or "", value
        else:
            told = base64.b64encode(f"{server.username}:{server.password}".encode()).decode()
            given, wanted = self.headers.get("Authorization") or "", f"Basic {told}"
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise ElementsError(401, "invalid credentials", "The credentials are missing or wrong.")
        if not server.allowed or self.command != "GET":
            raise ElementsError(403, "unauthorised access", "The account has no right to do this.")

    def _send(self, status: int, body: bytes, headers: dict[str, str], kind: str, send: int | None = None) -> None:
        """`send`: how many bytes of the body leave, when not all; then the connection ends."""
        self._log(status)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:send])
        self.close_connection = self.close_connection or send is not None

    def _hang_up_midway(self, status: int, body: bytes, kind: str) -> None:
        """Half of a chunked answer without its end."""
        self._log(status)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        half = body[: len(body) // 2]
        self.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
        self.close_connection = True

    def _log(self, status: int) -> None:
        path, _, query = self.path.partition("?")
        server = cast(PracticeElements, self.server)
        asked = Asked(method=self.command, path=path, query=query, headers=dict(self.headers), status=status)
        with server.lock:
            server.requests.append(asked)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """The `Date` header tells the institution's clock, by which its changes are stamped."""
        return format_datetime(cast(PracticeElements, self.server).institution.now(), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Practice is silent: `requests` is the log."""
