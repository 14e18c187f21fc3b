"""The way from an empty house to its first badges. How far it has come is told by the settings and the store alone, so
that a step that was done by hand is done."""

from dataclasses import dataclass

from config.scope import Scope
from sync import steps, store
from sync.acts import errands, institution
from sync.acts.office import Office
from sync.store.errands import Errand

HEADINGS = {
    "institution": "Say who you are",
    "system": "Connect a first system",
    "check": "Ask it whether that will do",
    "pull": "Read it for the first time",
    "scope": "Decide who takes part",
    "score": "Score, and look at the first badges",
    "go": "Show them where the work is shown",
}
BY_HAND = {
    "institution": "ringmark institution set --name NAME --base-url URL",
    "system": "ringmark connection add NAME --kind KIND --url URL",
    "check": "ringmark check --connect",
    "pull": "ringmark pull",
    "scope": "ringmark scope apply FILE",
    "score": "ringmark score",
    "go": "ringmark daemon --serve",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `next` is the one that waits to be done: of all that are not done, the first."""

    number: int
    key: str
    heading: str
    by_hand: str
    done: bool
    next: bool


def walk(office: Office) -> list[Step]:
    """All steps, in their order."""
    done = _done(office)
    waits = next((key for key in HEADINGS if not done[key]), "")
    return [
        Step(number=number, key=key, heading=heading, by_hand=BY_HAND[key], done=done[key], next=key == waits)
        for number, (key, heading) in enumerate(HEADINGS.items(), 1)
    ]


def over(office: Office) -> bool:
    """Whether nobody needs the guide any more: there were badges once."""
    return store.ever_scored(office.house)


def readable(office: Office) -> list[str]:
    """The connections that are read, in the order of the settings."""
    return steps.readable(office.settings)


def checks(office: Office) -> dict[str, Errand | None]:
    """By connection, the newest asking whether it will do."""
    with office.house.read() as db:
        return {name: store.begun.asked(db, "check", name) for name in office.settings.connections}


def good(check: Errand | None) -> bool:
    """Whether it found nothing amiss."""
    findings = check.told.get("findings", []) if check and check.ended_at else []
    return bool(findings) and all(each["ok"] for each in findings)


def read_first(office: Office, name: str) -> int:
    """Let a connection be read from now on, and ask the daemon to begin with everything at once."""
    now = office.clock()
    with office.house.write() as db:
        if store.state(office.house, name) == "paused":
            store.pause(office.house, name, paused=False)
            store.note(db, "connection resume", name, by=office.by, now=now)
        return errands.ask(office, "pull", name)


def keep_scope(office: Office) -> None:
    """Decide that those take part who do: the scope in force stays, and somebody has said so."""
    now = office.clock()
    with office.house.write() as db:
        scope = store.in_force(db) or Scope()
        levels = {name: level.word for name, level in scope.visibility}
        told = {"status": scope.status, "profile": scope.profile, "visibility": levels}
        store.note(db, "scope apply", "scope", by=office.by, now=now, kept=True, **told)


def _done(office: Office) -> dict[str, bool]:
    with office.house.read() as db:
        pulled = store.begun.pulled(db)
        decided = store.begun.noted(db, "scope apply") or store.begun.noted(db, "scope undo")
    scored = over(office)
    checked = pulled or any(good(check) for check in checks(office).values())
    return {
        "institution": institution.told(office),
        "system": bool(readable(office)),
        "check": checked,
        "pull": pulled,
        "scope": decided or (scored and pulled),
        "score": scored,
        "go": False,
    }
