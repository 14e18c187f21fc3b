"""A practice InvenioRDM on loopback: as much of its REST API as reading and badges need, with faults on demand.

    with practice_inveniordm([made(1, doi="10.5555/x", title="T", moment=now)]) as server:
        requests.get(server.url + "/api/records", params={"sort": "updated-asc", "allversions": "true"})

`server.url` is the address of the site. `server.records` and `server.drafts` are what it holds, by id; append to
`server.faults` what shall go wrong. More in `sandbox.inveniordm.repository`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from typing import cast

from sandbox.faults import LOGIN_PAGE
from sandbox.inveniordm.answers import Answers, Call, Reply, call
from sandbox.inveniordm.errors import InvenioError
from sandbox.inveniordm.faults import InvenioFault
from sandbox.inveniordm.records import Record
from sandbox.inveniordm.repository import Repository
from sandbox.server import Exchange, PracticeServer, serving

JSON = "application/json"
BENDS = {"no rows", "empty", "page again", "twice"}


@contextmanager
def practice_inveniordm(records: Iterable[Record] = (), *, port: int = 0) -> Iterator["PracticeInvenioRDM"]:
    """Serve some records until the block ends."""
    with serving(PracticeInvenioRDM(records, port)) as server:
        yield server


class PracticeInvenioRDM(PracticeServer[InvenioFault], Repository):
    """The running server."""

    def __init__(self, records: Iterable[Record], port: int) -> None:
        Repository.__init__(self, records)
        PracticeServer.__init__(self, port, _Exchange)
        self.answers = Answers(self, self.origin)

    @property
    def url(self) -> str:
        """The address of the site; the API is below `/api`."""
        return self.origin


class _Exchange(Exchange):
    server_version = "PracticeInvenioRDM/1"

    def answer(self) -> None:
        server = cast(PracticeInvenioRDM, self.server)
        asked = call(self.command, self.path, dict(self.headers), self.body, server.token)
        struck = server.struck(self.command, self.path + server.answers.part(asked))
        if "anybody" in struck:
            asked = call(self.command, self.path, dict(self.headers), self.body, "")
        if (fault := struck.get("change")) and fault.act:
            fault.act(server)
        if "hang up before" in struck:
            self.hang_up()
        elif "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html; charset=utf-8")
        elif fault := struck.get("status"):
            self._say(asked, _refused(fault.status), wait=fault.retry_after)
        else:
            reply = self._reply(server, asked, struck)
            if (fault := struck.get("change after")) and fault.act:
                fault.act(server)
            self._done(asked, reply, struck)

    def _reply(self, server: PracticeInvenioRDM, asked: Call, struck: dict[str, InvenioFault]) -> Reply:
        try:
            return server.answers.reply(asked, BENDS & struck.keys(), keep="forget" not in struck)
        except InvenioError as refused:
            return Reply(status=refused.status, body=refused.body)

    def _done(self, asked: Call, reply: Reply, struck: dict[str, InvenioFault]) -> None:
        """What was asked is done; now for the answer."""
        if "hang up after" in struck:
            self.hang_up()
        elif fault := struck.get("status after"):
            self._say(asked, _refused(fault.status))
        elif "not json" in struck:
            self.send(200, b"The service is being updated.\r\n", {}, JSON)
        else:
            self._say(asked, reply, struck)

    def _say(
        self, asked: Call, reply: Reply, struck: dict[str, InvenioFault] | None = None, *, wait: str = "60"
    ) -> None:
        """With the headers of Flask-Limiter, which tells with every answer when its window ends, and of the account."""
        struck = struck or {}
        text = "" if reply.body is None else json.dumps(reply.body)
        if fault := struck.get("rewrite"):
            text = re.sub(fault.old, lambda _: fault.new, text)
        sent = text.encode()
        sent = sent[: len(sent) // 2] if "cut short" in struck else sent
        limit = 1000 if asked.known else 500
        reset = int(cast(PracticeInvenioRDM, self.server).now().timestamp()) + 60
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(limit - 1),
            "X-RateLimit-Reset": str(reset),
            "Retry-After": wait or "60",
            **({"X-User-ID": "2"} if asked.known else {}),
            **reply.headers,
        }
        self.send(reply.status, sent, headers, JSON, part=len(sent) // 2 if "truncated" in struck else None)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """The `Date` header tells the clock by which records are stamped."""
        return format_datetime(cast(PracticeInvenioRDM, self.server).now(), usegmt=True)


def _refused(status: int) -> Reply:
    return Reply(status=status, body=InvenioError(status).body)
