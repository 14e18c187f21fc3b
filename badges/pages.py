"""The front, and what watchers ask. Read anew for each request, as the audience of its desk.

Nothing on a page comes from elsewhere, no script runs, and no link is made from what the request says of its host.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import NEVER, Answer
from badges.desk import Desk
from badges.language import Language, chosen
from badges.views import plain
from sync import store
from sync.store import StoreError

TOP = 10


class Pages:
    """The pages that are about no output in particular."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (
            Route("/", self.home, name="home"),
            Route("/accessibility", self.accessibility, name="accessibility"),
            Route("/health", self.health, name="health"),
            Route("/ready", self.ready, name="ready"),
            *(Route(path, self.asset, name="asset") for path in desk.paper.assets),
        )

    async def home(self, request: Request) -> Answer:
        """What this is, and the outputs with the highest scores; never people."""
        language = chosen(request.scope)
        return await self._desk.readers.answered(lambda: self._front(language))

    async def accessibility(self, request: Request) -> Answer:
        """What readers with a disability may expect, and what is missing."""
        return self._desk.paper.page(chosen(request.scope), "accessibility.html")

    async def asset(self, request: Request) -> Answer:
        """A style sheet or picture of the pages themselves, under a name that changes with it."""
        return self._desk.paper.assets.get(request.scope["path"]) or self._desk.paper.missing(chosen(request.scope))

    async def health(self, _request: Request) -> Answer:
        """That the process runs."""
        return self._desk.answers.make("text", b"healthy\n", cache=NEVER)

    async def ready(self, _request: Request) -> Answer:
        """Whether badges can be read; one word, since anybody may ask."""
        try:
            self._desk.hot.mark()
        except StoreError:
            return self._desk.answers.make("text", b"unready\n", status=503, cache=NEVER)
        return self._desk.answers.make("text", b"ready\n", cache=NEVER)

    async def missing(self, request: Request, _error: Exception) -> Answer:
        """There is no such page."""
        return self._desk.paper.missing(chosen(request.scope))

    async def broken(self, _request: Request, _error: Exception) -> Answer:
        """A mistake of ours; the site logs where."""
        return self._desk.answers.broken()

    async def refused(self, _request: Request, error: Exception) -> Answer:
        """Pages are read, and a few of them take forms."""
        told = error.headers if isinstance(error, HTTPException) else None
        allowed = sorted((told or {}).get("Allow", "GET, HEAD").split(", "))
        return self._desk.answers.not_allowed(", ".join(allowed).encode())

    def _front(self, language: Language) -> Answer:
        with self._desk.house.read() as db:
            outputs, highest = store.top(db, self._desk.audience, most=TOP, now=self._desk.clock())
        return self._desk.paper.page(
            language,
            "home.html",
            outputs=outputs,
            highest=[{**line._asdict(), "heading": plain(line.title)} for line in highest],
        )
