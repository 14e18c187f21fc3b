"""Signing in by an identity provider: going there, coming back, and being told that somebody signed out there."""

import logging

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import NEVER, Answer, Header
from badges.console.desk import ConsoleDesk
from badges.console.pending import LASTS, Pending, begun, cookie_of, returned
from badges.console.settled import Settled
from badges.console.slow import Slow
from badges.console.visitors import Visitors
from badges.console.within import within
from badges.forms import Form, TooMuch, asked_of, form
from badges.readers import Readers
from config.settings import Settings
from connectors.errors import ConnectorError, TryLater
from connectors.oidc import Provider
from sync.acts import Refused, arrivals
from sync.acts.office import Office

BACK = "/console/sign-in/return"
BELOW = "/console/sign-in"
SECOND = 1_000_000
DECLINED = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})

log = logging.getLogger(__name__)


class Provided:
    """Its `readers` are its own: a provider that does not answer keeps neither readers nor the console waiting."""

    def __init__(self, desk: ConsoleDesk, readers: Readers, settled: Settled, visitors: Visitors, slow: Slow) -> None:
        self._desk, self._readers, self._settled, self._visitors, self._slow = desk, readers, settled, visitors, slow
        self._provider: tuple[Settings, Provider] | None = None
        self.routes = (
            Route("/console/sign-in/go", self.go, methods=["GET"], name="console_go"),
            Route(BACK, self.back, methods=["GET"], name="console_return"),
            Route("/console/sign-in/signed-out", self.told, methods=["POST"], name="console_signed_out"),
        )

    async def go(self, request: Request) -> Answer:
        """To the provider; with `as=another`, which then asks again who somebody is."""
        query = asked_of(request.scope["query_string"])
        return await self._readers.answered(lambda: self._go(within(query.one("next")), anew=bool(query.one("as"))))

    async def back(self, request: Request) -> Answer:
        """From the provider."""
        query = asked_of(request.scope["query_string"])
        word, before = request.cookies.get(cookie_of(query.one("state")), ""), self._visitors.word(request)
        answer = await self._readers.answered(lambda: self._back(query, word, before))
        if answer.status == 400:
            await self._slow.wrong()
        return answer

    async def told(self, request: Request) -> Answer:
        """The provider's own word that somebody signed out there (Back-Channel Logout 1.0, 2.5)."""
        try:
            sent = await form(request)
        except TooMuch:
            sent = Form({})
        answer = await self._readers.answered(lambda: self._told(sent.one("logout_token")))
        if answer.status == 400:
            await self._slow.wrong()
        return answer

    def leaving(self, hint: str) -> str:
        """Where to sign out at the provider; empty where that cannot be."""
        settings = self._settled.office("nobody").settings
        provider = self._of(settings)
        try:
            return provider.leaving(hint, to=settings.institution.base_url + BELOW) if provider else ""
        except ConnectorError:
            return ""

    def _go(self, path: str, *, anew: bool) -> Answer:
        office = self._settled.office("nobody")
        provider = self._of(office.settings)
        if provider is None:
            return self._desk.paper.went("/console/sign-in")
        pending = begun(path, now=office.clock() // SECOND)
        try:
            way = provider.way(state=pending.state, nonce=pending.nonce, verifier=pending.verifier, anew=anew)
        except ConnectorError as failed:
            return self._failed(failed)
        kept = self._visitors.cookie(pending.word, LASTS, name=pending.cookie, below=BELOW)
        return self._desk.answers.make("text", b"", status=303, more=((b"location", way.encode("ascii")), kept))

    def _back(self, query: Form, word: str, before: str) -> Answer:
        office = self._settled.office("nobody")
        provider = self._of(office.settings)
        now = office.clock() // SECOND
        pending = returned(word, query.one("state"), now=now)
        if provider is None or pending is None:
            words = ("It was begun in another browser, or more than ten minutes ago, or is over already.",)
            return self._again(400, "This sign-in does not hold", words)
        over = self._visitors.cookie("", 0, name=pending.cookie, below=BELOW)
        if query.one("error"):
            declined = query.one("error") in DECLINED
            words = ("Nobody was signed in." if declined else "The provider says that something went wrong there.",)
            return self._again(403, "The provider did not sign you in", words, over)
        try:
            who = provider.came(
                query.one("code"),
                nonce=pending.nonce,
                verifier=pending.verifier,
                issuer=query.one("iss"),
                now=now,
            )
        except ConnectorError as failed:
            return self._failed(failed, over)
        try:
            came = arrivals.arrived(office, who, way=pending.word, before=before)
        except Refused as refused:
            return self._again(400, "This sign-in does not hold", (refused.message,), over)
        return self._in(office, pending, came, over)

    def _in(self, office: Office, pending: Pending, came: arrivals.Arrived, over: Header) -> Answer:
        if not came.word:
            log.info("signed in without a role")
            gone = self._visitors.cookie("", 0)
            return self._desk.paper.outside(
                "no_role.html", status=403, name=came.name, next=pending.next, headers=(over, gone)
            )
        seconds = int(office.settings.sign_in.session.total_seconds())
        return self._desk.paper.went(within(pending.next), headers=(over, self._visitors.cookie(came.word, seconds)))

    def _told(self, token: str) -> Answer:
        office = self._settled.office("nobody")
        provider = self._of(office.settings)
        try:
            issuer, notice = provider.notice(token, now=office.clock() // SECOND) if provider else ("", None)
        except ConnectorError as failed:
            log.warning("a notice of signing out was refused: %s", failed)
            notice = None
        if notice is None:
            return self._desk.answers.make("text", b"not taken\n", status=400, cache=NEVER)
        arrivals.signed_out(office, issuer, notice)
        return self._desk.answers.make("text", b"", cache=NEVER)

    def _of(self, settings: Settings) -> Provider | None:
        """The provider of the settings as they are now."""
        if not settings.sign_in.issuer:
            return None
        if self._provider is None or self._provider[0] is not settings:
            self._provider = settings, Provider(settings.sign_in, back=settings.institution.base_url + BACK)
        return self._provider[1]

    def _failed(self, failed: ConnectorError, *over: Header) -> Answer:
        """What went wrong is for the log, which names the host and the claim, never what they say."""
        log.warning("signing in failed: %s", failed)
        later = isinstance(failed, TryLater)
        return self._desk.paper.outside("provider.html", status=503 if later else 502, later=later, headers=over)

    def _again(self, status: int, heading: str, words: tuple[str, ...], *over: Header) -> Answer:
        return self._desk.paper.outside("again.html", status=status, heading=heading, words=words, headers=over)
