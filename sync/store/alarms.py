"""What somebody should look at, since when, and what each way of telling has told of it.

What is to be told is claimed in a writing transaction, of which there is one at a time, before it is sent: of two who
look at once one sends it. Whoever dies in between has perhaps sent it; it is told again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection as Database
from sqlalchemy import text

from sync.store.clock import DAY
from sync.store.database import Store
from sync.store.noted import note, noted
from sync.store.rows import as_json, change_in, many

MINUTE, HOUR = 60_000_000, 3_600_000_000
SOON = HOUR  # what is back within it has never really been gone
AGAIN = 7 * DAY  # what still stands is told again
CLAIM = 15 * MINUTE  # longer than any way takes to tell
WAIT, LONGEST = 5 * MINUTE, 6 * HOUR  # after the first message that did not arrive; doubled each time, up to so much


@dataclass(frozen=True, slots=True, order=True)
class Alarm:
    """Something that somebody should look at. The name stays the same for as long as it stands; the words name the
    thing and the mend, in counts, names of connections and public ids only."""

    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is to be told of an alarm. `until` is 0 while it stands."""

    name: str
    words: str
    state: Literal["new", "still", "solved"]
    since: int
    until: int


def notice(store: Store, found: Iterable[Alarm], *, now: int) -> None:
    """Keep what stands now, and since when; what is no longer found is solved."""
    with store.write() as db:
        known = {row.name: row for row in db.execute(text(_ALL))}
        standing = {alarm.name: alarm for alarm in found}
        put = [
            {"name": name, "words": alarm.words, "since": _since(known.get(name), now)}
            for name, alarm in sorted(standing.items())
        ]
        as_before = {(row.name, row.words, row.since_at) for row in known.values() if not row.solved_at}
        many(db, _PUT, [row for row in put if tuple(row.values()) not in as_before])
        gone = sorted(name for name, row in known.items() if not row.solved_at and name not in standing)
        many(db, _SOLVE, [{"name": name, "now": now} for name in gone])


def _since(row: Any | None, now: int) -> int:
    stands = row is not None and (not row.solved_at or row.solved_at <= now < row.solved_at + SOON)
    return int(row.since_at) if row is not None and stands else now


def since(db: Database) -> dict[str, int]:
    """Since when each alarm that was noticed stands."""
    return {row.name: int(row.since_at) for row in db.execute(text(_ALL)) if not row.solved_at}


def about(db: Database, connection: str) -> list[Alarm]:
    """What stands of one connection, as it was noticed last."""
    rows = db.execute(text(_ALL)).fetchall()
    return [Alarm(row.name, row.words) for row in rows if not row.solved_at and row.name.endswith(f":{connection}")]


def claim(store: Store, way: str, *, now: int) -> list[News]:
    """What one way has to tell now, which until `told` or `untold` nobody else gets; empty while somebody sends, or
    waits after what did not arrive."""
    with store.write() as db:
        memory, before = _Memory.of(db, way), _Memory.of(db, way)
        if memory.busy(now):
            return []
        rows = [row for row in db.execute(text(_ALL)) if row.name != unheard(way)]
        news = [each for row in rows if (each := memory.news(row, now)) is not None]
        if news:
            memory.claimed_at = now
        elif memory.tries:
            memory.tries, memory.why = 0, ""  # nothing is left that did not arrive
        if memory != before:
            memory.put(db, way)
        return news


def told(store: Store, way: str, news: Sequence[News], *, why: str = "", now: int) -> None:
    """A way has told it, but perhaps not to all: `why`."""
    with store.write() as db:
        memory = _Memory.of(db, way)
        memory.keep(news, why, now)
        memory.put(db, way)
        change_in(db, "UPDATE alarm SET told_at = :now WHERE name IN :values", [each.name for each in news], now=now)


def untold(store: Store, way: str, why: str, *, now: int) -> None:
    """A way could not tell it; it is tried again, each time later."""
    with store.write() as db:
        memory = _Memory.of(db, way)
        memory.tries, memory.tried_at, memory.why, memory.claimed_at = memory.tries + 1, now, why, 0
        memory.put(db, way)


def undelivered(db: Database, ways: Iterable[str]) -> list[Alarm]:
    """The ways that did not tell what they should have."""
    memories = ((way, _Memory.of(db, way)) for way in ways)
    return [
        Alarm(unheard(way), f"alarms by {way} did not arrive: {memory.why}; try `ringmark alarms test`")
        for way, memory in memories
        if memory.why
    ]


def unheard(way: str) -> str:
    """The name of the alarm that a way does not tell, which that way itself need not tell."""
    return f"untold:{way}"


def recall(db: Database, what: str) -> dict[str, Any]:
    """What earlier looks have left for this one; empty where there was none."""
    kept: dict[str, Any] = json.loads(noted(db, what) or "{}")
    return kept


def remember(db: Database, what: str, value: Mapping[str, object]) -> None:
    """Leave something for the looks to come."""
    note(db, what, as_json(value))


def span(micros: int) -> str:
    """A length of time as people say it, rounded down."""
    for word, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if micros >= 2 * size:
            return f"{micros // size} {word}"
    return "a minute"


@dataclass(slots=True)
class _Memory:
    """What one way has told: per alarm whether as standing or as solved, when, and whether it came back soon after."""

    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    claimed_at: int = 0
    tried_at: int = 0
    tries: int = 0
    why: str = ""

    @classmethod
    def of(cls, db: Database, way: str) -> "_Memory":
        """What is remembered of a way."""
        return cls(**recall(db, f"told by {way}"))

    def put(self, db: Database, way: str) -> None:
        """Remember it."""
        remember(db, f"told by {way}", asdict(self))

    def busy(self, now: int) -> bool:
        """Whether somebody sends, or the time to try again has not come; a clock that was set back ends both."""
        wait = min(WAIT * 2 ** min(self.tries - 1, 20), LONGEST) if self.tries else 0
        return self.claimed_at <= now < self.claimed_at + CLAIM or self.tried_at <= now < self.tried_at + wait

    def news(self, row: Any, now: int) -> News | None:
        """What is to be told of an alarm. One that came back soon after it was told as solved is told as such only when
        it has been gone for a while, so that what comes and goes is told twice and not each time."""
        last = self.told.get(row.name)
        stood = last is not None and last["stands"]
        state: Literal["new", "still", "solved"]
        if not row.solved_at and not stood:
            state = "new"
        elif last is None or not stood:
            return None
        elif not row.solved_at and now - last["at"] >= AGAIN:
            state = "still"
        elif row.solved_at and (not last["back"] or now - row.solved_at >= SOON):
            state = "solved"
        else:
            return None
        return News(name=row.name, words=row.words, state=state, since=row.since_at, until=row.solved_at)

    def keep(self, news: Sequence[News], why: str, now: int) -> None:
        """It was told."""
        for each in news:
            last = self.told.get(each.name, {"stands": False, "at": 0, "back": False})
            soon = last["back"] if last["stands"] else now - last["at"] < SOON
            self.told[each.name] = {"stands": each.state != "solved", "at": now, "back": soon}
        self.told = {name: last for name, last in self.told.items() if last["stands"] or now - last["at"] < SOON}
        self.claimed_at, self.tries, self.tried_at, self.why = 0, 0, now, why


_ALL = "SELECT name, words, since_at, solved_at FROM alarm ORDER BY name"
_PUT = """
INSERT INTO alarm (name, words, since_at) VALUES (:name, :words, :since)
ON CONFLICT (name) DO UPDATE SET words = excluded.words, since_at = excluded.since_at, solved_at = 0
"""
_SOLVE = "UPDATE alarm SET solved_at = :now WHERE name = :name AND solved_at = 0"
