"""A change of the scope on stored outputs: what it would do, and doing it, badges included.

A store of the institution with mentions, scored and published, goes back and forth between two scopes: everybody's
outputs, and those of current academic people with public links only. Both ways are timed, and the slower one counts.
"""

from functools import partial
from pathlib import Path

from bench import world
from bench.results import Result, at_most, both, medians
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
    previews: dict[str, list[tuple[float, float]]] = {"wider": [], "narrower": []}
    applied: dict[str, list[tuple[float, float]]] = {"wider": [], "narrower": []}
    with world.copy_of(folder) as house:
        vanish = store.preview(house, NARROW, (), now=world.NOW).seen["public"]["outputs"]["vanish"]
        for _ in range(ROUNDS):
            for way, scope in (("narrower", NARROW), ("wider", WIDE)):
                previews[way].append(both(partial(store.preview, house, scope, (), now=world.NOW)))
                applied[way].append(both(partial(store.apply_scope, house, scope, (), now=world.NOW)))
    moved = f"{len(vanish):,} of {size.outputs:,} outputs leave the public's sight"
    return [slower("preview", previews, 2, moved), slower("apply and publish", applied, 5, moved)]


def slower(what: str, taken: dict[str, list[tuple[float, float]]], most: float, moved: str) -> Result:
    """The way that takes longer, by wall time."""
    way, (wall, processor) = max(((way, medians(times)) for way, times in taken.items()), key=lambda pair: pair[1])
    return at_most(f"{what} a {way} scope", "-", wall, most, "s", f"{processor:.2f} s of processor; {moved}")


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
