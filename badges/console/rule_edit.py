"""Editing a rule set of one's own: a field for each constant, held against the loader's own checks."""

import tomllib
from collections.abc import Mapping
from typing import Any

from badges.answers import Answer
from badges.console import rule_form
from badges.console.desk import ConsoleDesk
from badges.console.door import STATUS
from badges.console.room import Asked, Room
from scoring.checks import ways
from scoring.compared import constants
from scoring.rules import SOURCES, UNITS, RuleSetError, made
from scoring.sheets import CURVES as EXPLAINED
from scoring.sheets import UNITS as CALLED
from scoring.signs import checks
from sync.acts import Refused, files, rules

BY = {"nothing": "nothing", "tier": "outlet's tier", "reach": "blog's reach", "account": "account's factor"}
STEPS = {
    "reach": "From how many followers, a colon, and times how much: 1000: 0.4. One step a line.",
    "promiscuity": "From how many posts a month, a colon, and times how much: 30: 0.9. One step a line.",
    "bias": "From how many per cent, a colon, and times how much: 25: 0.9. One step a line.",
}


class RuleEdit:
    """`/console/rules/NAME/edit`."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self.rooms = (Room(path="/rules/{name}/edit", role="admin", reads="", show=self.show, take=self.take),)

    def show(self, asked: Asked) -> Answer:
        """The form, as the file is now."""
        text = rules.own_text(asked.office, asked.path["name"])
        rules.one(asked.office, asked.path["name"])  # what cannot be used has no fields to show
        return self._form(asked, rule_form.shown(tomllib.loads(text)), text)

    def take(self, asked: Asked) -> Answer:
        """Write it, or show what is wrong at its field."""
        name, fields = asked.path["name"], rule_form.sent(asked.form)
        text = rules.own_text(asked.office, name)
        told = rule_form.told(name, fields)
        if faults := _faults(name, told, fields):
            return self._form(asked, fields, text, status=422, errors=faults, seen=asked.form.one("seen"))
        try:
            rules.edit(asked.office, name, told.document, seen=asked.form.one("seen"))
        except RuleSetError as error:
            faults = rule_form.at_fields(name, str(error).splitlines(), fields)
            return self._form(asked, fields, text, status=422, errors=faults, seen=asked.form.one("seen"))
        except Refused as refused:
            return self._form(
                asked,
                fields,
                text,
                status=STATUS[refused.why],
                errors={"": refused.message},
                clash=self._clash(asked, told.document),
            )
        return self._desk.paper.went(f"/console/rules/{name}?done=edit")

    def _clash(self, asked: Asked, document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Where the file as it is now and what was sent differ: place, the file's, the other's."""
        now, theirs = rules.one(asked.office, asked.path["name"]), made(asked.path["name"], document)
        named = (("version", now.version, theirs.version), ("summary", now.summary, theirs.summary))
        return [*(each for each in named if each[1] != each[2]), *constants(now, theirs)]

    def _form(
        self,
        asked: Asked,
        fields: Mapping[str, str],
        text: str,
        *,
        status: int = 200,
        errors: Mapping[str, str] | None = None,
        seen: str = "",
        clash: list[tuple[str, str, str]] | None = None,
    ) -> Answer:
        name, office = asked.path["name"], asked.office
        return self._desk.paper.page(
            asked,
            "rule_edit.html",
            status=status,
            name=name,
            in_force=office.settings.score.rules == name,
            fields=fields,
            errors=errors or {},
            seen=seen or files.mark(text.encode()),
            clash=clash or [],
            next_version=rules.next_version(office, rules.one(office, name)),
            sources=[(source, _units(unit), [(way, BY[way]) for way in ways(unit)]) for source, unit in UNITS.items()],
            all_sources=tuple(SOURCES),
            curves=[(curve, EXPLAINED[curve][1], STEPS[curve]) for curve in rule_form.CURVES],
            signs=[(sign, check.sentence) for sign, check in checks().items()],
        )


def _units(unit: str) -> list[tuple[str, str]]:
    return [(each, CALLED.get(each, each)) for each in dict.fromkeys((unit, "source"))]


def _faults(name: str, told: rule_form.Told, fields: Mapping[str, str]) -> dict[str, str]:
    """What cannot be read, and what the loader would say of the rest."""
    try:
        made(name, told.document)
        found = {}
    except RuleSetError as error:
        found = rule_form.at_fields(name, str(error).splitlines(), fields)
    return {**found, **told.errors}
