"""A practice Jetstream: a log of what is said on Bluesky, told over a websocket from any time on, and then what is said
now, with faults on demand.

    with practice_bluesky() as server:
        server.post("did:plc:ann", "3k1", "see https://doi.org/10.5555/x", at=..., links=["https://doi.org/10.5555/x"])

It behaves as the real one: it begins at the cursor that it is asked for, never further back than 36 hours, and does not
say so; tells of accounts and identities whatever collections are wanted; skips what is larger than it may send; and
somebody is always talking. The clock stands where `stands` says, or runs.
"""

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from itertools import count
from typing import Any, ClassVar
from urllib.parse import parse_qs

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from sandbox.faults import Strike
from sandbox.server import Asked

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
LOOKBACK = timedelta(hours=36)
STRANGER = "did:plc:stranger"
PAUSE = 0.005  # seconds between two things that are said now
CID = "bafyreipractice"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

logging.getLogger("websockets.server").setLevel(logging.CRITICAL)  # practice is silent: `requests` is the log


@dataclass(slots=True)
class BlueskyFault(Strike):
    """`status` and `too many requests` refuse the connection, the latter with `retry_after`; `redirect` sends it
    elsewhere; `no websocket` answers as a web page. `cut` ends the line after so many events (`behind`), `mid frame`
    within the next one, of which `half` sends half. `twice` sends everything twice, `huge` so many bytes at once;
    `old` replays a day more than it was asked for; `silent` says nothing any more."""

    known: ClassVar[tuple[str, ...]] = (
        "status", "too many requests", "redirect", "no websocket", "cut", "mid frame", "half", "twice", "huge", "old",
        "silent",
    )  # fmt: skip

    status: int = 503
    retry_after: str = ""
    behind: int = 0
    size: int = 0


@dataclass(slots=True)
class PracticeBluesky:
    """A running one. `log` is what was said; `raw` is sent as it stands, before all else. `lookback` is how far back it
    goes, `stands` where its clock stands."""

    log: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    faults: list[BlueskyFault] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    stands: datetime | None = None
    lookback: timedelta = LOOKBACK
    port: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def url(self) -> str:
        """Its address."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def now(self) -> datetime:
        """What its clock says."""
        return self.stands or datetime.now(UTC)

    def tell(self, did: str, at: datetime, **event: Any) -> None:
        """Something happens at a time."""
        self.log.append({"did": did, "time_us": (at - EPOCH) // timedelta(microseconds=1), **event})

    def post(
        self,
        did: str,
        rkey: str,
        text: str,
        *,
        at: datetime,
        seen: datetime | None = None,
        links: Sequence[str] = (),
        embed: dict[str, Any] | None = None,
        operation: str = "create",
        **more: Any,
    ) -> None:
        """Somebody says something, and says that it was `at`; it was `seen` then too, or later. `links` are where words
        of it lead."""
        facets = [
            {
                "index": {"byteStart": 0, "byteEnd": 1},
                "features": [{"$type": "app.bsky.richtext.facet#link", "uri": uri}],
            }
            for uri in links
        ]
        record = {"$type": POST, "createdAt": _stamp(at), "langs": ["en"], "text": text, **more}
        record |= {"facets": facets} if facets else {}
        record |= {"embed": embed} if embed else {}
        self.commit(did, POST, rkey, at=seen or at, operation=operation, record=record)

    def repost(self, did: str, rkey: str, of: str, *, at: datetime) -> None:
        """Somebody repeats a post, named by its address (`at://...`)."""
        subject = {"cid": CID, "uri": of}
        record = {"$type": REPOST, "createdAt": _stamp(at), "subject": subject}
        self.commit(did, REPOST, rkey, at=at, operation="create", record=record)

    def delete(self, did: str, rkey: str, *, at: datetime, collection: str = POST) -> None:
        """Its author deletes something."""
        self.commit(did, collection, rkey, at=at, operation="delete")

    def account(self, did: str, *, at: datetime, **account: Any) -> None:
        """Something becomes of an account: `active`, `status`."""
        told = {"did": did, "seq": 1, "time": _stamp(at), **account}
        self.tell(did, at, kind="account", account=told)

    def commit(self, did: str, collection: str, rkey: str, *, at: datetime, operation: str, **record: Any) -> None:
        """An act on one record."""
        act = {"rev": rkey, "operation": operation, "collection": collection, "rkey": rkey, **record}
        if record:
            act["cid"] = CID
        self.tell(did, at, kind="commit", commit=act)

    def struck(self, address: str) -> dict[str, BlueskyFault]:
        """Which faults strike at the next connection, by name."""
        with self.lock:
            number = len(self.requests) + 1
            return {fault.what: fault for fault in self.faults if fault.strikes(number, "GET", address)}


@contextmanager
def practice_bluesky(port: int = 0) -> Iterator[PracticeBluesky]:
    """One of them on a port, 0 for a free one, until the block ends."""
    practice = PracticeBluesky()
    talk = _Talk(practice)
    with serve(
        talk.handle, "127.0.0.1", port, process_request=talk.asked, process_response=talk.dated, max_size=None,
        close_timeout=0.5,
    ) as server:  # fmt: skip
        practice.port = server.socket.getsockname()[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield practice
        finally:
            practice.closing.set()
            server.shutdown()
            thread.join()


class _Talk:
    """What is said to whoever connects."""

    def __init__(self, practice: PracticeBluesky) -> None:
        self.practice = practice
        self.struck: dict[ServerConnection, dict[str, BlueskyFault]] = {}

    def asked(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse what is to be refused, and remember the request."""
        path, _, query = request.path.partition("?")
        struck = self.practice.struck(request.path)
        self.struck[connection] = struck
        refused = _refused(struck) if path == "/subscribe" else _page(HTTPStatus.NOT_FOUND, {})
        told = dict(request.headers.raw_items())
        status = refused.status_code if refused else 101
        self.practice.requests.append(Asked(method="GET", path=path, query=query, headers=told, status=status))
        return refused

    def dated(self, _: ServerConnection, __: Request, response: Response) -> Response:
        """By its own clock."""
        if "Date" in response.headers:
            del response.headers["Date"]
        response.headers["Date"] = format_datetime(self.practice.now, usegmt=True)
        return response

    def handle(self, connection: ServerConnection) -> None:
        """Tell the log from the cursor on, then what is said now."""
        struck = self.struck.pop(connection, {})
        try:
            for number, message in enumerate(self._messages(connection, struck), 1):
                if not _told(connection, message, number, struck):
                    return
                if "silent" in struck and number > struck["silent"].behind:
                    self.practice.closing.wait()
        except (ConnectionClosed, OSError):
            return  # the client has gone

    def _messages(self, connection: ServerConnection, struck: dict[str, BlueskyFault]) -> Iterator[bytes]:
        asked = parse_qs(connection.request.path.partition("?")[2]) if connection.request else {}
        most = int(asked.get("maxMessageSizeBytes", ["0"])[0]) or 2**40
        if "huge" in struck:
            yield b'{"x": "' + b"x" * struck["huge"].size + b'"}'
        yield from self.practice.raw
        for event in self._events(asked, "old" in struck):
            message = json.dumps(event).encode()
            if len(message) <= most:
                yield from (message,) * (2 if "twice" in struck else 1)

    def _events(self, asked: dict[str, list[str]], old: bool) -> Iterator[dict[str, Any]]:
        practice, wanted = self.practice, asked.get("wantedCollections", [])
        now = _micros(practice.now)
        cursor = int(asked["cursor"][0]) if "cursor" in asked else now
        least = max(cursor, now - practice.lookback // timedelta(microseconds=1)) - (86_400_000_000 if old else 0)
        told = 0 if cursor <= now else len(practice.log)  # a cursor of the future begins now
        for turn in count():
            for event in practice.log[told:]:
                told += 1
                commit = event.get("commit")
                if event["time_us"] >= least and (not isinstance(commit, dict) or commit.get("collection") in wanted):
                    yield event
            if practice.closing.wait(PAUSE):
                return
            yield _chatter(_micros(practice.now) + 1000, turn)


def _told(connection: ServerConnection, message: bytes, number: int, struck: dict[str, BlueskyFault]) -> bool:
    """Send one message, or a part of it; whether the line still holds."""
    if (fault := struck.get("mid frame")) and number > fault.behind:
        whole = Frame(Opcode.TEXT, message).serialize(mask=False)
        connection.socket.sendall(whole[: len(whole) // 2])
        connection.close_socket()
        return False
    if (fault := struck.get("cut")) and number > fault.behind:
        connection.close_socket()
        return False
    half = struck.get("half")
    connection.send(message[: len(message) // 2] if half and number == half.behind + 1 else message, text=True)
    return True


def _refused(struck: dict[str, BlueskyFault]) -> Response | None:
    if fault := struck.get("status"):
        return _page(HTTPStatus(fault.status), {})
    if fault := struck.get("too many requests"):
        return _page(HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": fault.retry_after} if fault.retry_after else {})
    if "redirect" in struck:
        return _page(HTTPStatus.FOUND, {"Location": "ws://127.0.0.1:9/subscribe"})
    return _page(HTTPStatus.OK, {}) if "no websocket" in struck else None


def _page(status: HTTPStatus, headers: dict[str, str]) -> Response:
    body = b"<html><body>Jetstream</body></html>"
    told = {"Content-Type": "text/html", "Content-Length": str(len(body)), "Connection": "close", **headers}
    return Response(status.value, status.phrase, Headers(told), body)


def _chatter(now: int, turn: int) -> dict[str, Any]:
    """What others say all the time, of nothing that anybody looks for."""
    record = {"$type": POST, "createdAt": _stamp(EPOCH + timedelta(microseconds=now)), "text": f"the {turn}th tide"}
    commit = {"rev": "3k", "operation": "create", "collection": POST, "rkey": f"3k{turn}", "record": record, "cid": CID}
    return {"did": STRANGER, "time_us": now, "kind": "commit", "commit": commit}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
