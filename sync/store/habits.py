"""What each source usually does, learned from its past runs and from day to day, and when it no longer does."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import text

from config.schedule import Schedule
from config.settings import Connection
from sync.store.alarms import HOUR, Alarm, recall, remember, span
from sync.store.clock import DAY, micros, moment
from sync.tables import FOREVER

MICROSECOND = timedelta(microseconds=1)
RUNS = 30  # complete pulls whose gaps are the habit of a source
CHANGES = 20  # pulls that changed something, whose gaps are another habit
LEAST_CHANGES, LEAST_SPAN = 6, 14 * DAY  # what is enough to learn that from
MUCH_LONGER, LEAST_QUIET = 5, 7 * DAY
KEPT = 90  # days of counts
FEWER, LEAST_FEWER = 0.9, 20  # a share of the most there were, and so many records less
MORE, LEAST_MORE = 2, 20  # times as many set aside as a week ago, and so many more
DAYS = "days"  # where the counts are kept

Sources = Sequence[Mapping[str, Any]]


def broken(db: Database, sources: Sources, settings: Mapping[str, Connection], *, now: int) -> Iterator[Alarm]:
    """The sources that do not do what they usually do, of those that the settings have pulled. What is paused is left
    out."""
    aside = _open(db)
    days = recall(db, DAYS)
    for source in sources:
        name = source["name"]
        if source["state"] == "active" and name in settings:
            complete = db.execute(text(_COMPLETE), {"name": name, "most": RUNS + 1}).fetchall()
            first = db.execute(text(_FIRST), {"name": name}).scalar()
            told = silent(source, settings[name], complete, first, now) or unchanged(db, name, complete)
            yield from filter(None, (told, shrinking(source, days), growing(source, aside, days, now)))


def counted(db: Database, *, now: int) -> bool:
    """Whether today's counts are kept."""
    return any(day[0] == now // DAY for days in recall(db, DAYS).values() for day in days)


def count(db: Database, sources: Sources, *, now: int) -> None:
    """Keep how much each source has today, for the days to come."""
    today, days, aside = now // DAY, recall(db, DAYS), _open(db)
    kept = {
        source["name"]: [
            *(each for each in days.get(source["name"], ()) if today - KEPT < each[0] < today),
            [today, source["people"], source["items"], aside.get(source["name"], 0)],
        ]
        for source in sources
    }
    remember(db, DAYS, kept)


def silent(
    source: Mapping[str, Any], settings: Connection, complete: Sequence[Any], first: int | None, now: int
) -> Alarm | None:
    """No complete pull for longer than the third time its schedule names, and than twice its usual gap; an hour more. A
    pull that is under way has the time that one may take."""
    schedule = settings.pull
    if not (schedule.every or schedule.cron) or first is None:
        return None
    since = complete[0].ended_at if complete else first
    run = source["last_run"]
    if run and run["outcome"] == "running" and run["step"] == "pull":
        since = max(since, micros(datetime.fromisoformat(run["began_at"])) + settings.deadline // MICROSECOND)
    gaps = sorted(later.began_at - earlier.began_at for later, earlier in pairwise(complete))
    usual = gaps[len(gaps) * 9 // 10] if gaps else 0  # of thirty the three longest are taken for exceptions
    if now <= max(_third(schedule, since), since + 2 * usual) + HOUR:
        return None
    name, habit = source["name"], f'pull = "{schedule}"' + (f", and usually every {span(usual)}" if usual else "")
    mend = "see that `ringmark daemon` runs, and what the last run says"
    words = f"{name}: no complete pull for {span(now - since)}, though {habit}; {mend}"
    return Alarm(f"source-silent:{name}", words)


def unchanged(db: Database, name: str, complete: Sequence[Any]) -> Alarm | None:
    """It answers, and has told nothing new for much longer than it ever did."""
    asked = {"name": name, "changed": '%"changed":0,%', "deleted": '%"deleted":0,%', "most": CHANGES + 1}
    changes = [row.began_at for row in db.execute(text(_CHANGES), asked)]
    if not complete or len(changes) < LEAST_CHANGES or changes[0] - changes[-1] < LEAST_SPAN:
        return None
    longest = max(later - earlier for later, earlier in pairwise(changes))
    quiet = complete[0].began_at - changes[0]
    if quiet <= max(MUCH_LONGER * longest, LEAST_QUIET):
        return None
    words = f"{name}: answers, but has told nothing new for {span(quiet)}, where the longest was {span(longest)}"
    return Alarm(f"source-unchanged:{name}", f"{words}; see whether its own feed still runs")


def shrinking(source: Mapping[str, Any], days: Mapping[str, Any]) -> Alarm | None:
    """It has clearly less than it had at most within the days that are kept."""
    name, parts = source["name"], []
    for place, kind in ((1, "people"), (2, "items")):
        most = max((day[place] for day in days.get(name, ())), default=0)
        if source[kind] < FEWER * most and most - source[kind] >= LEAST_FEWER:
            parts.append(f"{source[kind]} {kind}, where it had {most}")
    if not parts:
        return None
    words = f"{name}: has fewer and fewer records: {', '.join(parts)} within {KEPT} days"
    return Alarm(f"source-shrinking:{name}", f"{words}; ask its administrators; if it is right this ends by itself")


def growing(source: Mapping[str, Any], aside: Mapping[str, int], days: Mapping[str, Any], now: int) -> Alarm | None:
    """Many more of its records are set aside or in doubt than a week ago."""
    name = source["name"]
    before = [day[3] for day in days.get(name, ()) if day[0] <= now // DAY - 7]
    open_ = aside.get(name, 0)
    if not before or open_ < MORE * before[-1] or open_ - before[-1] < LEAST_MORE:
        return None
    words = f"{name}: {open_} records are set aside or in doubt, and a week ago there were {before[-1]}"
    return Alarm(f"set-aside-growing:{name}", f"{words}; see `ringmark setaside list`")


def _third(schedule: Schedule, since: int) -> int:
    """The third time after an instant at which a schedule has something done."""
    if schedule.every:
        return since + 3 * (schedule.every // MICROSECOND)
    from apscheduler.triggers.cron import CronTrigger  # slow to import, and needed only for crontab lines

    trigger, at = CronTrigger.from_crontab(schedule.cron, timezone=UTC), moment(since)
    for _ in range(3):
        at = trigger.get_next_fire_time(at, at) or at
    return micros(at)


def _open(db: Database) -> dict[str, int]:
    """How many records of each source are set aside or in doubt."""
    return {row.name: int(row.records) for row in db.execute(text(_ASIDE), {"never": FOREVER})}


_OF_ONE = "FROM run r JOIN connection c ON c.id = r.connection_id WHERE c.name = :name AND r.step = 'pull'"
_FIRST = f"SELECT min(r.began_at) {_OF_ONE}"
_COMPLETE = f"""
SELECT r.began_at, r.ended_at {_OF_ONE} AND r.outcome IN ('done', 'held') ORDER BY r.id DESC LIMIT :most
"""
_CHANGES = f"""
SELECT r.began_at {_OF_ONE} AND r.counts <> '{{}}' AND (r.counts NOT LIKE :changed OR r.counts NOT LIKE :deleted)
ORDER BY r.id DESC LIMIT :most
"""
_ASIDE = """
SELECT c.name, count(*) AS records FROM set_aside s JOIN connection c ON c.id = s.connection_id
WHERE s.resolved_at = :never GROUP BY c.name
"""
