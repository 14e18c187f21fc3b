"""A change of the scope on stored outputs: what it would do, and doing it, badges included.

A store of the institution with mentions, scored and published, goes back and forth between two scopes: everybody's
outputs, and those of current academic people with public links only. Both ways are timed, and the slower one counts.
"""

from functools import partial
from pathlib import Path

from bench import world
from bench.results import Result, at_most, median, seconds
from config.scope import Least, Scope
from config.visibility import Visibility
from connectors.records import Page
from scoring.rules import load as rules
from sync import store
from sync.store import Store

ROUNDS = 3
MENTIONS, AT_ONCE = 50_000, 10_000
WIDE = Scope()
NARROW = Scope(status="current", profile="academic", visibility=Least(authorships=Visibility.PUBLIC))


def measure(*, small: bool) -> list[Result]:
    """Preview, and apply."""
    size = world.SMALL if small else world.FULL
    folder = published(size)
    previews: dict[str, list[float]] = {"wider": [], "narrower": []}
    applied: dict[str, list[float]] = {"wider": [], "narrower": []}
    changes = {}
    with world.copy_of(folder) as house:
        for _ in range(ROUNDS):
            for way, scope in (("narrower", NARROW), ("wider", WIDE)):
                previews[way].append(seconds(partial(store.preview, house, scope, now=world.NOW)))
                changes[way] = store.preview(house, scope, now=world.NOW)["public"]["outputs"]
                applied[way].append(seconds(partial(store.apply_scope, house, scope, now=world.NOW)))
    slow = {
        name: max(taken, key=lambda way: median(taken[way]))
        for name, taken in (("preview", previews), ("apply", applied))
    }
    moved = f"{len(changes['narrower']['vanish']):,} of {size.outputs:,} outputs leave the public's sight"
    return [
        at_most(f"preview a {slow['preview']} scope", "-", median(previews[slow["preview"]]), 2, "s", moved),
        at_most(f"apply a {slow['apply']} scope, publishing", "-", median(applied[slow["apply"]]), 5, "s", moved),
    ]


def published(size: world.Size) -> Path:
    """The institution with mentions, scored and published."""

    def fill(house: Store) -> None:
        told = world.mentions(MENTIONS, "scope", partial(world.zipf, most=size.outputs))
        with world.run(house) as source:
            for first in range(0, MENTIONS, AT_ONCE):
                page = Page(mentions=tuple(told[first : first + AT_ONCE]))
                store.apply(house, source, page, now=world.NOW)
        store.score(house, rules("ringmark-2026"), full=True, now=world.NOW, progress=lambda *_: None)

    return world.built(f"published-{size.outputs}", fill, upon=world.institution(size))
