"""How connections stand, in words that need no explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from badges.console.room import Asked
from config.settings import Settings
from sync import store
from sync.acts import connections
from sync.acts.errands import by_hand
from sync.store import Alarm
from sync.store.errands import Errand

Kind = Literal["good", "wait", "bad", "idle"]
ASKED = {  # what an errand is, in words
    "pull": "pull what changed",
    "full": "pull everything",
    "score": "score what changed",
    "push": "push badges",
    "check": "check",
    "withdraw": "withdraw all badges",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One connection for a page. `state` and `kind` are how it stands, `told` what is to be said of that; `at_work` is
    what runs now, `next` when it is read again."""

    name: str
    what: str
    state: str
    kind: Kind
    told: tuple[str, ...]
    cursor: str
    bookmark_at: int
    last: Mapping[str, Any] | None
    at_work: tuple[str, ...]
    next: str
    configured: bool
    reads: bool
    row: Mapping[str, Any]


def standing(
    asked: Asked, row: Mapping[str, Any], alarms: Sequence[Alarm], *, alive: bool, decided: bool = True
) -> Standing:
    """One connection of `connections.glance`; `alive` where a daemon is at work, `decided` where nothing of it waits
    for a decision."""
    settings, name = asked.office.settings, row["name"]
    running = [run for run in (row["last_pull"], row["last_push"]) if run and run["outcome"] == "running"]
    state, kind = _state(row, settings, alarms, running=bool(running))
    if kind == "good" and not decided:
        state, kind = "waits for a decision", "wait"
    return Standing(
        name=name,
        what=row["kind"],
        state=state,
        kind=kind,
        told=_told(row, settings, alarms),
        cursor=row["cursor"] or "",
        bookmark_at=row["bookmark_at"],
        last=row["last_run"],
        at_work=tuple(progress(name, run) for run in running),
        next=_next(asked, row, running=bool(running), alive=alive),
        configured=name in settings.connections,
        reads=connections.is_read(asked.office, name) or bool(row["cursor"]),
        row=row,
    )


def progress(name: str, run: Mapping[str, Any]) -> str:
    """How far a run has come, and how long it may still take."""
    done = run.get("before", 0) + run.get("seen", 0)
    if run["step"] == "push":
        return f"{name}: badges are pushed since {span(run['seconds'])}"
    of = f" of {run['expected']:,}" if run["expected"] else ""
    return f"{name}: {run['asked']}: {done:,}{of} records seen in {span(run['seconds'])}; {_left(run['left'])}"


def span(seconds: int) -> str:
    """A length of time in the largest unit that makes it a number to speak of."""
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {unit}"
    return f"{seconds} second{'s'[: seconds != 1]}"


def waits(errand: Errand, *, alive: bool, now: int) -> str:
    """What is to be said of an errand that is not done yet."""
    what = f"{errand.subject}: {ASKED[errand.verb]}".removeprefix(": ")
    if errand.begun_at:
        return f"{what}: begun {span(max(now - errand.begun_at, 0) // 1_000_000)} ago"
    if alive:
        return f"{what}: asked for by {errand.by}, begins in a moment"
    return f"{what}: asked for by {errand.by}, waits for a daemon; by hand: {by_hand(errand)}"


def _left(left: Mapping[str, int] | None) -> str:
    if left is None:
        return "how long it will take is not known"
    least, most = span(left["least"]), span(left["most"])
    return f"about {most} left" if least == most else f"{least} to {most} left"


def _state(row: Mapping[str, Any], settings: Settings, alarms: Sequence[Alarm], *, running: bool) -> tuple[str, Kind]:
    names = {alarm.name.partition(":")[0] for alarm in alarms}
    if row["name"] == store.LOCAL:
        return "imports", "idle"
    if row["name"] not in settings.connections:
        return "removed", "bad"
    if row["state"] == "paused":
        return "paused", "idle"
    if running:
        return "at work", "wait"
    if row["rest"]:
        return "rests", "bad"
    if row["alarm"]:
        return "fails", "bad"
    if "source-silent" in names:
        return "silent", "bad"
    if row["unread"]:
        return "to be read again", "wait"
    if alarms:
        return "look", "wait"
    return ("good", "good") if row["last_run"] else ("new", "idle")


def _told(row: Mapping[str, Any], settings: Settings, alarms: Sequence[Alarm]) -> tuple[str, ...]:
    name = row["name"]
    words = [alarm.words for alarm in alarms if not alarm.name.startswith(("source-failing", "source-removed"))]
    if name not in settings.connections and name != store.LOCAL:
        words.insert(0, f"No longer in {settings.file.name}; its votes stay until it is forgotten.")
    if row["alarm"]:
        words.insert(0, row["alarm"])
    if row["read_again"]:
        words.insert(0, f"Read whole next: {', '.join(row['read_again'])} changed.")
    if row["rest"]:
        words.insert(0, row["rest"])
    return tuple(words)


def _next(asked: Asked, row: Mapping[str, Any], *, running: bool, alive: bool) -> str:
    """When it is read next. Times are to five minutes, since the daemon is late by chance."""
    name = row["name"]
    if row["state"] != "active" or name not in asked.office.settings.connections:
        return "not until it is resumed" if row["state"] == "paused" else "never"
    if not connections.is_read(asked.office, name):
        return "never; badges are written there, after each score"
    if running:
        return "runs now"
    coming = connections.coming(asked.office, name)
    if coming is None:
        return "by hand only"
    how = "all of it" if coming.what == "everything" else "what changed"
    if not alive:
        return f"when a daemon is at work; {how} was due" if coming.at <= asked.now else "when a daemon is at work"
    if coming.at <= asked.now:
        return f"now: {how}"
    return f"about {store.moment(coming.at):%Y-%m-%d %H:%M} UTC: {how}"
