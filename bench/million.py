"""A first full pull of 1,000,000 outputs: whether memory is flat in the number of records. Half an hour and more, so it
is measured only where it is asked for by name.
"""

from bench.first import first
from bench.results import Result, check

FLAT = 60  # megabytes over the second half, in which five million records come and SQLite's own cache is full


def measure(*, small: bool) -> list[Result]:
    """Two results: how fast, and the state of memory."""
    pulled, grown = first(*((2_000, 100) if small else (1_000_000, 50_000)))
    return [pulled, check(f"the same, its memory over the second half ({grown:+.0f} MB)", "flat", grown < FLAT)]
