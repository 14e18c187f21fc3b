"""When something was published, and in what: as much of a date as there is on the calendar, and ISSNs in one form."""

import re
from collections.abc import Iterable
from datetime import date

_WRITTEN = re.compile(r"\s*([1-9][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9])", re.ASCII)
_ISSN = re.compile(r"\s*([0-9]{4})-?([0-9]{3}[0-9Xx])\s*")


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


def issns(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of the texts that are an ISSN, each once, as `1234-567X`; whether it was ever given out is not asked."""
    found = map(_ISSN.fullmatch, texts)
    return tuple(dict.fromkeys(f"{each[1]}-{each[2].upper()}" for each in found if each))
