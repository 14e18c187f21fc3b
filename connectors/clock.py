"""A source's own clock: when a run began by it, the cursor that keeps that, and a source that tells no time."""

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.base import Finding
from connectors.errors import NotUnderstood


def began(heard: datetime | None, now: datetime) -> datetime | None:
    """When a run began by the source's clock, None where it has none; one that is ahead of `now` would lose changes."""
    return min(heard, now) if heard else None


def stamp(moment: datetime | None) -> str | None:
    """A moment as a cursor keeps it."""
    return moment.isoformat() if moment else None


def read(cursor: str) -> datetime:
    """The moment that a cursor keeps. Raises `NotUnderstood`."""
    try:
        found = datetime.fromisoformat(cursor)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood("the stored cursor is no time; run a full pull") from None


def findings(heard: datetime | None) -> Iterator[Finding]:
    """What a check says where the source tells no time."""
    if heard is None:
        mend = "without a clock every pull is a full one; let the proxy in between pass the Date header on"
        yield Finding(ok=False, what="the source does not tell the time", mend=mend)
