"""The badge as a JSON document: what `/badge/...json` answers and what an embed script shows in its popover."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One source of the breakdown: all its mentions, the units of them that count once each, and their points."""

    source: str
    mentions: int
    units: int
    millipoints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The place within one population. `percentile` is the share in percent at or below; None below 30 outputs."""

    count: int
    rank: int
    percentile: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFacts:
    """What a badge says of one output to one audience. All of it was permitted when the badge was written.

    `output` is the public id; `identifiers` are `scheme:value`; `basis` is `mentions`, `counts` or `none`; `standings`
    are by population: `all`, `journal`, `similar_age`, `similar_age_journal`, absent where there is none. `page` is
    the address of the page behind the badge."""

    output: int
    identifiers: tuple[str, ...]
    score: int
    millipoints: int
    basis: str
    rules_name: str
    rules_version: str
    page: str
    breakdown: tuple[Line, ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)


POPULATIONS = ("all", "journal", "similar_age", "similar_age_journal")


def card(facts: BadgeFacts) -> dict[str, object]:
    """The document, ready for `json.dumps`; the keys it shares with `explain --json` mean the same there."""
    return {
        "output": str(facts.output),
        "identifiers": list(facts.identifiers),
        "score": facts.score,
        "millipoints": facts.millipoints,
        "basis": facts.basis,
        "rules": {"name": facts.rules_name, "version": facts.rules_version},
        "breakdown": [_line(line) for line in facts.breakdown],
        "context": {name: _standing(facts.standings.get(name)) for name in POPULATIONS},
        "links": {"page": facts.page},
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "source": line.source,
        "mentions": line.mentions,
        "units": line.units,
        "millipoints": line.millipoints,
    }


def _standing(standing: Standing | None) -> dict[str, object]:
    if standing is None:
        return {}
    told: dict[str, object] = {"count": standing.count, "rank": standing.rank}
    return told if standing.percentile is None else told | {"percentile": standing.percentile}
