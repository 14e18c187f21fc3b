"""When a patent was published, as far as its number says it: by the year.

Applications of the United States and those under the PCT have the year in their number. Grants of the United States are
numbered through; the first number of each year is in the table of issue years that its office publishes.
"""

import re
from datetime import UTC, datetime

_FIRST = (  # utility patents granted from 1976 on, when their texts begin to be machine-readable
    3930271, 4000520, 4065812, 4131952, 4180867, 4242757, 4308622, 4366579, 4423523, 4490855, 4562596, 4633526, 4716594,
    4794652, 4890335, 4980927, 5077836, 5175886, 5274846, 5377359, 5479658, 5590420, 5704062, 5855021, 6009555, 6167569,
    6334220, 6502244, 6671884, 6836899, 6981282, 7155746, 7313829, 7472428, 7640598, 7861317, 8087094, 8341762, 8621662,
    8925112, 9226437, 9532496, 9854721, 10165721, 10524402, 10881042, 11212952, 11540434,
)  # fmt: skip
FIRST_YEAR = 1976
PAST = 11_856_700  # from here on the table does not tell

_WITH_YEAR = re.compile(r"(?:us-(20[0-9]{2})[0-9]{6,7}|wo-((?:19|20)[0-9]{2})[0-9]{5,6})(?:-[a-z][0-9]?)?")
_WITH_SHORT_YEAR = re.compile(r"wo-([0-9]{2})[0-9]{5}(?:-[a-z][0-9]?)?")  # until 2003
_GRANT = re.compile(r"us-([0-9]{7,8})(?:-b[0-9]?|-a)?")


def published(number: str) -> datetime | None:
    """The first instant of the year in which a patent was published, by its number in small letters; None where the
    number does not say it."""
    year = _year(number)
    return datetime(year, 1, 1, tzinfo=UTC) if year else None


def _year(number: str) -> int:
    if told := _WITH_YEAR.fullmatch(number):
        return int(told[1] or told[2])
    if told := _WITH_SHORT_YEAR.fullmatch(number):
        return int(told[1]) + (1900 if int(told[1]) >= 78 else 2000)  # the first of them was published in 1978
    grant = _GRANT.fullmatch(number)
    count = int(grant[1]) if grant else 0
    return FIRST_YEAR + _before(count) - 1 if _FIRST[0] <= count < PAST else 0


def _before(count: int) -> int:
    """How many years have begun with this number or a lower one."""
    return sum(first <= count for first in _FIRST)
