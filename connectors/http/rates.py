"""What the headers of an answer say of how often, and how many at once, may be asked.

Read are `RateLimit` (IETF draft, its items with `r` and `t`, and the older `remaining=` and `reset=`), the three names
`RateLimit-`, `X-RateLimit-` and `X-Rate-Limit-` with `Remaining` and `Reset`, Crossref's `X-Rate-Limit-Limit` with
`-Interval` and `X-Concurrency-Limit`, and `Retry-After`. What is no number, or beyond a day, says nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_TOLD = 86_400.0  # seconds; what is to last for more than a day is a mistake
LONGEST_PACE = 300.0  # seconds between two requests; whoever wants more refuses at the end, and is asked later
EPOCH = 1e9  # a reset above this is a moment in seconds since 1970, above the next in milliseconds
EPOCH_MILLIS = 1e11
SAME_SECONDS = 2.0  # two ways to say when something ends may be rounded differently
UNITS = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}

NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?", re.ASCII)
INTERVAL = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d|)", re.ASCII)
ITEM = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^",])+')  # of a list whose texts may hold commas (RFC 9651, 3.1)
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """`rest`: seconds in which nothing may be asked; `spacing`: seconds between requests, for `lasts` seconds from now;
    `at_once`: how many may be under way. All are 0 where nothing is said."""

    rest: float = 0.0
    spacing: float = 0.0
    lasts: float = 0.0
    at_once: int = 0


def rates(headers: Headers) -> Rates:
    """What is said, by the server's own clock where a moment is named. Where several limits are told, all hold."""
    told = [(left, seconds) for left, seconds in _windows(headers) if 0 < seconds <= LONGEST_TOLD]
    spacings = [(min(seconds / (left + 1), LONGEST_PACE), seconds) for left, seconds in told if left >= 1]
    spacings += [(seconds, LONGEST_TOLD) for seconds in _crossref(headers) if 0 < seconds <= LONGEST_PACE]
    spacing, lasts = max(spacings, default=(0.0, 0.0))
    at_once = _number(headers.get("X-Concurrency-Limit", "")) or 0.0
    return Rates(
        rest=max((seconds for left, seconds in told if left < 1), default=0.0),
        spacing=spacing,
        lasts=lasts,
        at_once=int(min(at_once, 1000)),
    )


def retry_after(headers: Headers) -> float | None:
    """Seconds, from either form of Retry-After (RFC 9110, 10.2.3); None when absent or unreadable."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_TOLD)
    until = http_date(text)
    if until is None:
        return None
    return min(max((until - _now(headers)).total_seconds(), 0.0), LONGEST_TOLD)


def patience(headers: Headers) -> float | None:
    """Seconds before the next attempt, the longest of all that is told; None where nothing is."""
    told = [retry_after(headers), rates(headers).rest or None]
    return max((seconds for seconds in told if seconds is not None), default=None)


def ends(headers: Headers) -> bool:
    """Whether a refusal is one for a while: it says how long, and that is not merely when the window ends in which
    requests are left, which some servers say with every answer (Flask-Limiter, and so InvenioRDM)."""
    after = retry_after(headers)
    windows = list(_windows(headers))
    idle = any(left >= 1 and abs(seconds - (after or 0.0)) <= SAME_SECONDS for left, seconds in windows)
    return bool(rates(headers).rest or (after and not idle))


def http_date(text: str | None) -> datetime | None:
    """The moment a header names, in UTC."""
    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _windows(headers: Headers) -> Iterator[tuple[float, float]]:
    """How many requests are left, and for how many seconds."""
    combined = headers.get("RateLimit", "")
    for item in ITEM.findall(combined):
        yield from _window(QUOTED.sub("", item), "r", "t")
    yield from _window(combined, "remaining", "reset")
    for name in ("RateLimit", "X-RateLimit", "X-Rate-Limit"):
        left = _number(headers.get(f"{name}-Remaining", ""))
        seconds = _seconds(headers.get(f"{name}-Reset", ""), headers)
        if left is not None and seconds is not None:
            yield left, seconds


def _window(text: str, *names: str) -> Iterator[tuple[float, float]]:
    left, seconds = (re.search(rf"(?:^|[;,\s]){name}=(\d{{1,15}})\s*(?:[;,]|$)", text, re.ASCII) for name in names)
    if left and seconds:
        yield float(left[1]), float(seconds[1])


def _crossref(headers: Headers) -> Iterator[float]:
    limit = _number(headers.get("X-Rate-Limit-Limit", ""))
    interval = INTERVAL.fullmatch(headers.get("X-Rate-Limit-Interval", "").strip())
    if limit and interval:
        yield float(interval[1]) * UNITS[interval[2]] / limit


def _seconds(reset: str, headers: Headers) -> float | None:
    """Until a reset, which is told as seconds, as a moment since 1970, or as a date as HTTP or ISO 8601 has it."""
    told = _number(reset)
    if told is not None and told < EPOCH:
        return told
    if told is not None:
        return (told / 1000 if told > EPOCH_MILLIS else told) - _now(headers).timestamp()
    moment = http_date(reset) or _iso_date(reset)
    return (moment - _now(headers)).total_seconds() if moment else None


def _number(text: str) -> float | None:
    found = NUMBER.fullmatch(text.strip())
    return float(found[0]) if found else None


def _iso_date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _now(headers: Headers) -> datetime:
    """By the server's clock, since what it names is by that; by ours where it has none."""
    return http_date(headers.get("Date")) or datetime.now(UTC)
