"""What a provider has signed: who somebody is, and that somebody has signed out there.

ID token: OpenID Connect Core 1.0, section 3.1.3.7; logout token: Back-Channel Logout 1.0, section 2.6
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import Key, KeySet

from connectors.errors import NotUnderstood
from connectors.oidc.places import Told

LEEWAY = 60  # seconds by which the clocks of provider and house may differ
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST = 64 * 1024  # characters of a token
OLD = 600  # seconds after which a notice is no news

Claims = Mapping[str, object]


class Notice(NamedTuple):
    """Somebody has signed out at the provider: `account` is whom it calls so there, `visit` the sign-in that ended;
    one of them may be empty. `id` is the notice's own."""

    id: str
    account: str
    visit: str


class Seal:
    """Checks what one provider signed for one client. `told` has its keys."""

    def __init__(self, told: Told, client_id: str) -> None:
        self._told, self._client_id = told, client_id

    def identity(self, token: str, *, nonce: str, access_token: str, now: int) -> Claims:
        """The claims of an ID token; `now` in seconds. Raises `NotUnderstood` for one that is not for us and this
        sign-in."""
        header, claims = self._opened(token)
        params = {"nonce": nonce, "client_id": self._client_id, "access_token": access_token}
        found = CodeIDToken(claims, header, self._ours(), params)
        try:
            found.validate(now=now, leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, AttributeError) as wrong:
            raise NotUnderstood(f"the ID token is not for this sign-in: {_what(wrong)}") from None
        if not isinstance(found["sub"], str) or not found["sub"]:
            raise NotUnderstood("the ID token is not for this sign-in: sub")
        return dict(found)

    def notice(self, token: str, *, now: int) -> Notice:
        """What a logout token says. Raises `NotUnderstood`."""
        _, claims = self._opened(token)
        events, told = claims.get("events"), {each: claims.get(each) for each in ("jti", "sub", "sid")}
        words = {name: value if isinstance(value, str) else "" for name, value in told.items()}
        fits = isinstance(events, Mapping) and LOGOUT in events and "nonce" not in claims
        if not fits or not words["jti"] or not (words["sub"] or words["sid"]):
            raise NotUnderstood("the logout token is none")
        try:
            jwt.JWTClaimsRegistry(now, LEEWAY, **self._ours(), iat={"essential": True}).validate(dict(claims))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError) as wrong:
            raise NotUnderstood(f"the logout token is not for us: {_what(wrong)}") from None
        issued = claims["iat"]
        if not isinstance(issued, int | float) or issued < now - OLD:
            raise NotUnderstood("the logout token is old")
        return Notice(words["jti"], words["sub"], words["sid"])

    def _ours(self) -> dict[str, object]:
        return {
            "iss": {"essential": True, "value": self._told.places().issuer},
            "aud": {"essential": True, "value": self._client_id},
        }

    def _opened(self, token: str) -> tuple[Mapping[str, object], Claims]:
        """Header and claims of a token that a key of the provider has signed. Keys change (a new name, or another key
        under the same), so that they are fetched again where none fits."""
        if len(token) > LONGEST:
            raise NotUnderstood("the token is too large")
        try:
            header = jws.extract_compact(token.encode()).headers()
        except (JoseError, ValueError, KeyError):
            raise NotUnderstood("the token is none") from None
        found = self._read(token, header, self._told.keys())
        if found is None and (newer := self._told.newer_keys()) is not None:
            found = self._read(token, header, newer)
        if found is None:
            raise NotUnderstood("the token is signed with no key of the provider")
        return found.header, found.claims

    def _read(self, token: str, header: Mapping[str, object], keys: KeySet) -> jwt.Token | None:
        algorithm, signed_by = header.get("alg"), self._told.places().signed_by
        if algorithm not in signed_by:
            raise NotUnderstood("the token is signed in a way that the provider does not announce")
        registry = jws.JWSRegistry(algorithms=list(signed_by), strict_check_header=False)
        for key in _fitting(keys, header):
            try:
                return jwt.decode(token, key, registry=registry)
            except BadSignatureError:
                continue
            except (JoseError, ValueError):  # a key of another kind, too small a one, claims that are none
                continue
        return None


def _fitting(keys: KeySet, header: Mapping[str, object]) -> Iterator[Key]:
    """The keys that a header may mean; of secrets none, whoever published them."""
    for key in keys:
        named = "kid" not in header or key.kid == header["kid"]
        signs = (
            key.key_type != "oct" and key.get("use") in (None, "sig") and key.get("alg") in (None, header.get("alg"))
        )
        if named and signs:
            yield key


def _what(wrong: Exception) -> str:
    """Which claim is wrong, never what it says."""
    claim = getattr(wrong, "claim", "")
    return f"{type(wrong).__name__} {claim}".strip()
