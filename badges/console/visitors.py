"""Who a visitor is: by the cookie of their session, or by what the web server in front says of them."""

import hashlib
import hmac
from contextlib import suppress

from starlette.requests import Request

from badges.answers import Header
from badges.console.room import Visitor
from badges.console.settled import Settled
from config.sign_in import SignIn
from sync import store
from sync.acts import Office
from sync.acts.sessions import idle
from sync.store import StoreError
from sync.store.sessions import LOOK, Session

COOKIE = "ringmark"
PATIENCE = 100  # milliseconds: nobody waits long only for it to be written down that they were there


class Visitors:
    """Knows visitors of the console, and of whatever shows more to members. `secure` where readers come by https,
    `prefix` is the path of the whole site."""

    def __init__(self, settled: Settled, *, secure: bool, prefix: str) -> None:
        self._settled, self._secure, self._path = settled, secure, prefix or "/"
        # Browsers take a cookie of such a name from our own host over https alone (RFC 6265bis, 4.1.3).
        self.name = f"{'__Secure-' if prefix else '__Host-'}{COOKIE}" if secure else COOKIE
        self._secret: bytes | None = None

    def known(self, request: Request) -> Visitor | None:
        """Who somebody is; None for nobody that we know. It reads the store, so it belongs into a thread.

        To be asked after `forged`, which such a request must be refused for."""
        office = self._settled.office("nobody")
        told = office.settings.sign_in
        if told.proxy_header and _said(request, told.proxy_header) and not self.forged(request):
            return self._by_proxy(request, office)
        return self._by_session(request.cookies.get(self.name, ""), office)

    def forged(self, request: Request) -> bool:
        """Whether a request says who somebody is without the right to: from elsewhere than a proxy that is trusted, or
        twice. The address is that of the connection itself."""
        told = self._settled.office("nobody").settings.sign_in
        if not told.proxy_header:
            return False
        said = [_said(request, name) for name in (told.proxy_header, told.proxy_groups_header) if name]
        if not any(said):
            return False
        peer = request.client.host if request.client else ""
        return not told.trusts(peer) or not said[0] or max(map(len, said)) > 1

    def word(self, request: Request) -> str:
        """The word of the session that a browser shows."""
        return request.cookies.get(self.name, "")

    def cookie(self, word: str, seconds: int, *, name: str = "", below: str = "") -> Header:
        """A cookie to set: of a session, or of another `name`, for paths `below` ours alone."""
        secure = "; Secure" if self._secure else ""
        path = self._path.rstrip("/") + below or "/"
        told = f"{name or self.name}={word}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        return b"set-cookie", told.encode()

    def _by_session(self, word: str, office: Office) -> Visitor | None:
        if not word:
            return None
        now = office.clock()
        with office.house.read() as db:
            session = store.sessions.found(db, word, now=now, idle=idle(office))
        if session is None:
            return None
        if now - session.seen_at > LOOK:
            with suppress(StoreError), office.house.write(patience=PATIENCE) as db:
                store.sessions.seen(db, session.id, now=now)
        return visitor(session, word)

    def _by_proxy(self, request: Request, office: Office) -> Visitor | None:
        """Without a session: what the proxy says holds for this request alone, and so does the role."""
        claims = _claims(request, office.settings.sign_in)
        name, role = office.settings.sign_in.name({"sub": claims["user"]}), office.settings.sign_in.role(claims)
        if not name or role is None:
            return None
        if self._secret is None:
            self._secret = store.sessions.secret(office.house)
        csrf = hmac.digest(self._secret, b"form " + name.encode(), hashlib.sha256).hex()[:32]
        return Visitor(name=name, role=role, how="proxy", session=0, until_at=0, csrf=csrf)


def visitor(session: Session, word: str) -> Visitor:
    """Who a session is of; its forms carry a hash of its word, which only its own pages can know."""
    csrf = hashlib.sha256(b"form " + word.encode()).hexdigest()[:32]
    return Visitor(
        name=session.name,
        role=session.role,
        how=session.how,
        session=session.id,
        until_at=session.until_at,
        csrf=csrf,
        word=word,
    )


def _said(request: Request, name: str) -> list[str]:
    return [value for value in request.headers.getlist(name) if value.strip()]


def _claims(request: Request, told: SignIn) -> dict[str, object]:
    """What the proxy says, as claims: `user`, and `groups`, with commas or semicolons between them."""
    user = _text(_said(request, told.proxy_header or "")[0])
    lists = _said(request, told.proxy_groups_header) if told.proxy_groups_header else []
    groups = [word.strip() for each in lists for word in _text(each).replace(";", ",").split(",") if word.strip()]
    return {"user": user.strip(), "groups": groups}


def _text(header: str) -> str:
    """Proxies send UTF-8; what is none stays as it was."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeDecodeError:
        return header
