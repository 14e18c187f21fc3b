"""Webhook: each badge, each new score and each withdrawal as one signed POST to an address of yours.

API:       POST, JSON: `badge.published` and `badge.withdrawn`, each with an id, the same when it is sent again
Auth:      HMAC-SHA256 of time and body in the header X-Ringmark-Signature, by a key that the receiver has too
Deletions: told as `badge.withdrawn`, before anything else
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any, ClassVar

from config.settings import Connection
from connectors.base import Finding, Manifest, Notice, Tells
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood
from connectors.identifiers import SCHEMES
from connectors.webhook.signature import HEADER, signed

PING = "badge.ping"
KEYLESS = "missing; set token_file to a file with the key that the receiver has too"


class Webhook(Tells):
    """One receiver."""

    manifest: ClassVar = Manifest(kind="webhook", write_back="public", finds_by=tuple(SCHEMES), signs=True, pace=0.1)

    @classmethod
    def refused(cls, settings: Connection) -> Iterator[tuple[str, str]]:
        """Without a key nothing is sent, no withdrawal either."""
        if settings.token is None:
            yield "token", KEYLESS

    def tell(self, notice: Notice, *, permit: Callable[[], bool]) -> None:
        """One POST. Any answer from 200 to 299 means that it has arrived; a redirect is not followed."""
        self._post(_told(notice), notice.at.timestamp(), permit)

    def check(self) -> Iterator[Finding]:
        """Send a ping, which tells of nothing, to see whether it is answered like any notice."""
        try:
            self._post({"type": PING}, time.time(), lambda: True)
        except ConnectorError as error:
            yield Finding(ok=False, what=str(error))
        else:
            yield Finding(ok=True, what="a signed ping was taken")

    def _post(self, told: dict[str, Any], at: float, permit: Callable[[], bool]) -> None:
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", HEADER: signed(self._key(), int(at), body)}
        with self.client.change("POST", self.client.base, permit=permit, body=body, headers=headers) as answer:
            where = f"POST {answer.path or '/'}: status {answer.status}"
            if answer.status == 401:
                raise NotAllowed(f"{where}; does the receiver have the same key, and the right time?")
            if answer.status == 403:  # it may be about this one notice
                raise NotUnderstood(f"{where}; may the receiver take it?")
            if not 200 <= answer.status < 300:
                raise NotUnderstood(f"{where}; is this the receiver's address?")

    def _key(self) -> bytes:
        token = self.settings.token
        if token is None:
            raise NotAllowed(f"connections.{self.settings.name}.token: {KEYLESS}")
        return token.get_secret_value().encode()


def _told(notice: Notice) -> dict[str, Any]:
    """What a receiver hears. Of a withdrawn badge that is no more than what it was told before."""
    named = {
        "output": str(notice.output),
        "identifiers": [str(each) for each in notice.identifiers],
        "at": notice.at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    if notice.score is None:
        return {"id": notice.id, "type": "badge.withdrawn", **named}
    badge = {"score": notice.score, "badge": notice.badge, "page": notice.page}
    return {"id": notice.id, "type": "badge.published", **named, **badge}
