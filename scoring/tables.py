"""A rule set as the rows that score.sql joins to."""

from itertools import product

import pyarrow as pa

from scoring.rules import SOURCES, RuleSet, Step
from scoring.signs import checks

WHOLE = 1000  # thousandths in a point
ORIGIN = -62_135_596_800_000_000  # 0001-01-01 in microseconds, the first instant a store can hold
LEAST, MOST = -(2**63), 2**63 - 1

# Why a line of the ledger has its points; the first that applies.
REASONS = ("sign of gaming", "same page", "never counts", "no published weight", "first", "later")


def tables(rules: RuleSet) -> dict[str, pa.Table]:
    """Every table that score.sql takes from the rule set, by name; integers, but for the word in `reasons`."""
    return {
        "sources": _rows(
            {
                "source": SOURCES[source.source],
                "points": source.millipoints,
                "repost_points": source.repost,
                "by_tier": int(source.by == "tier"),
                "by_reach": int(source.by == "reach"),
                "by_account": int(source.by == "account"),
                "whole_source": int(source.static),
                "repost_step": WHOLE if source.round_reposts else 1,
                "counts": int(source.counts),
                "published": int(source.published),
            }
            for source in rules.sources
        ),
        "tiers": _rows({"tier": tier, "points": points} for tier, points in enumerate(rules.tiers, 1)),
        **{
            f"{name}_curve": _curve(rules.curves[name], rules.neutral[name])
            for name in ("reach", "promiscuity", "bias")
        },
        "bounds": _rows(
            [
                {
                    "whole": WHOLE,
                    "origin": ORIGIN,
                    "room": _most_points(rules) + 1,
                    "factor_least": rules.clamp.least,
                    "factor_most": rules.clamp.most,
                    "reach_least": rules.blog_reach.least,
                    "reach_most": rules.blog_reach.most,
                    "unknown_reach": rules.neutral["blog_reach"],
                    "unknown_tier_points": rules.tiers[rules.unknown_tier - 1],
                }
            ]
        ),
        "nobody": _rows(
            [{"account": -1, "followers": -1, "posts": -1, "share": -1, "outlet": -1, "tier": -1, "reach": -1}]
        ),
        "excluded": pa.table({"sign": pa.array([checks()[name].number for name in rules.exclude], pa.int64())}),
        "reasons": _reasons(),
    }


def _rows(rows: object) -> pa.Table:
    return pa.Table.from_pylist(list(rows))  # type: ignore[call-overload]


def _curve(steps: tuple[Step, ...], neutral: int) -> pa.Table:
    ends = [*(step.start - 1 for step in steps[1:]), MOST]
    told = [{"least": step.start, "most": end, "milli": step.milli} for step, end in zip(steps, ends, strict=True)]
    return _rows([{"least": LEAST, "most": -1, "milli": neutral}, *told])


def _most_points(rules: RuleSet) -> int:
    """No mention can have more: the highest weight times the highest multiplier, or the best tier."""
    weight = max(max(source.millipoints, source.repost) for source in rules.sources)
    multiplier = max(WHOLE, rules.clamp.most, rules.blog_reach.most, rules.neutral["blog_reach"])
    return max(weight * multiplier // WHOLE + 1, *rules.tiers)


def _reasons() -> pa.Table:
    rows = []
    for suspect, same_page, counts, published, first in product((0, 1), repeat=5):
        applies = (suspect, same_page, not counts and published, not counts and not published, first, True)
        reason = next(word for word, holds in zip(REASONS, applies, strict=True) if holds)
        row = {"suspect": suspect, "same_page": same_page, "counts": counts, "published": published}
        rows.append({**row, "first_of_unit": first, "reason": reason})
    return _rows(rows)
