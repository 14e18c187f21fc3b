"""Answers as bytes: status, headers and body, put together once and sent as often as they are asked for."""

import hashlib
from collections.abc import Iterable
from typing import Literal

from starlette.types import Message, Receive, Scope, Send

Kind = Literal["svg", "png", "json", "text", "page", "css", "js", "csv", "atom"]
Header = tuple[bytes, bytes]

MINUTES = b"public, max-age=300"  # for how long copies elsewhere may outlive a badge
ASK_AGAIN = b"no-cache"
NEVER = b"no-store"
PRIVATE = b"private, no-store"
FOR_EVER = b"public, max-age=31536000, immutable"  # only where the address changes with the content

_TYPES: dict[Kind, bytes] = {
    "svg": b"image/svg+xml; charset=utf-8",
    "png": b"image/png",
    "json": b"application/json",
    "text": b"text/plain; charset=utf-8",
    "page": b"text/html; charset=utf-8",
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "csv": b"text/csv; charset=utf-8; header=present",
    "atom": b"application/atom+xml; charset=utf-8",
}
_NOTHING = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICIES: dict[Kind, bytes] = {  # a page brings its own
    "svg": b"default-src 'none'; style-src 'unsafe-inline'; sandbox",  # a picture brings its own style
    "png": b"default-src 'none'; sandbox",
    "json": b"default-src 'none'; frame-ancestors 'none'; sandbox",
    "text": _NOTHING,
    "css": _NOTHING,
    "js": _NOTHING,
    "csv": _NOTHING,
    "atom": _NOTHING,
    "page": _NOTHING,
}
_ALIKE: tuple[Header, ...] = ((b"x-content-type-options", b"nosniff"),)
_OF_PAGES: tuple[Header, ...] = (  # what is no page has no links and no features; each header costs a badge some time
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_FROM_ANYWHERE: Header = (b"cross-origin-resource-policy", b"cross-origin")
_FROM_HERE: Header = (b"cross-origin-resource-policy", b"same-origin")
ANY_SITE: Header = (b"access-control-allow-origin", b"*")
_ONE_YEAR: Header = (b"strict-transport-security", b"max-age=31536000")

_OF_A_BODY = (b"content-type", b"content-length")
_EMPTY: Message = {"type": "http.response.body", "body": b""}


class Answer:
    """One answer, which may be sent any number of times; an ASGI application of its own.

    It holds bytes alone, so that thousands of them give the garbage collector nothing to walk through."""

    __slots__ = ("_body", "_etag", "_headers", "kind", "size", "status")

    def __init__(self, kind: Kind, status: int, headers: tuple[Header, ...], body: bytes, etag: bytes = b"") -> None:
        self.kind, self.status, self.size = kind, status, len(body)
        self._headers, self._body, self._etag = headers, body, etag

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it; only that nothing has changed where the asker has it already (RFC 9110, 13.1.2)."""
        if self._etag and self._is_known(scope["headers"]):
            kept = [each for each in self._headers if each[0] not in _OF_A_BODY]
            await send({"type": "http.response.start", "status": 304, "headers": kept})
            await send(_EMPTY)
            return
        await send({"type": "http.response.start", "status": self.status, "headers": self._headers})
        await send(_EMPTY if scope["method"] == "HEAD" else {"type": "http.response.body", "body": self._body})

    def _is_known(self, headers: Iterable[Header]) -> bool:
        for name, told in headers:
            if name == b"if-none-match":
                tags = {tag.strip().removeprefix(b"W/") for tag in told.split(b",")}
                return self._etag in tags or b"*" in tags
        return False


class Answers:
    """Makes answers with the headers that all of this installation's carry; `secure` where readers come by https,
    `private` where they are for one reader alone, whoever makes them: kept nowhere, and read by no other site."""

    def __init__(self, *, secure: bool, private: bool = False) -> None:
        self.secure, self._private = secure, private
        self._alike = (*_ALIKE, _ONE_YEAR) if secure else _ALIKE
        self._known: dict[tuple[Kind, bytes, bytes], tuple[Header, ...]] = {}

    def make(
        self,
        kind: Kind,
        body: bytes,
        *,
        status: int = 200,
        cache: bytes = MINUTES,
        policy: bytes = b"",
        more: tuple[Header, ...] = (),
    ) -> Answer:
        """An answer of a kind; one of status 200 can be asked for again by its ETag. `policy` is a page's own."""
        cache = PRIVATE if self._private else cache
        length = (b"content-length", b"%d" % len(body))
        headers = (*self._headers(kind, cache, policy), *more, length)
        if status != 200 or cache in (NEVER, PRIVATE):
            return Answer(kind, status, headers, body)
        etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:24].encode()
        return Answer(kind, status, (*headers, (b"etag", etag)), body, etag)

    def _headers(self, kind: Kind, cache: bytes, policy: bytes) -> tuple[Header, ...]:
        if policy:  # of one page, so it is not remembered
            return self._worked_out(kind, cache, policy)
        known = self._known.get((kind, cache, policy))
        if known is None:
            known = self._known[kind, cache, policy] = self._worked_out(kind, cache, _POLICIES[kind])
        return known

    def _worked_out(self, kind: Kind, cache: bytes, policy: bytes) -> tuple[Header, ...]:
        shared = kind in ("svg", "png", "json", "js", "csv", "atom") and not self._private
        return (
            (b"content-type", _TYPES[kind]),
            (b"cache-control", cache),
            *self._alike,
            (b"content-security-policy", policy),
            _FROM_ANYWHERE if shared else _FROM_HERE,
            *((ANY_SITE,) if shared and kind in ("json", "js") else ()),
            *(_OF_PAGES if kind == "page" else ()),
        )

    def not_allowed(self, allowed: bytes, kind: Kind = "text") -> Answer:
        """Another method than those that are there."""
        body = b'{"error":"method not allowed"}' if kind == "json" else b"method not allowed\n"
        return self.make(kind, body, status=405, cache=NEVER, more=((b"allow", allowed),))

    def later(self) -> Answer:
        """The store cannot be read at the moment."""
        told = b"try again later\n"
        return self.make("text", told, status=503, cache=NEVER, more=((b"retry-after", b"30"),))

    def broken(self) -> Answer:
        """A mistake of ours."""
        return self.make("text", b"something went wrong here\n", status=500, cache=NEVER)

    def preflight(self, methods: bytes = b"GET, HEAD", headers: bytes = b"if-none-match") -> Answer:
        """What a script of another site asks before it reads JSON (Fetch, 3.2): what it may send."""
        told = (
            *self._alike,
            ANY_SITE,
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", headers),
            (b"access-control-max-age", b"86400"),
            (b"cache-control", NEVER),
        )
        return Answer("json", 204, told, b"")
