"""What all ways into the programming interface have in common: methods, scripts of other sites, and how many calls."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from badges.allowance import Allowance
from badges.answers import ANY_SITE, NEVER, Answer, Answers, Header

Ask = Callable[[Request], Awaitable[Answer]]

_EXPOSED: Header = (
    b"access-control-expose-headers",
    b"etag, retry-after, x-dailyratelimit-limit, x-dailyratelimit-remaining, x-hourlyratelimit-limit, "
    b"x-hourlyratelimit-remaining",
)


class Door:
    """An ASGI application that asks `ask` where the method is one of `methods` and calls are left.

    What is told of calls goes out beside an answer and is no part of it: an answer may be kept and has one ETag
    whatever is left, and that nothing has changed (304) leaves the numbers of a kept copy as they are."""

    def __init__(
        self, name: str, ask: Ask, answers: Answers, allowance: Allowance, *, methods: Sequence[str] = ("GET", "HEAD")
    ) -> None:
        self.__name__ = name  # by which requests are counted
        self._ask, self._answers, self._allowance, self._methods = ask, answers, allowance, methods
        self._preflight = answers.preflight(", ".join(methods).encode(), b"content-type, if-none-match")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] == "OPTIONS":
            await self._preflight(scope, receive, send)
            return
        answer, told = await self._answer(scope, receive)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {
                    **message,
                    "headers": [*_open(message["headers"]), *(told if message["status"] != 304 else ())],
                }
            await send(message)

        await answer(scope, receive, sent)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[Answer, tuple[Header, ...]]:
        if scope["method"] not in self._methods:
            return self._answers.not_allowed(", ".join((*self._methods, "OPTIONS")).encode()), ()
        wait = self._allowance.take()
        told = self._allowance.headers()
        return (self._too_many(wait) if wait else await self._ask(Request(scope, receive))), told

    def _too_many(self, wait: int) -> Answer:
        after = (b"retry-after", b"%d" % wait)
        return self._answers.make("text", b"too many calls; try again later\n", status=429, cache=NEVER, more=(after,))


def _open(headers: Sequence[Header]) -> Sequence[Header]:
    """Scripts of any site may read the answer, whatever kind it is."""
    return (*headers, *(() if ANY_SITE in headers else (ANY_SITE,)), _EXPOSED)
