"""A rule set as tables with a sentence each, for people who want to know what counts: what `rules show` prints."""

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.rules import RuleSet, Source

UNITS = {
    "policy_source": "policy source",
    "source": "the whole source",
}  # other units are called by their own names
TIMES = {"reach": "times the blog's reach", "account": "times the account's factor"}
CURVES = {
    "reach": ("followers", "The more followers an account has, the more its posts are worth."),
    "promiscuity": (
        "posts about outputs a month",
        "The more an account posts about outputs, the less each of its posts is worth.",
    ),
    "bias": ("to one journal's domain", "The more of an account's posts point to one journal, the less each is worth."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table, and what it means."""

    title: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets(rules: RuleSet) -> Iterator[Sheet]:
    """All that a rule set says, in the order in which a score is made."""
    yield Sheet(
        title="Sources",
        sentence="The first mention of each counts, and no later one. A repost is multiplied like an original; where "
        "it says so, all reposts of the source are added and rounded up to a whole point. Ours: none is published.",
        columns=("source", "counts once per", "points", "repost", "weight"),
        rows=tuple(_source(each) for each in rules.sources),
    )
    yield Sheet(
        title="Tiers of outlets",
        sentence="What a mention is worth where the outlet's tier decides; tier 1 reaches the most people.",
        columns=("tier", "points"),
        rows=(
            *((str(tier), points(milli)) for tier, milli in enumerate(rules.tiers, 1)),
            ("not known", f"{points(rules.tiers[rules.unknown_tier - 1])}, as tier {rules.unknown_tier}"),
        ),
    )
    for name, (counted, sentence) in CURVES.items():
        steps = ((_start(name, step.start), points(step.milli)) for step in rules.curves[name])
        yield Sheet(
            title=f"Account factor: {name}",
            sentence=f"{sentence} A step holds from its number up to the next one.",
            columns=(counted, "times"),
            rows=(*steps, ("not told", points(rules.neutral[name]))),
        )
    yield Sheet(
        title="Bounds",
        sentence="The three parts of an account's factor are multiplied; both multipliers are kept within these.",
        columns=("multiplier", "least", "most", "where nothing is told"),
        rows=(
            ("account factor", points(rules.clamp.least), points(rules.clamp.most), "as the tables above say"),
            (
                "reach of a blog",
                points(rules.blog_reach.least),
                points(rules.blog_reach.most),
                points(rules.neutral["blog_reach"]),
            ),
        ),
    )


def points(milli: int) -> str:
    """Thousandths as people write them."""
    return f"{milli / 1000:,.3f}".rstrip("0").rstrip(".")


def _source(source: Source) -> tuple[str, ...]:
    weight = "published" if source.published else "ours"
    unit = UNITS.get(source.unit, source.unit)
    if not source.counts:
        return source.source, unit, "never counts", "", weight if source.published else "none is published"
    if source.by == "tier":
        return source.source, unit, "by the outlet's tier", "", weight
    times = f", {TIMES[source.by]}" if source.by in TIMES else ""
    repost = ""
    if source.repost != source.millipoints:
        repost = points(source.repost)
    if source.round_reposts:
        repost = f"{repost or 'the same'}, rounded up"
    return source.source, unit, points(source.millipoints) + times, repost, weight


def _start(curve: str, start: int) -> str:
    """Followers are whole; posts are told in thousandths, and shares in thousandths of all."""
    if curve == "reach":
        return f"{start:,}"
    return points(start) if curve == "promiscuity" else f"{points(start * 100)} %"
