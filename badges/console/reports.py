"""What readers report as missing or wrong: a queue, the oldest first, with ways on from each."""

from typing import Any, NamedTuple

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.room import Asked, Room
from badges.wanted import number
from sync import store
from sync.acts import mentions, reports
from sync.store.sought import Named, Seen, Wanted

MOST = 20  # on one page


class Line(NamedTuple):
    """One report; `output` and `mention` are what it means, where that is still there."""

    row: Any
    output: Named | None
    mention: Seen | None


class ReportPages:
    """`/console/reports`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="/reports", role="editor", reads="look at reports", show=self.listed),
            Room(path="/reports/{id}/close", role="editor", reads="", take=self.close),
            Room(path="/reports/{id}/refuse", role="editor", reads="", take=self.refuse),
        )

    def listed(self, asked: Asked) -> Answer:
        """What is open, or all."""
        closed, after = bool(asked.query.one("closed")), asked.query.number("after")
        with asked.office.house.read() as db:
            rows = store.reports.part(db, closed=closed, after=after, most=MOST + 1)
            known = store.sought.named_by_public(db, [row.output for row in rows])
            meant = {row.mention for row in rows if row.mention}
            seen = {each: store.sought.sought(db, Wanted(mention=each), most=1) for each in meant}
            counts = store.reports.counts(db)
        lines = [Line(row, known.get(row.output), next(iter(seen.get(row.mention, ())), None)) for row in rows[:MOST]]
        more = rows[MOST - 1].id if len(rows) > MOST else 0
        return self._desk.paper.page(
            asked, "reports.html", lines=lines, counts=counts, closed=closed, more=more, first=not after
        )

    def close(self, asked: Asked) -> Answer:
        """Somebody has dealt with it."""
        reports.close(asked.office, number(asked.path["id"]), why=mentions.reason(asked.form.one("why")))
        return self._desk.paper.went("/console/reports")

    def refuse(self, asked: Asked) -> Answer:
        """The reader is right: the mention goes, and the report is closed with it."""
        report, mention = number(asked.path["id"]), asked.form.number("mention")
        mentions.refuse(asked.office, mention, why=asked.form.one("why"), report=report)
        return self._desk.paper.went("/console/reports")
