"""How time and memory grow with the mentions: docs/scale.md plans with what this prints.

    python bench/scale.py [--mentions 1000000 10000000 50000000] [--repeat 3] [--spark 1000000] [--threads 2]

For each number of mentions, with twelve to an output, as the literature has: DuckDB's scan and grouping of the columns
that the score reads, the score in one go, writing the folder of marks, the score of that folder bucket by bucket, and
Spark's score of it where the number is not above `--spark`. Each is a process of its own, so that its peak is its own.
Seconds of the clock, of the processor, and the peak of memory; those of Spark are Java's, from its start on.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import score
from scoring import engine, folder, rules, spark

TO_AN_OUTPUT = 12
NAMES = ("floor", "score", "write", "buckets", "spark")


def main() -> None:
    """Build what is not there yet, then one line for each number and job."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, nargs="+", default=[1_000_000, 10_000_000, 50_000_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--spark", type=int, default=1_000_000, help="up to so many mentions Spark takes part")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=NAMES, help="do one of them once; print its seconds and its peak in MB")
    wanted = parser.parse_args()
    if wanted.only:
        once(wanted.only, wanted.mentions[0], wanted.threads)
        return
    for mentions in wanted.mentions:
        score.build(mentions, mentions // TO_AN_OUTPUT)
        for name in NAMES[: None if mentions <= wanted.spark else -1]:
            found = [apart(name, mentions, wanted.threads) for _ in range(wanted.repeat)]
            clock, processor, megabytes = (median(each) for each in zip(*found, strict=True))
            print(
                f"{mentions:>12,} mentions  {name:8s} {clock:7.2f} s  {processor:7.2f} s of processor  "
                f"{mentions / clock / 1e6:5.2f} M/s  {megabytes:6.0f} MB",
                flush=True,
            )


def apart(name: str, mentions: int, threads: int) -> tuple[float, float, float]:
    """What a process that does one job once says of itself."""
    words = ("--only", name, "--mentions", str(mentions), "--threads", str(threads))
    said = subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True).stdout
    clock, processor, megabytes = map(float, said.split())
    return clock, processor, megabytes


def once(name: str, mentions: int, threads: int) -> None:
    """Do one job, and tell what it took."""
    place = score.place(mentions, mentions // TO_AN_OUTPUT)
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute("SET enable_progress_bar = false")
        job = made(name, place, connection, threads)
        began, before = time.perf_counter(), used("self")
        java = job()
        clock = time.perf_counter() - began
        processor = used(java) if name == "spark" else used("self") - before
    print(clock, processor, peak(java if name == "spark" else "self"))


def used(process: object) -> float:
    """Seconds of processor that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(process: object) -> float:
    """Megabytes that a process had at most."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def made(name: str, place: Path, connection: duckdb.DuckDBPyConnection, threads: int) -> Callable[[], object]:
    """What is to be timed; what stood in its way is gone."""
    told, out = place / "told", place / f"scores-{name}"
    shutil.rmtree(told if name == "write" else out, ignore_errors=True)
    match name:
        case "floor":
            return score.floor(connection, place, score.FLOORS["floor, all columns"])
        case "score":
            return score.score(connection, place)
        case "write":
            return lambda: write(place, told)
        case "buckets":
            return lambda: folder.score(told, out)
        case _:
            return lambda: by_spark(told, out, threads)


def write(place: Path, told: Path) -> None:
    """The marks are read whole, as the store hands them over."""
    told.mkdir()
    relations = {name: pq.read_table(place / f"{name}.parquet") for name in ("marks", "outlets", "accounts")}
    folder.write(
        told,
        {**relations, "signs": engine.NO_SIGNS, "tallies": engine.NO_TALLIES},
        rules.load("ringmark-2026"),
        now=score.NOW,
    )


def by_spark(told: Path, out: Path, threads: int) -> int:
    """On this machine, with as many threads as DuckDB has; which process Java is, that lives on until this one ends."""
    with spark.opened(f"local[{threads}]", spark.HERE) as session:
        spark.score_folder(session, str(told), str(out))
        return int(session.sparkContext._gateway.proc.pid)


if __name__ == "__main__":
    main()
