"""A practice DSpace on loopback: as much of the REST API of DSpace 7 to 9 as is read and written, with
faults on demand.

    with practice_dspace(items_of(example()), version="9") as server:
        requests.get(server.url + "/api/discover/search/objects", params={"query": 'dc.identifier.doi:"10.5555/x"'})

`server.url` ends with `/server`. `server.items` is what it holds, by uuid; `server.writes` what was written, in order;
`server.requests` what was asked; append to `server.faults` what shall go wrong. Its OAI-PMH interface
is at `/server/oai/request`, and tells what was so when `server.oai_import()` was called. More in
`sandbox.dspace.repository`.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from typing import cast

from sandbox.dspace.answers import Answers, Call, Reply
from sandbox.dspace.errors import DSpaceError
from sandbox.dspace.faults import DSpaceFault, Spoiler
from sandbox.dspace.items import Item
from sandbox.dspace.oai import XML
from sandbox.dspace.repository import Repository
from sandbox.faults import LOGIN_PAGE
from sandbox.server import Exchange, PracticeServer, serving


@contextmanager
def practice_dspace(
    items: Iterable[Item], version: str = "9", *, port: int = 0, configured_base: str = ""
) -> Iterator["PracticeDSpace"]:
    """Serve some items until the block ends.

    `configured_base`: what addresses in answers begin with, when it is not what is called; ends with `/server`. Raises
    `KeyError` for a version that is none of 7, 7.6, 8 and 9."""
    server = PracticeDSpace(items, version, port)
    server.base = configured_base or server.url
    with serving(server):
        yield server


class PracticeDSpace(PracticeServer[DSpaceFault], Repository):
    """The running server."""

    def __init__(self, items: Iterable[Item], version: str, port: int) -> None:
        Repository.__init__(self, items, version)
        PracticeServer.__init__(self, port, _Exchange)
        self.answers = Answers(self)
        self.spoiler = Spoiler()

    @property
    def url(self) -> str:
        """The address of the server; the API is below `/api`."""
        return f"{self.origin}/server"


class _Exchange(Exchange):
    server_version = "PracticeDSpace/1"
    dated = True

    def answer(self) -> None:
        server = cast(PracticeDSpace, self.server)
        struck = server.struck(self.command, self.path)
        self.dated = "no date" not in struck
        call = Call.read(self.command, self.path, dict(self.headers), self.body)
        if fault := struck.get("slow"):
            server.closing.wait(fault.seconds)
        if (fault := struck.get("change")) and fault.act:
            fault.act(server)
        if "hang up before" in struck:
            self.hang_up()
        elif "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html;charset=utf-8")
        elif fault := struck.get("status"):
            refused = server.answers.refusal(call, DSpaceError(fault.status))
            wait = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self._say(Reply(status=fault.status, body=refused.body, headers={**refused.headers, **wait}))
        elif server.oai_path == self.path.partition("?")[0]:
            status, body = server.oai.answer(self.path.partition("?")[2])
            self.send(status, body[: len(body) // 2] if "half" in struck else body, {}, XML)
        else:
            self._done(server.answers.reply(call, keep="forget" not in struck, rotate="rotate" in struck), call, struck)

    def _done(self, reply: Reply, call: Call, struck: dict[str, DSpaceFault]) -> None:
        """What was asked is done; now for the answer."""
        cast(PracticeDSpace, self.server).spoiler.spoil(reply.body, struck)
        if "hang up after" in struck:
            self.hang_up()
        elif "hang up midway" in struck:
            self.hang_up_midway(reply.status, _bytes(reply), "application/hal+json")
        elif fault := struck.get("status after"):
            self._say(cast(PracticeDSpace, self.server).answers.refusal(call, DSpaceError(fault.status)))
        elif "not json" in struck:
            self.send(200, b"The service is being updated.\r\n", {}, "application/hal+json")
        elif "half" in struck:
            body = _bytes(reply)
            self.send(reply.status, body[: len(body) // 2], reply.headers, "application/hal+json")
        else:
            self._say(reply, cut="truncated" in struck)

    def send_header(self, keyword: str, value: str) -> None:
        """Without a date where that was asked for."""
        if keyword != "Date" or self.dated:
            super().send_header(keyword, value)

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """The `Date` header tells the clock by which items are stamped."""
        return format_datetime(cast(PracticeDSpace, self.server).now(), usegmt=True)

    def _say(self, reply: Reply, *, cut: bool = False) -> None:
        body = _bytes(reply)
        kind = "application/json" if reply.status >= 400 else "application/hal+json;charset=UTF-8"
        self.send(reply.status, body, reply.headers, kind, part=len(body) // 2 if cut else None)


def _bytes(reply: Reply) -> bytes:
    return b"" if reply.body is None else json.dumps(reply.body, ensure_ascii=False).encode()
