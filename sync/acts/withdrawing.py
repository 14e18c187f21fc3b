"""How far the withdrawals are that a change of the scope has brought about."""

from typing import NamedTuple

from sync import push, store
from sync.acts.office import Office
from sync.store import ScopeChange
from sync.store.errands import Errand

LATELY = 200  # errands among which that of a withdrawal is


class Withdrawing(NamedTuple):
    """One connection: how many badges the change was to take back there, how many of all wait there now, and how its
    push stands: asked, at work, ended, or nothing where none is known any more. `outcome` and `why` are that of its
    end. `tended` is False where the connection is no longer in the settings, so that nobody takes anything back."""

    connection: str
    badges: int
    tended: bool
    waiting: int
    state: str
    since: int
    outcome: str
    why: str


def withdrawing(office: Office, change: ScopeChange) -> list[Withdrawing]:
    """The connections that it takes badges back from."""
    counts = {name: count for name, count in change.did.get("withdrawals", {}).items() if count}
    if not counts:
        return []
    targets = {each.connection: each for each in push.targets(office.house, office.settings)}
    with office.house.read() as db:
        errands = {
            each.subject: each for each in reversed(store.errands.listed(db, most=LATELY)) if each.verb == "push"
        }
    now, found = office.clock(), []
    for name, count in sorted(counts.items()):
        tended = name in targets
        waiting = len(store.withdrawals(office.house, targets[name], now=now)) if tended else 0
        found.append(Withdrawing(name, count, tended, waiting, *_state(errands.get(name), change)))
    return found


def _state(errand: Errand | None, change: ScopeChange) -> tuple[str, int, str, str]:
    if errand is None or 0 < errand.ended_at < change.at:
        return "", 0, "", ""
    if errand.ended_at:
        return "ended", errand.ended_at, errand.outcome, str(errand.told.get("why", ""))
    if errand.begun_at:
        return "at work", errand.begun_at, "", ""
    return "asked", errand.asked_at, "", ""
