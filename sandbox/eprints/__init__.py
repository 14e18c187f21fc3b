"""A practice EPrints 3.4 on loopback: OAI-PMH, REST and CRUD of one repository, with faults on demand.

    with practice_eprints([made(1, title="Tide tables", id_number="10.5555/x")]) as server:
        requests.get(server.url + "/rest/eprint/1.xml")

`server.eprints` is what it holds, by id; `server.writes` what was written, in order; `server.requests` what was asked;
append to `server.faults` what shall go wrong. More in `sandbox.eprints.repository`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from typing import cast

from sandbox.eprints.faults import EPrintsFault
from sandbox.eprints.oai import OAI
from sandbox.eprints.records import EPrint
from sandbox.eprints.repository import Repository
from sandbox.eprints.web import XML, Call, Reply, Web, page
from sandbox.faults import LOGIN_PAGE
from sandbox.server import Exchange, PracticeServer, serving

HOST = "pubs.example.edu"
"""Its own name, by which it calls records in OAI-PMH."""


@contextmanager
def practice_eprints(
    eprints: Iterable[EPrint] = (), *, port: int = 0, configured_base: str = ""
) -> Iterator["PracticeEPrints"]:
    """Serve some eprints until the block ends. `configured_base`: what addresses in answers begin with, when it is not
    what is called."""
    server = PracticeEPrints(eprints, port)
    server.base = configured_base or server.url
    with serving(server):
        yield server


class PracticeEPrints(PracticeServer[EPrintsFault], Repository):
    """The running server."""

    def __init__(self, eprints: Iterable[EPrint], port: int) -> None:
        Repository.__init__(self, eprints)
        PracticeServer.__init__(self, port, _Exchange)
        self.base = ""
        self.oai, self.web = OAI(self, HOST), Web(self)

    @property
    def url(self) -> str:
        """The address of the repository's front page, without a slash."""
        return self.origin


class _Exchange(Exchange):
    server_version = "PracticeEPrints/1"

    def answer(self) -> None:
        server = cast(PracticeEPrints, self.server)
        struck = server.struck(self.command, self.path)
        if (fault := struck.get("change")) and fault.act:
            fault.act(server)
        if "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html; charset=utf-8")
        elif fault := struck.get("status"):
            wait = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            refused = page(fault.status)
            self.send(fault.status, refused.body.encode(), wait, refused.kind)
        else:
            self._say(self._reply(server, frozenset(struck)), frozenset(struck))

    def _reply(self, server: PracticeEPrints, struck: frozenset[str]) -> Reply:
        path, _, query = self.path.partition("?")
        with server.lock:
            if path == "/cgi/oai2":
                return Reply(body=server.oai.answer(query, server.base, struck), kind=XML)
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(method=self.command, path=path, headers=headers, body=self.body)
            return server.web.answer(call, server.base, keep="forget" not in struck)

    def _say(self, reply: Reply, struck: frozenset[str]) -> None:
        body = reply.body.encode()
        if "hang up after" in struck:
            self.hang_up()
            return
        if "cut short" in struck:
            body = body[: len(body) // 2]
        part = len(body) // 2 if "truncated" in struck else None
        self.send(reply.status, body, reply.headers, reply.kind, part=part)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """The `Date` header tells the repository's clock, by which everything is stamped."""
        return format_datetime(cast(PracticeEPrints, self.server).now(), usegmt=True)
