"""The door of the console: nobody passes who is not signed in, may not, or sends a form that is not of their session;
and what is looked at behind it is in the audit log before it is shown."""

import hmac
from contextlib import suppress
from typing import Protocol
from urllib.parse import quote

from starlette.requests import Request

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import BY_ITS_ACT, NOTHING_HIDDEN, Act, Asked, Room
from badges.console.settled import Settled
from badges.console.visitors import PATIENCE, Visitors
from badges.forms import Form, TooMuch, asked_of, form, from_here
from badges.readers import Readers
from sync import store
from sync.acts import Refused
from sync.store import Store, StoreError
from sync.store.tokens import LOOK, Scope

AGAIN = 60_000_000  # microseconds within which looking at the same thing once more is no second look
STATUS = {"unknown": 404, "wrong": 422, "clash": 409}


class Door:
    """Lets requests into rooms."""

    def __init__(
        self, desk: ConsoleDesk, readers: Readers, settled: Settled, visitors: Visitors, *, address: str
    ) -> None:
        self._desk, self._readers, self._settled, self._address = desk, readers, settled, address
        self._visitors = visitors

    async def enter(self, request: Request, room: Room) -> Answer:
        """One request, as far as it may come."""
        if request.method != "POST":
            return await self._readers.answered(lambda: self._enter(request, room, None))
        if not from_here(request, self._address):
            return self._refused(403, "Forms are taken from our own pages alone.")
        try:
            sent = await form(request)
        except TooMuch:
            return self._refused(413, "That is larger than any form of ours.")
        return await self._readers.written(lambda: self._enter(request, room, sent), self._later())

    def _enter(self, request: Request, room: Room, sent: Form | None) -> Answer:
        """The same with the form that was `sent`, None where somebody only looks."""
        if self._visitors.forged(request):
            return self._refused(403, "Who you are is taken from the web server in front alone.")
        visitor, office = self._visitors.known(request), self._settled.office("nobody")
        query: bytes = request.scope["query_string"]
        here = request.scope["path"] + (f"?{query.decode('latin-1')}" if query else "")
        part = request.headers.get("hx-request") == "true"
        if visitor is None:
            provided = bool(office.settings.sign_in.issuer)
            return self._sign_in(here, part=part, taken=sent is not None, provided=provided)
        asked = Asked(
            visitor=visitor,
            office=office.of(visitor.name),
            path=dict(request.path_params),
            query=asked_of(query),
            form=sent or Form({}),
            part=part,
            here=here,
            now=office.clock(),
        )
        if not visitor.may(room.role):
            if not room.path:
                return self._desk.paper.went("/internal/")  # what is theirs
            return self._said(asked, 403, "Not for you", f"This needs the role {room.role}; yours is {visitor.role}.")
        if sent is None:
            return self._shown(asked, room)
        if not hmac.compare_digest(sent.one("csrf").encode(), visitor.csrf.encode()):
            return self._said(asked, 403, "That form is of another session", "Open the page again and send it anew.")
        return self._done(asked, room.take)

    def _shown(self, asked: Asked, room: Room) -> Answer:
        """What is looked at is noted first."""
        if room.show is not None and room.reads not in (NOTHING_HIDDEN, BY_ITS_ACT):
            self._note(asked, room)
        return self._done(asked, room.show)

    def _done(self, asked: Asked, act: Act | None) -> Answer:
        if act is None:
            return self._refused(405, "There is nothing of that kind here.")
        try:
            return act(asked)
        except Refused as refused:
            heading = "There is nothing here" if refused.why == "unknown" else "That was not done"
            return self._said(asked, STATUS[refused.why], heading, refused.message)

    def _note(self, asked: Asked, room: Room) -> None:
        """Looking at the same thing again within a minute is one look. What was looked for may be a name, so only what
        stands in the path is noted."""
        subject = "/".join(asked.path.values()) or room.path
        with asked.office.house.read() as db:
            lately = store.noted_since(db, room.reads, subject, by=asked.visitor.name, since=asked.now - AGAIN)
        if not lately:
            with asked.office.house.write() as db:
                store.note(db, room.reads, subject, by=asked.visitor.name, now=asked.now)

    def _sign_in(self, here: str, *, part: bool, taken: bool, provided: bool) -> Answer:
        """A page leads to the sign-in and back, by way of a provider without a stop; a form that was sent says that the
        session is over."""
        path = f"/console/sign-in{'/go' if provided else ''}?next={quote(here, safe='')}"
        if part:
            lead = (b"hx-redirect", (self._desk.paper.prefix + path).encode())
            return self._desk.answers.make("text", b"", status=401, more=(lead,))
        if taken:
            return self._desk.paper.outside("over.html", status=401, lead=path)
        return self._desk.paper.went(path)

    def _said(self, asked: Asked, status: int, heading: str, words: str) -> Answer:
        return self._desk.paper.page(asked, "said.html", status=status, heading=heading, words=(words,))

    def _refused(self, status: int, words: str) -> Answer:
        return self._desk.paper.outside("outside.html", status=status, heading="That was not taken", words=(words,))

    def _later(self) -> Answer:
        words = ("Something else is being stored at this moment. Go back, and send it again in a minute.",)
        return self._desk.paper.outside("outside.html", status=503, heading="Not just now", words=words)


class Endpoint(Protocol):
    """What a route calls."""

    async def __call__(self, request: Request) -> Answer: ...


def endpoint(door: Door, room: Room) -> Endpoint:
    """What answers at a room's path."""

    async def console(request: Request) -> Answer:
        return await door.enter(request, room)

    return console


def bearer(house: Store, header: str, scope: Scope, now: int) -> str | None:
    """The name of the token in an `Authorization` header, where it may that; None for none. Nothing that changes
    something asks for one."""
    kind, _, word = header.strip().partition(" ")
    if kind.lower() != "bearer" or not word.strip():
        return None
    with house.read() as db:
        token = store.tokens.found(db, word.strip(), scope, now=now)
    if token is None:
        return None
    if now - token.used_at > LOOK:
        with suppress(StoreError), house.write(patience=PATIENCE) as db:
            store.tokens.used(db, token.id, now=now)
    return token.name
