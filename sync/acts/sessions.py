"""Signing in by a link, which whoever is at the machine can make, and signing out."""

from sync import store
from sync.acts.office import Office, Refused
from sync.store.sessions import ROLES, Role, Session


def role(word: str) -> Role:
    """A role by its name. Raises `Refused`."""
    for known in ROLES:
        if word == known:
            return known
    raise Refused(f'role: "{word}" is none of {", ".join(ROLES)}', "wrong")


def link(office: Office, name: str, what: Role) -> str:
    """The address that signs somebody in, once, for ten minutes."""
    now = office.clock()
    with office.house.write() as db:
        word = store.sessions.link(db, name, what, now=now)
        store.note(db, "session link", name, by=office.by, now=now, role=what)
    return f"{office.settings.institution.base_url}/console/sign-in/link/{word}"


def followed(office: Office, word: str) -> str | None:
    """Sign in by such a link; the word of the session, None for a link of no use."""
    now = office.clock()
    with office.house.write() as db:
        session = store.sessions.follow(db, word, now=now)
        found = store.sessions.found(db, session, now=now) if session else None
        if found:
            store.note(db, "sign in", found.name, by=found.name, now=now, role=found.role, how=found.how)
    return session


def listed(office: Office) -> list[Session]:
    """Who is signed in."""
    with office.house.read() as db:
        return store.sessions.listed(db, now=office.clock())


def end(office: Office, id_: int) -> None:
    """Sign somebody out."""
    now = office.clock()
    with office.house.write() as db:
        if not store.sessions.end(db, id_, now=now):
            raise Refused(f"session {id_}: nobody is signed in by it", "unknown")
        store.note(db, "sign out", f"session:{id_}", by=office.by, now=now)
