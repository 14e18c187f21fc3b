"""The rule sets: which there are and which is in force, what each says, copies, and the switch from one to another."""

from collections.abc import Sequence

from badges.answers import Answer
from badges.charts.curve import curve
from badges.console.desk import ConsoleDesk
from badges.console.door import STATUS
from badges.console.room import Asked, Room
from badges.console.rule_form import CURVES, written
from scoring.compared import constants
from scoring.rules import RuleSet, Source
from scoring.sheets import UNITS, Sheet, points, sheets
from sync.acts import Refused, rules, settings_file

BY = {
    "nothing": "",
    "tier": "the outlet's tier",
    "reach": "times the blog's reach",
    "account": "times the account's factor",
}
SOURCES = (
    ("source", ""),
    ("counts once per", ""),
    ("points", "n"),
    ("repost", "n"),
    ("depends on", ""),
    ("reposts together", ""),
    ("whose weight", ""),
)
NUMBERS = ("points", "times", "least", "most", "where nothing is told")  # columns


class Rules:
    """`/console/rules` and below, but for editing and comparing."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        one = "/rules/{name}"
        self.rooms = (
            Room(path="/rules", role="editor", reads="", show=self.all),
            Room(path=one, role="editor", reads="", show=self.one),
            Room(path=f"{one}/copy", role="admin", reads="", take=self.copy),
            Room(path=f"{one}/use", role="admin", reads="", show=self.using, take=self.use),
            Room(path=f"{one}/delete", role="admin", reads="", show=self.deleting, take=self.delete),
        )

    def all(self, asked: Asked) -> Answer:
        """Which there are, which is in force, and which cannot be used."""
        return self._desk.paper.page(asked, "rules.html", sets=rules.listed(asked.office.settings))

    def one(self, asked: Asked) -> Answer:
        """One rule set, every constant of it."""
        return self._shown(asked)

    def copy(self, asked: Asked) -> Answer:
        """Make a copy of it that can be edited, and go there."""
        new = asked.form.one("new")
        try:
            rules.copy(asked.office, asked.path["name"], new)
        except Refused as refused:
            if refused.why == "unknown":
                raise
            return self._shown(asked, status=STATUS[refused.why], new=new, error=refused.message)
        return self._desk.paper.went(f"/console/rules/{new}/edit")

    def using(self, asked: Asked) -> Answer:
        """What it means to put it in force, and the reason that is asked for."""
        return self._use(asked)

    def use(self, asked: Asked) -> Answer:
        """Put it in force."""
        why = asked.form.one("why")
        try:
            rules.use(asked.office, asked.path["name"], why=why, seen=asked.form.one("seen"))
        except Refused as refused:
            if refused.why == "unknown":
                raise
            missing = refused.message if not why else ""
            return self._use(
                asked,
                status=STATUS[refused.why],
                why=why,
                error=missing,
                refused=() if missing else refused.message.splitlines(),
            )
        return self._desk.paper.went("/console/score?done=use")

    def deleting(self, asked: Asked) -> Answer:
        """Whether it is meant."""
        rules.own_text(asked.office, asked.path["name"])
        return self._desk.paper.page(asked, "rule_delete.html", name=asked.path["name"])

    def delete(self, asked: Asked) -> Answer:
        """Remove it."""
        rules.delete(asked.office, asked.path["name"])
        return self._desk.paper.went("/console/rules")

    def _shown(self, asked: Asked, *, status: int = 200, new: str = "", error: str = "") -> Answer:
        found = next((each for each in rules.listed(asked.office.settings) if each.name == asked.path["name"]), None)
        if found is None:
            raise Refused(f"no rule set is called {asked.path['name']!r}", "unknown")
        chosen = found.rules
        if chosen is None:
            return self._desk.paper.page(asked, "rule_faults.html", found=found)
        drawn = {f"Account factor: {name}": _drawn(chosen, name) for name in CURVES}
        return self._desk.paper.page(
            asked,
            "rule_set.html",
            status=status,
            found=found,
            rules=chosen,
            columns=SOURCES,
            sources=[_source(each) for each in chosen.sources],
            sheets=[(each, _columns(each)) for each in sheets(chosen) if each.title != "Sources"],
            drawn=drawn,
            done=asked.query.one("done"),
            new=new,
            error=error,
        )

    def _use(
        self, asked: Asked, *, status: int = 200, why: str = "", error: str = "", refused: Sequence[str] = ()
    ) -> Answer:
        office, name = asked.office, asked.path["name"]
        after = rules.one(office, name)
        bound = ""
        try:
            settings_file.unbound("score", "rules")
        except Refused as told:
            bound = told.message
        before = next((each for each in rules.listed(office.settings) if each.in_force), None)
        return self._desk.paper.page(
            asked,
            "rule_use.html",
            status=status,
            before=before,
            in_force=office.settings.score.rules,
            after=after,
            differ=len(list(constants(before.rules, after))) if before and before.rules else 0,
            file=office.settings.file.name,
            seen=settings_file.digest(office),
            bound=bound,
            why=why,
            error=error,
            refused=refused,
        )


def _source(each: Source) -> tuple[str, ...]:
    """A line of the table of sources, nothing left to be guessed."""
    weight = "published" if each.published else "ours" if each.counts else "none is published"
    unit = UNITS.get(each.unit, each.unit)
    if not each.counts:
        return each.source, unit, "never counts", "", "", "", weight
    return (
        each.source,
        unit,
        points(each.millipoints),
        points(each.repost),
        BY[each.by],
        "rounded up to a whole point" if each.round_reposts else "",
        weight,
    )


def _columns(sheet: Sheet) -> list[tuple[str, str]]:
    return [(name, "n" if name in NUMBERS else "") for name in sheet.columns]


def _drawn(chosen: RuleSet, name: str) -> str:
    return curve([(written(step.start, CURVES[name]), step.milli) for step in chosen.curves[name]])
