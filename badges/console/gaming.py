"""What the checks for gaming have found, with names, which stand nowhere else."""

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.wanted import number
from scoring.signs import checks
from sync import store
from sync.acts import gaming

MOST = 50  # on one page
EVIDENCE = 100  # mentions of one finding


class GamingPages:
    """`/console/gaming`; the acts note what was looked at."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/gaming", role="editor", reads="", show=self.listed),
            Room(path="/gaming/{output}/{sign}", role="editor", reads="", show=self.one),
        )

    def listed(self, asked: Asked) -> Answer:
        """The findings, those with most mentions first."""
        told = gaming.findings(asked.office)
        skip = min(asked.query.number("skip"), len(told.found))
        rows = told.found[skip : skip + MOST]
        with asked.office.house.read() as db:
            known = store.sought.named_by_public(db, [int(each["output"]) for each in rows])
        return self._desk.paper.page(
            asked,
            "gaming.html",
            rows=[(each, known.get(int(each["output"]))) for each in rows],
            total=len(told.found),
            looked_at=told.looked_at or 0,
            checks=checks(),
            skip=skip,
            more=skip + MOST if skip + MOST < len(told.found) else 0,
        )

    def one(self, asked: Asked) -> Answer:
        """What one finding stands on, and what excluding it would do."""
        told = gaming.evidence(asked.office, number(asked.path["output"]), asked.path["sign"], most=EVIDENCE)
        return self._desk.paper.page(asked, "gaming_one.html", told=told, most=EVIDENCE)
