"""Signing in by a link, which whoever is at the machine can make, and signing out."""

from sync import store
from sync.acts.office import Office, Refused
from sync.acts.sealed import opened
from sync.store.sessions import NEVER, ROLES, Role, Session

SECOND = 1_000_000


def role(word: str) -> Role:
    """A role by its name. Raises `Refused`."""
    for known in ROLES:
        if word == known:
            return known
    raise Refused(f'role: "{word}" is none of {", ".join(ROLES)}', "wrong")


def lasts(office: Office) -> int:
    """Microseconds that a session lasts."""
    return int(office.settings.sign_in.session.total_seconds()) * SECOND


def idle(office: Office) -> int:
    """Microseconds without a look at any page after which one is over."""
    told = office.settings.sign_in.idle
    return int(told.total_seconds()) * SECOND if told else NEVER


def link(office: Office, name: str, what: Role) -> str:
    """The address that signs somebody in, once, for ten minutes."""
    now = office.clock()
    with office.house.write() as db:
        word = store.sessions.link(db, name, what, now=now)
        store.note(db, "session link", name, by=office.by, now=now, role=what)
    return f"{office.settings.institution.base_url}/console/sign-in/link/{word}"


def followed(office: Office, word: str, *, before: str = "") -> str | None:
    """Sign in by such a link; the word of the session, None for a link of no use, which costs one look. `before` is the
    word of a session of the same browser, which is over then."""
    now = office.clock()
    with office.house.read() as db:
        if not store.sessions.waits(db, word, now=now):
            return None
    with office.house.write() as db:
        session = store.sessions.follow(db, word, now=now, lasts=lasts(office))
        found = store.sessions.found(db, session, now=now) if session else None
        if found:
            if before and (old := store.sessions.found(db, before, now=now)):
                store.sessions.end(db, old.id, now=now)
            store.note(db, "sign in", found.name, by=found.name, now=now, role=found.role, how=found.how)
    return session


def listed(office: Office) -> list[Session]:
    """Who is signed in."""
    with office.house.read() as db:
        return store.sessions.listed(db, now=office.clock(), idle=idle(office))


def end(office: Office, id_: int) -> None:
    """Sign somebody out."""
    now = office.clock()
    with office.house.write() as db:
        if not store.sessions.end(db, id_, now=now):
            raise Refused(f"session {id_}: nobody is signed in by it", "unknown")
        store.note(db, "sign out", f"session:{id_}", by=office.by, now=now)


def end_all(office: Office, name: str) -> list[int]:
    """Sign somebody out everywhere; which sessions that were."""
    with office.house.write():
        ids = [session.id for session in listed(office) if session.name == name]
        if not ids:
            raise Refused(f"{name}: is not signed in; see `ringmark session list`", "unknown")
        for id_ in ids:
            end(office, id_)
    return ids


def leave(office: Office, id_: int, word: str) -> str:
    """Sign out oneself; what the provider wants to be told of it, empty for nothing."""
    now = office.clock()
    with office.house.write() as db:
        found = store.sessions.found(db, word, now=now)
        end(office, id_)
    return opened(word, found.hint) if found else ""
