"""What readers reach: badges answered at once, pages by Starlette, and nothing else."""

import logging
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Message, Receive, Scope, Send

from badges.answers import Answers
from badges.badge import PREFIX, ROUTES, Badges
from badges.counts import Counts
from badges.explorer import Explorer
from badges.output_page import OutputPage, Rules
from badges.pages import Pages
from badges.paper import Paper
from badges.readers import Readers
from badges.share import Share
from sync import store
from sync.store import Store

log = logging.getLogger(__name__)


class Site:
    """The public ASGI application. `routes` is everything that it answers, the badges included; `counts` what it did.

    `clock` gives microseconds since 1970; `rules` a rule set by its name."""

    def __init__(self, house: Store, *, name: str, base_url: str, rules: Rules, clock: Callable[[], int]) -> None:
        self.counts = Counts()
        self.hot = store.hot(house)
        self._answers = Answers(secure=base_url.startswith("https://"))
        self._badges = Badges(self.hot, self._answers, self.counts, base_url=base_url, clock=clock)
        paper = Paper(self._answers, name=name, address=base_url)
        readers = Readers(self.hot, self._answers)
        pages = Pages(house, self.hot, self._answers, paper, readers, clock=clock)
        output = OutputPage(house, self._answers, paper, readers, rules=rules, clock=clock)
        explorer = Explorer(house, self._answers, paper, readers, clock=clock)
        share = Share(house, self._answers, paper, readers, clock=clock)
        refusals: dict[Any, Any] = {404: pages.missing, 405: pages.refused, 500: pages.broken}
        routes = [*pages.routes, *explorer.routes, *share.routes, *output.routes, output.anywhere]
        self._pages = Starlette(routes=routes, exception_handlers=refusals)
        self._pages.router.redirect_slashes = False  # it would believe the Host header
        self.routes: tuple[BaseRoute, ...] = (*ROUTES, *self._pages.routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a mistake of ours is logged by its place alone, since its words may hold a title."""
        if scope["type"] != "http":
            return  # neither websockets nor a life of its own
        raw: bytes = scope["raw_path"]
        sent = None
        try:
            if raw.startswith(PREFIX) and raw[len(PREFIX) : len(PREFIX) + 1] in (b"/", b"."):
                await self._badges(scope, receive, send)  # they count for themselves
            else:
                sent = _Sent(send, scope, self.counts)
                await self._pages(scope, receive, sent)
        except Exception as error:
            at = extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"
            log.error("a request broke", extra={"where": where})
            if sent is None or not sent.begun:
                await self._answers.broken()(scope, receive, send)

    def close(self) -> None:
        """Let the store go."""
        self.hot.close()


class _Sent:
    """Counts the answer of a page as it goes out."""

    __slots__ = ("_counts", "_scope", "_send", "begun")

    def __init__(self, send: Send, scope: Scope, counts: Counts) -> None:
        self._send, self._scope, self._counts = send, scope, counts
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            kind = getattr(self._scope.get("endpoint"), "__name__", "other")  # Starlette tells whom it asked
            self._counts.request(kind, message["status"])
        await self._send(message)
