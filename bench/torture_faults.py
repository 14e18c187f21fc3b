"""Everything that can go wrong at the practice systems, at random."""

import random
from collections.abc import Callable, Sequence

from sandbox.dspace import PracticeDSpace
from sandbox.dspace.faults import DSpaceFault
from sandbox.faults import Fault, Strike

LIES = frozenset({"empty feed", "wrong order", "repeated next", "rewrite"})
"""What a run cannot notice, or stores as private: only a later listing of everything makes up for it."""
LISTINGS = (r"/users", r"/groups", r"/relationships", r"/publications", r"deleted", r"/publications/\d+", "")
STATUSES = (500, 502, 503, 504, 401, 403, 409)
OFTEN = 9  # as often as that, an attempt is not repeated until it goes well


def of_elements(dice: random.Random, change: Callable[[], None]) -> Fault:
    """One fault of an Elements; `change` is what somebody does there at that moment."""
    what = dice.choice(Fault.known)
    fault = Fault(what, address=dice.choice(LISTINGS), times=dice.choice((1, 1, 2, OFTEN)))  # type: ignore[arg-type]
    match what:
        case "status":
            fault.status = dice.choice(STATUSES)
        case "slow":
            fault.seconds = dice.uniform(0.01, 0.1)
        case "too many requests":
            fault.retry_after = dice.choice(("0", "1", "30", "Wed, 21 Oct 2026 07:28:00 GMT"))
        case "rewrite":
            fault.old, fault.new = r"(privacy-level>)(Public|Internal)", r"\1Secret"
        case "change":
            fault.act = lambda _: change()
    return fault


def of_dspace(dice: random.Random) -> DSpaceFault:
    """One fault of a DSpace."""
    what = dice.choice(DSpaceFault.known)
    fault = DSpaceFault(what, method=dice.choice(("", "GET", "PATCH", "PATCH")), times=dice.choice((1, 1, 2, OFTEN)))  # type: ignore[arg-type]
    match what:
        case "status":
            fault.status = dice.choice(STATUSES)
            fault.retry_after = dice.choice(("", "1", "60"))
        case "slow":
            fault.seconds = dice.uniform(0.01, 0.1)
        case "change":
            fault.act = _retitle
    return fault


def _retitle(server: PracticeDSpace) -> None:
    """Somebody edits another field of every item at that moment."""
    for uuid in list(server.items):
        server.edit(uuid, "dc.title", f"Edited {len(server.requests)} times")


def struck(faults: Sequence[Strike], before: Sequence[int | None]) -> list[str]:
    """The names of those that have struck since they stood at `before`."""
    return [fault.what for fault, times in zip(faults, before, strict=True) if fault.times != times]
