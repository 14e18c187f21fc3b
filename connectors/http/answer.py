"""One complete answer, and what its status and headers say of trying again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Self

from connectors.errors import ConnectorError, NotAllowed, TryLater
from connectors.http.rates import ends, patience

AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})  # from 520: of proxies
REFUSED = frozenset({401, 403})
MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One complete answer. `body` stands at its beginning; `date` is the server's own clock in UTC, if it told.

    `path` is the address without host and query, for messages. Close it, or use it as a context."""

    status: int
    headers: Mapping[str, str]
    url: str
    path: str
    body: SpooledTemporaryFile[bytes]
    date: datetime | None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory or the temporary file back."""
        self.body.close()


Refusal = Callable[[Answer], ConnectorError | None]


class Trouble(Exception):  # noqa: N818 - never leaves the client
    """Worth another attempt; the text says what happened, `after` what the source asked for."""

    def __init__(self, what: str, *, after: float | None = None) -> None:
        super().__init__(what)
        self.after = after


def error(name: str, answer: Answer, refusal: Refusal | None) -> Exception:
    """What a status that is no answer means: what the protocol says of it, unless that is only to try again."""
    again = Trouble(f"status {answer.status}", after=patience(answer.headers))
    if asked_too_often(answer.status, answer.headers):
        return again
    told = refusal(answer) if refusal else None
    if told is not None and not isinstance(told, TryLater):
        return told
    if answer.status in AGAIN:
        return again
    mend = "check username, password, headers and the account's rights"
    return NotAllowed(f"{name}: refused with status {answer.status}; {mend}")


def asked_too_often(status: int, headers: Mapping[str, str]) -> bool:
    """429; or 403 with a time after which it is allowed again, as GitHub and its like refuse."""
    return status == 429 or (status == 403 and ends(headers))
