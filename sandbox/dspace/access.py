"""Who may ask a practice DSpace: tokens against forged requests, and tokens of a login.

After https://github.com/DSpace/RestContract, csrf-tokens.md and authentication.md. The first kind is not kept by the
server: what a request says in a header must equal what it says in a cookie, and any answer may bring a new one. The
second kind is a JWT that is good until it expires or until the account logs out, everywhere at once.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from time import time
from uuid import NAMESPACE_URL, uuid4, uuid5

from sandbox.server import Headers

COOKIE = "DSPACE-XSRF-COOKIE"
GIVEN = "DSPACE-XSRF-TOKEN"
SENT = "X-XSRF-TOKEN"
PERSON = str(uuid5(NAMESPACE_URL, "https://repository.example.edu/ringmark"))
"""The eperson of the one account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """How a release gives out its tokens: with `any_get` that brings none, by `GET /api/security/csrf`."""

    name: str
    any_get: bool
    endpoint: bool


RELEASES = {
    "7": Release(name="DSpace 7.5", any_get=True, endpoint=False),
    "7.6": Release(name="DSpace 7.6.2", any_get=True, endpoint=True),
    "8": Release(name="DSpace 8.1", any_get=False, endpoint=True),
    "9": Release(name="DSpace 9.0", any_get=False, endpoint=True),
}


def cookie(header: str) -> str:
    """The token in the cookies of a request; empty without one."""
    try:
        held = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return held.value if held else ""


def fresh() -> Headers:
    """The headers of an answer that brings a new token; the cookie is emptied first, as DSpace does."""
    token = str(uuid4())
    rest = "Path=/server; HttpOnly; SameSite=Lax"
    return {GIVEN: token, "Set-Cookie": (f"{COOKIE}=; Max-Age=0; {rest}", f"{COOKIE}={token}; {rest}")}


class Logins:
    """The tokens of the one account. `seconds` is their life; `clock` may be replaced by a test."""

    def __init__(self) -> None:
        self.seconds = 1800
        self.clock: Callable[[], float] = time
        self._key = secrets.token_bytes(32)
        self._salt = ""

    def new(self) -> str:
        """A token, good from now on."""
        self._salt = self._salt or secrets.token_hex(16)
        claims = {"eid": PERSON, "sg": [], "authenticationMethod": "password", "exp": int(self.clock()) + self.seconds}
        signed = ".".join(_segment(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
        return f"{signed}.{self._signature(signed)}"

    def good(self, header: str) -> bool:
        """Whether an `Authorization` header holds a token that is still good."""
        kind, _, token = header.partition(" ")
        signed, _, signature = token.rpartition(".")
        if kind != "Bearer" or not self._salt or not hmac.compare_digest(
            self._signature(signed).encode(), signature.encode("latin-1", "replace")
        ):  # fmt: skip
            return False
        claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
        return bool(claims["exp"] > self.clock())

    def end(self) -> None:
        """Make every token given out so far worthless."""
        self._salt = ""

    def _signature(self, signed: str) -> str:
        key = self._key + self._salt.encode()
        return _segment(hmac.new(key, signed.encode("latin-1", "replace"), hashlib.sha256).digest())


def _segment(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")
