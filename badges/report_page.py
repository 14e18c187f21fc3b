"""What readers report of an output: a mention that is missing, or one that is wrong. For administrators alone."""

from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.routing import Route

from badges.answers import NEVER, Answer
from badges.desk import Desk
from badges.form_pages import METHODS, NOT_LISTED, later, received, said
from badges.forms import Form
from badges.language import Language, chosen
from badges.mentions import noticed
from badges.views import plain
from badges.wanted import number, value
from config.mail import is_mailbox
from sync import store

LISTED = 200  # mentions to choose from, the newest
LONGEST_URL, LONGEST_REMARK = 2_000, 1_000  # characters


class Told(NamedTuple):
    """What a reader has written so far."""

    kind: str = "missed"
    url: str = ""
    mention: str = ""
    remark: str = ""
    email: str = ""


class ReportPage:
    """`/outputs/{output}/report`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes = (Route("/outputs/{output}/report", self.report, methods=METHODS, name="report"),)

    async def report(self, request: Request) -> Answer:
        """The form, for a mention that `?mention=` names where there is one; and what was written into it."""
        language, output = chosen(request.scope), number(request.path_params["output"])
        if request.method != "POST":
            mention = number((value(request.scope["query_string"], b"mention") or b"").decode("latin-1"))
            told = Told("wrong", mention=str(mention)) if mention else Told()
            return await self._desk.readers.answered(lambda: self._form(output, told, language))
        sent = await received(request, self._desk.answers, self._desk.paper.address)
        if isinstance(sent, Answer):
            return sent
        return await self._desk.readers.written(
            lambda: self._reported(output, sent, language), later(self._desk.paper, language)
        )

    def _form(self, output: int, told: Told, language: Language, **errors: str) -> Answer:
        now = self._desk.clock()
        with self._desk.house.read() as db:
            shown = store.find(db, "public", output, now=now)
            if shown is None:
                return self._desk.paper.missing(language)
            mentions = noticed(db, shown, self._desk.rules(shown.rules), most=LISTED, now=now)
        return self._desk.paper.page(
            language,
            "report.html",
            status=422 if errors else 200,
            cache=NEVER,
            headers=NOT_LISTED,
            output=shown.output,
            heading=plain(shown.title),
            mentions=[(store.stamp(each.occurred_at), each) for each in mentions],
            told=told,
            errors=dict.fromkeys(("url", "remark", "email"), "") | errors,
            failed=bool(errors),
        )

    def _reported(self, output: int, sent: Form, language: Language) -> Answer:
        told = Told(**{name: sent.one(name) for name in Told._fields})
        if wrong := _wrong(told, language):
            return self._form(output, told, language, **wrong)
        shown = self._desk.shown(output)
        if shown is None:
            return self._desk.paper.missing(language)
        store.reports.report(
            self._desk.house,
            shown.output,
            "wrong" if told.kind == "wrong" else "missed",
            mention=number(told.mention) if told.kind == "wrong" else 0,
            url=told.url,
            remark=told.remark,
            address=told.email,
            now=self._desk.clock(),
        )
        words = (language.say("Those who run this installation will look at it."),)
        return said(
            self._desk.paper,
            language,
            language.say("Thank you"),
            words,
            watched=[(shown.output, plain(shown.title))],
        )


def _wrong(told: Told, language: Language) -> dict[str, str]:
    """What is wrong with what was written, by field."""
    wrong = {}
    if told.url and not _is_page(told.url):
        wrong["url"] = language.say("This is no address of a page. Copy it from your browser: it begins with https://.")
    elif not told.url and told.kind == "wrong" and not number(told.mention):
        wrong["url"] = language.say("Please say which mention you mean: give its address, or choose it below.")
    elif not told.url and told.kind != "wrong" and not told.remark:
        wrong["url"] = language.say("Please give the address of the page, or tell us below what is missing.")
    if len(told.remark) > LONGEST_REMARK:
        wrong["remark"] = language.say("Please say it in at most 1,000 characters.")
    if told.email and not is_mailbox(told.email):
        wrong["email"] = language.say("This is no e-mail address. Write it such as name@example.org.")
    return wrong


def _is_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= LONGEST_URL and url.isprintable()
