"""The whole score from Parquet files, with the data and the floor of `bench/score.py`, as two lines of the table."""

import subprocess
import sys

import duckdb

from bench import score
from bench.results import Result, at_most, both, medians

ROUNDS = 5
GROUPED_ONCE = score.FLOORS["floor, all columns"]


def measure(*, small: bool) -> list[Result]:
    """Time and memory; the memory first, since a child begins with the peak of who started it."""
    mentions, outputs = (100_000, 2_000) if small else (10_000_000, 100_000)
    score.build(mentions, outputs)
    folder = score.place(mentions, outputs)
    command = [
        sys.executable,
        score.__file__,
        "--mentions",
        str(mentions),
        "--outputs",
        str(outputs),
        "--only",
        "score",
    ]
    megabytes = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    limits, ours = [], []
    with duckdb.connect(config={"threads": 2}) as connection:
        for _ in range(ROUNDS):
            limits.append(both(score.floor(connection, folder, GROUPED_ONCE)))
            ours.append(both(score.score(connection, folder)))
    (limit, limit_cpu), (own, own_cpu) = medians(limits), medians(ours)
    beside = f"{own:.2f} s against {limit:.2f} s; {own_cpu / limit_cpu:.2f} x in processor time"
    held, what = "DuckDB scanning and grouping the same columns once", f"{outputs:,} outputs and {mentions:,} mentions"
    return [
        at_most(f"score {what} from Parquet", held, own / limit, 2.5, "x", beside),
        at_most("the same, its memory", "-", megabytes / 1000, 1.5, "GB", "the peak of a process that does it once"),
    ]
