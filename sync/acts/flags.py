"""Looking at flags, levels, conflicts and hidden things at large. Audited where it is not a page of the console, which
notes what is looked at by itself."""

from sync import store
from sync.acts.office import Office
from sync.store import clashes, glance, lookup
from sync.store.clashes import Clash, Conflicts
from sync.store.glance import Glance
from sync.store.lookup import Found


def at_a_glance(office: Office) -> Glance:
    """How everything is spread over levels, flags and sources, and what the scope makes of it: counts alone."""
    with office.house.read() as db:
        return glance.glance(db, now=office.clock())


def conflicts(office: Office, kind: Clash, *, after: int = 0) -> Conflicts:
    """A page of what sources do not agree on."""
    with office.house.write() as db:
        store.note(db, "conflicts", kind, by=office.by, now=office.clock(), after=after)
        return clashes.conflicts(db, kind, after=after)


def find(office: Office, text: str) -> list[Found]:
    """Whatever a text may mean, hidden or not. What was asked for may be a name, and is not noted."""
    with office.house.write() as db:
        found = lookup.look_up(db, text)
        store.note(db, "find", "", by=office.by, now=office.clock(), found=len(found))
    return found
