"""Asking the daemon to do something out of its turn, and what came of it."""

from typing import get_args

from sync import push, steps, store
from sync.acts.office import Office, Refused
from sync.store.errands import Errand, Verb

BY_HAND: dict[Verb, str] = {  # the verb that does the same, for when no daemon is at work
    "pull": "ringmark pull {}",
    "full": "ringmark pull {} --full",
    "score": "ringmark score",
    "push": "ringmark push {}",
    "check": "ringmark check --connect",
    "withdraw": "ringmark connection forget {} --withdraw",
}


def verb(word: str) -> Verb:
    """What can be asked for, by its name. Raises `Refused`."""
    for known in get_args(Verb):
        if word == known:
            return known  # type: ignore[no-any-return]
    raise Refused(f'errand: "{word}" is none of {", ".join(get_args(Verb))}', "wrong")


def ask(office: Office, what: Verb, subject: str = "") -> int:
    """Ask for it; its number. Where the same waits already, that is it."""
    _possible(office, what, subject)
    now = office.clock()
    with office.house.write() as db:
        id_ = store.errands.ask(db, what, subject, by=office.by, now=now)
        store.note(db, f"errand {what}", subject or "scores", by=office.by, now=now, errand=id_)
    return id_


def listed(office: Office, *, most: int, subject: str = "") -> list[Errand]:
    """The newest, newest first; of one connection where one is named."""
    with office.house.read() as db:
        return store.errands.listed(db, most=most, subject=subject)


def by_hand(errand: Errand) -> str:
    """The verb of the command line that does the same."""
    return BY_HAND[errand.verb].format(errand.subject)


def daemon(office: Office) -> str:
    """Which process does what is asked for, in words; empty where no daemon is at work on this store."""
    from sync.daemon.holder import gone, words  # with the scheduler, which few need
    from sync.daemon.lease import NAME

    lease = store.leases.held(office.house, NAME, now=office.clock(), gone=gone)
    return words(lease.holder) if lease else ""


def _possible(office: Office, what: Verb, subject: str) -> None:
    settings = office.settings
    if what == "score":
        if subject:
            raise Refused("errand score: takes no connection; all that has changed is scored", "wrong")
        return
    if subject not in settings.connections:
        raise Refused(f"{subject}: no such connection in {settings.file.name}", "clash" if subject else "wrong")
    kind = settings.connections[subject].kind
    if what in ("pull", "full") and subject not in steps.pullable(settings):
        raise Refused(f"{subject}: a {kind} connection is not read; `ringmark push {subject}` writes to it", "wrong")
    if what in ("push", "withdraw") and subject not in push.names(settings):
        raise Refused(f"{subject}: a {kind} connection takes no badges", "wrong")
