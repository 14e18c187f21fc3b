"""What would be different by another rule set: in its constants, and in the scores of the same outputs."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoring.rules import RuleSet

EDGES = (1_000, 10_000, 100_000)  # thousandths; where one size of a change ends and the next begins
SIZES = ("less than 1", "1 to 10", "10 to 100", "100 and more")
BANDS = ((0, 0), (1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, 199), (200, 499), (500, None))
HIGHEST = 100  # the outputs that people look at first


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Scores of the same outputs by two rule sets. `shown`: those whose displayed score differs; `moved`: those with
    another rank; `stay`: those of the `highest` that are so by both, where ties may make them more than `HIGHEST`;
    `sizes`: how many go up and down by how many points; `ranks` by output, 1 plus the outputs with a higher score."""

    outputs: int
    up: int
    down: int
    shown: int
    moved: int
    stay: int
    highest: int
    sizes: Mapping[str, tuple[int, int]]
    ranks: tuple[Mapping[int, int], Mapping[int, int]]


def constants(a: RuleSet, b: RuleSet) -> Iterator[tuple[str, str, str]]:
    """(place, what a says, what b says) of everything that differs, in the words of the file."""
    before, after = _flat(a), _flat(b)
    for place in before | after:
        pair = before.get(place, ""), after.get(place, "")
        if pair[0] != pair[1]:
            yield place, *pair


def compared(a: Mapping[int, int], b: Mapping[int, int]) -> Compared:
    """`a` and `b` are the thousandths of the same outputs."""
    ranks = _ranks(a), _ranks(b)
    up, down = [0] * len(SIZES), [0] * len(SIZES)
    for output, points in a.items():
        by = b[output] - points
        if by:
            (up if by > 0 else down)[sum(abs(by) >= edge for edge in EDGES)] += 1
    highest, then = ({output for output, rank in by.items() if rank <= HIGHEST and scores[output]}
                     for by, scores in zip(ranks, (a, b), strict=True))  # fmt: skip
    return Compared(
        outputs=len(a),
        up=sum(up),
        down=sum(down),
        shown=sum(_ceiling(points) != _ceiling(b[output]) for output, points in a.items()),
        moved=sum(rank != ranks[1][output] for output, rank in ranks[0].items()),
        stay=len(highest & then),
        highest=len(highest),
        sizes={size: (more, less) for size, more, less in zip(SIZES, up, down, strict=True)},
        ranks=ranks,
    )


def digest(rules: RuleSet) -> str:
    """A hash of what decides scores and what they carry: another one where name, version or any constant is."""
    told = {**_flat(rules), "name": rules.name, "version": rules.version}
    del told["fitted"]  # words about the constants
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()


def spread(scores: Iterable[int]) -> list[int]:
    """How many scores, given in thousandths, are shown as a number of each of the `BANDS`."""
    found = [0] * len(BANDS)
    starts = [least for least, _ in BANDS]
    for points in scores:
        found[bisect_right(starts, _ceiling(points)) - 1] += 1
    return found


def _flat(rules: RuleSet) -> dict[str, str]:
    told: dict[str, str] = {}
    document = rules.as_json()
    for name in ("name", "version", "summary", "sources", "curves", "counts"):
        del document[name]
    for source in rules.sources:
        for key in ("unit", "millipoints", "repost", "by", "round_reposts", "counts", "published"):
            told[f"sources.{source.source}.{key}"] = str(getattr(source, key)).lower()
    for part, table in (("curves", rules.curves), ("counts", rules.counts)):
        for name, steps in table.items():
            told[f"{part}.{name}"] = ", ".join(f"{step.start}: {step.milli}" for step in steps)
    for name, value in document.items():
        parts = {f".{key}": each for key, each in value.items()} if isinstance(value, dict) else {"": value}
        told |= {f"{name}{key}": str(each) for key, each in parts.items()}
    return told


def _ranks(scores: Mapping[int, int]) -> dict[int, int]:
    """Equal scores share a rank."""
    ranks: dict[int, int] = {}
    rank, before = 0, None
    for place, (output, points) in enumerate(sorted(scores.items(), key=lambda pair: -pair[1]), 1):
        if points != before:
            rank, before = place, points
        ranks[output] = rank
    return ranks


def _ceiling(milli: int) -> int:
    return -(-milli // 1000)
