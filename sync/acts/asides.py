"""Records that were not understood: what is open, the evidence, and reading their sources again."""

from typing import Any

from sync import store
from sync.acts.errands import ask
from sync.acts.office import Office, Refused

WHAT = ("set aside", "stored as private", "stored, waits for what it refers to", "stored without a part")


def listed(office: Office) -> list[Any]:
    """What is open, oldest first."""
    with office.house.read() as db:
        return store.set_aside(db)


def one(office: Office, id_: int) -> Any:
    """One record with its evidence, open or not. Raises `Refused`."""
    with office.house.read() as db:
        row = store.one_aside(db, id_)
    if row is None:
        raise Refused(f"{id_}: no such record; see `ringmark setaside list`", "unknown")
    return row


def show(office: Office, id_: int) -> Any:
    """The same, with a line in the audit log."""
    row = one(office, id_)
    now = office.clock()
    with office.house.write() as db:
        store.note(db, "setaside show", f"setaside:{id_}", by=office.by, now=now)
    return row


def sources(office: Office, id_: int | None = None) -> list[str]:
    """The connections that must be read again, in full, for what is open, or for one record of it. Raises `Refused`
    where there is none."""
    rows = listed(office)
    wanted = [row for row in rows if id_ in (None, row.id)]
    if id_ is not None and not wanted:
        raise Refused(f"{id_}: no such open record; see `ringmark setaside list`", "unknown")
    names = sorted({row.connection for row in wanted} & office.settings.connections.keys())
    if not names:
        raise Refused("nothing to replay: import the file again, or there is nothing set aside")
    return names


def replay(office: Office, name: str) -> int:
    """Ask the daemon to read a connection again, in full; the number of the errand."""
    if name not in office.settings.connections:
        raise Refused(f"{name}: cannot be read again; import the file again, or put [connections.{name}] back")
    return ask(office, "full", name)
