"""Practice services that are asked about single outputs, on loopback: Crossref, DataCite, OpenAlex and ORCID.

    with practice_service("crossref", [Known(doi="10.5555/example.1")]) as server:
        requests.get(server.url + "/works/10.5555/example.1")

`server.works` is what it knows, `server.subjects` whom or what each request was about; append to `server.faults` what
shall go wrong.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar, Literal, cast, get_args
from urllib.parse import parse_qs, unquote

from sandbox.enrichers import crossref, datacite, openalex, orcid
from sandbox.enrichers.known import Call, Known, Reply
from sandbox.faults import LOGIN_PAGE, Strike
from sandbox.server import Exchange, PracticeServer, serving

__all__ = ["SERVICES", "Known", "PracticeService", "ServiceFault", "practice_service"]

Name = Literal["crossref", "datacite", "openalex", "orcid"]
What = Literal[
    "status", "too many requests", "truncated", "cut short", "login page", "not json", "hang up before", "nothing"
]  # fmt: skip
SERVICES: dict[Name, ModuleType] = {"crossref": crossref, "datacite": datacite, "openalex": openalex, "orcid": orcid}
KEYED = ("openalex", "orcid")  # services that want a token


@dataclass(slots=True)
class ServiceFault(Strike):
    """One thing that goes wrong: `ServiceFault("status", status=500)`. `nothing` answers as if it knew no work."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    what: What
    status: int = 500
    retry_after: str = ""


@contextmanager
def practice_service(name: Name, works: Iterable[Known] = ()) -> Iterator["PracticeService"]:
    """Serve until the block ends."""
    with serving(PracticeService(name, works)) as server:
        yield server


class PracticeService(PracticeServer[ServiceFault]):
    """The running server. A request that names a DOI in `refused` is answered with a 400."""

    token = "practice-token"  # noqa: S105 - of nobody

    def __init__(self, name: Name, works: Iterable[Known]) -> None:
        super().__init__(0, _Exchange)
        self.name, self.service = name, SERVICES[name]
        self.works = list(works)
        self.refused: set[str] = set()

    @property
    def url(self) -> str:
        """The address that its paths begin behind."""
        return f"{self.origin}/v3.0" if self.name == "orcid" else self.origin

    @property
    def subjects(self) -> list[tuple[str, ...]]:
        """Whom or what each request was about, those that were about nothing of anybody's left out."""
        named = [tuple(self.service.about(_call(self, f"{each.path}?{each.query}"))) for each in self.requests]
        return [each for each in named if each]

    def reply(self, address: str, authorization: str) -> Reply:
        """What a request is answered with where nothing goes wrong."""
        if self.name in KEYED and authorization != f"Bearer {self.token}":
            return Reply(status=401, body={"error": "invalid_token", "error_description": "Invalid access token"})
        call = _call(self, address)
        if not address.startswith(self.url.removeprefix(self.origin)):
            return Reply(status=404, body="Not found")
        if self.refused & set(self.service.about(call)):
            return Reply(status=400, body={"error": "refused"})
        return cast(Reply, self.service.answer(self.works, call))


class _Exchange(Exchange):
    server_version = "PracticeService/1"

    def answer(self) -> None:
        server = cast(PracticeService, self.server)
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
            works = server.works
            if "nothing" in struck:
                server.works = []
            reply = server.reply(self.path, self.headers.get("Authorization", ""))
            server.works = works
            self._say(reply, {}, cut="truncated" in struck, half="cut short" in struck)

    def _say(self, reply: Reply, more: dict[str, str], *, cut: bool = False, half: bool = False) -> None:
        server = cast(PracticeService, self.server)
        plain = isinstance(reply.body, str)
        body = reply.body.encode() if isinstance(reply.body, str) else json.dumps(reply.body).encode()
        body = body[: len(body) // 2] if half else body
        headers = {**(crossref.HEADERS if server.name == "crossref" else {}), **{k: v for k, v in more.items() if v}}
        kind = "text/plain" if plain else "application/json;charset=UTF-8"
        self.send(reply.status, body, headers, kind, part=len(body) // 2 if cut else None)


def _call(server: PracticeService, address: str) -> Call:
    path, _, query = address.partition("?")
    asked = {name: ",".join(told) for name, told in parse_qs(query, keep_blank_values=True).items()}
    return Call(path=path.removeprefix(server.url.removeprefix(server.origin)), asked=asked)
