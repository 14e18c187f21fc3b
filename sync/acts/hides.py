"""Why something shows or does not, and local votes, which can only tighten."""

from typing import Any

from sync import store
from sync.acts.office import Office, Refused
from sync.acts.subjects import subject, until


def why(office: Office, text: str) -> dict[str, Any]:
    """Every raw flag, vote and condition of an output or person, and the one that decided."""
    kind, id_, _ = subject(office, text)
    now = office.clock()
    with office.house.write() as db:
        told = store.why_output(db, id_, now=now) if kind == "output" else store.why_person(db, id_, now=now)
        store.note(db, "why", told[kind], by=office.by, now=now)
    return told


def hide(office: Office, text: str, *, because: str, until_date: str = "") -> None:
    """Hide an output or a person at once, whatever the sources say."""
    if not because.strip():
        raise Refused("why: is empty; say why, for those who come after you", "wrong")
    kind, id_, _ = subject(office, text)
    now, ends = office.clock(), until(until_date)
    with office.house.write() as db:
        store.hide(office.house, kind, id_, subject=text, why=because, until=ends, now=now)
        store.note(db, "hide", text, by=office.by, now=now, why=because, until=until_date)


def unhide(office: Office, text: str) -> int:
    """Take back every local vote on an output or a person; how many there were."""
    kind, id_, _ = subject(office, text)
    now = office.clock()
    with office.house.write() as db:
        released = store.unhide(office.house, kind, id_, now=now)
        if not released:
            raise Refused(f"{text}: is not hidden")
        store.note(db, "unhide", text, by=office.by, now=now)
    return released
