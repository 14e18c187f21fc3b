"""What waits for somebody who agrees: what was held back, what agreeing would do, and agreeing."""

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.effects import effect_rows
from badges.console.room import Asked, Room
from badges.wanted import number
from sync.acts import Refused, decisions

AT_ONCE = 2_000  # records whose effect is worked out unasked; for more it takes minutes


class Decisions:
    """`/console/decisions`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/decisions", role="admin", reads="", show=self.all),
            Room(path="/decisions/{run}", role="admin", reads="look at decision", show=self.one, take=self.accept),
            Room(path="/decisions/{run}/effect", role="admin", reads="look at decision", show=self.effect),
        )

    def all(self, asked: Asked) -> Answer:
        """Everything that waits."""
        found, accepted = decisions.waiting(asked.office), asked.query.number("accepted")
        done = accepted if accepted not in {each.run for each in found} else 0
        return self._desk.paper.page(asked, "decisions.html", found=found, accepted=done)

    def one(self, asked: Asked) -> Answer:
        """What one run holds back."""
        told = decisions.one(asked.office, _run(asked))
        count = sum(told.decision.records.values())
        return self._desk.paper.page(
            asked, "decision.html", each=told.decision, lost=told.lost, count=count, at_once=count <= AT_ONCE
        )

    def effect(self, asked: Asked) -> Answer:
        """What would appear and vanish, which takes as long to work out as to do."""
        run = _run(asked)
        rows = effect_rows(decisions.preview(asked.office, run))
        return self._desk.paper.page(asked, "decision_effect.html", run=run, rows=rows)

    def accept(self, asked: Asked) -> Answer:
        """Agree, to what was shown."""
        run = _run(asked)
        decisions.one(asked.office, run)  # or it is over by now, and says so
        decisions.accept(asked.office, run, seen=asked.form.number("count"))
        return self._desk.paper.went(f"/console/decisions?accepted={run}")


def _run(asked: Asked) -> int:
    """The run of the path. Raises `Refused` for what is no number of one."""
    run = number(asked.path["run"])
    if not run:
        raise Refused("there is no such run; see what waits", "unknown")
    return run
