"""A practice Pure on loopback: as much of both of its APIs as is read and written, with faults on demand.

    with practice_pure() as server:
        server.put(Unit(number=1), Person(number=1), Output(number=1, contributors=(Contributor(person=1),)))
        requests.get(server.url + "/research-outputs", headers={"api-key": server.key})

`server.url` is the current API, `server.legacy_url` the legacy one; they show the same. What it holds is described in
`sandbox.pure.model`; `server.requests` is what was asked; append to `server.faults` what shall go wrong.
"""

import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from typing import cast

from sandbox.faults import LOGIN_PAGE
from sandbox.pure.answers import CURRENT, LEGACY, Answers, Call, PureError, Reply
from sandbox.pure.faults import PureFault
from sandbox.pure.model import Contributor, Doi, Holdings, Link, Output, Person, Thing, Unit
from sandbox.server import Exchange, PracticeServer, serving

__all__ = ["Contributor", "Doi", "Link", "Output", "Person", "PracticePure", "PureFault", "Unit", "practice_pure"]

BENDS = frozenset({"forget", "no rows", "page again", "shuffled", "repeated"})


@contextmanager
def practice_pure(*, port: int = 0) -> Iterator["PracticePure"]:
    """Serve until the block ends."""
    with serving(PracticePure(port)) as server:
        yield server


class PracticePure(PracticeServer[PureFault]):
    """The running server."""

    def __init__(self, port: int) -> None:
        super().__init__(port, _Exchange)
        self.held = Holdings()
        self.key = "practice-key"
        self.answers = Answers(self.held)
        self.answers.origin = self.origin

    @property
    def url(self) -> str:
        """The current API."""
        return self.origin + CURRENT

    @property
    def legacy_url(self) -> str:
        """The legacy API."""
        return self.origin + LEGACY

    def put(self, *things: Thing, dated: bool = True) -> None:
        """Somebody enters or changes something."""
        self.held.put(*things, dated=dated)


class _Exchange(Exchange):
    server_version = "PracticePure/1"
    dated = True

    def answer(self) -> None:
        server = cast(PracticePure, self.server)
        struck = server.struck(self.command, f"{self.path} {self.body.decode('utf-8', 'replace')}")
        self.dated = "no date" not in struck
        if (fault := struck.get("change")) and fault.act:
            fault.act(server)
        if "hang up before" in struck:
            self.hang_up()
        elif "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html;charset=utf-8")
        elif fault := struck.get("status"):
            wait = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self._say(Reply(status=fault.status, body=PureError(fault.status, "Asked for").body, headers=wait), struck)
        elif not hmac.compare_digest((self.headers.get("api-key") or "").encode(), server.key.encode()):
            self._say(Reply(status=401, body=PureError(401, "No valid key").body), struck)
        else:
            call = Call.read(self.command, self.path, self.body, BENDS & struck.keys())
            reply = server.answers.reply(call)
            if "hang up after" in struck:
                self.hang_up()
            else:
                self._say(reply, struck)

    def _say(self, reply: Reply, struck: dict[str, PureFault]) -> None:
        text = json.dumps(reply.body, ensure_ascii=False)
        if fault := struck.get("rewrite"):
            text = re.sub(fault.old, fault.new, text)
        if "cut short" in struck:
            text = text[: len(text) // 2]
        body = b"The service is being updated.\r\n" if "not json" in struck else text.encode()
        kind = "application/problem+json" if reply.status >= 400 else "application/json;charset=UTF-8"
        self.send(reply.status, body, reply.headers, kind, part=len(body) // 2 if "truncated" in struck else None)

    def send_header(self, keyword: str, value: str) -> None:
        """Without a date where that was asked for."""
        if keyword != "Date" or self.dated:
            super().send_header(keyword, value)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """The `Date` header tells the clock by which changes are stamped."""
        return format_datetime(cast(PracticePure, self.server).held.clock(), usegmt=True)
