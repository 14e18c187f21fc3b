"""Forgetting a connection: everything it told is released, its votes included, after what was pushed there."""

import hashlib
import json
from dataclasses import dataclass

from sync import push, store
from sync.acts.connections import known
from sync.acts.errands import ask
from sync.acts.office import Office, Refused
from sync.push import parting
from sync.push.parting import Parted
from sync.store import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetting:
    """What forgetting would do or did, and how many badges stand at the connection's system, or stood. `mark` tells one
    effect from another. Where not all of them could be taken back, `parted` says so, and nothing was forgotten."""

    effect: Effect
    pushed: int
    mark: str = ""
    parted: Parted | None = None


def size(office: Office, name: str) -> int:
    """How many records would be released: for each of them it takes about two thousandths of a second."""
    known(office, name)
    with office.house.read() as db:
        return store.source_size(db, name)


def held(office: Office, name: str) -> int:
    """How many badges may stand at a connection's system."""
    return parting.held(office.house, name)


def preview(office: Office, name: str) -> Forgetting:
    """What would appear and vanish; changes nothing."""
    known(office, name)
    pushed = parting.held(office.house, name)
    targets = push.targets(office.house, office.settings)
    effect = store.forget(office.house, name, targets, now=office.clock(), dry_run=True)
    return Forgetting(effect=effect, pushed=pushed, mark=_mark(effect))


def forget(
    office: Office, name: str, *, withdraw: bool = False, leave: bool = False, why: str = "", seen: str = ""
) -> Forgetting:
    """Forget it. Where `seen`, the mark of a preview, is given, only if that still holds.

    Badges that stand there are withdrawn first, or left, with a reason; neither is refused."""
    pushed = _agreed(office, name, withdraw=withdraw, leave=leave, why=why)
    if pushed and withdraw:
        parting.announce(office.house, name, by=office.by, why=why, badges=pushed, now=office.clock())
    if withdraw:
        parted = parting.take_back(office.house, office.settings, name, by=office.by, why=why, clock=office.clock)
        if parted.rest:
            return Forgetting(effect=Effect({}, {}, {}), pushed=pushed, parted=parted)
    now = office.clock()
    with office.house.write() as db:
        if not withdraw:
            _let_stand(office, name, pushed, leave=leave, why=why)
        targets = push.targets(office.house, office.settings)
        effect = store.forget(office.house, name, targets, now=now, dry_run=False)
        if seen and seen != _mark(effect):
            raise Refused(f"{name}: what would appear and vanish is no longer what was shown; look at it again")
        words = {"withdrawn": pushed} if withdraw else {"left": pushed} if leave else {}
        store.note(db, "connection forget", name, by=office.by, now=now, why=why, **words)
    return Forgetting(effect=effect, pushed=pushed)


def ask_to_withdraw(office: Office, name: str, *, why: str) -> int:
    """Pause it, and ask the daemon to take back everything that stands there, so that it can be forgotten then; the
    number of the errand."""
    known(office, name)
    if not why.strip():
        raise Refused("why: is empty; say why, for those who come after you", "wrong")
    if name not in office.settings.connections:
        raise Refused(_out_of_reach(office, name, parting.held(office.house, name)))
    with office.house.write():
        badges = parting.held(office.house, name)
        parting.announce(office.house, name, by=office.by, why=why, badges=badges, now=office.clock())
        return ask(office, "withdraw", name)


def sensible(*, withdraw: bool, leave: bool, why: str) -> None:
    """Whether what is to become of the badges can be meant so. Raises `Refused`."""
    if withdraw and leave:
        raise Refused("--withdraw and --leave are opposites; choose one", "wrong")
    if leave and not why.strip():
        raise Refused("--leave needs --why: say why badges that nobody tends any more may stay", "wrong")


def _agreed(office: Office, name: str, *, withdraw: bool, leave: bool, why: str) -> int:
    """How many badges stand there, where it was said what is to become of them."""
    sensible(withdraw=withdraw, leave=leave, why=why)
    known(office, name)
    pushed = parting.held(office.house, name)
    if pushed and not (withdraw or leave):
        raise Refused(
            f"{name}: still holds {pushed} badges; take them back with --withdraw, or --leave them and say --why"
        )
    if withdraw and pushed and name not in office.settings.connections:
        raise Refused(_out_of_reach(office, name, pushed))
    return pushed


def _out_of_reach(office: Office, name: str, pushed: int) -> str:
    mend = f"put [connections.{name}] back, or --leave them and say --why"
    return f"{name}: not in {office.settings.file.name}, so its {pushed} badges cannot be reached; {mend}"


def _let_stand(office: Office, name: str, pushed: int, *, leave: bool, why: str) -> None:
    """Forget where badges stand that are left; a connection that is still in the settings is paused, or the next push
    would write everything again."""
    now = office.clock()
    with office.house.write() as db:
        if leave:
            store.pause(office.house, name, paused=True)
        if pushed:
            store.note(db, "badges left", name, by=office.by, now=now, badges=pushed, why=why)
        store.leave(db, name)


def _mark(effect: Effect) -> str:
    """The same for what shows and hides the same."""
    told = json.dumps(effect.seen, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
