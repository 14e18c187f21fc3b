"""An identity provider of our own, in this process, that can say anything: what it says is set before it is asked."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

ALGORITHMS = ["RS256", "RS384"]


def key(kid: str | None = "first") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid} if kid else None)


KEYS = {name: key(name) for name in ("first", "second", "strange")}  # making one takes long


@dataclass
class Liar:
    """`document` and `keys` are what it publishes, `claims`, `header` and `signed_with` make the next ID token, `more`
    is what it tells beside it, `status` what it answers to everything. `asked` are the forms that came for a token."""

    url: str
    document: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [KEYS["first"]])
    signed_with: Any = field(default_factory=lambda: KEYS["first"])
    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] | None = None
    status: int = 200
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def honest(self) -> None:
        """As a provider should be."""
        self.document = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        self.keys, self.signed_with, self.header = [KEYS["first"]], KEYS["first"], {}
        self.claims, self.token, self.more, self.status = {}, {}, None, 200
        self.asked, self.seen = [], []

    def says(self, for_: str, **claims: Any) -> None:
        """What the next ID token says; a claim of None is left out."""
        now = int(time.time())
        told = {"iss": self.url, "aud": "ringmark", "sub": "u-1", "iat": now, "exp": now + 300, "nonce": for_}
        told |= {"email": "ada@example.edu", "groups": ["library"], **claims}
        self.claims = {name: value for name, value in told.items() if value is not None}

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        """A token of its own."""
        told = {"alg": "RS256", "kid": self.signed_with.kid, **self.header, **header}
        told = {name: value for name, value in told.items() if value is not None}
        if told["alg"] in ("none", "HS256"):  # the latter with the public key, which everybody has, as its secret
            begun = ".".join(_encoded(json.dumps(each).encode()) for each in (told, claims))
            mark = hmac.digest(KEYS["first"].as_pem(private=False), begun.encode(), "sha256")
            return f"{begun}.{_encoded(mark) if told['alg'] == 'HS256' else ''}"
        return jwt.encode(told, claims, self.signed_with, algorithms=ALGORITHMS)


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@contextmanager
def lying() -> Iterator[Liar]:
    """One at a free port, until the block ends."""
    liar = Liar("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            liar.seen.append(self.path)
            if self.path == "/userinfo":
                self.answer(liar.more)
            elif self.path == "/keys":
                self.answer(KeySet(liar.keys).as_dict(private=False))
            else:
                self.answer(liar.document)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            liar.asked.append({**form, "authorization": [self.headers.get("authorization", "")]})
            liar.seen.append(self.path)
            self.answer(
                {"access_token": "at", "token_type": "Bearer", "id_token": liar.signed(liar.claims), **liar.token}
            )

        def answer(self, told: object) -> None:
            body = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(liar.status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        liar.url = f"http://127.0.0.1:{server.server_port}"
        liar.honest()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield liar
        server.shutdown()
        thread.join()
