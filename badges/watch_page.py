"""Watching an output by e-mail: asking, confirming, leaving. What is looked at changes nothing; only a button does.

Whoever asks gets the same answer, whether an output is hidden or was never there, and whether an address is known.
"""

import re

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import NEVER, Answer
from badges.desk import Desk
from badges.form_pages import METHODS, NOT_LISTED, later, received, said, too_much
from badges.forms import Form, TooMuch, form
from badges.language import Language, chosen
from badges.views import plain
from badges.wanted import number, value
from config.mail import is_mailbox
from sync import store
from sync.store import Shown

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class WatchPages:
    """The pages of watching; `mail` says whether it is offered by e-mail at all."""

    def __init__(self, desk: Desk, *, mail: bool) -> None:
        self._desk = desk
        self._mail = mail
        self.routes = (
            Route("/watch", self.watch, methods=METHODS, name="watch"),
            Route("/watch/confirm/{token}", self.confirm, methods=METHODS, name="watch_confirm"),
            Route("/watch/leave/{token}", self.leave, methods=METHODS, name="watch_leave"),
        )

    async def watch(self, request: Request) -> Answer:
        """How an output can be watched; and somebody asks for it."""
        language = chosen(request.scope)
        if request.method != "POST":
            output = number((value(request.scope["query_string"], b"output") or b"").decode("latin-1"))
            return await self._desk.readers.answered(lambda: self._ways(output, language))
        if not self._mail:
            return self._desk.paper.missing(language)
        sent = await received(request, self._desk.answers, self._desk.paper.address)
        if isinstance(sent, Answer):
            return sent
        return await self._desk.readers.written(lambda: self._asked(sent, language), later(self._desk.paper, language))

    async def confirm(self, request: Request) -> Answer:
        """The link of a message, which programs follow too; and the button behind it."""
        language, token = chosen(request.scope), request.path_params["token"]
        if not _TOKEN.fullmatch(token):
            return self._over(language)
        if request.method != "POST":
            return await self._desk.readers.answered(lambda: self._to_confirm(token, language))
        sent = await received(request, self._desk.answers, self._desk.paper.address)
        if isinstance(sent, Answer):
            return sent
        return await self._desk.readers.written(
            lambda: self._confirmed(token, sent, language), later(self._desk.paper, language)
        )

    async def leave(self, request: Request) -> Answer:
        """Leaving: a page with buttons, and what these and the programs that read mail send (RFC 8058)."""
        language, token = chosen(request.scope), request.path_params["token"]
        if request.method != "POST":
            only = number((value(request.scope["query_string"], b"output") or b"").decode("latin-1"))
            return await self._desk.readers.answered(lambda: self._to_leave(token, only, language))
        try:
            sent = await form(request)  # from anywhere: who has the word may leave
        except TooMuch:
            return too_much(self._desk.answers)
        return await self._desk.readers.written(
            lambda: self._left(token, sent, language), later(self._desk.paper, language)
        )

    def _ways(self, output: int, language: Language) -> Answer:
        shown = self._desk.shown(output)
        return self._form(shown, language) if shown else self._desk.paper.missing(language)

    def _form(self, shown: Shown, language: Language, *, address: str = "", error: str = "") -> Answer:
        return self._desk.paper.page(
            language,
            "watch.html",
            status=422 if error else 200,
            cache=NEVER,
            headers=NOT_LISTED,
            output=shown.output,
            heading=plain(shown.title),
            mail=self._mail,
            given=address,
            error=error,
        )

    def _asked(self, sent: Form, language: Language) -> Answer:
        shown, address = self._desk.shown(sent.number("output")), sent.one("email")
        if shown and not is_mailbox(address):
            told = language.say("This is no e-mail address. Write it such as name@example.org.")
            empty = language.say("Please give an e-mail address, such as name@example.org.")
            return self._form(shown, language, address=address, error=told if address else empty)
        if shown:
            store.watching.ask(self._desk.house, address, shown.output, language=language.code, now=self._desk.clock())
        words = (
            language.say("If that is an address, and does not watch this output yet, a message is on its way to it."),
            language.say(
                "Open the link in it within 48 hours. It may take a few minutes; look among unwanted messages."
            ),
        )
        return said(self._desk.paper, language, language.say("One more step"), words)

    def _to_confirm(self, token: str, language: Language) -> Answer:
        watched = self._watched(token, confirmed=False)
        if not watched:
            return self._over(language)
        return self._desk.paper.page(
            language, "confirm.html", cache=NEVER, headers=NOT_LISTED, token=token, watched=watched
        )

    def _confirmed(self, token: str, sent: Form, language: Language) -> Answer:
        asked = {number(each) for each in sent.fields.get("output", ())}
        watched = [each for each in self._watched(token, confirmed=False) if each[0] in asked]
        if not watched:
            return self._over(language)
        store.watching.confirm(self._desk.house, token, [output for output, _ in watched], now=self._desk.clock())
        words = (language.say("From now on you hear of new mentions of:"),)
        return said(self._desk.paper, language, language.say("Thank you, that is confirmed"), words, watched=watched)

    def _to_leave(self, token: str, only: int, language: Language) -> Answer:
        with self._desk.house.read() as db:
            known = store.watching.holder(db, token)
        if known is None:
            return self._over(language)
        watched = self._watched(token, confirmed=True)
        return self._desk.paper.page(
            language,
            "leave.html",
            cache=NEVER,
            headers=NOT_LISTED,
            token=token,
            only=only,
            title=dict(watched).get(only, ""),
            watched=watched,
        )

    def _left(self, token: str, sent: Form, language: Language) -> Answer:
        only = sent.number("output")
        store.watching.leave(self._desk.house, token, only or None)
        words = (
            language.say("No more messages come of this output.")
            if only
            else language.say("No more messages come, and the address is forgotten."),
        )
        return said(self._desk.paper, language, language.say("That is done"), words)

    def _watched(self, token: str, *, confirmed: bool) -> list[tuple[int, str]]:
        """What the reader of a message watches, or would, as far as everybody may see it: public ids and titles."""
        now = self._desk.clock()
        with self._desk.house.read() as db:
            known = store.watching.holder(db, token)
            wanted = [each.output for each in (known.watches if known else ()) if each.confirmed == confirmed]
            found = [store.find(db, "public", output, now=now) for output in wanted]
        return [(shown.output, plain(shown.title)) for shown in found if shown]

    def _over(self, language: Language) -> Answer:
        words = (language.say("What it was for is done, or was not confirmed in time. You can ask again."),)
        return said(self._desk.paper, language, language.say("This link is no longer in use"), words, status=404)
