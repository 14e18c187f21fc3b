"""Signing in and out."""

from contextlib import suppress

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer, Header
from badges.console.desk import ConsoleDesk
from badges.console.door import COOKIE
from badges.console.room import Asked, Room
from badges.console.settled import Settled
from badges.forms import asked_of
from badges.readers import Readers
from sync.acts import Refused, sessions
from sync.store.sessions import LASTS


class SignIn:
    """What is there for those who are not signed in yet, and for those who leave."""

    def __init__(self, desk: ConsoleDesk, readers: Readers, settled: Settled, *, secure: bool) -> None:
        self._desk, self._readers, self._settled, self._secure = desk, readers, settled, secure
        self.routes = (
            Route("/console/sign-in", self.ways, name="console_sign_in"),
            Route("/console/sign-in/link/{word}", self.link, name="console_link"),
        )
        self.rooms = (Room(path="/sign-out", role="internal", reads="", take=self.out),)

    async def ways(self, request: Request) -> Answer:
        """How to sign in."""
        return self._desk.paper.outside(
            "sign_in.html", next=within(asked_of(request.scope["query_string"]).one("next"))
        )

    async def link(self, request: Request) -> Answer:
        """The link that `ringmark session link` made."""
        word = request.path_params["word"]
        return await self._readers.answered(lambda: self._follow(word))

    def out(self, asked: Asked) -> Answer:
        """Sign out."""
        with suppress(Refused):  # it is over already
            sessions.end(asked.office, asked.visitor.session)
        return self._desk.paper.went("/console/sign-in", headers=(self._cookie("", 0),))

    def _follow(self, word: str) -> Answer:
        session = sessions.followed(self._settled.office("nobody"), word)
        if session is None:
            words = ("It was used already, or is older than ten minutes. Make another: ringmark session link",)
            return self._desk.paper.outside("outside.html", status=404, heading="This link is over", words=words)
        return self._desk.paper.went("/console", headers=(self._cookie(session, LASTS // 1_000_000),))

    def _cookie(self, word: str, seconds: int) -> Header:
        secure = "; Secure" if self._secure else ""
        path = self._desk.paper.prefix or "/"
        told = f"{COOKIE}={word}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        return b"set-cookie", told.encode()


def within(path: str) -> str:
    """A path of ours to go on to; the overview for whatever is none, so that nobody is led elsewhere."""
    ours = path.startswith("/console") and path.isascii() and path.isprintable() and "\\" not in path
    return path if ours and not path.startswith("//") else "/console"
