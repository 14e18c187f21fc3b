"""Alarms by webhook: one POST of JSON, signed where there is a secret. Who knows its address can send to it, so that is
never said."""

import hashlib
import hmac
import json
from contextlib import closing
from importlib.metadata import version
from urllib.parse import urlsplit

from config.alarms import Alarms
from config.settings import Connection
from connectors import http
from connectors.errors import ConnectorError
from sync.alarms.letter import Letter
from sync.post import Undelivered

SECONDS = 60.0  # for the answer as a whole
SIGNATURE = "X-Ringmark-Signature"  # sha256= and the HMAC-SHA256 of the body, in hexadecimal


def send(settings: Alarms, told: Letter) -> str:
    """Call the webhook; nothing is sent again, and no redirect is followed. Raises `Undelivered`."""
    url = settings.webhook.get_secret_value() if settings.webhook else ""
    body = json.dumps(told.data, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    if settings.webhook_secret:
        secret = settings.webhook_secret.get_secret_value().encode()
        headers[SIGNATURE] = f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    place = Connection(name="alarms", kind="webhook", url=origin, ca_file=settings.ca_file, pace=0.0)
    try:
        client = http.client(place, agent=f"Ringmark/{version('ringmark')}", answer_seconds=SECONDS)
        with closing(client), client.change("POST", url, permit=lambda: True, body=body, headers=headers) as answer:
            status = answer.status
    except ConnectorError as error:
        said = str(error).removeprefix(f"POST {parts.path or '/'}: ")
        why = said if parts.path in ("", "/") or parts.path not in said else type(error).__name__
        raise Undelivered(f"the webhook failed: {why}") from None
    if not 200 <= status < 300:
        raise Undelivered(f"the webhook answered {status}; check its address")
    return ""
