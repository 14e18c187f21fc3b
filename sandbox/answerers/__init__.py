"""Practice services that are asked who spoke of an output, on loopback: PubPeer, Hacker News, Stack Exchange, YouTube,
Mendeley, Overton, DataCite with its events, Altmetric and X.

    with practice_answerer("hackernews") as server:
        server.known.acts[1] = Act(number=1, doi="10.5555/example.1", at=datetime(2026, 5, 1, tzinfo=UTC))

`server.subjects` is what each request was about; append to `server.faults` what shall go wrong, and let `server.spoil`
make something else of what it answers.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar, Literal, cast, get_args
from urllib.parse import parse_qs, unquote

from sandbox.answerers import (
    altmetric_api,
    datacite_events,
    hackernews,
    mendeley,
    overton,
    pubpeer,
    stackexchange,
    x,
    youtube,
)
from sandbox.answerers.acts import Act, Call, Known, Reply
from sandbox.faults import LOGIN_PAGE, Strike
from sandbox.server import Asked, Exchange, PracticeServer, serving

__all__ = ["SERVICES", "Act", "AnswererFault", "Known", "PracticeAnswerer", "practice_answerer"]

Name = Literal[
    "altmetric_api", "datacite_events", "hackernews", "mendeley", "overton", "pubpeer", "stackexchange", "x", "youtube"
]
What = Literal["status", "too many requests", "truncated", "cut short", "login page", "not json", "hang up before"]
SERVICES: dict[Name, ModuleType] = {
    "altmetric_api": altmetric_api,
    "datacite_events": datacite_events,
    "hackernews": hackernews,
    "mendeley": mendeley,
    "overton": overton,
    "pubpeer": pubpeer,
    "stackexchange": stackexchange,
    "x": x,
    "youtube": youtube,
}
BASES: dict[Name, str] = {"hackernews": "/api/v1", "stackexchange": "/2.3", "youtube": "/youtube/v3"}


@dataclass(slots=True)
class AnswererFault(Strike):
    """One thing that goes wrong: `AnswererFault("status", status=500)`."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""


@contextmanager
def practice_answerer(name: Name) -> Iterator["PracticeAnswerer"]:
    """Serve until the block ends."""
    with serving(PracticeAnswerer(name)) as server:
        yield server


class PracticeAnswerer(PracticeServer[AnswererFault]):
    """The running server. A request that names a DOI in `refused` is answered with a 400."""

    def __init__(self, name: Name) -> None:
        super().__init__(0, _Exchange)
        self.name, self.service = name, SERVICES[name]
        self.known = Known()
        self.refused: set[str] = set()
        self.spoil: Callable[[object], object] = lambda body: body

    @property
    def url(self) -> str:
        """The address that its paths begin behind."""
        return f"{self.origin}{BASES.get(self.name, '')}"

    @property
    def subjects(self) -> list[tuple[str, ...]]:
        """What each request was about, those that were about nothing of anybody's left out."""
        named = [tuple(self.service.about(self.call(each))) for each in self.requests]
        return [each for each in named if each]

    def call(self, asked: Asked) -> Call:
        """A request as the service reads it."""
        query = {name: ",".join(told) for name, told in parse_qs(asked.query, keep_blank_values=True).items()}
        path = unquote(asked.path)
        base = BASES.get(self.name, "")
        return Call(
            method=asked.method,
            path=path.removeprefix(base) if path.startswith(f"{base}/") else "/elsewhere",
            asked=query,
            question=_question(asked.body),
            headers=asked.headers,
        )

    def reply(self, asked: Asked) -> Reply:
        """What a request is answered with where nothing goes wrong."""
        call = self.call(asked)
        if self.refused & set(self.service.about(call)):
            return Reply(status=400, body={"message": "refused"})
        return cast(Reply, self.service.answer(self.known, call))


class _Exchange(Exchange):
    server_version = "PracticeAnswerer/1"

    def answer(self) -> None:
        server = cast(PracticeAnswerer, self.server)
        struck = server.struck(self.command, unquote(self.path))
        if "hang up before" in struck:
            self.hang_up()
        elif "login page" in struck:
            self.send(200, LOGIN_PAGE, {}, "text/html;charset=utf-8")
        elif "not json" in struck:
            self.send(200, b"The service is being updated.", {}, "application/json")
        elif fault := struck.get("status") or struck.get("too many requests"):
            status = 429 if fault.what == "too many requests" else fault.status
            self._say(Reply(status=status, body={"error": "try later"}), {"Retry-After": fault.retry_after})
        else:
            path, _, query = self.path.partition("?")
            with server.lock:
                asked = Asked(
                    method=self.command, path=path, query=query, headers=dict(self.headers), body=self.body, status=200
                )
                reply = server.reply(asked)
            self._say(reply, {}, cut="truncated" in struck, half="cut short" in struck)

    def _say(self, reply: Reply, more: dict[str, str], *, cut: bool = False, half: bool = False) -> None:
        server = cast(PracticeAnswerer, self.server)
        body = json.dumps(server.spoil(reply.body) if reply.status == 200 else reply.body).encode()
        body = body[: len(body) // 2] if half else body
        headers = {name: told for name, told in more.items() if told}
        if server.name == "stackexchange":  # whatever the client accepts
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        self.send(reply.status, body, headers, reply.kind, part=len(body) // 2 if cut else None)


def _question(body: bytes) -> object:
    """JSON as it is meant, and a form as text."""
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
