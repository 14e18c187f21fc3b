"""A practice Symplectic Elements on loopback: three wire formats of one institution, with faults on demand.

    with practice_elements(example(), version="6.13") as server:
        requests.get(server.url + "/publications?detail=full", auth=(server.username, server.password))

`server.url` is the base address of the version asked for; the other two are served beside it. `server.requests` is what
was asked, in order; append to `server.faults` what shall go wrong. Changes of the institution show at once.
"""

import base64
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import format_datetime
from typing import cast

from sandbox.elements.answers import Answers
from sandbox.elements.bodies import Frame, error
from sandbox.elements.queries import ElementsError, Query
from sandbox.elements.wire import NEWER, WIRES, Wire
from sandbox.elements.writes import update
from sandbox.faults import CODES, LOGIN_PAGE, Fault, spoil
from sandbox.institution import Institution
from sandbox.server import Exchange, PracticeServer, serving

BENDS = frozenset({"repeated next", "wrong order", "empty feed"})


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
    with serving(server):
        yield server


class PracticeElements(PracticeServer[Fault]):
    """The running server. `allowed` False makes the account one without rights (403); only where it `may_modify` can it
    write. `schemes` are the label schemes that the institution has registered."""

    def __init__(self, institution: Institution, wires: dict[str, Wire], version: str, port: int) -> None:
        self.wires = wires
        self.wire = wires[version]
        super().__init__(port, _Exchange)
        self.institution = institution
        self.username = "ringmark"
        self.password = "practice"  # noqa: S105  (of a server on loopback that holds invented data only)
        self.allowed = True
        self.may_modify = False
        self.schemes: set[str] = set()
        self.configured_base = ""
        self.gateway_header: tuple[str, str] | None = None
        self.answers = Answers(institution, self.username, lambda: self.may_modify)

    @property
    def url(self) -> str:
        """The base address of the version that was asked for."""
        return self.origin + self.wire.prefix

    def base(self, wire: Wire) -> str:
        """What the addresses in answers begin with."""
        return self.configured_base if self.configured_base and wire is self.wire else self.origin + wire.prefix


class _Exchange(Exchange):
    server_version = "PracticeElements/1"

    def answer(self) -> None:
        server = cast(PracticeElements, self.server)
        struck = server.struck(self.command, self.path)
        if fault := struck.get("slow"):
            server.closing.wait(fault.seconds)
        if (fault := struck.get("change")) and fault.act:
            fault.act(server.institution)
        if "hang up before" in struck:
            self.hang_up()
            return
        if fault := struck.get("too many requests"):
            self.send(429, b"Too many requests.\n", {"Retry-After": fault.retry_after}, "text/plain")
            return
        if "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html; charset=utf-8")
            return
        status, text, kind = self._body(server, struck)
        if "hang up after" in struck:
            self.hang_up()
            return
        body = spoil(text, struck)
        headers = {"WWW-Authenticate": 'Basic realm="Elements API"'} if status == 401 else {}
        if "truncated" in struck:
            self.send(status, body, headers, kind, part=len(body) // 2)
        elif "hang up midway" in struck:
            self.hang_up_midway(status, body, kind)
        else:
            self.send(status, body, headers, kind)

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
                if self.command == "PATCH":
                    self._update(server, wire, below, forgets="forget" in struck)
                    query = Query.read(wire, "detail=full")
                bends = BENDS & struck.keys()
                return 200, server.answers.answer(frame, below, query, bends), kind
            except ElementsError as refused:
                return refused.status, error(replace(frame, href=base + below), refused), kind

    def _update(self, server: PracticeElements, wire: Wire, path: str, *, forgets: bool) -> None:
        if self.headers.get("Content-Type", "").partition(";")[0].strip() not in ("text/xml", "application/xml"):
            raise ElementsError(400, "argument fault", "The body must be XML.")
        if not forgets:
            update(server.institution, wire, path, self.body, server.schemes)

    def _admit(self, server: PracticeElements) -> None:
        """Who may ask: the account by Basic, or who brings the gateway's header."""
        if server.gateway_header:
            name, value = server.gateway_header
            given, wanted = self.headers.get(name) or "", value
        else:
            told = base64.b64encode(f"{server.username}:{server.password}".encode()).decode()
            given, wanted = self.headers.get("Authorization") or "", f"Basic {told}"
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise ElementsError(401, "invalid credentials", "The credentials are missing or wrong.")
        if not server.allowed or not (self.command == "GET" or (self.command == "PATCH" and server.may_modify)):
            raise ElementsError(403, "unauthorised access", "The account has no right to do this.")

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """The `Date` header tells the institution's clock, by which its changes are stamped."""
        return format_datetime(cast(PracticeElements, self.server).institution.now(), usegmt=True)
