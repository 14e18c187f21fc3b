"""Time as the store keeps it: microseconds since 1970 in UTC."""

import time
from datetime import UTC, date, datetime, timedelta

from sync.tables import FOREVER

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 24 * 3600 * 1_000_000


def micros(when: datetime | None) -> int:
    """Microseconds since 1970; `FOREVER` for None."""
    return FOREVER if when is None else (when - EPOCH) // timedelta(microseconds=1)


def now() -> int:
    """This instant; steps and stores are handed it, and ask nobody else."""
    return time.time_ns() // 1000


def moment(at: int) -> datetime:
    """The aware time of a count of microseconds."""
    return EPOCH + timedelta(microseconds=at)


def stamp(at: int) -> str:
    """ISO 8601 in UTC with a Z, to the microsecond only where it has any."""
    return moment(at).isoformat().replace("+00:00", "Z")


def year_of(day: int) -> int:
    """The year of a day, counted since 1970."""
    return (date(1970, 1, 1) + timedelta(days=day)).year


def first_day(published: str) -> tuple[int, int]:
    """`YYYY[-MM[-DD]]` as (days since 1970 of its first day, precision 1 to 3); (0, 0) for none."""
    parts = [int(part) for part in published.split("-")] if published else []
    if not parts:
        return 0, 0
    year, month, day = (*parts, 1, 1)[:3]
    return (date(year, month, day) - date(1970, 1, 1)).days, len(parts)
