"""A full score of many mentions, held against DuckDB grouping the same columns once.

    python bench/score.py [--mentions 10000000] [--outputs 100000] [--repeat 5]

Prints two floors (scan and group by output, source and unit: with the first time and a count only, and with every
column that the score reads), the score, the ratios of the medians, and the peak memory of a process that does one of
them once.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.results import both, medians
from scoring import engine, rules
from scoring.rules import SOURCES

DATA = Path(__file__).parent / "data"
NOW = 1_790_000_000_000_000
ACCOUNTS, OUTLETS = 500_000, 5_000

# Share of the mentions per source; what is left is misc.
SHARES = {
    "x": 62, "bluesky": 10, "mastodon": 3, "news": 8, "blog": 3, "facebook": 4, "reddit": 3, "wikipedia": 1,
    "policy": 1, "patent": 1, "mendeley": 2,
}  # fmt: skip

FLOORS = {
    "floor": """
        SELECT output, source, unit, MIN(occurred), COUNT(*)
        FROM {marks} GROUP BY output, source, unit""",
    "floor, all columns": """
        SELECT output, source, unit, MIN(occurred), COUNT(*),
            MAX(account), MAX(outlet), MAX(known), MAX(taken), MAX(repost), MAX(twin)
        FROM {marks} GROUP BY output, source, unit""",
}


def main() -> None:
    """Build the Parquet files once, then measure in fresh processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=10_000_000)
    parser.add_argument("--outputs", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument(
        "--only", choices=(*FLOORS, "score"), help="run one of them once and print its peak memory in MB"
    )
    wanted = parser.parse_args()
    build(wanted.mentions, wanted.outputs)
    folder = place(wanted.mentions, wanted.outputs)
    connection = duckdb.connect(config={"threads": 2})
    jobs = {name: floor(connection, folder, query) for name, query in FLOORS.items()}
    jobs["score"] = score(connection, folder)
    if wanted.only:
        jobs[wanted.only]()
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    megabytes = {name: peak(name) for name in jobs}  # first, since a child starts from its parent's peak
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
    for _ in range(wanted.repeat):
        for name, job in jobs.items():  # side by side: the machine's mood changes by the minute
            taken[name].append(both(job))
    print(f"{wanted.mentions:,} mentions, {wanted.outputs:,} outputs, median of {wanted.repeat}")
    spent = {name: medians(times) for name, times in taken.items()}
    for name, (wall, processor) in spent.items():
        print(f"{name:20s} {wall:6.2f} s, {processor:6.2f} s of processor, {megabytes[name]:5d} MB")
    for base in FLOORS:
        wall, processor = (own / held for own, held in zip(spent["score"], spent[base], strict=True))
        print(f"score is {wall:.2f} x {base} ({processor:.2f} x of processor)")


def floor(connection: duckdb.DuckDBPyConnection, folder: Path, query: str) -> Callable[[], object]:
    """The groups are summed up in the database, so that nothing but scan and grouping is timed."""
    groups = query.format(marks=f"'{folder}/marks.parquet'")
    return lambda: connection.execute(f"SELECT SUM(COLUMNS(*)) FROM ({groups})").fetchall()


def score(connection: duckdb.DuckDBPyConnection, folder: Path) -> Callable[[], object]:
    """The whole of `engine.score`, from Parquet to Arrow."""
    chosen = rules.load("ringmark-2026")
    marks, outlets, accounts = (
        connection.read_parquet(f"{folder}/{name}.parquet") for name in ("marks", "outlets", "accounts")
    )
    return lambda: engine.score(marks, outlets, accounts, chosen, now=NOW, connection=connection)


def peak(name: str) -> int:
    """Megabytes at the highest, of a process that runs one job once."""
    command = [sys.executable, *sys.argv, "--only", name]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def place(mentions: int, outputs: int) -> Path:
    """The folder of the files of that size."""
    return DATA / f"score-{mentions}-{outputs}"


def build(mentions: int, outputs: int) -> None:
    """Write marks, outlets and accounts, the same on every machine: Zipf over outputs (0.9) and accounts (0.85)."""
    folder = place(mentions, outputs)
    if (folder / "accounts.parquet").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    bounds, upto = [], 0
    for name, share in SHARES.items():
        upto += share
        bounds.append(f"WHEN dice < {upto} THEN {SOURCES[name]}")
    flat = ", ".join(str(SOURCES[name]) for name in ("policy", "patent"))
    by_outlet = ", ".join(str(SOURCES[name]) for name in ("news", "blog"))
    shared = ", ".join(str(SOURCES[name]) for name in ("x", "bluesky", "mastodon"))
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        chance = "hash(i * 8 + {}) / 18446744073709551616.0::DOUBLE"
        connection.execute(f"""
            COPY (
                WITH thrown AS (
                    SELECT i,
                        floor(pow({chance.format(1)} * (pow({outputs}, 0.1) - 1) + 1, 10))::BIGINT AS output,
                        floor(pow({chance.format(2)} * (pow({ACCOUNTS}, 0.15) - 1) + 1, 1 / 0.15))::BIGINT AS account,
                        {chance.format(3)} * 100 AS dice, {chance.format(4)} AS time, {chance.format(5)} AS luck
                    FROM range({mentions}) AS numbers(i)
                ), sourced AS (
                    SELECT *, CASE {" ".join(bounds)} ELSE {SOURCES["misc"]} END AS source FROM thrown
                )
                SELECT output, i::BIGINT AS mention, source::SMALLINT AS source,
                    CASE WHEN source IN ({by_outlet}) THEN 1 + account % {OUTLETS} WHEN source IN ({flat})
                        THEN 1 + account % 60 WHEN source = {SOURCES["wikipedia"]} THEN 0 ELSE account
                    END::BIGINT AS unit,
                    CASE WHEN source IN ({shared}) THEN account ELSE -1 END::BIGINT AS account,
                    CASE WHEN source IN ({by_outlet}) THEN 1 + account % {OUTLETS} ELSE -1 END::BIGINT AS outlet,
                    1300000000000000 + (time * 490000000000000)::BIGINT AS occurred,
                    1300003600000000 + (time * 490000000000000)::BIGINT AS known,
                    CASE WHEN luck < 0.01 THEN 1700000000000000 ELSE -1 END::BIGINT AS taken,
                    (source IN ({shared}) AND luck > 0.5)::SMALLINT AS repost,
                    CASE WHEN luck BETWEEN 0.2 AND 0.205 THEN 1 + i // 2 ELSE 1 + i + {mentions} END::BIGINT AS url,
                    (luck BETWEEN 0.2 AND 0.21)::SMALLINT AS twin
                FROM sourced
            ) TO '{folder}/marks.parquet' (FORMAT parquet)""")
        connection.execute(f"""
            COPY (SELECT i::BIGINT AS outlet, (hash(i) % 5)::BIGINT - 1 AS tier, (hash(i + 9) % 2000)::BIGINT AS reach
                  FROM range(1, {OUTLETS} + 1) AS numbers(i)) TO '{folder}/outlets.parquet' (FORMAT parquet)""")
        connection.execute(f"""
            COPY (SELECT i::BIGINT AS account, (pow(10, hash(i) % 8) - 1)::BIGINT AS followers,
                    (hash(i + 9) % 500000)::BIGINT AS posts, (hash(i + 8) % 1001)::BIGINT AS share
                  FROM range(1, {ACCOUNTS} + 1) AS numbers(i)) TO '{folder}/accounts.parquet' (FORMAT parquet)""")


if __name__ == "__main__":
    main()
