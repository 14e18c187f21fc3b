"""When something was published, and in what: as much of a date as there is on the calendar, and ISSNs in one form."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

_WRITTEN = re.compile(r"\s*([1-9][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9])", re.ASCII)
_ONE = r"(?:(?:urn:)?[ep]?-?issn\s*:?\s*)?([0-9]{4})-?([0-9]{3}[0-9X])(?![0-9X])(?:\s*\([^()]*\))?"
_ISSN = re.compile(_ONE, re.IGNORECASE | re.ASCII)
_ISSNS = re.compile(rf"\s*{_ONE}(?:[\s,;/]+{_ONE})*\s*", re.IGNORECASE | re.ASCII)


def on(year: int, month: int = 0, day: int = 0) -> str:
    """`YYYY[-MM[-DD]]` of the parts that can be: 31 February is February, a 13th month only its year, and a year that
    is none is nothing."""
    if not 1000 <= year <= 9999:
        return ""
    if not 1 <= month <= 12:
        return f"{year}"
    try:
        return date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        return f"{year}-{month:02}"


def written(text: str) -> str:
    """The same of a text that begins with an ISO date; what follows it is passed over."""
    found = _WRITTEN.match(text)
    return on(*(int(part or 0) for part in found.groups())) if found else ""


def instant(text: str) -> datetime | None:
    """The time that a text is, or the first instant of as much of a date as it is, in UTC; None for neither."""
    padded = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    try:
        moment = datetime.fromisoformat(padded)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def issns(texts: Iterable[str]) -> tuple[str, ...]:
    """The ISSNs of the texts that are one or several and nothing else, each once, as `1234-567X`.

    It may say that it is one, and in brackets of what, as in `1234-5678 (print)`. Out of other words none is taken: the
    pages of a citation look the same. Whether it was ever given out is not asked."""
    found = (each for text in texts if _ISSNS.fullmatch(text) for each in _ISSN.finditer(text))
    return tuple(dict.fromkeys(f"{each[1]}-{each[2].upper()}" for each in found))
