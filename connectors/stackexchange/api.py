"""Requests to Stack Exchange, whose limits stand in the answers themselves and not in headers."""

import re
from collections.abc import Callable
from dataclasses import replace

from config.settings import Connection
from connectors.documents import JSON, Document, document, text
from connectors.errors import ConnectorError, NotAllowed, NotUnderstood, TryLater
from connectors.http import Answer, Client

LONGEST_REST = 86_400  # seconds
THROTTLED, ACCESS = 502, (401, 402, 403, 405, 406)  # numbers of its errors, whatever the status
_KEY = re.compile(r"\bkey\b", re.ASCII)  # of which an error speaks that has the number of many
_SECONDS = re.compile(r"more requests available in (\d{1,6}) seconds", re.ASCII)


class Api:
    """One connection's requests, as many as the day's quota has."""

    def __init__(self, settings: Connection, client: Client) -> None:
        self._key = {"key": settings.token.get_secret_value()} if settings.token else {}
        self._client = client
        self._left: int | None = None

    def get(self, path: str, permit: Callable[[], bool] | None, *, called: str = "", **asked: str) -> Document:
        """One answer. Raises `TryLater` where the quota is used up."""
        if self._left == 0:
            raise TryLater(
                f"{called or path}: the requests of today are used up; a key allows more, fewer sites do too"
            )
        asked = {**asked, **self._key}
        with self._client.get(path, asked, accept=JSON, permit=permit, called=called) as answer:
            if answer.status >= 400:
                raise _error(answer) or NotUnderstood(f"{answer.path}: status {answer.status}")
            told = document(answer)
        left, backoff = told.get("quota_remaining"), told.get("backoff")
        self._left = left if type(left) is int and left >= 0 else None
        if type(backoff) is int and 0 < backoff <= LONGEST_REST:
            self._client.rest(backoff)
        return told


def _error(answer: Answer) -> ConnectorError | None:
    """What an answer says is wrong, where it is one of Stack Exchange's own."""
    try:
        told = document(replace(answer, status=200))
    except NotUnderstood:
        return None
    error, message = told.get("error_id"), text(told.get("error_message"), most=1000)
    if type(error) is not int:
        return None
    if error == THROTTLED:
        seconds = _SECONDS.search(message)
        return TryLater(f"{answer.path}: asked too often", after=float(seconds[1]) if seconds else None)
    if error in ACCESS or _KEY.search(message):
        return NotAllowed(f"{answer.path}: refused (error {error}); check token, which is the key of an application")
    return NotUnderstood(f"{answer.path}: refused (error {error}); are sets names of its sites?")
