"""What is remembered of a feed from one reading to the next."""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from connectors.documents import part, text

SOONEST = timedelta(hours=1)  # between two readings of one feed
REMEMBERED = 3000  # entries; about 26 characters each
TRIES = 8  # for an article that cannot be read now

_TRY = "?"
_SECONDS = re.compile(r"[0-9]{1,8}")


@dataclass(slots=True)
class State:
    """`until` is when it may be read again, and `asks` how long it asks to be left alone each time; `etag` and
    `modified` are what it told of its version; `moved` is where it said that it has gone to for good; `failing` since
    when it could not be read, and `why`.

    `seen` has what was looked at: of each entry the hash of its address with its digest, or how often that was tried in
    vain."""

    read_at: datetime | None = None
    until: datetime | None = None
    asks: timedelta = timedelta(0)
    etag: str = ""
    modified: str = ""
    moved: str = ""
    failing: datetime | None = None
    why: str = ""
    seen: dict[str, str] = field(default_factory=dict)

    def due(self, now: datetime) -> bool:
        """Whether it may be read. A clock that was put back makes nothing wait."""
        return not (self.read_at and self.until and self.read_at <= now < self.until)

    def was_read(self, now: datetime, wait: timedelta) -> None:
        """Or it was tried; `wait` is how long it asked to be left alone."""
        self.read_at, self.until = now, now + max(wait, SOONEST)

    def anew(self) -> "State":
        """As if nothing in it had been looked at. One that fails is left alone for as long as before."""
        return replace(self, read_at=self.read_at if self.failing else None, etag="", modified="", seen={})

    def written(self) -> str:
        """As a note."""
        told = {
            "read": _written(self.read_at),
            "until": _written(self.until),
            "asks": str(int(self.asks.total_seconds())),
            "etag": self.etag,
            "modified": self.modified,
            "moved": self.moved,
            "failing": _written(self.failing),
            "why": self.why[:500],
            "seen": dict(islice(self.seen.items(), REMEMBERED)),
        }
        return json.dumps({name: value for name, value in told.items() if value}, separators=(",", ":"))


def read(note: str) -> State:
    """As it was written; empty for nothing, and for what cannot be read."""
    try:
        told: Any = json.loads(note or "{}")
    except (ValueError, RecursionError):
        told = {}
    seen = part(told, "seen")
    return State(
        read_at=_moment(told, "read"),
        until=_moment(told, "until"),
        asks=timedelta(seconds=int(asks)) if _SECONDS.fullmatch(asks := _text(told, "asks")) else timedelta(0),
        etag=_text(told, "etag"),
        modified=_text(told, "modified"),
        moved=_text(told, "moved"),
        failing=_moment(told, "failing"),
        why=_text(told, "why"),
        seen={name: digest for name, digest in seen.items() if isinstance(digest, str)},
    )


def mark(told: str) -> str:
    """A short hash, of what is remembered."""
    return sha256(told.encode(errors="surrogatepass")).hexdigest()[:12]


def tried(before: str) -> str:
    """What is remembered of an entry whose article could not be read, after what was before."""
    times = len(before) if before.startswith(_TRY) else 0
    return _TRY * (times + 1)


def given_up(remembered: str) -> bool:
    """Whether it was tried often enough."""
    return remembered == _TRY * TRIES


def waits(remembered: str) -> bool:
    """Whether its article is to be tried again."""
    return remembered.startswith(_TRY) and not given_up(remembered)


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(told: Any, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_text(told, name)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(told: Any, name: str) -> str:
    return text(part(told).get(name))
