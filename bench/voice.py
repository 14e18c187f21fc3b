"""Share of voice: what the groups with the most outputs have got, as a page asks it, where a million mentions are.

All mentions of a side are read, those of its whole time too, so the time goes with them and not with the store.
"""

from functools import partial

from badges.share_sides import choices
from bench import publish, world
from bench.results import Result, at_most, both, medians, told
from sync import store
from sync.store import Search
from sync.store.clock import DAY

ROUNDS = 5
STORED = 1_000_000
MONTH = 30 * DAY


def measure(*, small: bool) -> list[Result]:
    """Two groups over two years and over ten, six over ten, and two searches; and the list to choose from."""
    size, count = (world.SMALL, 100_000) if small else (world.FULL, STORED)
    with world.opened(publish.filled(size, count)) as house, house.read() as db:
        choose = partial(choices, db, "groups", most=24, now=world.NOW)
        groups = choose()
        two = [Search(group=each.id) for each in groups[:2]]
        six = [Search(group=each.id) for each in groups[:6]]
        words = [Search(text="basin 12"), Search(text="basin 13")]
        results = []
        for what, sides, months, most in (
            ("two groups over 24 months", two, 24, 0.3),
            ("two groups over 120 months", two, 120, 0.3),
            ("six groups over 120 months", six, 120, 1),
            ("two searches over 24 months", words, 24, 0.3),
        ):
            begins = [world.NOW - MONTH * back for back in range(months, 0, -1)]
            ask = partial(store.voices, db, "public", sides, begins, world.NOW, measure="mentions", sources=(),
                          now=world.NOW)  # fmt: skip
            found = ask()
            wall, processor = medians(both(ask) for _ in range(ROUNDS))
            beside = (
                f"{sum(found.outputs):,} outputs, {sum(found.totals):,} of {count:,} mentions; {processor:.2f} s of "
                "processor"
            )
            results.append(at_most(f"share of voice of {what}", "-", wall, most, "s", beside))
        wall, _ = medians(both(choose) for _ in range(ROUNDS))
        return [*results, told("the groups to choose from", f"{wall * 1000:.0f} ms")]
