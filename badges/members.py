"""What members see: the same pages and files below `/internal`, as the audience `internal`, for who is signed in.

It is another set of the same parts at another desk, behind a door of its own, so that no part asks who looks. Answers
are for one reader alone: kept nowhere, read by no other site. Below `/internal/api` there are the files alone, for
scripts. Feeds there are none, since their readers cannot sign in, and badges elsewhere are always the public's.
"""

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from badges.answers import Answer, Answers
from badges.card import shares
from badges.console.door import bearer
from badges.console.slow import Slow
from badges.console.visitors import Visitors
from badges.desk import Desk
from badges.draw import draw
from badges.explorer import Explorer
from badges.language import chosen
from badges.output_files import OutputFiles
from badges.output_page import OutputPage
from badges.pages import Pages
from badges.paper import Paper
from badges.readers import Readers
from badges.share import Share
from badges.speaking_files import SpeakingFiles
from badges.wanted import number
from sync.store import StoreError

PLACE, API = "/internal", "/internal/api"
FILES = (".json", ".csv")


class Members:
    """`routes` is all that it answers, which a signed-in member reaches through `__call__` alone."""

    def __init__(self, desk: Desk, visitors: Visitors, slow: Slow) -> None:
        self._visitors, self._slow = visitors, slow
        answers = Answers(secure=desk.answers.secure, private=True)
        paper = Paper(answers, name=desk.paper.name, address=desk.paper.site, contact=desk.paper.contact, inside=PLACE)
        self._desk = replace(
            desk, audience="internal", answers=answers, paper=paper, readers=Readers(desk.hot, answers)
        )
        pages, output = Pages(self._desk), OutputPage(self._desk)
        parts = (Explorer(self._desk), Share(self._desk), OutputFiles(self._desk), SpeakingFiles(self._desk), output)
        routes = [
            Route("/", pages.home, name="home"),
            Route("/badge/output/{output}.svg", self.coin, name="coin"),
            *(route for part in parts for route in part.routes if not route.path.endswith(".atom")),
            output.anywhere,
        ]
        refusals: dict[Any, Any] = {404: pages.missing, 405: pages.refused, 500: pages.broken}
        self._inner = Starlette(routes=routes, exception_handlers=refusals)
        self._inner.router.redirect_slashes = False
        self.routes: tuple[BaseRoute, ...] = (
            Route(PLACE, self, name="members"),
            *(Route(f"{API}{route.path}", self, name=f"api_{route.name}") for route in routes if _is_file(route.path)),
            *(Route(f"{PLACE}{route.path}", self, name=f"internal_{route.name}") for route in routes),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of a member; anybody else is led to the sign-in."""
        request = Request(scope)
        api = scope["path"].startswith(f"{API}/")
        try:
            member = await asyncio.to_thread(self._is_member, request, api=api)
        except StoreError:
            await self._desk.answers.later()(scope, receive, send)
            return
        if not member:
            if request.headers.get("authorization"):
                await self._slow.wrong()
            await self._sign_in(request, api=api)(scope, receive, send)
            return
        place = API if api else PLACE
        path, raw = scope["path"].removeprefix(place) or "/", scope["raw_path"].removeprefix(place.encode()) or b"/"
        wrong = scope["raw_path"].startswith(place.encode()) is False or path.endswith(".atom")
        if wrong or (api and not path.endswith(FILES)):
            await self._desk.paper.missing(chosen(scope))(scope, receive, send)
            return
        await self._inner({**scope, "path": path, "raw_path": raw}, receive, send)

    async def coin(self, request: Request) -> Answer:
        """The badge in a list, as members see it."""
        output = number(request.path_params["output"])
        return await self._desk.readers.answered(lambda: self._coin(output))

    def _coin(self, output: int) -> Answer:
        found = self._desk.hot.find(self._desk.audience, output, now=self._desk.clock())
        if found is None:
            return self._desk.answers.make("svg", draw(None, ()).encode(), status=404)
        _, face = found
        picture = draw(face.score, tuple(shares(face)), basis=face.basis, theme=self._desk.theme)
        return self._desk.answers.make("svg", picture.encode())

    def _is_member(self, request: Request, *, api: bool) -> bool:
        """By a session, or what a proxy says; where there are files alone, by a token too."""
        if self._visitors.forged(request):
            return False
        header = request.headers.get("authorization", "")
        if api and header and bearer(self._desk.house, header, "internal", self._desk.clock()):
            return True
        visitor = self._visitors.known(request)
        return visitor is not None and visitor.may("internal")

    def _sign_in(self, request: Request, *, api: bool) -> Answer:
        if api:
            told = to_json({"error": "sign in, or send a token: Authorization: Bearer ..."})
            return self._desk.answers.make("json", told, status=401, more=((b"www-authenticate", b"Bearer"),))
        query = request.scope["query_string"].decode("latin-1")
        here = quote(request.scope["path"] + (f"?{query}" if query else ""), safe="")
        where = self._desk.paper.prefix.removesuffix(PLACE) + f"/console/sign-in?next={here}"
        return self._desk.answers.make("text", b"", status=303, more=((b"location", where.encode("ascii")),))


def _is_file(path: str) -> bool:
    return path.endswith((*FILES, ".{form}"))
