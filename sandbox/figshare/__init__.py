"""A practice Figshare on loopback: as much of the API, v2, as an institution's outputs and people need, with faults.

    with practice_figshare() as server:
        server.holdings.keep(Article(id=7, title="Tide tables", doi="10.5555/figshare.7"))
        requests.get(server.url + "/articles/7")

`server.requests` is what was asked; append to `server.faults` what shall go wrong. Its answers keep to the public
contract (OpenAPI 2.0, July 2026); what that leaves open is as strict as its texts allow: `modified_since` leaves out
what changed in just that second, and what is not published is not there for anybody.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from typing import cast

from sandbox.faults import LOGIN_PAGE
from sandbox.figshare.answers import Answers, FigshareError
from sandbox.figshare.bodies import error
from sandbox.figshare.faults import FigshareFault
from sandbox.figshare.holdings import Holdings
from sandbox.server import Exchange, PracticeServer, serving

KIND = "application/json"


@contextmanager
def practice_figshare(holdings: Holdings | None = None, *, port: int = 0) -> Iterator["PracticeFigshare"]:
    """Serve some holdings until the block ends."""
    with serving(PracticeFigshare(holdings or Holdings(), port)) as server:
        yield server


class PracticeFigshare(PracticeServer[FigshareFault]):
    """The running server."""

    def __init__(self, holdings: Holdings, port: int) -> None:
        super().__init__(port, _Exchange)
        self.holdings = holdings
        self.token = "practice-token"  # noqa: S105  (of a server on loopback that holds invented data only)
        self.answers = Answers(holdings, self.token)

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"{self.origin}/v2"


class _Exchange(Exchange):
    server_version = "PracticeFigshare/2"
    clock = True

    def answer(self) -> None:
        server = cast(PracticeFigshare, self.server)
        struck = server.struck(self.command, self.path)
        self.clock = "no clock" not in struck
        if (fault := struck.get("change")) and fault.act:
            fault.act(server)
        if "hang up before" in struck:
            self.hang_up()
        elif "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html; charset=utf-8")
        elif "not json" in struck:
            self.send(200, b"The service is being updated.\r\n", {}, KIND)
        elif fault := struck.get("status"):
            wait = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self.send(fault.status, _bytes(error(fault.status, "This fault was asked for.")), wait, KIND)
        else:
            self._done(server, struck)

    def _done(self, server: PracticeFigshare, struck: dict[str, FigshareFault]) -> None:
        status, body = self._body(server, struck)
        if fault := struck.get("rewrite"):
            body = re.sub(fault.old.encode(), fault.new.encode(), body, flags=re.DOTALL)
        if "cut short" in struck:
            body = body[: len(body) // 2]
        if "hang up midway" in struck:
            self.hang_up_midway(status, body, KIND)
        else:
            self.send(status, body, {}, KIND, part=len(body) // 2 if "truncated" in struck else None)

    def _body(self, server: PracticeFigshare, struck: dict[str, FigshareFault]) -> tuple[int, bytes]:
        path, _, query = self.path.partition("?")
        try:
            if not path.startswith("/v2/") or self.command != "GET":
                raise FigshareError(404 if self.command == "GET" else 405, "There is no such place.")
            with server.holdings.lock:
                told = server.answers.answer(path.removeprefix("/v2"), query, dict(self.headers), struck.keys())
            return 200, _bytes(told)
        except FigshareError as refused:
            return refused.status, _bytes(error(refused.status, str(refused)))

    def send_header(self, keyword: str, value: str) -> None:
        """Everything but a clock that is not to be told."""
        if self.clock or keyword != "Date":
            super().send_header(keyword, value)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """The `Date` header tells the clock by which changes are stamped."""
        return format_datetime(cast(PracticeFigshare, self.server).holdings.clock(), usegmt=True)


def _bytes(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
