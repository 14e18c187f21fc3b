"""How the house stands, for those who look after it: first what is there at once, then what has to be counted."""

from dataclasses import dataclass
from typing import Any

from sync import alarms, push, store
from sync.acts import errands
from sync.acts.office import Office
from sync.store.begun import Line, Stands

LATELY = 8  # lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """What waits for somebody. `withdrawals` by connection; `daemon` is which process is at work, empty for none."""

    alarms: list[Stands]
    decisions: dict[int, str]
    reports: int
    set_aside: int
    withdrawals: dict[str, int]
    daemon: str
    lately: list[Line]
    last_pull: int
    last_score: int


def urgent(office: Office) -> Urgent:
    """What waits for somebody, of what is known at once; alarms as the daemon saw them last."""
    targets, now = push.targets(office.house, office.settings), office.clock()
    waits = {each.connection: len(store.withdrawals(office.house, each, now=now)) for each in targets}
    with office.house.read() as db:
        return Urgent(
            alarms=store.begun.alarms(db),
            decisions=store.holding(db),
            reports=store.reports.counts(db)["open"],
            set_aside=store.begun.set_aside(db),
            withdrawals={name: count for name, count in waits.items() if count},
            daemon=errands.daemon(office),
            lately=store.begun.changes(db, most=LATELY),
            last_pull=store.begun.last_pull(db),
            last_score=store.begun.last_score(db),
        )


def status(office: Office) -> dict[str, Any]:
    """Everything that `status` tells, and how many people and mentions there are; takes seconds in a large house."""
    house, settings, now = office.house, office.settings, office.clock()
    told = store.status(house, alarms.expected(house, settings), alarms.others(house, settings, now=now), now=now)
    with house.read() as db:
        return {**told, "figures": store.begun.figures(db)}
