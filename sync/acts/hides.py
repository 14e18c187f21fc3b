"""Why something shows or does not, and local votes, which can only tighten."""

from typing import Any, NamedTuple

from sync import push, store
from sync.acts.office import Office, Refused
from sync.acts.subjects import Subject, subject, until
from sync.store import Effect, nearby
from sync.store import hides as votes
from sync.store.why_group import group as why_group


class Hidden(NamedTuple):
    """A local vote in force. `on` is what it is on now, by `output:ID` or `person:ID`; `over`, whether its time is up
    and it waits for every source to be read again."""

    kind: str
    subject: str
    on: tuple[str, ...]
    why: str
    by: str
    made_at: int
    until_at: int
    over: bool


def why(office: Office, text: str) -> dict[str, Any]:
    """Every raw flag, vote and condition of an output, person or group, and the one that decided."""
    found = subject(office, text)
    now = office.clock()
    with office.house.write() as db:
        told = story(office, found, now=now)
        store.note(db, "why", told[found.kind], by=office.by, now=now)
    return told


def story(office: Office, found: Subject, *, now: int) -> dict[str, Any]:
    """The same, for whoever has it noted already."""
    with office.house.read() as db:
        if found.kind == "group":
            return why_group(db, found.id, now=now)
        return (store.why_output if found.kind == "output" else store.why_person)(db, found.id, now=now)


def hide(office: Office, text: str, *, because: str, until_date: str = "") -> None:
    """Hide an output or a person at once, whatever the sources say."""
    if not because.strip():
        raise Refused("why: is empty; say why, for those who come after you", "wrong")
    found = _votable(office, text)
    now, ends = office.clock(), until(until_date)
    with office.house.write() as db:
        store.hide(office.house, found.kind, found.id, subject=text, why=because, until=ends, now=now)
        store.note(db, "hide", text, by=office.by, now=now, why=because, until=until_date)


def would_hide(office: Office, text: str) -> Effect:
    """What hiding it takes out of sight, and where badges are withdrawn by that; nothing is changed."""
    found, now = _votable(office, text), office.clock()
    targets = push.targets(office.house, office.settings)
    with office.house.write() as db:

        def change() -> store.Touched:
            return store.hide(office.house, found.kind, found.id, subject=text, why="", until=store.FOREVER, now=now)

        return nearby.effect_of(db, change, targets, now=now, dry_run=True)


def unhide(office: Office, text: str) -> int:
    """Take back every local vote on an output or a person; how many there were."""
    found = _votable(office, text)
    now = office.clock()
    with office.house.write() as db:
        released = store.unhide(office.house, found.kind, found.id, now=now)
        if not released:
            raise Refused(f"{text}: is not hidden")
        store.note(db, "unhide", text, by=office.by, now=now)
    return released


def listed(office: Office) -> list[Hidden]:
    """Every local vote in force, the newest first."""
    now = office.clock()
    with office.house.read() as db:
        return [
            Hidden(
                row.kind,
                row.subject,
                tuple(f"{row.kind}:{public}" for public in on),
                row.why,
                by,
                row.made_at,
                row.until_at,
                row.until_at <= now,
            )
            for row, on, by in votes.listed(db)
        ]


def looked_at(office: Office) -> list[Hidden]:
    """The same, noted."""
    with office.house.write() as db:
        store.note(db, "hides", "", by=office.by, now=office.clock())
    return listed(office)


def _votable(office: Office, text: str) -> Subject:
    found = subject(office, text)
    if found.kind == "group":
        raise Refused(f"{text}: a group is not hidden here; hide its members, or close it at its source", "wrong")
    return found
