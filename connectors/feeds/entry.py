"""One entry of a feed, whatever the feed is written in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.urls import canonical_url

FIRST_YEAR = 1990  # before the web; what is said to be older has no date, but a zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`addresses` are those where it may stand, the likeliest first; `links` where it leads to beside that. `text` is
    HTML."""

    addresses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    title: str = ""
    text: str = field(default="", repr=False)
    published: datetime | None = None
    updated: datetime | None = None

    @property
    def key(self) -> str:
        """The likeliest address in its one form, which stays when a feed gives all its entries new ids."""
        return canonical_url(self.addresses[0]) or self.addresses[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a feed tells. `odd` is how many entries had no address or no shape, `wait` how long it asks to be left
    alone after it was read."""

    entries: tuple[Entry, ...]
    odd: int = 0
    wait: timedelta = timedelta(0)


def moment(told: datetime) -> datetime | None:
    """A time in UTC, where it can be meant; one that names no zone is in UTC."""
    try:
        whole = told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return whole if whole.year >= FIRST_YEAR else None


def written(told: str) -> datetime | None:
    """The same of a text in ISO 8601 that has a day at least; a bare day is its first instant."""
    try:
        return moment(datetime.fromisoformat(told.strip().upper())) if len(told) >= len("2026-01-01") else None
    except ValueError:
        return None
