"""Reading the store for `/v1`, in a thread of its own, and answers kept in memory as badges are.

An answer that is kept is given only after the store's mark was asked, in this request, and found to be the one that
stood before it was read; and while nothing that was counted in it has closed.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import to_json
from sqlalchemy import Connection as Database
from starlette.requests import Request

from badges import v1_callback
from badges.answers import NEVER, Answer
from badges.desk import Desk
from badges.kept import Kept
from badges.wanted import value
from sync import store
from sync.store import Everyone, Mark, StoreError

MOST = 5_000  # answers kept
FOR = 300 * 1_000_000  # microseconds; what was gained within a time grows old by itself


class View(NamedTuple):
    """The store as it is at one instant, and all public outputs in it by their points."""

    db: Database
    everyone: Everyone
    now: int


class Told(NamedTuple):
    """A document ready for JSON, and until when all of it may be seen."""

    document: Any
    closes_at: int


Read = Callable[[View], Told | None]


class Reading:
    """Answers made of what was read."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept = Kept(most=MOST)
        self._everyone: tuple[Mark, Everyone] | None = None
        self.nobody = desk.answers.make("text", b"Not Found", status=404)

    async def kept(self, request: Request, what: bytes, read: Read) -> Answer:
        """What was kept under `what`, or what `read` tells: as JSON, or as the script that was asked for. None stands
        for hidden, unknown and not mentioned alike."""
        callback = value(request.scope["query_string"], b"callback")
        if callback is not None and not v1_callback.is_name(callback):
            return self._desk.answers.make("text", v1_callback.NO_NAME.encode(), status=400, cache=NEVER)
        try:
            mark = self._desk.hot.mark()
        except StoreError:
            return self._desk.answers.later()
        key = what, callback or b""
        kept = self._kept.get(key, mark, self._desk.clock())
        if kept is not None:
            return kept
        until = 0

        def made() -> Answer:
            nonlocal until
            now = self._desk.clock()
            with self._desk.house.read() as db:
                everyone = self._all(db, mark, now)
                told = read(View(db, everyone, now))
            if told is None:
                return self.nobody
            until = min(told.closes_at, everyone.closes_at, now + FOR)
            document = to_json(told.document)
            if callback is None:
                return self._desk.answers.make("json", document)
            return self._desk.answers.make("js", v1_callback.called(callback, document))

        answer = await self._desk.readers.answered(made)
        if until:
            self._kept.put(key, answer, mark, until)
        return answer

    async def fresh(self, read: Callable[[View], Any]) -> Answer:
        """What `read` tells, for this once."""

        def made() -> Answer:
            now = self._desk.clock()
            with self._desk.house.read() as db:
                document = read(View(db, store.everyone(db, now=now), now))
            return self._desk.answers.make("json", to_json(document), cache=NEVER)

        return await self._desk.readers.answered(made)

    def _all(self, db: Database, mark: Mark, now: int) -> Everyone:
        """Kept as an answer is; `mark` was asked before `db` was begun."""
        kept = self._everyone
        if kept is None or kept[0] != mark or kept[1].closes_at <= now:
            kept = self._everyone = mark, store.everyone(db, now=now)
        return kept[1]
