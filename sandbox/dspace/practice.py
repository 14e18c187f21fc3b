"""The practice DSpace as the conformance suite drives it: people and outputs are items, which carry names and DOIs.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import STAFF, Item, Policy, made
from sandbox.practised import OnServer

FIELD = "local.attention.score"
BY_HAND = "by hand"
PEOPLE = 1000
LISTING = r"search/objects\?(?!.*entity)"
MIDDLE = rf"{LISTING}.*resourceid%3A%5B(?!00000000)"


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a DSpace needs no files
    """One practice DSpace 9 until the block ends."""
    with practice_dspace([], "9") as server:
        yield Practised(server)


class Practised(OnServer[PracticeDSpace]):
    """A running one."""

    def __init__(self, server: PracticeDSpace) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {
            "url": server.url,
            "username": server.username,
            "field": FIELD,
            "per_page": 4,
            "read": True,
        }
        self.secrets: Mapping[str, str] = {"password": server.password}
        self.levels = ("private", "public")

    def at(self, moment: datetime) -> None:
        """The clock by which items are stamped, and logins end."""
        self.server.logins.clock = moment.timestamp

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:  # noqa: ARG002 - never told
        """An item of a person."""
        first, _, last = name.partition(" ")
        fields = {"dspace_entity_type": "Person", "person_givenName": first, "person_familyName": last}
        self.server.put(_open_to(level, made(PEOPLE + number, dc_title=f"{last}, {first}", **fields)))

    def output(
        self,
        number: int,
        *,
        title: str,
        doi: str,
        level: str,
        authors: Mapping[int, str],
        dated: bool = True,
    ) -> None:
        """An item with that title and DOI, related to its authors; our field of one that is there stays as it is."""
        links = tuple(_uuid(PEOPLE + author) for author in authors)
        item = made(number, dc_identifier_doi=doi, dc_title=title, relation_isAuthorOfPublication=links)
        known = self.server.items.get(item.uuid)
        kept = {name: held for name, held in known.metadata.items() if name == FIELD} if known else {}
        self.server.put(_open_to(level, replace(item, metadata={**item.metadata, **kept})), dated=dated)

    def remove(self, number: int) -> None:
        """An item is deleted."""
        self.server.remove(_uuid(number))

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults += _faults(name, max(self.server.items, default=""))

    def changes(self) -> int:
        """Every PATCH."""
        return sum(each.method == "PATCH" for each in self.server.requests)

    def held(self, number: int) -> tuple[str, ...]:
        """What the item holds."""
        return self.server.texts(_uuid(number), FIELD)

    def edit(self, number: int, *texts: str) -> None:
        """By hand, in the user interface."""
        self.server.edit(_uuid(number), FIELD, *texts)


def _open_to(level: str, item: Item) -> Item:
    """Who may read an item, and what its flags say where the level is none."""
    if level in ("public", "internal", "private"):
        return replace(item, policies=(Policy(),) if level == "public" else (STAFF,))
    return replace(item, odd={"discoverable": level or None})


def _faults(name: str, last: str) -> list[DSpaceFault]:
    """What goes wrong at a range of the listing that is not the first, or at a write. `last` is the UUID of an item."""
    match name:
        case "truncated":
            return [DSpaceFault("truncated", address=MIDDLE, times=None)]
        case "cut short":
            return [DSpaceFault("half", address=MIDDLE, times=None)]
        case "last page empty":
            return [DSpaceFault("no rows", address=LISTING, holding=last, times=None)]
        case "page again":
            return [DSpaceFault("rows again", address=MIDDLE, times=None)]
        case "empty list":
            return [DSpaceFault("nothing", address=LISTING, times=None)]
        case "shuffled":
            return [DSpaceFault("shuffled", address=LISTING, times=None)]
        case "repeated":
            return [DSpaceFault("twice", address=LISTING, times=None)]
        case "server error":
            return [
                DSpaceFault("status", status=500, address=address, method=method, times=None)
                for address, method in PLACES
            ]
        case "server error once":
            return [DSpaceFault("status", status=500, address=MIDDLE)]
        case "too many requests":
            return [
                DSpaceFault("status", status=429, retry_after="7", address=address, method=method)
                for address, method in PLACES
            ]
        case "login ended":
            return [
                DSpaceFault("change", act=lambda server: server.expire_tokens(), address=address, method=method)
                for address, method in PLACES
            ]
        case "forgets":
            return [DSpaceFault("forget", method="PATCH", times=None)]
        case "answer lost":
            return [DSpaceFault("hang up after", method="PATCH")]
        case "edited meanwhile":
            return [DSpaceFault("change", method="PATCH", act=_by_hand)]
    raise KeyError(name)


PLACES = ((MIDDLE, "GET"), ("", "PATCH"))


def _by_hand(server: PracticeDSpace) -> None:
    server.edit(_uuid(1), FIELD, *server.texts(_uuid(1), FIELD), BY_HAND)


def _uuid(number: int) -> str:
    return made(number).uuid
