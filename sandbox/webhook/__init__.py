"""A practice receiver of badges on loopback, as somebody would write one from docs/webhook.md, with faults on demand.

    with practice_webhook() as server:
        requests.post(server.url, data=body, headers={"X-Ringmark-Signature": signature})

`server.told` is every notice whose signature is right, in order; `server.shows` what a page made of them would show.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, cast, get_args

from sandbox.faults import Strike
from sandbox.server import Exchange, PracticeServer, serving

PATH = "/hooks/badges"
TYPES = ("badge.published", "badge.withdrawn", "badge.ping")
OLDEST = 300  # seconds that a signature is good for
What = Literal["status", "too many requests", "forget", "hang up before", "hang up after", "redirect", "slow"]


@dataclass(slots=True)
class WebhookFault(Strike):
    """One thing that goes wrong: `status` answers with that, `too many requests` is a 429 with `retry_after`, `forget`
    answers 204 and keeps nothing, `hang up after` keeps it and breaks the connection, `redirect` leads elsewhere."""

    known: ClassVar[tuple[str, ...]] = get_args(What)

    status: int = 500
    retry_after: str = "7"
    seconds: float = 0.0


@contextmanager
def practice_webhook(key: str = "practice-key", *, port: int = 0) -> Iterator["PracticeWebhook"]:
    """Serve until the block ends."""
    with serving(PracticeWebhook(key, port)) as server:
        yield server


class PracticeWebhook(PracticeServer[WebhookFault]):
    """The running receiver. `now` is its clock, in seconds since 1970; None where it does not look at the time."""

    def __init__(self, key: str, port: int) -> None:
        super().__init__(port, _Exchange)
        self.key, self.now = key, cast("float | None", None)
        self.told: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """Where notices go."""
        return f"{self.origin}{PATH}"

    @property
    def shows(self) -> dict[str, dict[str, Any]]:
        """The badges by output, of a receiver that drops repeats and what is older than what it knows."""
        seen: set[str] = set()
        latest: dict[str, dict[str, Any]] = {}
        for each in self.told:
            known = latest.get(each["output"])
            if each["id"] not in seen and (known is None or known["at"] <= each["at"]):
                latest[each["output"]] = each
            seen.add(each["id"])
        return {output: each for output, each in latest.items() if each["type"] == "badge.published"}

    def signed(self, header: str, body: bytes) -> bool:
        """Whether a signature is of our key, of this body, and of lately."""
        found = re.fullmatch(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", header)
        if not found:
            return False
        wanted = hmac.new(self.key.encode(), found[1].encode() + b"." + body, hashlib.sha256).hexdigest()
        lately = self.now is None or abs(self.now - int(found[1])) <= OLDEST
        return hmac.compare_digest(wanted, found[2]) and lately


class _Exchange(Exchange):
    server_version = "PracticeWebhook/1"

    def answer(self) -> None:
        server = cast(PracticeWebhook, self.server)
        struck = server.struck(self.command, self.path)
        if fault := struck.get("slow"):
            server.closing.wait(fault.seconds)
        if "hang up before" in struck:
            self.hang_up()
        elif "redirect" in struck:
            self.send(307, b"", {"Location": f"{server.origin}/elsewhere"}, "text/plain")
        elif fault := struck.get("status"):
            self.send(fault.status, b"trouble", {}, "text/plain")
        elif fault := struck.get("too many requests"):
            self.send(429, b"later", {"Retry-After": fault.retry_after}, "text/plain")
        elif self.path != PATH:
            self.send(404, b"no such hook", {}, "text/plain")
        elif self.command != "POST":
            self.send(405, b"", {"Allow": "POST"}, "text/plain")
        elif not server.signed(self.headers.get("X-Ringmark-Signature", ""), self.body):
            self.send(401, b"bad signature", {}, "text/plain")
        else:
            self._take(server, keep="forget" not in struck, silent="hang up after" in struck)

    def _take(self, server: PracticeWebhook, *, keep: bool, silent: bool) -> None:
        try:
            told = json.loads(self.body)
        except ValueError:
            told = None
        if not isinstance(told, dict) or told.get("type") not in TYPES:
            self.send(422, b"not understood", {}, "text/plain")
            return
        if keep and told["type"] != "badge.ping":
            with server.lock:
                server.told.append(told)
        if silent:
            self.hang_up()
        else:
            self.send(204, b"", {}, "text/plain")
