"""Rank and percentile of one output among all, as `explain` and every page of an output work them out when asked.

The outputs are spread evenly over the store, and each is asked about twice, so that what is timed is the counting and
not the disk.
"""

from functools import partial
from itertools import islice

from bench import scope, world
from bench.results import Result, both, median, told
from sync import store

ASKED = 40  # outputs


def measure(*, small: bool) -> list[Result]:
    """The time of one context."""
    size = world.SMALL if small else world.FULL
    with world.opened(scope.published(size)) as house, house.read() as db:
        public = store.count(db, "public", now=world.NOW)
        some = list(islice(store.walk(db, "public", now=world.NOW), 0, None, public // ASKED))
        for shown in some:
            store.context(db, shown, now=world.NOW)
        walls, processors = zip(
            *(both(partial(store.context, db, shown, now=world.NOW)) for shown in some), strict=True
        )
    figure = (
        f"{median(walls) * 1000:.0f} ms, {median(processors) * 1000:.0f} of processor; worst {max(walls) * 1000:.0f}"
    )
    return [told(f"rank and percentile of one output among {public:,} in six populations", figure)]
