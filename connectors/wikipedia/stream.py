"""The stream itself: from a place in it on, as many messages as one connection brings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from connectors.base import Finding
from connectors.errors import NotUnderstood, TryLater
from connectors.http import Client
from connectors.wikipedia.changes import STREAMS
from connectors.wikipedia.messages import LARGEST, Message, messages
from connectors.wikipedia.position import Position

PATH = f"/v2/stream/{','.join(STREAMS)}"
KIND = "text/event-stream"
SECONDS = 60.0  # of one connection: what it brought is stored before more is asked for
MINUTE = timedelta(minutes=1)


class Stream:
    """EventStreams. Nothing in what is asked depends on what is looked for."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @contextmanager
    def after(self, position: Position) -> Iterator[Iterator[Message]]:
        """The messages from a place on, read within the block. They end when the connection does, or its time is over.

        Raises `TryLater` where the server cannot go on, and as `Client.lines` does."""
        asked = {"Last-Event-ID": position.id} if position.id else {}
        since = {} if position.id else {"since": position.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        with self._client.lines(
            PATH, since, accept=KIND, headers=asked, seconds=SECONDS, silence=SECONDS, longest=LARGEST + 100
        ) as lines:
            kind = lines.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if lines.status != 200 or kind != KIND:
                told = f"{PATH}: status {lines.status}, and no stream"
                raise NotUnderstood(f"{told}; is url https://stream.wikimedia.org?")
            yield _whole(messages(lines))

    def finding(self) -> Finding:
        """Whether it tells something: one message is waited for."""
        now = datetime.now(UTC)
        with self.after(Position(id="", at=now - MINUTE)) as told:
            first = next(told, None)
        if first:
            return Finding(ok=True, what="the stream tells")
        mend = "does a proxy in between hold back what has no end?"
        return Finding(ok=False, what="the stream is silent", mend=mend)


def _whole(told: Iterator[Message]) -> Iterator[Message]:
    for each in told:
        if each.kind == "error":
            raise TryLater(f"{PATH}: the server says that it cannot go on")
        if each.kind == "message":
            yield each
