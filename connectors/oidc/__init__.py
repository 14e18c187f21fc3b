"""Signing people in by an OpenID Connect provider: authorization code flow with PKCE.

API:       OpenID Connect Core 1.0, Discovery 1.0; PKCE (RFC 7636); RP-Initiated and Back-Channel Logout 1.0
Auth:      client id and secret, in a header or a form as the provider takes it
Deletions: a right that is taken away is gone at the next sign-in; the provider may end a session at once
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlencode

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc6749.errors import OAuth2Error

from config.sign_in import SignIn, claimed
from connectors.errors import NotAllowed, NotUnderstood
from connectors.http.brief import Brief, ask
from connectors.oidc.places import Places, Told, as_object
from connectors.oidc.tokens import Claims, Notice, Seal
from connectors.origins import shown

FORM = "application/x-www-form-urlencoded"
CREDENTIALS = frozenset({"invalid_client", "unauthorized_client"})  # RFC 6749, 5.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who came back: what the provider says of them, and the token that says so (for signing out there)."""

    issuer: str
    claims: Claims
    id_token: str


class Provider:
    """One provider, for one address to come back to. May be used by several threads.

    Everything raises `TryLater` where it does not answer within seconds, `NotAllowed` where it refuses our client id or
    secret, `NotUnderstood` for an answer that is not what the standard promises or not for us."""

    def __init__(self, settings: SignIn, *, back: str) -> None:
        """`settings` with an `issuer`; `back` is the redirect URI that the provider knows of us."""
        self._settings, self._back = settings, back
        self._told = Told(settings.issuer or "", ca_file=settings.ca_file)
        self._seal = Seal(self._told, settings.client_id or "")

    def way(self, *, state: str, nonce: str, verifier: str, anew: bool = False) -> str:
        """Where the browser is sent; `anew`: whoever is signed in there is asked again who they are."""
        told = {"nonce": nonce, "response_mode": "query", **({"prompt": "login"} if anew else {})}
        client = self._client(self._told.places())
        way, _ = client.create_authorization_url(
            self._told.places().authorize, state=state, code_verifier=verifier, **told
        )
        return str(way)

    def came(self, code: str, *, nonce: str, verifier: str, issuer: str, now: int) -> SignedIn:
        """Who comes back with a code; `issuer` is what came along as such (RFC 9207), `now` in seconds."""
        places = self._told.places()
        if (issuer or places.says_issuer) and issuer != places.issuer:
            raise NotUnderstood("the way back names another issuer")
        client = self._client(places)
        try:
            told = client.fetch_token(
                places.token, grant_type="authorization_code", code=code, code_verifier=verifier, headers=_accepting()
            )
        except OAuth2Error as refused:
            raise _refused(places, refused) from None
        token, access = (told.get(name) for name in ("id_token", "access_token"))
        if not isinstance(token, str):
            raise NotUnderstood(f"{shown(places.token)}: gave no ID token; is openid among its scopes?")
        access = access if isinstance(access, str) else ""
        claims = self._seal.identity(token, nonce=nonce, access_token=access, now=now)
        if access and places.userinfo and not self._enough(claims):
            claims = {**self._more(places, access, claims), **claims}
        return SignedIn(issuer=places.issuer, claims=claims, id_token=token)

    def leaving(self, hint: str, *, to: str) -> str:
        """Where the browser is sent to sign out there too, and from there on `to`; empty where there is no such
        place. `hint` is the ID token of the sign-in."""
        places = self._told.last_places()
        if not places.leave:
            return ""
        told = {"client_id": self._settings.client_id or "", "post_logout_redirect_uri": to}
        told |= {"id_token_hint": hint} if hint else {}
        return f"{places.leave}{'&' if '?' in places.leave else '?'}{urlencode(told)}"

    def notice(self, token: str, *, now: int) -> tuple[str, Notice]:
        """What a logout token of the provider says, and which issuer says so."""
        return self._told.places().issuer, self._seal.notice(token, now=now)

    def _client(self, places: Places) -> OAuth2Client:
        secret = self._settings.client_secret
        client = OAuth2Client(
            _Wire(partial(ask, ca_file=self._settings.ca_file)),
            client_id=self._settings.client_id,
            client_secret=secret.get_secret_value() if secret else "",
            token_endpoint_auth_method="basic" if places.basic else "client_secret_post",
            scope=" ".join(self._settings.scopes),
            redirect_uri=self._back,
            code_challenge_method="S256",
        )
        client.register_client_auth_method(("basic", _basic))
        return client

    def _enough(self, claims: Claims) -> bool:
        """Whether the ID token has all claims that the settings ask for."""
        wanted = {self._settings.name_claim}
        for rule in (self._settings.internal_if, self._settings.editor_if, self._settings.admin_if):
            wanted |= set(rule)
        return all(claimed(claims, claim) for claim in wanted)

    def _more(self, places: Places, access: str, claims: Claims) -> Claims:
        """What the provider tells beside the ID token. It must speak of the same person (Core 1.0, 5.3.2)."""
        headers = {"Accept": "application/json", "Authorization": f"Bearer {access}"}
        answer = ask("GET", places.userinfo, headers=headers, ca_file=self._settings.ca_file)
        if answer.status != 200:
            raise NotUnderstood(f"{shown(places.userinfo)}: status {answer.status} for who signed in")
        found = as_object(answer.body, shown(places.userinfo))
        if found.get("sub") != claims["sub"]:
            raise NotUnderstood(f"{shown(places.userinfo)}: speaks of somebody else than the ID token")
        return found


class _Wire:
    """What Authlib sends by: our own requests, whose credentials go into no message."""

    def __init__(self, send: Callable[..., Brief]) -> None:
        self._send = send

    def post(self, url: str, data: Mapping[str, str], headers: dict[str, str], auth: ClientAuth) -> "_Answer":
        """A form. The name is Authlib's."""
        told = {**headers, "Content-Type": FORM}
        url, headers, body = auth.prepare("POST", url, told, urlencode(data))  # type: ignore[no-untyped-call]
        return _Answer(url, self._send("POST", url, headers=headers, body=body.encode()))


class _Answer:
    """What Authlib reads."""

    def __init__(self, url: str, answer: Brief) -> None:
        self.status_code, self._url, self._body = answer.status, url, answer.body
        self.text = ""

    def json(self) -> dict[str, object]:
        """The names are Authlib's. Raises `NotUnderstood`."""
        return dict(as_object(self._body, shown(self._url)))

    def raise_for_status(self) -> None:
        """Asked for where the status is 500 or more, which has been raised before."""


def _accepting() -> dict[str, str]:
    return {"Accept": "application/json"}


def _basic(
    client: ClientAuth, _method: str, uri: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """Both parts are written as in a form first, so that a colon in one does not end it (RFC 6749, 2.3.1)."""
    told = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
    return uri, {**headers, "Authorization": f"Basic {b64encode(told.encode()).decode()}"}, body


def _refused(places: Places, refused: OAuth2Error) -> Exception:
    """The words of an error may be anything, so that only those of the standard are said again."""
    if refused.error in CREDENTIALS:
        return NotAllowed(f"{shown(places.token)}: {refused.error}; check sign_in.client_id and its secret")
    return NotUnderstood(f"{shown(places.token)}: refused the code")
