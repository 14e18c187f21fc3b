"""One output in the form of the Details Page API v1; what is ours alone stands under `ringmark`.

What they tell and we do not know is left out, as are counts of nought. docs/api.md says field by field what is what.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from badges.card import NAMES, card
from badges.v1_words import COUNTS, DAYS, MANY, NAMED_READERS, ONE, POPULATIONS, READERS, TYPES
from badges.views import RESOLVERS
from scoring.context import placed
from scoring.rules import UNITS
from sync.store import DAY, Change, Crowd, Crowds, Shown

SECOND = 1_000_000  # microseconds
IMAGES = {"small": "ring", "medium": "medium", "large": "large"}


def mentioned(shown: Shown) -> bool:
    """Whether there is a record of an output at all: somebody spoke of it. Readers alone are no mention."""
    return any(part.mentions for part in shown.breakdown if NAMES[part.source] not in READERS)


def record(shown: Shown, changes: Sequence[Change], crowds: Crowds | None, *, now: int, address: str) -> dict[str, Any]:
    """The record of a public output, ready for JSON. `crowds` None where it has no points; `address` is where we are
    reached."""
    page = f"{address}/outputs/{shown.output}"
    told: dict[str, Any] = {
        "altmetric_id": shown.output,
        "title": shown.title,
        **_identifiers(shown),
        "details_url": page,
        "type": TYPES.get(shown.type, shown.type),
        "journal": shown.journal,
        "issns": [shown.issn] if shown.issn else [],
        "authors": [name for _, name in shown.people],
        "subjects": [name for _, name in shown.subjects],
        **({"published_on": shown.day * DAY // SECOND} if shown.precision else {}),
        **({"added_on": changes[0].at // SECOND, "last_updated": changes[-1].at // SECOND} if changes else {}),
        "score": shown.millipoints / 1000,
        "history": {name: _gained(shown, changes, now, days) / 1000 for name, days in DAYS.items()},
        "context": _context(crowds) if crowds else {},
        **_counts(shown),
        **_readers(shown),
        "images": {size: f"{address}/badge/output/{shown.output}.png?style={style}" for size, style in IMAGES.items()},
        "ringmark": _ours(shown, page),
    }
    return {name: value for name, value in told.items() if name == "title" or value not in ("", [], {})}


def _identifiers(shown: Shown) -> dict[str, Any]:
    named = {
        scheme: [each.value for each in group]
        for scheme, group in groupby(shown.identifiers, key=lambda each: each.scheme)
    }
    return {
        "doi": shown.doi,
        **{field: named[scheme][0] for scheme, field in ONE.items() if scheme in named},
        **{field: named[scheme] for scheme, field in MANY.items() if scheme in named},
        "url": _url(shown, named),
    }


def _url(shown: Shown, named: dict[str, list[str]]) -> str:
    """Where the output itself is found."""
    values = {**{scheme: each[0] for scheme, each in named.items()}, **({"doi": shown.doi} if shown.doi else {})}
    resolved = (
        start + quote(values[scheme], safe="/:().-_~") for scheme, start in RESOLVERS.items() if scheme in values
    )
    return next(resolved, values.get("url", ""))


def _gained(shown: Shown, changes: Iterable[Change], now: int, days: int | None) -> int:
    """By how much the score differs from what was shown so many days ago."""
    before = [change.after for change in changes if days is not None and change.at <= now - days * DAY]
    return shown.millipoints - (before[-1] if before else 0)


def _context(crowds: Crowds) -> dict[str, Any]:
    told = ((getattr(crowds, ours), *words) for ours, words in POPULATIONS.items())
    return {theirs: _standing(crowd, words) for crowd, theirs, words in told if crowd is not None}


def _standing(crowd: Crowd, words: str) -> dict[str, Any]:
    """A public output is one of the public outputs, so it is never ranked as if inserted."""
    place = placed(crowd.count, crowd.higher, inside=True)
    return {
        "count": place.count,
        "mean": round(crowd.millipoints / crowd.count / 1000, 3),
        "rank": place.rank,
        **({"pct": place.percentile} if place.percentile is not None else {}),
        "higher_than": crowd.lower,
        "population": {"size": place.count, "of": words},
    }


def _counts(shown: Shown) -> dict[str, int]:
    """Who spoke, by source. Where a whole source counts once, that would be 1 for ever: there it is how often."""
    parts = [(NAMES[part.source], part) for part in shown.breakdown]
    spoke = {
        name: part.mentions if UNITS[name] == "source" else part.units for name, part in parts if name not in READERS
    }
    told = {
        **{theirs: spoke[ours] for ours, theirs in COUNTS.items() if ours in spoke},
        "posts": sum(part.mentions for name, part in parts if name not in READERS),
        "accounts": sum(spoke.values()),
    }
    return {f"cited_by_{name}_count": count for name, count in told.items() if count}


def _readers(shown: Shown) -> dict[str, Any]:
    counts = {NAMES[part.source]: part.units for part in shown.breakdown if NAMES[part.source] in READERS}
    total = sum(counts.values())
    named = {name: str(counts[name]) for name in NAMED_READERS if counts.get(name)}
    return {"readers": named, **({"readers_count": total} if total else {})}


def _ours(shown: Shown, page: str) -> dict[str, object]:
    """What the number rests on, in the words of the badge's own document."""
    document = card(shown, page=page)
    return {name: document[name] for name in ("output", "score", "millipoints", "basis", "rules", "breakdown")}
