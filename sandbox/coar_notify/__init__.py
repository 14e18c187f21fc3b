"""A practice repository with an LDN inbox for COAR Notify on loopback, with faults on demand.

    with practice_inbox() as server:
        requests.get(server.url).headers["Link"]

`server.url` is the repository, which names its inbox; `server.taken` are the notices that it took, in order.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, cast, get_args

from sandbox.faults import Strike
from sandbox.server import Exchange, PracticeServer, serving

HOME, INBOX = "/repository", "/repository/inbox"
LD = "application/ld+json"
What = Literal["status", "too many requests", "hang up before", "hang up after", "redirect"]


@dataclass(slots=True)
class InboxFault(Strike):
    """One thing that goes wrong: `status` answers with that, `too many requests` is a 429 with `retry_after`, `hang up
    after` takes the notice and breaks the connection, `redirect` leads elsewhere."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    status: int = 500
    retry_after: str = "7"


@contextmanager
def practice_inbox(token: str = "practice-token", *, port: int = 0) -> Iterator["PracticeInbox"]:  # noqa: S107
    """Serve until the block ends."""
    with serving(PracticeInbox(token, port)) as server:
        yield server


class PracticeInbox(PracticeServer[InboxFault]):
    """The running repository. `names` is where it names its inbox: `header`, `body` or `nowhere`; `readable` whether
    the inbox can be read; `inbox` is the address that it names."""

    def __init__(self, token: str, port: int) -> None:
        super().__init__(port, _Exchange)
        self.token, self.names, self.readable = token, "header", True
        self.inbox = f"{self.origin}{INBOX}"
        self.taken: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """The repository."""
        return f"{self.origin}{HOME}"

    @property
    def announced(self) -> dict[str, dict[str, Any]]:
        """The announcements that were not undone, by the resource that they are about; each id counts once."""
        known: dict[str, dict[str, Any]] = {}
        undone: set[str] = set()
        for each in self.taken:
            if each["type"] == "Undo":
                undone.add(each["inReplyTo"])
            else:
                known.setdefault(each["id"], each)
        return {each["object"]["as:object"]: each for id_, each in known.items() if id_ not in undone}


class _Exchange(Exchange):
    server_version = "PracticeInbox/1"

    def answer(self) -> None:
        server = cast(PracticeInbox, self.server)
        struck = server.struck(self.command, self.path)
        if "hang up before" in struck:
            self.hang_up()
        elif "redirect" in struck:
            self.send(308, b"", {"Location": f"{server.origin}/elsewhere"}, "text/plain")
        elif fault := struck.get("status"):
            self.send(fault.status, b"trouble", {}, "text/plain")
        elif fault := struck.get("too many requests"):
            self.send(429, b"later", {"Retry-After": fault.retry_after}, "text/plain")
        elif self.headers.get("Authorization") != f"Bearer {server.token}":
            self.send(401, b"who are you?", {"WWW-Authenticate": "Bearer"}, "text/plain")
        elif self.path == INBOX and self.command == "POST":
            self._take(server, silent="hang up after" in struck)
        elif self.path == INBOX and self.command == "GET" and server.readable:
            listed = {"@context": "http://www.w3.org/ns/ldp", "@id": server.inbox, "contains": []}
            self._say(listed, {})
        elif self.path == HOME and self.command == "GET":
            self._home(server)
        else:
            self.send(405 if self.path in (HOME, INBOX) else 404, b"", {}, "text/plain")

    def _home(self, server: PracticeInbox) -> None:
        link = {"Link": f'<{server.inbox}>; rel="http://www.w3.org/ns/ldp#inbox"'} if server.names == "header" else {}
        inbox = {"http://www.w3.org/ns/ldp#inbox": [{"@id": server.inbox}]} if server.names == "body" else {}
        self._say({"@id": server.url, **inbox}, link)

    def _take(self, server: PracticeInbox, *, silent: bool) -> None:
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        told = _read(self.body)
        if kind != LD:
            self.send(415, b"JSON-LD, please", {}, "text/plain")
        elif told is None:
            self.send(400, b"no notification", {}, "text/plain")
        else:
            with server.lock:
                server.taken.append(told)
                number = len(server.taken)
            if silent:
                self.hang_up()
            else:
                self.send(201, b"", {"Location": f"{server.inbox}/{number}"}, "text/plain")

    def _say(self, told: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        self.send(200, json.dumps(told).encode(), headers, LD)


def _read(body: bytes) -> dict[str, Any] | None:
    """A notification that has what every one must have, and is an announcement of a relationship, or undoes one."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    if not isinstance(told, dict) or {"@context", "id", "type", "origin", "target", "object"} - told.keys():
        return None
    if "https://coar-notify.net" not in told["@context"]:
        return None
    if told["type"] == "Undo":
        return told if told.get("inReplyTo") == told["object"].get("id") else None
    relationship = "coar-notify:RelationshipAction" in told["type"] and "Announce" in told["type"]
    same = told.get("context", {}).get("id") == told["object"].get("as:object")
    return told if relationship and same else None
