"""What another rule set would change, before anybody switches: its constants at once, the scores once they are worked
out, which takes some seconds."""

from collections.abc import Hashable
from typing import Any
from urllib.parse import quote

from badges.answers import Answer
from badges.charts.twice import twice
from badges.console.desk import ConsoleDesk
from badges.console.one_at_a_time import OneAtATime
from badges.console.room import Asked, Room
from scoring.compared import BANDS, constants, digest, spread
from scoring.rules import RuleSet
from scoring.sheets import points
from sync import store
from sync.acts import Refused, rules
from sync.acts.difference import NAMES, Difference, difference

LARGEST = 25  # changes with their titles
STALE = (
    600_000_000  # microseconds: what was worked out is not shown longer, for mentions come and outputs close by time
)
Outlook = dict[str, Any]


class RuleCompare:
    """`/console/rules/NAME/compare`: from another rule set, by default the one in force, to this one."""

    def __init__(self, desk: ConsoleDesk) -> None:
        self._desk = desk
        self._outlooks = OneAtATime[Outlook]()
        path = "/rules/{name}/compare"
        self.rooms = (
            Room(path=path, role="editor", reads="", show=self.show),
            Room(path=f"{path}/scores", role="editor", reads="look at changed scores", show=self.scores),
        )

    def show(self, asked: Asked) -> Answer:
        """The constants that differ, and a place for the scores."""
        told = self._between(asked)
        return self._desk.paper.page(
            asked,
            "rule_compare.html",
            **told,
            constants=list(constants(told["before"], told["after"])) if told["before"] else [],
        )

    def scores(self, asked: Asked) -> Answer:
        """The scores that would change; while others are being worked out, to ask again."""
        told = self._between(asked)
        if told["before"] is None:
            raise Refused("there is nothing to compare it with: choose another rule set", "wrong")
        pair = told["before"], told["after"]
        outlook = self._outlooks.get(_key(asked, pair), lambda: _outlook(asked, pair))
        return self._desk.paper.page(asked, "rule_scores.html", **told, outlook=outlook)

    def _between(self, asked: Asked) -> dict[str, Any]:
        office, name = asked.office, asked.path["name"]
        others = [each.name for each in rules.listed(office.settings) if each.rules and each.name != name]
        other = asked.query.one("with") or next(
            (each for each in (office.settings.score.rules, *others) if each != name and each in others), ""
        )
        return {
            "after": rules.one(office, name),
            "before": rules.one(office, other) if other else None,
            "others": [(each, each) for each in others],
            "in_force": office.settings.score.rules,
            "query": f"with={quote(other)}",
        }


def _key(asked: Asked, pair: tuple[RuleSet, RuleSet]) -> Hashable:
    with asked.office.house.read() as db:
        stored = store.generations(db)
    versions = asked.office.settings.score.versions
    return (*(digest(each) for each in pair), *stored, versions, asked.now // STALE)


def _outlook(asked: Asked, pair: tuple[RuleSet, RuleSet]) -> Outlook:
    """What the page says of a difference, which is kept, and is small."""
    found = difference(asked.office, pair, progress=lambda _: None)
    before, after = found.totals
    told = found.found
    return {
        "all": told.outputs,
        "counts": [
            ("have a higher score", told.up),
            ("have a lower score", told.down),
            ("fall to zero", sum(1 for output, was in before.items() if was and not after[output])),
            ("rise from zero", sum(1 for output, was in before.items() if not was and after[output])),
            ("keep their score", told.outputs - told.up - told.down),
            ("show another whole number", told.shown),
            ("have another rank", told.moved),
            (f"of the {told.highest:,} highest stay among them", told.stay),
        ],
        "sizes": [(size, f"{up:,}", f"{down:,}") for size, (up, down) in told.sizes.items()],
        "spread": _spread(found),
        "sources": [
            (NAMES[number], points(was), points(will), _signed(will - was))
            for number in sorted({*found.sources[0], *found.sources[1]})
            if (was := found.sources[0].get(number, 0)) | (will := found.sources[1].get(number, 0))
        ],
        "changes": [
            {
                "output": output,
                "title": found.seen[output].title,
                "difference": _signed(after[output] - before[output]),
                "before": points(before[output]),
                "after": points(after[output]),
                "ranks": f"{told.ranks[0][output]:,} to {told.ranks[1][output]:,}",
            }
            for output in found.changed[:LARGEST]
        ],
        "changed": told.up + told.down,
    }


def _spread(found: Difference) -> list[tuple[str, int, int, str]]:
    """How many outputs show a number of each band by either; bars leave out the zeros, beside which all were short."""
    before, after = (spread(scores.values()) for scores in found.totals)
    most = max((*before[1:], *after[1:]))
    names = (
        f"{least}" if least == top else f"{least} to {top}" if top else f"{least} and more" for least, top in BANDS
    )
    return [
        (name, was, will, twice(was, will, most) if place else "")
        for place, (name, was, will) in enumerate(zip(names, before, after, strict=True))
    ]


def _signed(milli: int) -> str:
    return f"{'+' if milli > 0 else ''}{points(milli)}"
