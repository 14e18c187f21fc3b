"""When a connection is read next: `due` is asked about times to come, so that nothing else decides what it decides."""

from dataclasses import dataclass, replace

from config.settings import Connection
from sync.daemon.due import SECOND, Ages, Due, due
from sync.store import DAY, Lately

FURTHEST = 400 * DAY  # microseconds ahead that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """`at`, in microseconds, is to within five minutes, since the daemon is late by chance; `what` it asks for then."""

    at: int
    what: Due


def coming(connection: Connection, lately: Lately, *, rests_until: int, now: int) -> Coming | None:
    """The next time, as things stand; `now` where it is due already, None where it is read by hand alone.

    What is due stays due until it is done, so the first time is found by halving."""
    clock = 0.0  # seconds from now, of the clock that nobody sets
    ages = Ages(lambda: now, lambda: clock)
    awake = replace(lately, rests=False)

    def asked(ahead: int) -> Due | None:
        nonlocal clock
        clock = ahead / SECOND
        return due(connection, awake, ages, now=now + ahead, seed="")

    asked(0)  # from here on it is known
    early, late = max(rests_until - now, 0), FURTHEST
    if asked(late) is None:
        return None
    if asked(early) is None:
        while late - early > SECOND:
            middle = (early + late) // 2
            early, late = (middle, late) if asked(middle) is None else (early, middle)
        early = late
    what = asked(early)
    return Coming(at=now + early, what=what) if what else None
