"""One complete answer, and what its status and headers say of trying again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from tempfile import SpooledTemporaryFile
from typing import Self

from connectors.errors import ConnectorError, NotAllowed, TryLater

LONGEST_TOLD = 86_400.0  # seconds; a Retry-After beyond a day is a mistake
AGAIN = frozenset({409, 429, 500, 502, 503, 504})
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
    told = refusal(answer) if refusal else None
    if told is not None and not isinstance(told, TryLater):
        return told
    if answer.status in AGAIN:
        return Trouble(f"status {answer.status}", after=retry_after(answer.headers))
    mend = "check username, password, headers and the account's rights"
    return NotAllowed(f"{name}: refused with status {answer.status}; {mend}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from either form of Retry-After (RFC 9110, 10.2.3); None when absent or unreadable."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_TOLD)
    until = http_date(text)
    if until is None:
        return None
    now = http_date(headers.get("Date")) or datetime.now(UTC)  # the server's clock, since the date is by it
    return min(max((until - now).total_seconds(), 0.0), LONGEST_TOLD)


def http_date(text: str | None) -> datetime | None:
    """The moment a header names, in UTC."""
    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
