"""What an administrator says of outlets: it comes before what sources tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from connectors.texts import readable_key
from sync import lists, store
from sync.acts.office import Office, Refused
from sync.lists import Wrong
from sync.store import OutletFacts

CELLS = lists.OUTLETS[1:]


class Changed(NamedTuple):
    """How many outlets something else is said of now, and how many outputs are to be scored anew for it."""

    outlets: int
    outputs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Of one outlet: what holds, who says so of the tier, and what an administrator has said. `mark` is another one
    whenever that is."""

    holds: OutletFacts
    tier_by: str
    said: OutletFacts

    @property
    def cells(self) -> dict[str, str]:
        """What an administrator says, as a list has it."""
        return _cells(self.said)

    @property
    def holding(self) -> dict[str, str]:
        """What holds, as a list has it."""
        return _cells(self.holds)

    @property
    def mark(self) -> str:
        """For a form to bring back, by which two who change it at once are told apart."""
        return lists.mark_of(self.said)


def one(office: Office, outlet: str) -> Layers:
    """What is known of an outlet; nothing, where nobody has spoken of it. Raises `Refused` for what cannot be one."""
    key = readable_key(outlet)
    if not key:
        raise Refused("outlet: is no id; write what a source calls it, or a short name of your own", "wrong")
    with office.house.read() as db:
        blank = OutletFacts(outlet=key)
        holds, tier_by = next(iter(store.outlets_hold(db, every=True, only=key)), (blank, ""))
        return Layers(holds=holds, tier_by=tier_by, said=store.outlet_said(db, key))


def say(
    office: Office, outlet: str, cells: Mapping[str, str], *, mark: str | None = None, dry_run: bool = False
) -> Changed:
    """Say something of an outlet: each cell as in a list, an empty one takes back what was said, and what has none
    stays. `mark` is that of what the change was made upon; None asks for none. Raises `Refused`."""
    with office.trying(dry_run=dry_run) as db:
        before = one(office, outlet)
        if mark not in (None, before.mark):
            raise Refused(f"{outlet}: somebody else has changed it meanwhile; look at it again")
        try:
            told = lists.outlet_with(before.said, cells, lambda domain: store.domain_owner(db, domain))
        except lists.WrongCellError as error:
            raise Refused(f"{outlet}: {error}", "wrong") from None
        changed = Changed(*store.say_outlets(db, [told]))
        now = office.clock()
        store.note(db, "outlet set", before.said.outlet, by=office.by, now=now, said=dict(cells))
    return changed


def keep(
    office: Office, file: Path, told: Sequence[OutletFacts], wrong: Sequence[Wrong], *, dry_run: bool = False
) -> Changed:
    """Keep what a list says, but for its wrong rows."""
    with office.trying(dry_run=dry_run) as db:
        changed = Changed(*store.say_outlets(db, told))
        counts = {"changed": changed.outlets, "wrong": len(wrong)}
        store.note(db, "outlet import", file.name, by=office.by, now=office.clock(), **counts)
    return changed


def _cells(each: OutletFacts) -> dict[str, str]:
    return dict(zip(lists.OUTLETS, lists.outlet_cells(each), strict=True))
