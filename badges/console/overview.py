"""The first page: what waits for somebody, the most urgent first; then how the house stands, and what was done."""

from typing import NamedTuple

from badges.answers import Answer
from badges.console.desk import ConsoleDesk
from badges.console.menu import menu
from badges.console.room import Asked, Room
from sync.acts import guide, state
from sync.store.begun import Line

ROOMS = (  # by the beginning of an alarm's name, where its matter is looked after
    ("decision:", "/console/decisions"),
    ("scope", "/console/scope"),
    ("hide-ended", "/console/flags"),
    ("scores-wait", "/console/connections"),
    ("badges-closing", "/console/flags"),
    ("reread", "/console/connections"),
    ("certificate", "/console/connections"),
    ("source", "/console/connections"),
    ("badges", "/console/connections"),
    ("push", "/console/connections"),
    ("withdrawals", "/console/connections"),
)
PHRASES = {  # a verb of the audit log in words; others stand as they are
    "accept": "agreed to what was held back",
    "backup": "made a backup",
    "badges left": "left badges where they stand",
    "badges withdrawn": "took all badges back",
    "connection add": "connected a system",
    "connection change": "changed a connection",
    "connection forget": "forgot a connection",
    "connection pause": "paused a connection",
    "connection resume": "resumed a connection",
    "errand check": "asked for a check",
    "errand full": "asked for everything to be read",
    "errand pull": "asked for a pull",
    "errand push": "asked for a push",
    "errand score": "asked for a score",
    "hide": "hid an output or a person",
    "institution set": "said who we are",
    "outlet import": "brought in a list of outlets",
    "report close": "dealt with a report",
    "scope apply": "decided who takes part",
    "unhide": "took a hide back",
}
OURS = ("connection", "errand", "badges")  # verbs whose subject is a name of ours; of others it may be hidden


class Did(NamedTuple):
    """A line of what was done lately."""

    at: int
    by: str
    words: str
    subject: str


class Overview:
    """`/console`, and the figures that take longer than a page may."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (
            Room(path="", role="editor", reads="", show=self.show),
            Room(path="/figures", role="editor", reads="", show=self.figures),
        )

    def show(self, asked: Asked) -> Answer:
        """What waits, and what was done lately."""
        found = state.urgent(asked.office)
        ways = {path for _, shelf in menu(asked.visitor.role) for path, _ in shelf}
        steps = [] if guide.over(asked.office) else guide.walk(asked.office)
        return self._desk.paper.page(
            asked,
            "overview.html",
            steps=steps,
            next=next((each for each in steps if each.next), None),
            empty=not asked.office.settings.connections and bool(steps),
            found=found,
            alarms=[
                (each.words, each.since, path if (path := room(each.name)) in ways else "") for each in found.alarms
            ],
            lately=[_did(each) for each in found.lately],
            rules=asked.office.settings.score.rules,
        )

    def figures(self, asked: Asked) -> Answer:
        """How much there is, and how much of it is seen."""
        told = state.status(asked.office)
        return self._desk.paper.page(asked, "figures.html", told=told, rules=asked.office.settings.score.rules)


def room(alarm: str) -> str:
    """Where the matter of an alarm is looked after; empty where no room is for it."""
    return next((path for begins, path in ROOMS if alarm.startswith(begins)), "")


def _did(line: Line) -> Did:
    ours = line.verb.split(" ")[0] in OURS
    return Did(line.at, line.by, PHRASES.get(line.verb, line.verb), line.subject if ours else "")
