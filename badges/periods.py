"""Months, quarters and years in UTC, by which attention is counted."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple, get_args

from babel.dates import format_date

from badges.language import Language
from sync import store

Unit = Literal["month", "quarter", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)
MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}

_LONG = {"month": "MMMM y", "quarter": "QQQ y", "year": "y"}
_SHORT = {**_LONG, "month": "MMM y"}
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)


class Period(NamedTuple):
    """One month, quarter or year: `first` is its first day, `number` counts those of its unit since the year 0."""

    unit: Unit
    number: int

    @property
    def first(self) -> date:
        year, part = divmod(self.number, 12 // MONTHS[self.unit])
        return date(year, part * MONTHS[self.unit] + 1, 1)

    @property
    def after(self) -> "Period":
        """The one that comes next."""
        return Period(self.unit, self.number + 1)

    @property
    def begins(self) -> int:
        """Its first instant, in microseconds since 1970."""
        first = self.first
        return store.micros(datetime(first.year, first.month, 1, tzinfo=UTC))

    @property
    def code(self) -> str:
        """The same in every language: "2026-03", "2026-Q1", "2026"."""
        first = self.first
        part = {"month": f"-{first.month:02}", "quarter": f"-Q{(first.month + 2) // 3}", "year": ""}[self.unit]
        return f"{first.year:04}{part}"

    def label(self, language: Language, *, short: bool = False) -> str:
        """As readers write it."""
        return format_date(self.first, (_SHORT if short else _LONG)[self.unit], locale=language.locale)


def holding(unit: Unit, day: date) -> Period:
    """The period that a day is in."""
    return Period(unit, (day.year * 12 + day.month - 1) // MONTHS[unit])


def between(first: Period, last: Period) -> Iterator[Period]:
    """All from one to the other."""
    return (Period(first.unit, number) for number in range(first.number, last.number + 1))


def read(told: str) -> tuple[date, date] | None:
    """The first day of what `YYYY[-MM[-DD]]` names, and the first day of its last month; None for no date of the years
    that people write in."""
    found = _DATE.fullmatch(told)
    if found is None or not "1900" <= found[1] <= "2999":
        return None
    year, month, day = found.groups()
    try:
        return date(int(year), int(month or 1), int(day or 1)), date(int(year), int(month or 12), int(day or 1))
    except ValueError:
        return None
