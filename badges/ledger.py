"""The ledger of one output in words: every mention and count, whether it counted, its points and why; and its score's
history. One text for the command `explain` and for the page behind the badge."""

from collections.abc import Iterable
from typing import Any

from badges.card import NAMES
from scoring.rules import RuleSet
from scoring.words import CHANGED, sentence, tally_sentence
from sync import store
from sync.store import Audience, Change, Ledger, Shown, ShownVersion, Since


def explained(shown: Shown, audience: Audience, ledger: Ledger, rules: RuleSet) -> dict[str, Any]:
    """What is known of an output for an audience, as `explain --json` prints it, but for the context.

    The sums are the ledger's own, so that it adds up."""
    lines = [_line(line, rules) for line in ledger.mentions]
    counts = [_count(line, rules) for line in ledger.counts]
    points = sum(line["millipoints"] for line in (*lines, *counts))
    return {
        "output": str(shown.output),
        "title": shown.title,
        "identifiers": [str(each) for each in shown.identifiers],
        "versions": [_version(each) for each in shown.versions],
        "audience": audience,
        "score": -(-points // 1000),
        "millipoints": points,
        "basis": _basis(lines, ledger.counts),
        "rules": {"name": shown.rules, "version": shown.version},
        "breakdown": [*_breakdown(lines), *(_part(line) for line in ledger.counts if not line["beaten"])],
        "ledger": [*({name: value for name, value in line.items() if name != "key"} for line in lines), *counts],
    }


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


def _line(line: dict[str, Any], rules: RuleSet) -> dict[str, Any]:
    told, source = line["told"], NAMES[line["source"]]
    by = rules.source(source)
    why = sentence(
        reason=line["reason"],
        unit_kind=by.unit,
        unit=line["unit"],
        by=by.by,
        tier=line["tier"],
        factor=line["factor"],
        repost=line["repost"],
        carried=line["carried"],
    )
    if by.by == "reach" and line["counted"] and line["millipoints"] != by.millipoints:
        why += f"; times the blog's reach of {line['millipoints'] / by.millipoints:g}"
    shy = line["reason"] == "sign of gaming"  # of which only the administrator's list says whose it is
    return {
        "mention": str(told.public_id),
        "url": "" if shy else told.url,
        "occurred_at": store.stamp(line["occurred"]),
        "source": source,
        "unit": f"source:{source}" if by.static else "not shown" if shy else told.unit,
        "counted": bool(line["counted"]),
        "millipoints": line["millipoints"],
        "why": why,
        "under": None if line["under"] is None or shy else str(line["under"]),
        "key": None if line["reason"] in ("same page", "sign of gaming") else line["unit"],
    }


def _version(each: ShownVersion) -> dict[str, Any]:
    """A version whose attention is in the score; `output` is its own page, where there is one."""
    return {
        "identifier": str(each.identifier),
        "relation": each.relation,
        "output": str(each.output) if each.output else None,
    }


def _count(line: dict[str, Any], rules: RuleSet) -> dict[str, Any]:
    """A number of which no mention is known, as a line of the ledger; its time is when it was told."""
    by = rules.source(NAMES[line["source"]])
    return {
        "mention": None,
        "url": "",
        "occurred_at": store.stamp(line["known"]),
        "source": by.source,
        "unit": f"count:{line['units']}",
        "counted": bool(line["counted"]),
        "millipoints": line["millipoints"],
        "under": None,
        "why": tally_sentence(beaten=bool(line["beaten"]), counts=by.counts, published=by.published),
    }


def _basis(lines: list[dict[str, Any]], counts: list[dict[str, Any]]) -> str:
    """As score.sql has it: counts where one brought points, or where nothing else stands. Mentions that a rule set
    leaves out are no basis."""
    mentioned = any(line["key"] is not None for line in lines)
    if any(line["millipoints"] for line in counts) or (not mentioned and not all(line["beaten"] for line in counts)):
        return "counts"
    return "mentions" if mentioned else "none"


def _part(line: dict[str, Any]) -> dict[str, Any]:
    told = {"mentions": line["units"], "units": line["units"], "millipoints": line["millipoints"], "basis": "counts"}
    return {"source": NAMES[line["source"]], **told}


def _breakdown(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mentions summed by source; a copy of a page is no mention of its own."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        part = found.setdefault(
            line["source"], {"source": line["source"], "mentions": 0, "units": set(), "millipoints": 0}
        )
        if line["key"] is not None:
            part["mentions"] += 1
            part["units"].add(line["key"])
        part["millipoints"] += line["millipoints"]
    return [{**part, "units": len(part["units"]), "basis": "mentions"} for part in found.values()]
