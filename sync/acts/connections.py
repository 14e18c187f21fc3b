"""The configured systems: how they stand, what was done for them and is done next, pausing and resuming."""

from typing import TYPE_CHECKING, Any

from config.settings import Settings
from config.visibility import Visibility
from sync import steps, store
from sync.acts.office import Office, Refused

if TYPE_CHECKING:
    from sync.daemon.coming import Coming

UNKNOWN = "{}: no such connection; see `ringmark connection list`"


def listed(office: Office) -> list[dict[str, Any]]:
    """Every connection with what it told and its last run, of which it is known whether that still goes on."""
    with office.house.read() as db:
        rows = store.sources(db, now=office.clock())
    return _alive(office, rows)


def glance(office: Office) -> list[dict[str, Any]]:
    """The same without what has to be counted, so that it is there at once."""
    with office.house.read() as db:
        rows = store.sources_at_a_glance(db, now=office.clock())
    return _alive(office, rows)


def known(office: Office, name: str) -> str:
    """The state of a connection: active, paused or removed. Raises `Refused`."""
    state = store.state(office.house, name)
    if state is None:
        raise Refused(UNKNOWN.format(name), "unknown")
    return state


def counted(office: Office, name: str) -> dict[str, Any]:
    """How many people, items and authorships a connection told, and how many badges stand there."""
    known(office, name)
    with office.house.read() as db:
        return store.told_by(db, name, now=office.clock())


def runs(office: Office, name: str, *, last: int) -> list[dict[str, Any]]:
    """What was done for a connection, newest first."""
    known(office, name)
    return store.runs_of(office.house, name, most=last, now=office.clock())


def pause(office: Office, name: str) -> None:
    """Pull it no more, and write no badges there, until `resume`."""
    _pause(office, name, paused=True)


def resume(office: Office, name: str) -> None:
    """Let it go on, at once also where it rests after failures."""
    _pause(office, name, paused=False)


def is_read(office: Office, name: str) -> bool:
    """Whether a connection is of a kind that is read, or asked."""
    return name in steps.pullable(office.settings)


def coming(office: Office, name: str) -> "Coming | None":
    """When a connection is read next by the schedule, and how; None where it never is."""
    from sync.daemon.coming import coming as worked_out  # with the scheduler, which few need

    connection = office.settings.connections.get(name)
    lately = store.lately(office.house, name, now=office.clock())
    if connection is None or lately is None or not is_read(office, name):
        return None
    rest = store.rests(office.house, name, now=office.clock())
    return worked_out(connection, lately, rests_until=rest, now=office.clock())


def assumed(settings: Settings, name: str) -> dict[str, str]:
    """The levels that the settings assume for what a connection's format cannot say."""
    connection = settings.imports if name == store.LOCAL else settings.connections.get(name)
    levels = connection.assume.model_dump() if connection else {}
    return {kind: Visibility(level).word for kind, level in levels.items() if level is not None}


def _alive(office: Office, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        if row["last_run"]:
            store.close_dead(office.house, row["name"], row["last_run"])
    return rows


def _pause(office: Office, name: str, *, paused: bool) -> None:
    now = office.clock()
    with office.house.write() as db:
        if not store.pause(office.house, name, paused=paused):
            raise Refused(UNKNOWN.format(name), "unknown")
        store.note(db, "connection pause" if paused else "connection resume", name, by=office.by, now=now)
