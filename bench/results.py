"""What every measurement hands back, the clock it is taken with, and the table they are printed in."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the table. `met` is None for what has no number to reach and is told for comparison."""

    what: str
    limit: str
    reach: str
    measured: str
    met: bool | None = None


def seconds(work: Callable[[], object]) -> float:
    """The wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def both(work: Callable[[], object]) -> tuple[float, float]:
    """The wall time of one call, and the processor's, which other work on the machine hardly touches."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - used


def medians(taken: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Of what `both` gave."""
    walls, processors = zip(*taken, strict=True)
    return median(walls), median(processors)


def median(times: Iterable[float]) -> float:
    return statistics.median(times)


def at_least(what: str, limit: str, ratio: float, least: float, beside: str) -> Result:
    """A ratio of speeds, ours over the limit's."""
    return Result(
        what=what, limit=limit, reach=f">= {least} x", measured=f"{ratio:.2f} x; {beside}", met=ratio >= least
    )


def at_most(what: str, limit: str, value: float, most: float, unit: str, beside: str) -> Result:
    """A time, in seconds (`s`) or in times (`x`) that of the limit."""
    return Result(
        what=what, limit=limit, reach=f"<= {most} {unit}", measured=f"{value:.2f} {unit}; {beside}", met=value <= most
    )


def check(what: str, state: str, holds: bool) -> Result:
    """A state that must be so, not a time."""
    return Result(what=what, limit="-", reach=state, measured="so" if holds else "not so", met=holds)


def told(what: str, measured: str) -> Result:
    """Something without a number to reach."""
    return Result(what=what, limit="-", reach="-", measured=measured)


def measured(name: str, *, small: bool) -> list[Result]:
    """What the module of that name measures; called in a process of its own."""
    found: list[Result] = import_module(f"bench.{name}").measure(small=small)
    return found


def table(results: Iterable[Result]) -> str:
    """As Markdown, to be pasted into docs/performance.md."""
    words = {True: "yes", False: "**no**", None: ""}
    lines = [f"| {r.what} | {r.limit} | {r.reach} | {r.measured} | {words[r.met]} |" for r in results]
    return "\n".join(("| what | held against | reach | measured | met |", "|---|---|---|---|---|", *lines))
