"""What an OpenID Connect provider tells of itself: where it is asked what, and the keys it signs with.

Documents: OpenID Connect Discovery 1.0, section 4; JSON Web Key Set (RFC 7517); RP-Initiated Logout 1.0
Both are kept for an hour. Keys are fetched again when a token does not fit them, but only so often.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from connectors.errors import NotUnderstood, TryLater
from connectors.http.brief import ask
from connectors.origins import shown

KEPT = 3600.0  # seconds
REST = 2.0  # seconds after a failure within which nobody else waits for the same one
OFTEN, WITHIN = 5, 60.0  # keys are fetched again so many times in so many seconds; forged tokens cost no more than that
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
BY_DEFAULT = ("client_secret_basic",)  # Discovery 1.0, section 3: where the provider does not say how it knows clients

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Addresses of one provider; `userinfo` and `leave` are empty where it has none. `basic`: the client's secret goes
    into a header, else into the form. `says_issuer`: it names itself on the way back (RFC 9207)."""

    issuer: str
    authorize: str
    token: str
    keys: str
    userinfo: str
    leave: str
    basic: bool
    signed_by: tuple[str, ...]
    says_issuer: bool


class Told:
    """Asks, and remembers. May be used by several threads. Raises what `connectors.http.brief.ask` does."""

    def __init__(self, issuer: str, *, ca_file: Path | None, clock: Clock = time.monotonic) -> None:
        self._issuer, self._ca_file, self._clock = issuer, ca_file, clock
        self._lock = Lock()
        self._places: tuple[Places, float] | None = None
        self._keys: tuple[KeySet, float] | None = None
        self._failed: tuple[Exception, float] | None = None
        self._again: deque[float] = deque(maxlen=OFTEN)

    def places(self) -> Places:
        """Where the provider is asked."""
        with self._lock:
            return self._known_places()

    def last_places(self) -> Places:
        """The same as it was told last, however long ago: for what should not wait, and can go wrong."""
        return self._places[0] if self._places else self.places()

    def keys(self) -> KeySet:
        """What it signs with."""
        with self._lock:
            if self._keys is None or self._clock() - self._keys[1] > KEPT:
                self._keys = self._fetched_keys(), self._clock()
            return self._keys[0]

    def newer_keys(self) -> KeySet | None:
        """What it signs with now, for a token that the known keys do not fit; None when that was asked often lately."""
        with self._lock:
            now = self._clock()
            if len(self._again) == OFTEN and now - self._again[0] < WITHIN:
                return None
            self._again.append(now)
            self._keys = self._fetched_keys(), now
            return self._keys[0]

    def _known_places(self) -> Places:
        if self._places is None or self._clock() - self._places[1] > KEPT:
            document = self._document(get_well_known_url(self._issuer, external=True))
            self._places = _places(self._issuer, document), self._clock()
        return self._places[0]

    def _fetched_keys(self) -> KeySet:
        try:
            return KeySet.import_key_set(self._document(self._known_places().keys))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError):
            raise NotUnderstood(f"{shown(self._issuer)}: its keys are none that we know") from None

    def _document(self, address: str) -> Mapping[str, object]:
        if self._failed and self._clock() - self._failed[1] < REST:
            raise type(self._failed[0])(str(self._failed[0]))
        try:
            answer = ask("GET", address, headers={"Accept": "application/json"}, ca_file=self._ca_file)
            if answer.status != 200:
                raise NotUnderstood(f"{shown(address)}: status {answer.status}; is it an OpenID Connect provider?")
            return as_object(answer.body, shown(address))
        except (TryLater, NotUnderstood) as failed:
            self._failed = failed, self._clock()
            raise


def as_object(body: bytes, whose: str) -> Mapping[str, object]:
    """A JSON object. Raises `NotUnderstood`."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotUnderstood(f"{whose}: the answer is no JSON object; is it an OpenID Connect provider?")
    return found


def _places(issuer: str, document: Mapping[str, object]) -> Places:
    """Held to what the standard asks for, and to this issuer: another's document would have its own keys."""
    name = shown(issuer)
    own = _text(document, "issuer")
    if own.rstrip("/") != issuer.rstrip("/"):
        raise NotUnderstood(f"{name}: calls itself another issuer; write sign_in.issuer exactly as the provider does")
    ways = _words(document, "token_endpoint_auth_methods_supported") or BY_DEFAULT
    algorithms = _words(document, "id_token_signing_alg_values_supported") or ("RS256",)
    places = Places(
        issuer=own,
        authorize=_text(document, "authorization_endpoint"),
        token=_text(document, "token_endpoint"),
        keys=_text(document, "jwks_uri"),
        userinfo=_text(document, "userinfo_endpoint"),
        leave=_text(document, "end_session_endpoint"),
        basic="client_secret_basic" in ways or "client_secret_post" not in ways,
        signed_by=tuple(each for each in SIGNED_BY if each in algorithms),
        says_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )
    for address in (places.authorize, places.token, places.keys):
        if not address:
            raise NotUnderstood(f"{name}: does not say where to sign in; is it an OpenID Connect provider?")
    for address in filter(None, (places.authorize, places.token, places.keys, places.userinfo, places.leave)):
        if not address.startswith("https:") and issuer.startswith("https:"):
            raise NotUnderstood(f"{name}: names an address that is not https")
    if not places.signed_by:
        raise NotUnderstood(f"{name}: signs with no method that we take ({', '.join(SIGNED_BY)})")
    return places


def _text(told: Mapping[str, object], key: str) -> str:
    found = told.get(key)
    return found if isinstance(found, str) and found.isascii() and found.isprintable() else ""


def _words(told: Mapping[str, object], key: str) -> tuple[str, ...]:
    found = told.get(key)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()
