"""The ledger of one output in words: every mention and count, whether it counted, its points and why; and its score's
history. One text for the command `explain` and for the files beside the page; the page says the same in the language of
its reader."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from badges.card import NAMES
from scoring.rules import UNITS, RuleSet
from scoring.words import CHANGED, Clause, clauses, english, tally_clause
from sync import store
from sync.store import Audience, Change, Ledger, Shown, ShownVersion, Since

POSTS = frozenset({"x", "weibo", "bluesky", "mastodon", "facebook", "linkedin", "gplus", "pinterest"})
NAMELESS = frozenset({"x"})  # whose terms let others publish ids, and nothing else
COPIES = ("same page", "sign of gaming")  # the reasons for which a mention is not even one of those that may count
GAMING = "sign of gaming"  # of which only the administrator's list says whose it is


class Sums(NamedTuple):
    """What a ledger adds up to; `breakdown` is a dictionary for each source that has a part in it."""

    millipoints: int
    basis: str
    breakdown: list[dict[str, Any]]

    @property
    def score(self) -> int:
        """What a badge shows."""
        return -(-self.millipoints // 1000)


def explained(shown: Shown, audience: Audience, ledger: Ledger, rules: RuleSet) -> dict[str, Any]:
    """What is known of an output for an audience, as `explain --json` prints it, but for the context.

    The sums are the ledger's own, so that it adds up."""
    sums = added(ledger)
    return {
        "output": str(shown.output),
        "title": shown.title,
        "identifiers": [str(each) for each in shown.identifiers],
        "versions": [_version(each) for each in shown.versions],
        "audience": audience,
        "score": sums.score,
        "millipoints": sums.millipoints,
        "basis": sums.basis,
        "rules": {"name": shown.rules, "version": shown.version},
        "breakdown": sums.breakdown,
        "ledger": [
            *(_line(line, rules) for line in ledger.mentions),
            *(_count(line, rules) for line in ledger.counts),
        ],
    }


def added(ledger: Ledger) -> Sums:
    """The sums of a ledger, of which only the points need be known, not what its mentions are about."""
    points = sum(line["millipoints"] for line in (*ledger.mentions, *ledger.counts))
    parts = [*_breakdown(ledger.mentions), *(_part(line) for line in ledger.counts if not line["beaten"])]
    return Sums(points, _basis(ledger), parts)


def why(line: Mapping[str, Any], rules: RuleSet) -> tuple[Clause, ...]:
    """The reason for the points of a mention."""
    by = rules.source(NAMES[line["source"]])
    reached = by.by == "reach" and line["counted"] and line["millipoints"] != by.millipoints
    return clauses(
        reason=line["reason"],
        unit_kind=by.unit,
        unit=line["unit"],
        by=by.by,
        tier=line["tier"],
        factor=line["factor"],
        repost=line["repost"],
        carried=line["carried"],
        reach=line["millipoints"] / by.millipoints if reached else 1,
    )


def why_counted(line: Mapping[str, Any], rules: RuleSet) -> tuple[Clause, ...]:
    """The reason for the points of a number."""
    by = rules.source(NAMES[line["source"]])
    return (tally_clause(beaten=bool(line["beaten"]), counts=by.counts, published=by.published),)


def who(line: Mapping[str, Any]) -> str:
    """Who made a mention, as far as it is told: a name, else what it is known by. Empty where nobody is told."""
    told, source = line["told"], NAMES[line["source"]]
    by_account = UNITS[source] in ("account", "author")
    name = "" if source in NAMELESS else told.account if by_account else told.outlet
    return str(name) or told.unit.partition(":")[2]


def title(line: Mapping[str, Any]) -> str:
    """What the mentioning page is called. Of a post nothing is shown that its author wrote: where it is taken back
    there, it should not stay here."""
    return "" if NAMES[line["source"]] in POSTS else str(line["told"].title)


def past(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The history of a score, the oldest change first, as `explain --json` prints it."""
    return [
        {
            "at": store.stamp(change.at),
            "before": change.before,
            "millipoints": change.after,
            "rules": {"name": change.rules, "version": change.version},
            "reason": change.reason,
            "why": CHANGED[change.reason],
        }
        for change in changes
    ]


def changed(each: Since) -> dict[str, Any]:
    """An output whose score is another one now, as `changes --json` prints it."""
    return {
        "output": str(each.output),
        "doi": each.doi or None,
        "title": each.title,
        "at": store.stamp(each.at),
        "before": {"score": -(-each.before // 1000), "millipoints": each.before},
        "after": {"score": -(-each.after // 1000), "millipoints": each.after},
        "reasons": list(each.reasons),
        "why": "; ".join(CHANGED[reason] for reason in each.reasons),
    }


def _line(line: Mapping[str, Any], rules: RuleSet) -> dict[str, Any]:
    told, source = line["told"], NAMES[line["source"]]
    shy = line["reason"] == GAMING
    return {
        "mention": str(told.public_id),
        "url": "" if shy else told.url,
        "occurred_at": store.stamp(line["occurred"]),
        "source": source,
        "unit": f"source:{source}" if rules.source(source).static else "not shown" if shy else told.unit,
        "counted": bool(line["counted"]),
        "millipoints": line["millipoints"],
        "why": english(why(line, rules)),
        "under": None if line["under"] is None or shy else str(line["under"]),
        "evidence": None if shy else _evidence(line),
    }


def _evidence(line: Mapping[str, Any]) -> dict[str, str | None]:
    """How a mention was tied to the output, and how sure that is. What was quoted of it is for administrators alone:
    whoever wrote it may take it back, and files that readers have keep it."""
    way = line["way"]
    return {"method": (way and way.method) or line["told"].method, "level": (way and way.level) or None}


def _version(each: ShownVersion) -> dict[str, Any]:
    """A version whose attention is in the score; `output` is its own page, where there is one."""
    return {
        "identifier": str(each.identifier),
        "relation": each.relation,
        "output": str(each.output) if each.output else None,
    }


def _count(line: Mapping[str, Any], rules: RuleSet) -> dict[str, Any]:
    """A number of which no mention is known, as a line of the ledger; its time is when it was told."""
    return {
        "mention": None,
        "url": "",
        "occurred_at": store.stamp(line["known"]),
        "source": NAMES[line["source"]],
        "unit": f"count:{line['units']}",
        "counted": bool(line["counted"]),
        "millipoints": line["millipoints"],
        "under": None,
        "evidence": None,
        "why": english(why_counted(line, rules)),
    }


def _basis(ledger: Ledger) -> str:
    """As score.sql has it: counts where one brought points, or where nothing else stands. Mentions that a rule set
    leaves out are no basis."""
    mentioned = any(line["reason"] not in COPIES for line in ledger.mentions)
    alone = not mentioned and not all(line["beaten"] for line in ledger.counts)
    if alone or any(line["millipoints"] for line in ledger.counts):
        return "counts"
    return "mentions" if mentioned else "none"


def _part(line: Mapping[str, Any]) -> dict[str, Any]:
    told = {"mentions": line["units"], "units": line["units"], "millipoints": line["millipoints"], "basis": "counts"}
    return {"source": NAMES[line["source"]], **told}


def _breakdown(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mentions summed by source; a copy of a page is no mention of its own."""
    found: dict[int, dict[str, Any]] = {}
    for line in lines:
        part = found.get(line["source"])
        if part is None:
            part = found[line["source"]] = {"mentions": 0, "units": set(), "millipoints": 0}
        if line["reason"] not in COPIES:
            part["mentions"] += 1
            part["units"].add(line["unit"])
        part["millipoints"] += line["millipoints"]
    return [
        {"source": NAMES[source], **part, "units": len(part["units"]), "basis": "mentions"}
        for source, part in found.items()
    ]
