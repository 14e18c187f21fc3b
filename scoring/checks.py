"""What is wrong with a rule set's file, each fault in one line that names the place."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import pairwise

BY = ("nothing", "tier", "reach", "account")
CURVES = ("reach", "promiscuity", "bias")
NEUTRAL = (*CURVES, "blog_reach")
# Keeps every product of the account factor, and every mention's points, far inside 64 bits.
MOST_POINTS = 1_000_000
MOST_MILLI = 100_000

_TOP = {
    "name", "version", "summary", "fitted", "unknown_tier", "neutral", "clamp", "blog_reach", "curves", "tiers",
    "sources", "counts", "exclude",
}  # fmt: skip
_SOURCE = {"unit", "millipoints", "repost", "by", "round_reposts", "counts", "published"}
_TIERS = ("1", "2", "3", "4")


HAS_OUTLET, HAS_ACCOUNT = ("outlet", "blog", "show"), ("account", "author")  # units of which such facts are told


def faults(document: Mapping[str, object], units: Mapping[str, str], signs: Collection[str]) -> Iterator[str]:
    """`units`: the unit kind of every source there is; a rule set gives each of them a line, and no others. `signs`:
    the checks for gaming that it may exclude."""
    yield from _unknown("", document, _TOP)
    for key in ("name", "version"):
        if not isinstance(document.get(key), str) or not document[key]:
            yield f"{key} must be a word in quotes"
    if not isinstance(document.get("summary", ""), str):
        yield "summary must be a text in quotes"
    for key in ("neutral", "clamp", "blog_reach", "curves", "tiers", "sources", "counts"):
        if not isinstance(document.get(key, {}), dict):
            yield f"{key} must be a table"
    yield from _excluded(document.get("exclude", []), signs)
    yield from _tiers(document)
    neutral = _table(document, "neutral")
    yield from _unknown("neutral.", neutral, set(NEUTRAL))
    for name in NEUTRAL:
        yield from _whole(f"neutral.{name}", neutral.get(name), MOST_MILLI)
    for name in ("clamp", "blog_reach"):
        yield from _bounds(name, _table(document, name))
    curves = _table(document, "curves")
    yield from _unknown("curves.", curves, set(CURVES))
    for name in CURVES:
        yield from _steps(f"curves.{name}", curves.get(name), first=0)
    yield from _counts(_table(document, "counts"), _table(document, "sources"), units)
    if not isinstance(document.get("fitted", ""), str):
        yield "fitted must be a text in quotes"
    yield from _sources(_table(document, "sources"), _table(document, "tiers"), units)


def place(fault: str) -> str:
    """Where a fault is, which each names first: `sources.news.by`, `curves.reach`."""
    return fault.partition(" ")[0].rstrip(":")


def ways(unit: str) -> tuple[str, ...]:
    """What the points of a source may depend on, by what is told of its units."""
    return tuple(by for by in BY if by == "nothing" or unit in (HAS_ACCOUNT if by == "account" else HAS_OUTLET))


def _excluded(names: object, signs: Collection[str]) -> Iterator[str]:
    if not isinstance(names, list):
        yield f"exclude must be a list of checks: {', '.join(signs)}"
        return
    for place, name in enumerate(names):
        if name not in signs:
            yield f"exclude: {name!r} is no check; there are: {', '.join(signs)}"
        elif name in names[:place]:
            yield f"exclude names {name!r} twice"


def _tiers(document: Mapping[str, object]) -> Iterator[str]:
    tiers = _table(document, "tiers")
    for tier in tiers:
        if tier not in _TIERS:
            yield f"tiers.{tier} is outside 1 to 4"
    for tier in _TIERS:
        yield from _whole(f"tiers.{tier}", tiers.get(tier), MOST_POINTS)
    values = [value for tier in _TIERS if isinstance(value := tiers.get(tier), int)]
    if values != sorted(values, reverse=True):
        yield "tiers overlap: a higher tier must not be worth less than a lower one"
    unknown = document.get("unknown_tier")
    if isinstance(unknown, bool) or not isinstance(unknown, int) or str(unknown) not in _TIERS:
        yield "unknown_tier must be one of 1 to 4"


def _bounds(name: str, table: Mapping[str, object]) -> Iterator[str]:
    yield from _unknown(f"{name}.", table, {"least", "most"})
    problems = [fault for end in ("least", "most") for fault in _whole(f"{name}.{end}", table.get(end), MOST_MILLI)]
    yield from problems
    if not problems and int(str(table["least"])) > int(str(table["most"])):
        yield f"{name}.least is above {name}.most"


def _counts(counts: Mapping[str, object], sources: Mapping[str, object], units: Mapping[str, str]) -> Iterator[str]:
    for name, steps in counts.items():
        if name not in units:
            yield f"counts.{name} is an unknown source"
            continue
        source = sources.get(name)
        if isinstance(source, dict) and source.get("counts", True) is False:
            yield f"counts.{name}: the source does not count, so its counts can have no points"
        yield from _steps(f"counts.{name}", steps, first=1)


def _steps(name: str, steps: object, *, first: int) -> Iterator[str]:
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        yield f"{name} must be a list of steps like {{ from = {first}, milli = 1000 }}"
        return
    problems: list[str] = []
    for number, step in enumerate(steps, 1):
        problems += _unknown(f"{name} step {number}: ", step, {"from", "milli"})
        problems += _whole(f"{name} step {number}: from", step.get("from"), 2**62)
        problems += _whole(f"{name} step {number}: milli", step.get("milli"), MOST_MILLI)
    yield from problems
    if problems:
        return
    if steps[0]["from"] != first:
        yield f"{name} must begin at {first}"
    for before, after in pairwise(steps):
        if after["from"] <= before["from"]:
            yield f"{name} overlaps: a step from {after['from']} follows one from {before['from']}"


def _sources(sources: Mapping[str, object], tiers: Mapping[str, object], units: Mapping[str, str]) -> Iterator[str]:
    for name in sources:
        if name not in units:
            yield f"sources.{name} is an unknown source{_meant(name, units)}"
    for name, unit in units.items():
        if name not in sources:
            yield f"sources.{name} is missing"
            continue
        source = sources[name]
        if not isinstance(source, dict):
            yield f"sources.{name} must be a table"
            continue
        yield from _source(f"sources.{name}", source, unit)
        if source.get("by") == "tier" and source.get("millipoints") != tiers.get("1"):
            yield f"sources.{name}.millipoints must be the points of tier 1"


def _source(name: str, source: Mapping[str, object], unit: str) -> Iterator[str]:
    yield from _unknown(f"{name}.", source, _SOURCE)
    if "unit" not in source:
        yield f"{name}.unit is missing"
    elif source["unit"] not in (unit, "source"):
        yield f"{name}.unit must be {' or '.join(dict.fromkeys((unit, 'source')))}, not {source['unit']!r}"
    for flag in ("round_reposts", "counts", "published"):
        if not isinstance(source.get(flag, True), bool):
            yield f"{name}.{flag} must be true or false"
    by = source.get("by", "nothing")
    if by not in BY:
        yield f"{name}.by must be one of {', '.join(BY)}, not {by!r}"
    elif by not in ways(unit):
        yield f"{name}.by cannot be {by}, of which nothing is told for this source"
    if source.get("counts", True) is False:
        if source.get("millipoints", 0) != 0 or source.get("repost", 0) != 0:
            yield f"{name} does not count, so it can have no points"
        return
    yield from _whole(f"{name}.millipoints", source.get("millipoints"), MOST_POINTS)
    yield from _whole(f"{name}.repost", source.get("repost", 0), MOST_POINTS)


def _whole(name: str, value: object, most: int) -> Iterator[str]:
    if value is None:
        yield f"{name} is missing"
    elif isinstance(value, bool) or not isinstance(value, int):
        yield f"{name} must be a whole number, not {value!r}"
    elif value < 0:
        yield f"{name} must not be negative"
    elif value > most:
        yield f"{name} must be at most {most}"


def _unknown(prefix: str, table: Mapping[str, object], known: set[str]) -> Iterator[str]:
    for key in table:
        if key not in known:
            yield f"{prefix}{key} is an unknown key{_meant(key, known)}"


def _meant(word: str, known: Iterable[str]) -> str:
    """What a slip of the pen was probably meant to be."""
    near = get_close_matches(word, known, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _table(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    table = document.get(name)
    return table if isinstance(table, dict) else {}
