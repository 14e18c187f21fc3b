"""Signing in and out."""

from contextlib import suppress

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.provided import Provided
from badges.console.room import Asked, Room
from badges.console.settled import Settled
from badges.console.slow import Slow
from badges.console.visitors import Visitors
from badges.console.within import within
from badges.forms import asked_of
from badges.readers import Readers
from sync.acts import Refused, sessions


class SignIn:
    """What is there for those who are not signed in yet, and for those who leave."""

    def __init__(
        self, desk: ConsoleDesk, readers: Readers, settled: Settled, visitors: Visitors, provided: Provided, slow: Slow
    ) -> None:
        self._desk, self._readers, self._settled, self._visitors = desk, readers, settled, visitors
        self._provided, self._slow = provided, slow
        self.routes = (
            Route("/console/sign-in", self.ways, name="console_sign_in"),
            Route("/console/sign-in/link/{word}", self.link, name="console_link"),
        )
        self.rooms = (Room(path="/sign-out", role="internal", reads="", take=self.out),)

    async def ways(self, request: Request) -> Answer:
        """How to sign in."""
        path = within(asked_of(request.scope["query_string"]).one("next"))
        told = self._settled.office("nobody").settings.sign_in
        return self._desk.paper.outside(
            "sign_in.html", next=path, provided=bool(told.issuer), proxied=bool(told.proxy_header)
        )

    async def link(self, request: Request) -> Answer:
        """The link that `ringmark session link` made."""
        word, before = request.path_params["word"], self._visitors.word(request)
        answer = await self._readers.answered(lambda: self._follow(word, before))
        if answer.status == 404:
            await self._slow.wrong()
        return answer

    def out(self, asked: Asked) -> Answer:
        """Sign out, here and at the provider. A form may lead to our own pages alone, so that a page leads there."""
        hint, visitor = "", asked.visitor
        if visitor.how == "proxy":
            words = ("The web server in front has signed you in; sign out there, or close the browser.",)
            return self._desk.paper.page(asked, "said.html", heading="Sign out where you signed in", words=words)
        with suppress(Refused):  # it is over already
            hint = sessions.leave(asked.office, visitor.session, visitor.word)
        gone = (self._visitors.cookie("", 0),)
        leads = self._provided.leaving(hint) if visitor.how == "oidc" else ""
        if not leads:
            return self._desk.paper.went("/console/sign-in", headers=gone)
        return self._desk.paper.outside("signed_out.html", leads=leads, headers=gone)

    def _follow(self, word: str, before: str) -> Answer:
        office = self._settled.office("nobody")
        session = sessions.followed(office, word, before=before)
        if session is None:
            words = ("It was used already, or is older than ten minutes. Make another: ringmark session link",)
            return self._desk.paper.outside("outside.html", status=404, heading="This link is over", words=words)
        seconds = int(office.settings.sign_in.session.total_seconds())
        return self._desk.paper.went("/console", headers=(self._visitors.cookie(session, seconds),))
