"""A practice EventStreams and the practice Wikipedias that it tells of, on one server on loopback.

    with practice_wikipedia() as server:
        server.wikis.edit(7, "{{cite journal |doi=10.5555/x}}", at=datetime.now(UTC))
        requests.get(server.url + "/v2/stream/page-links-change", stream=True)
        requests.get(server.url + "/en.wikipedia.org/w/api.php?action=query&pageids=7&prop=revisions&formatversion=2")

`server.requests` is what was asked; append to `server.faults` what shall go wrong. More in
`sandbox.wikipedia.encyclopedia`.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import ClassVar, Literal, cast, get_args
from urllib.parse import parse_qs, unquote

from sandbox.faults import LOGIN_PAGE, Strike
from sandbox.server import Exchange, PracticeServer, serving
from sandbox.wikipedia.api import answer
from sandbox.wikipedia.encyclopedia import Encyclopedia, message

__all__ = ["PracticeWikipedia", "WikiFault", "practice_wikipedia"]

STREAMS = "/v2/stream/"
KNOWN = ("page-links-change", "page-delete", "page-move")
BEAT = 0.02  # seconds between two messages of a stream that has nothing to tell

What = Literal[
    "status", "too many requests", "login page", "hang up before", "truncated", "cut short", "not json", "maxlag",
    "behind", "cut", "error", "silent", "comments", "no ids", "raw", "nothing new",
]  # fmt: skip


@dataclass(slots=True)
class WikiFault(Strike):
    """One thing that goes wrong: `WikiFault("status", address="api.php", status=500)`.

    `maxlag`: a wiki asks for patience, with status 200; `behind`: it shows the revision before the last one. Of the
    stream: `cut` ends in the middle of its last message that is stored, `error` says that it cannot go on, `silent`
    sends nothing, `comments` nothing but signs of life, `no ids` no ids, `raw` sends the bytes `body` first, and
    `nothing new` ends where it would wait."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""
    body: bytes = b""


@contextmanager
def practice_wikipedia(port: int = 0) -> Iterator["PracticeWikipedia"]:
    """Serve until the block ends."""
    with serving(PracticeWikipedia(port)) as server:
        yield server


class PracticeWikipedia(PracticeServer[WikiFault]):
    """The running server. `rows` is how many a list of the API has at most on a page."""

    def __init__(self, port: int) -> None:
        super().__init__(port, _Exchange)
        self.wikis = Encyclopedia()
        self.rows = 500
        self.stands_at: datetime | None = None

    @property
    def url(self) -> str:
        """The address of the stream."""
        return self.origin

    @property
    def now(self) -> datetime:
        """By its own clock."""
        return self.stands_at or datetime.now(UTC)


class _Exchange(Exchange):
    server_version = "PracticeWikipedia/1"

    def answer(self) -> None:
        server = cast(PracticeWikipedia, self.server)
        struck = server.struck(self.command, unquote(self.path))
        path, _, query = self.path.partition("?")
        if "hang up before" in struck:
            self.hang_up()
        elif "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html; charset=utf-8")
        elif fault := struck.get("status") or struck.get("too many requests"):
            status = 429 if fault.what == "too many requests" else fault.status
            self.send(
                status, b"try later", {"Retry-After": fault.retry_after} if fault.retry_after else {}, "text/plain"
            )
        elif path.startswith(STREAMS):
            self._stream(path.removeprefix(STREAMS).split(","), _asked(query), struck)
        elif path.endswith("/w/api.php"):
            self._api(path.split("/")[1], _asked(query), struck)
        else:
            self.send(404, b"Not found", {}, "text/plain")

    def _api(self, domain: str, asked: dict[str, str], struck: dict[str, WikiFault]) -> None:
        server = cast(PracticeWikipedia, self.server)
        if "maxlag" in struck:
            told = {"error": {"code": "maxlag", "info": "Waiting for a database server: 6 seconds lagged."}}
            self._say(json.dumps(told).encode(), {"MediaWiki-API-Error": "maxlag", "Retry-After": "5"})
            return
        with server.lock:
            body = json.dumps(answer(server.wikis, domain, asked, server.rows, behind="behind" in struck)).encode()
        body = b"The service is being updated." if "not json" in struck else body
        self._say(body[: len(body) // 2] if "cut short" in struck else body, {}, cut="truncated" in struck)

    def _say(self, body: bytes, headers: dict[str, str], *, cut: bool = False) -> None:
        self.send(200, body, headers, "application/json; charset=utf-8", part=len(body) // 2 if cut else None)

    def _stream(self, streams: list[str], asked: dict[str, str], struck: dict[str, WikiFault]) -> None:
        """What happened since, and then what happens, for ever."""
        server = cast(PracticeWikipedia, self.server)
        if unknown := sorted(set(streams) - set(KNOWN)):
            self._say(json.dumps({"detail": f"{unknown[0]} is no stream"}).encode(), {})
            return
        self.remember(200)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True
        with server.lock:
            events = list(server.wikis.since(_begin(self.headers.get("Last-Event-ID", ""), asked), streams))
        if "silent" in struck:
            server.closing.wait()
            return
        self._chunk(b":ok\n\n")
        if fault := struck.get("raw"):
            self._chunk(fault.body)
        if "comments" in struck:
            while not server.closing.wait(BEAT):
                self._chunk(b": alive\n\n")
            return
        ids = "no ids" not in struck
        for number, event in enumerate(events, 1):
            told = message(event, ids=ids)
            cut = "cut" in struck and number == len(events)
            self._chunk(told[: len(told) // 2] if cut else told)
            if cut:
                return
        if "error" in struck:
            self._chunk(b'event: error\ndata: {"message":"no broker"}\n\n')
        if "nothing new" in struck:
            self.wfile.write(b"0\r\n\r\n")
            return
        while not server.closing.wait(BEAT):
            self._chunk(message(server.wikis.canary(server.now), ids=ids))

    def _chunk(self, body: bytes) -> None:
        self.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  (the signature is given)
        """By the clock of the practice system."""
        return format_datetime(cast(PracticeWikipedia, self.server).now, usegmt=True)


def _asked(query: str) -> dict[str, str]:
    return {name: told[0] for name, told in parse_qs(query, keep_blank_values=True).items()}


def _begin(last: str, asked: dict[str, str]) -> datetime | None:
    """Where to begin: what was read last is told again. None for now."""
    if last:
        stamps = [each["timestamp"] for each in json.loads(last) if "timestamp" in each]
        return datetime.fromtimestamp(min(stamps) / 1000, UTC) if stamps else None
    return datetime.fromisoformat(asked["since"]) if "since" in asked else None
