"""`/badge/...`: the picture or document of one output, as stored bytes, always for the public.

An answer that is kept is given only after the store's mark was asked, in this request, and found to be the one at which
it was read. Cookies and all other headers but If-None-Match are not looked at.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import Literal

from pydantic_core import to_json
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from badges.answers import Answer, Answers
from badges.card import card, shares
from badges.counts import Counts
from badges.draw import STYLES
from badges.kept import Kept
from badges.language import CODES, ENGLISH
from badges.pictures import Look, Pictures
from badges.wanted import LONGEST, Wanted, from_path, from_query, value
from config.themes import Theme
from sync.store import Face, Hot, Mark, StoreError

Format = Literal["svg", "png", "json"]
FORMATS: tuple[Format, ...] = ("svg", "png", "json")
FORMAT_OF = {each.encode(): each for each in FORMATS}
STYLE_OF = {style.encode(): style for style in STYLES}
LANGUAGE_OF = {code.encode(): code for code in CODES}
PREFIX = b"/badge"
PAINTERS = 2  # pictures painted at once, beside what answers requests

UNKNOWN_STYLE = f"style: choose one of {', '.join(STYLES)}"
UNKNOWN = b'{"error":"unknown output"}'


class Badges:
    """An ASGI application for one thread; `clock` gives microseconds since 1970. The first of `themes` is taken where
    nobody asks for another."""

    def __init__(
        self,
        hot: Hot,
        answers: Answers,
        counts: Counts,
        *,
        base_url: str,
        themes: Mapping[str, Theme],
        clock: Callable[[], int],
    ) -> None:
        self._hot, self._answers, self._counts, self._clock = hot, answers, counts, clock
        self._base_url = base_url
        self._kept = Kept()
        self._pictures = Pictures(themes)
        self._themes = {name.encode(): name for name in themes}
        self._theme = next(iter(self._themes))
        self._unknown_theme = f"theme: choose one of {', '.join(themes)}"
        self._painters = asyncio.Semaphore(PAINTERS)
        self._nobody = cache(self._none)
        for kind, style in product(FORMATS, STYLES):
            self._nobody(kind, Look(style, next(iter(themes)), ENGLISH))  # painted before anybody waits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request below `/badge`."""
        key = scope["raw_path"], scope["query_string"]
        method = scope["method"]
        try:
            answer = self._kept.get(key, self._hot.mark(), self._clock())
            if answer is None or method not in ("GET", "HEAD"):
                answer = await self._made(method, *key)
            else:
                self._counts.hits += 1
        except StoreError:
            answer = self._answers.later()
        self._counts.request(answer.kind, answer.status)
        await answer(scope, receive, send)

    async def _made(self, method: str, path: bytes, query: bytes) -> Answer:
        rest, kind = _format(path)
        if method not in ("GET", "HEAD"):
            return self._other_method(method, kind)
        look = self._look(query[:LONGEST])
        if isinstance(look, str):  # before anything is looked up, so it tells nothing of the output
            return self._no_look(kind, look)
        self._counts.misses += 1
        wanted = from_query(query) if rest is None else from_path(*rest)
        found = self._find(wanted)
        if found is None:
            return self._nobody(kind, look)
        mark, face = found
        answer = self._answers.make(kind, await self._body(kind, face, look))
        if kind == "png" and self._find(wanted) is None:  # while it was painted, somebody may have hidden it
            return self._nobody(kind, look)
        self._kept.put((path, query), answer, mark, face.closes_at)
        return answer

    def _look(self, query: bytes) -> Look | str:
        """How the picture shall look, or what is wrong with what was asked; an unknown language is English."""
        style = STYLE_OF.get(value(query, b"style") or b"ring")
        theme = self._themes.get(value(query, b"theme") or self._theme)
        language = LANGUAGE_OF.get((value(query, b"lang") or b"").partition(b"-")[0], ENGLISH)
        if style is None:
            return UNKNOWN_STYLE
        return self._unknown_theme if theme is None else Look(style, theme, language)

    def _find(self, wanted: tuple[Wanted, ...]) -> tuple[Mark, Face] | None:
        now = self._clock()
        for each in wanted:
            if found := self._hot.find("public", each, now=now):
                return found
        return None

    async def _body(self, kind: Format, face: Face, look: Look) -> bytes:
        if kind == "json":
            document = card(face, page=f"{self._base_url}/outputs/{face.output}")
            return to_json(document)
        picture = face.score, tuple(shares(face)), face.basis, look
        if kind == "svg":
            return self._pictures.drawn(*picture)
        async with self._painters:
            return await asyncio.to_thread(self._pictures.painted, *picture)

    def _none(self, kind: Format, look: Look) -> Answer:
        """The one answer for hidden, unknown and malformed: made once, the same object for all."""
        neutral = None, (), "none", look
        drawn, painted = self._pictures.drawn, self._pictures.painted
        body = {"json": lambda: UNKNOWN, "svg": lambda: drawn(*neutral), "png": lambda: painted(*neutral)}[kind]()
        return self._answers.make(kind, body, status=404)

    def _no_look(self, kind: Format, told: str) -> Answer:
        if kind == "json":
            return self._answers.make("json", to_json({"error": told}), status=400)
        return self._answers.make("text", f"{told}\n".encode(), status=400)

    def _other_method(self, method: str, kind: Format) -> Answer:
        if kind != "json":
            return self._answers.not_allowed(b"GET, HEAD")
        return (
            self._answers.preflight() if method == "OPTIONS" else self._answers.not_allowed(b"GET, HEAD, OPTIONS", kind)
        )


ROUTES = tuple(
    Route(f"{path}.{each}", endpoint=Badges, name=f"badge_{each}")
    for path in ("/badge", "/badge/{scheme}/{id:path}")
    for each in FORMATS
)
"""What is answered here, as a list of routes would tell it; requests do not pass through it."""


def _format(path: bytes) -> tuple[tuple[bytes, bytes] | None, Format]:
    """(scheme and rest of the path, or None where the query tells), and the format; `json` where none is named."""
    told = path[len(PREFIX) :]
    while told.endswith((b"/", b"%20")):
        told = told.removesuffix(b"/").removesuffix(b"%20")
    rest, dot, ending = told.rpartition(b".")
    kind = FORMAT_OF.get(ending.lower()) if dot else None
    if kind is None:
        return (b"", b""), "json"
    if not rest:
        return None, kind
    scheme, _, value_ = rest.removeprefix(b"/").partition(b"/")
    return (scheme, value_), kind
