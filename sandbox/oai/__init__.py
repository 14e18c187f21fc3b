"""A practice data provider on loopback that speaks OAI-PMH 2.0, with faults on demand.

    with practice_oai(ways=Ways(tokens="offset", error_status=422)) as server:
        server.repository.put(OaiRecord(identifier="oai:practice:1", stamp=..., formats={"oai_dc": dublin_core(...)}))
        requests.get(server.url, params={"verb": "ListRecords", "metadataPrefix": "oai_dc"})

`server.ways` may be changed while it runs; append to `server.faults` what shall go wrong; `server.before` is called
with the query of each request before it is answered. `Answers` alone answers queries without a server.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from typing import cast

from sandbox.faults import LOGIN_PAGE, Fault, spoil
from sandbox.oai.answers import Answers
from sandbox.oai.repository import OaiRecord, Repository, Ways
from sandbox.server import Exchange, PracticeServer, serving

__all__ = ["Answers", "OaiRecord", "PracticeOai", "Repository", "Ways", "practice_oai"]

PATH = "/oai/request"
BENDS = frozenset({"repeated next", "wrong order", "empty feed"})
XML = "text/xml;charset=UTF-8"


@contextmanager
def practice_oai(
    repository: Repository | None = None, ways: Ways | None = None, *, port: int = 0, path: str = PATH
) -> Iterator["PracticeOai"]:
    """Serve a repository until the block ends."""
    server = PracticeOai(repository or Repository(), ways or Ways(), port, path)
    with serving(server):
        yield server


class PracticeOai(PracticeServer[Fault]):
    """The running server."""

    def __init__(self, repository: Repository, ways: Ways, port: int, path: str) -> None:
        super().__init__(port, _Exchange)
        self.repository, self.ways, self.path = repository, ways, path
        self.before: Callable[[str], None] = lambda _: None
        self.answers = Answers(repository, ways, lambda: self.url)

    @property
    def url(self) -> str:
        """The base URL."""
        return self.origin + self.path


class _Exchange(Exchange):
    server_version = "PracticeOai/1"

    def answer(self) -> None:
        server = cast(PracticeOai, self.server)
        struck = server.struck(self.command, self.path)
        path, _, query = self.path.partition("?")
        server.before(query)
        if fault := struck.get("slow"):
            server.closing.wait(fault.seconds)
        if "hang up before" in struck:
            self.hang_up()
        elif "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html; charset=utf-8")
        elif fault := struck.get("too many requests"):
            self.send(429, b"Too many requests.\n", {"Retry-After": fault.retry_after}, "text/plain")
        elif fault := struck.get("status"):
            self.send(fault.status, b"<html><body>Something went wrong.</body></html>", {}, "text/html")
        elif path != server.path:
            self.send(404, b"<html><body>There is nothing here.</body></html>", {}, "text/html")
        else:
            self._told(*server.answers.answer(query, BENDS & struck.keys()), struck)

    def _told(self, status: int, text: str, struck: dict[str, Fault]) -> None:
        body = spoil(text, struck)
        if "hang up midway" in struck:
            self.hang_up_midway(status, body, XML)
        else:
            self.send(status, body, {}, XML, part=len(body) // 2 if "truncated" in struck else None)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """The `Date` header tells the repository's clock, by which its records are stamped."""
        return format_datetime(cast(PracticeOai, self.server).repository.clock(), usegmt=True)
