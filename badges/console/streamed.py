"""Files that are taken along from the console: sent while they are read, so that a long one needs no memory."""

import asyncio
from collections.abc import Iterator

from starlette.types import Message, Receive, Scope, Send

from badges.answers import Answer, Answers

_OF_A_BODY = (b"content-type", b"content-length", b"etag")


class Streamed(Answer):
    """An answer of many parts, sent once."""

    __slots__ = ("_parts",)

    def __init__(self, answer: Answer, kind: bytes, parts: Iterator[bytes]) -> None:
        headers = tuple(each for each in answer._headers if each[0] not in _OF_A_BODY)
        super().__init__("text", 200, ((b"content-type", kind), *headers), b"")
        self._parts = parts

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it, part by part; each is read in a thread of its own."""
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        while part := await asyncio.to_thread(next, self._parts, b""):
            message: Message = {"type": "http.response.body", "body": part, "more_body": True}
            await send(message)
        await send({"type": "http.response.body", "body": b""})


def download(answers: Answers, name: str, kind: str, parts: Iterator[bytes]) -> Streamed:
    """A file to be kept under a name of ours, by whoever is signed in alone."""
    placed = (b"content-disposition", f'attachment; filename="{name}"'.encode("ascii"))
    return Streamed(answers.make("text", b"", more=(placed,)), kind.encode(), parts)
