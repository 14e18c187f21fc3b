"""Time in equal steps: as fine as a picture of some fifty bars can show."""

from datetime import date
from typing import Literal, NamedTuple

Per = Literal["day", "week", "month", "quarter", "year", "decade", "century"]

MOST = 48  # periods
_DAYS: dict[Per, int] = {"day": 1, "week": 7}  # weeks begin on Monday, as the year 1 did
_MONTHS: dict[Per, int] = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}


class Period(NamedTuple):
    """From a day to another, both included."""

    begin: date
    end: date


def periods(first: date, last: date) -> tuple[Per, tuple[Period, ...]]:
    """All periods from the one that a day is in to the one that another is in, as short as there are not too many."""
    for per in (*_DAYS, *_MONTHS):
        numbers = range(number(per, first), number(per, last) + 1)
        if len(numbers) <= MOST:
            break
    return per, tuple(Period(_begin(per, n), date.fromordinal(_begin(per, n + 1).toordinal() - 1)) for n in numbers)


def number(per: Per, day: date) -> int:
    """Which period a day is in, counted from the year 0."""
    if per in _DAYS:
        return (day.toordinal() - 1) // _DAYS[per]
    return (day.year * 12 + day.month - 1) // _MONTHS[per]


def _begin(per: Per, number: int) -> date:
    if per in _DAYS:
        return date.fromordinal(number * _DAYS[per] + 1)
    year, month = divmod(number * _MONTHS[per], 12)
    return date(year, month + 1, 1) if year else date.min
