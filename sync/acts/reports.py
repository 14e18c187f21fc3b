"""What readers report: their words are read by administrators alone, and that is in the audit log."""

from typing import Any

from sync import store
from sync.acts.office import Office, Refused


def listed(office: Office, *, closed: bool) -> list[Any]:
    """Every open report, with those that are `closed` where they are asked for; the oldest first."""
    with office.house.read() as db:
        return store.reports.listed(db, closed=closed)


def show(office: Office, id_: int) -> Any:
    """One report, in the words of the reader. Raises `Refused`."""
    with office.house.write() as db:
        row = store.reports.one(db, id_)
        if row is None:
            raise _none(id_)
        store.note(db, "report show", f"report:{id_}", by=office.by, now=office.clock())
    return row


def close(office: Office, id_: int, *, why: str) -> int:
    """Somebody has dealt with it; when. Raises `Refused`, also where somebody else was first."""
    now = office.clock()
    with office.house.write() as db:
        if not store.reports.close(db, id_, why, now=now):
            raise _none(id_)
        store.note(db, "report close", f"report:{id_}", by=office.by, now=now, why=why)
    return now


def _none(id_: int) -> Refused:
    return Refused(f"{id_}: no such open report; see `ringmark report list`", "clash")
