"""All measurements, or some by name, in one table: `python -m bench [NAME ...] [--small]`.

Each runs in a process of its own, one after the other, so that none inherits the memory or the caches of another.
`--small` takes a minute and proves that everything runs; its numbers mean little.
"""

import argparse
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

from bench.results import Result, measured, table

NAMES = (
    "parse",
    "sightings",
    "gdelt",
    "bluesky",
    "pull",
    "kinds",
    "first",
    "store",
    "postgresql",
    "parquet",
    "publish",
    "scope",
    "context",
    "page",
    "search",
    "voice",
    "console",
    "serve",
)
ASKED_FOR = ("million", "withdraw")  # take a quarter of an hour, and some minutes


def main() -> int:
    """Print the table; 1 when something has missed what it should reach."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"{', '.join(NAMES)}, which are all when none is given; {', '.join(ASKED_FOR)}",
    )
    parser.add_argument("--small", action="store_true", help="little data: to see that everything runs")
    told = parser.parse_args()
    if unknown := set(told.names) - {*NAMES, *ASKED_FOR}:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join((*NAMES, *ASKED_FOR))}")
    results: list[Result] = []
    alone = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1)
    with alone:
        for name in told.names or NAMES:
            print(f"{name} ...", file=sys.stderr, flush=True)
            results += alone.submit(measured, name, small=told.small).result()
    print(table(results))
    return int(any(result.met is False for result in results) and not told.small)


if __name__ == "__main__":
    sys.exit(main())
