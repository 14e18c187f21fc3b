"""What the practice services that are asked about single outputs are underneath: each is a module that says what a
request is about (`about`) and what it is answered with (`answer`), and all fail in the same ways."""

import json
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import ClassVar, Literal, cast, get_args
from urllib.parse import parse_qs, unquote

from sandbox.faults import LOGIN_PAGE, Strike
from sandbox.server import Asked, Exchange, PracticeServer

What = Literal[
    "status", "too many requests", "truncated", "cut short", "login page", "not json", "hang up before", "nothing"
]  # fmt: skip
JSON, PLAIN = "application/json;charset=UTF-8", "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request: its path behind the base, what its query asks for, the JSON or form that came with it, its headers."""

    path: str
    asked: Mapping[str, str]
    method: str = "GET"
    question: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A status and a body: JSON, or a text as it stands where `kind` is that of one."""

    status: int = 200
    body: object = ""
    kind: str = JSON


@dataclass(slots=True)
class ServiceFault(Strike):
    """One thing that goes wrong: `ServiceFault("status", status=500)`. `nothing` answers as if it knew nothing."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""


class AskedServer(PracticeServer[ServiceFault]):
    """The running server. A request that names something in `refused` is answered with a 400; `spoil` makes something
    else of what is answered, `dress` what a body and its headers travel as."""

    def __init__(self, service: ModuleType, base: str = "") -> None:
        super().__init__(0, _Exchange)
        self.service, self.base = service, base
        self.refused: set[str] = set()
        self.spoil: Callable[[object], object] = lambda body: body

    @property
    def url(self) -> str:
        """The address that its paths begin behind."""
        return f"{self.origin}{self.base}"

    @property
    def subjects(self) -> list[tuple[str, ...]]:
        """Whom or what each request was about, those that were about nothing of anybody's left out."""
        named = [tuple(self.service.about(self.call(each))) for each in self.requests]
        return [each for each in named if each]

    def call(self, asked: Asked) -> Call:
        """A request as the service reads it."""
        query = {name: ",".join(told) for name, told in parse_qs(asked.query, keep_blank_values=True).items()}
        path = unquote(asked.path)
        return Call(
            path=path.removeprefix(self.base) if path.startswith(f"{self.base}/") else "/elsewhere",
            asked=query,
            method=asked.method,
            question=_question(asked.body),
            headers=asked.headers,
        )

    def reply(self, asked: Asked, *, silent: bool = False) -> Reply:
        """What a request is answered with; `silent`: as if nothing were known."""
        call = self.call(asked)
        if self.refused & set(self.service.about(call)):
            return Reply(status=400, body={"message": "refused"})
        return self.answered(call, silent=silent)

    @abstractmethod
    def answered(self, call: Call, *, silent: bool) -> Reply:
        """The same for one that is not refused."""

    def dress(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        """What every body travels as, and with which headers."""
        return body, {}


class _Exchange(Exchange):
    server_version = "PracticeService/1"

    def answer(self) -> None:
        server = cast(AskedServer, self.server)
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
            asked = Asked(
                method=self.command, path=path, query=query, headers=dict(self.headers), body=self.body, status=200
            )
            with server.lock:
                reply = server.reply(asked, silent="nothing" in struck)
            self._say(reply, {}, cut="truncated" in struck, half="cut short" in struck)

    def _say(self, reply: Reply, more: Mapping[str, str], *, cut: bool = False, half: bool = False) -> None:
        server = cast(AskedServer, self.server)
        told = server.spoil(reply.body) if reply.status == 200 else reply.body
        body = told.encode() if isinstance(told, str) and "json" not in reply.kind else json.dumps(told).encode()
        body, headers = server.dress(body[: len(body) // 2] if half else body)
        headers |= {name: value for name, value in more.items() if value}
        self.send(reply.status, body, headers, reply.kind, part=len(body) // 2 if cut else None)


def _question(body: bytes) -> object:
    """JSON as it is meant, and a form as text."""
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
