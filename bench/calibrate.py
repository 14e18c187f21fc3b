"""What a count should bring: fitted on exports of the Altmetric Explorer, and held against them.

    python -m bench.calibrate                    # fit on ../shared/data/scores/explorer-2018, with cross-validation
    python -m bench.calibrate EXPORT.csv ...     # hold the shipped rule sets against other exports; nothing is fitted

Four numbers, for all outputs and for those from 10 points on: Spearman's rho, the median absolute error, the bias of
the total, and the share of outputs within 1 point or 10 %. Their score is a whole number, ours is the displayed one,
and ours is always what `scoring/score.sql` gives. Only the search for weights adds up counts by itself, because it
tries thousands; the program ends with an error where its sums are not those of score.sql.

A shape says from which unit on a source has a weight of its own. What is not in it has its published weight.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from connectors.counted import Counted
from connectors.explorer import export
from scoring import engine, rules
from scoring.rules import SOURCES, RuleSet, Step

EXPORTS = Path(__file__).parents[2] / "shared" / "data" / "scores" / "explorer-2018"
SHIPPED = ("published-2020", "published-2021", "counts-2018")

Shape = Mapping[str, tuple[int, ...]]
SHAPES: Mapping[str, Shape] = {
    "one weight a source": {"news": (1,), "blog": (1,), "policy": (1,), "x": (1,)},
    "chosen": {"news": (1, 2, 10), "blog": (1,), "policy": (1, 2), "x": (1,)},
    "more steps": {"news": (1, 2, 10), "blog": (1, 2), "policy": (1, 2), "x": (1, 2, 10, 100)},
}
GRID = (2000, 1000, 500, 250, 100, 50)  # thousandths that a weight is moved by; the last is as fine as it gets
FOLDS = 5
BIAS = 0.01  # of the total, beyond which the search pays for it
ROUNDS = 30
SEED = 5


def main() -> int:
    """Print the tables; 1 where the search and score.sql differ."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibrate", description=__doc__)
    parser.add_argument("exports", nargs="*", type=Path, metavar="EXPORT")
    told = parser.parse_args()
    outputs = list(read(told.exports or sorted(EXPORTS.glob("*.csv"))))
    if not outputs:
        parser.error(f"no output with a score in {', '.join(map(str, told.exports)) or EXPORTS}")
    print(f"{len(outputs):,} outputs, published {', '.join(sorted({each.published[:4] for each in outputs}))}\n")
    print("| rule set | rho | median error | bias | share | from 10 on: rho | error | bias | share |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in SHIPPED:
        print(line(name, scored(outputs, rules.load(name)), theirs(outputs)))
    return 0 if told.exports else fit_all(outputs)


def fit_all(outputs: Sequence[Counted]) -> int:
    """Fit every shape on all outputs, by fold, and by year of publication; print what comes of it."""
    truth = theirs(outputs)
    draw = np.random.default_rng(SEED).integers(0, FOLDS, len(outputs))
    years = np.array([each.published[:4] for each in outputs])
    weights: dict[str, dict[tuple[str, int], int]] = {}
    for name, shape in SHAPES.items():
        everywhere = np.full(len(outputs), fill_value=True)
        weights[name] = fit(outputs, everywhere, shape)
        print(line(f"{name}: fitted on all", scored(outputs, with_weights(shape, weights[name])), truth))
        for what, parts in ((f"{FOLDS} folds", draw), ("each year by the others", years)):
            guessed = np.zeros(len(outputs), dtype=np.int64)
            for part in np.unique(parts):
                held = parts == part
                found = fit(outputs, ~held, shape, start=weights[name])
                guessed[held] = scored([o for o, h in zip(outputs, held, strict=True) if h], with_weights(shape, found))
            print(line(f"{name}: {what}", guessed, truth))
    print()
    for name, found in weights.items():
        print(f"{name}: " + ", ".join(f"{source} from {start}: {milli}" for (source, start), milli in found.items()))
    shape = SHAPES["chosen"]
    differ = summed(outputs, shape, weights["chosen"]) != scored(outputs, with_weights(shape, weights["chosen"]))
    if differ.any():
        print(f"the search and score.sql differ for {differ.sum()} outputs", file=sys.stderr)
    return int(differ.any())


def read(exports: Iterable[Path]) -> Iterable[Counted]:
    """The outputs of exports that have a score; one that stands in several is taken from the last."""
    found: dict[str, Counted] = {}
    for each in exports:
        with export(each) as rows:
            found |= {row.key: row for row in rows if isinstance(row, Counted) and row.score is not None}
    return found.values()


def theirs(outputs: Sequence[Counted]) -> np.ndarray:
    """Their scores, as they display them."""
    return np.array([int(each.score or 0) for each in outputs])


def scored(outputs: Sequence[Counted], chosen: RuleSet) -> np.ndarray:
    """Our displayed scores of counts alone, by score.sql."""
    rows = [
        (number, SOURCES[source], units, 0)
        for number, each in enumerate(outputs)
        for source, units in each.units.items()
        if units
    ]
    tallies = _table(("output", "source", "units", "known"), rows)
    marks = ("output", "mention", "source", "unit", "account", "outlet", "occurred", "known", "taken", "repost", "url")
    nothing = (
        _table((*marks, "twin"), []),
        _table(("outlet", "tier", "reach"), []),
        _table(("account", "followers", "posts", "share"), []),
    )
    with duckdb.connect() as duck:
        found = engine.score(*nothing, chosen, tallies=tallies, now=0, connection=duck).scored
    scores = np.zeros(len(outputs), dtype=np.int64)
    scores[np.array(found["output"], dtype=np.int64)] = np.array(found["score"], dtype=np.int64)
    return scores


def with_weights(shape: Shape, weights: Mapping[tuple[str, int], int]) -> RuleSet:
    """Published weights, and those found for the sources of a shape."""
    plain = rules.load("published-2020")
    found = {
        source: tuple(Step(start=start, milli=weights[source, start]) for start in starts)
        for source, starts in shape.items()
    }
    return replace(plain, counts={**plain.counts, **found})


def fit(
    outputs: Sequence[Counted], chosen: np.ndarray, shape: Shape, start: Mapping[tuple[str, int], int] | None = None
) -> dict[tuple[str, int], int]:
    """The weights of a shape that lose least on the chosen outputs. Each weight in turn is moved up and down by ever
    finer steps while that helps; where nothing does, three are shaken and it begins again."""
    columns, rest = _columns(outputs, shape)
    keys = list(columns)
    units = np.array([columns[key] for key in keys])[:, chosen]
    rest, truth = rest[chosen], theirs(outputs)[chosen]
    plain = rules.load("published-2020")
    known = start or {(source, at): plain.source(source).millipoints for source, at in keys}
    weights = np.array([known[key] for key in keys])
    dice = np.random.default_rng(SEED)
    total = rest + weights @ units
    best, found = loss(total, truth), weights.copy()
    current = best
    for _ in range(ROUNDS):
        moved = False
        for number in dice.permutation(len(keys)):
            for move in (sign * size for size in GRID for sign in (1, -1)):
                tried = total + move * units[number]
                if weights[number] + move >= 0 and (lost := loss(tried, truth)) < current - 1e-9:
                    weights[number] += move
                    total, current, moved = tried, lost, True
        if current < best - 1e-9:
            best, found = current, weights.copy()
        if not moved:
            weights = found.copy()
            for number in dice.choice(len(keys), min(3, len(keys)), replace=False):
                weights[number] = weights[number] * dice.uniform(0.7, 1.35) // GRID[-1] * GRID[-1]
            total = rest + weights @ units
            current = loss(total, truth)
    return {key: int(weight) for key, weight in zip(keys, found, strict=True)}


def loss(total: np.ndarray, truth: np.ndarray) -> float:
    """The share that is missed, a little for how far, and what the bias of the total is above its allowance."""
    off = np.abs(-(-total // 1000) - truth)
    allowed = np.maximum(1, truth / 10)
    bias = abs((-(-total // 1000)).sum() / truth.sum() - 1)
    return float((off > allowed).mean() + 0.3 * np.clip(off / allowed - 1, 0, 1).mean() + max(0.0, bias - BIAS))


def summed(outputs: Sequence[Counted], shape: Shape, weights: Mapping[tuple[str, int], int]) -> np.ndarray:
    """The displayed scores as the search adds them up."""
    columns, rest = _columns(outputs, shape)
    return -(-(rest + sum(weights[key] * units for key, units in columns.items())) // 1000)


def line(name: str, ours: np.ndarray, truth: np.ndarray) -> str:
    """One line of the table."""
    higher = truth >= 10
    cells = [*_numbers(ours, truth), *_numbers(ours[higher], truth[higher])]
    return f"| {name} | {' | '.join(cells)} |"


def _numbers(ours: np.ndarray, truth: np.ndarray) -> list[str]:
    off = np.abs(ours - truth)
    share = ((off <= 1) | (off <= truth / 10)).mean()
    rho = np.corrcoef(_ranks(ours), _ranks(truth))[0, 1]
    return [f"{rho:.3f}", f"{np.median(off):g}", f"{ours.sum() / truth.sum() - 1:+.1%}", f"{share:.3f}"]


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks, those of ties in their middle."""
    _, place, often = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(often) - (often - 1) / 2)[place]


def _columns(outputs: Sequence[Counted], shape: Shape) -> tuple[dict[tuple[str, int], np.ndarray], np.ndarray]:
    """How many units of each output are on each step of the shape, and the thousandths of all other sources."""
    plain = rules.load("published-2020")
    told = {source: np.array([each.units.get(source, 0) for each in outputs]) for source in SOURCES}
    columns = {}
    for source, starts in shape.items():
        for start, end in zip(starts, (*starts[1:], 2**40), strict=True):
            columns[source, start] = np.clip(told[source] - start + 1, 0, end - start)
    rest = np.zeros(len(outputs), dtype=np.int64)
    for source in set(SOURCES) - set(shape):
        static = plain.source(source).static
        rest += plain.source(source).millipoints * (np.minimum(told[source], 1) if static else told[source])
    return columns, rest


def _table(names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})


if __name__ == "__main__":
    sys.exit(main())
