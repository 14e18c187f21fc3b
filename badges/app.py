"""What readers reach: badges answered at once, pages by Starlette, and nothing else."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Message, Receive, Scope, Send

from badges.allowance import NO_LIMIT, Window
from badges.answers import Answers
from badges.badge import PREFIX, ROUTES, Badges
from badges.console.console import Console
from badges.counts import Counts
from badges.described import Described
from badges.desk import Desk, Rules
from badges.embed import Embed
from badges.explorer import Explorer
from badges.legend import LegendPage
from badges.members import Members
from badges.mention_feed import MentionFeed
from badges.output_files import OutputFiles
from badges.output_page import OutputPage
from badges.pages import Pages
from badges.paper import Paper
from badges.readers import Readers
from badges.report_page import ReportPage
from badges.rules_page import RulesPage
from badges.scripts import Scripts
from badges.share import Share
from badges.speaking_files import SpeakingFiles
from badges.v1 import V1
from badges.watch_page import WatchPages
from config.settings import Settings
from config.themes import BUILT_IN, Theme
from sync import store
from sync.store import Store

log = logging.getLogger(__name__)


class Site:
    """The public ASGI application. `routes` is everything that it answers, the badges included; `counts` what it did.

    `clock` gives microseconds since 1970; `rules` a rule set by its name; `calls` how many calls of `/v1` are answered
    in a window, for any number where it is not there; `contact` is where readers may write to; `mail` says whether
    they can watch by e-mail. Badges are in the first of `themes` where nobody asks for another. There is a console
    where there are `settings`."""

    def __init__(
        self,
        house: Store,
        *,
        name: str,
        base_url: str,
        rules: Rules,
        clock: Callable[[], int],
        themes: Mapping[str, Theme] = BUILT_IN,
        calls: Mapping[Window, int] = NO_LIMIT,
        contact: str = "",
        mail: bool = False,
        settings: Settings | None = None,
    ) -> None:
        self.counts = Counts()
        self.hot = store.hot(house)
        self._answers = Answers(secure=base_url.startswith("https://"))
        self._badges = Badges(self.hot, self._answers, self.counts, base_url=base_url, themes=themes, clock=clock)
        paper = Paper(self._answers, name=name, address=base_url, contact=contact)
        desk = Desk(
            audience="public",
            house=house,
            hot=self.hot,
            answers=self._answers,
            paper=paper,
            readers=Readers(self.hot, self._answers),
            rules=rules,
            theme=next(iter(themes.values())),
            clock=clock,
        )
        pages, output = Pages(desk), OutputPage(desk)
        about = (pages, RulesPage(desk), LegendPage(paper, desk.theme), Scripts(self._answers, paper, desk.theme))
        lists = (Explorer(desk), Share(desk))
        outputs = (OutputFiles(desk), SpeakingFiles(desk), MentionFeed(desk), ReportPage(desk), output)
        readers = (WatchPages(desk, mail=mail),)
        programs = (V1(desk, calls=calls), Embed(desk, themes=themes), Described(self._answers))
        parts = (*about, *lists, *outputs, *readers, *programs)
        inside: tuple[BaseRoute, ...] = ()
        if settings:
            console = Console(house, self.hot, self._answers, paper, settings, clock=clock)
            inside = (*console.routes, *Members(desk, console.visitors, console.slow).routes)
        refusals: dict[Any, Any] = {404: pages.missing, 405: pages.refused, 500: pages.broken}
        routes = [*(route for part in parts for route in part.routes), *inside, output.anywhere]
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
