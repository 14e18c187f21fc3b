"""When something is done: every so often, at the times of a crontab line, or only by hand."""

import re
from dataclasses import dataclass
from datetime import UTC, timedelta

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Schedule:
    """`every` is set for a duration, `cron` for a crontab line in UTC; neither is set for "manual"."""

    text: str
    every: timedelta | None = None
    cron: str | None = None

    @classmethod
    def read(cls, text: str) -> "Schedule":
        """Raises ValueError with what to write instead."""
        if text == MANUAL:
            return cls(text)
        if len(text.split()) == 5:
            return cls(text, cron=_crontab(text))
        try:
            return cls(text, every=duration(text))
        except ValueError as error:
            raise ValueError(f'{error}, "{MANUAL}", or five crontab fields') from None

    def __str__(self) -> str:
        return self.text


def duration(text: str) -> timedelta:
    """The length of time that "45m", "3h", "30d" or "2w" names; never zero. Raises ValueError."""
    found = re.fullmatch(r"([0-9]{1,4})([mhdw])", text)
    if not found or int(found[1]) == 0:
        raise ValueError(f'"{text[:40]}" is no duration; write such as "45m", "3h", "30d", "2w"')
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _crontab(text: str) -> str:
    if re.search(r"[0-9]", text.split()[4]):
        # The scheduler counts weekdays from Monday, crontab from Sunday: a number would run on the wrong day.
        raise ValueError(f'"{text[:40]}": write weekdays as names, such as sun or mon-fri')
    from apscheduler.triggers.cron import CronTrigger  # only who writes crontab lines waits for this import

    try:
        CronTrigger.from_crontab(text, timezone=UTC)
    except ValueError as error:
        raise ValueError(f'"{text[:40]}" is no crontab line ({error}); write such as "0 3 * * mon-fri"') from None
    return text
