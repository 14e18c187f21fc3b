"""The practice InvenioRDM as the conformance suite drives it: each output is a record with its DOI.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sandbox.inveniordm import PracticeInvenioRDM, practice_inveniordm
from sandbox.inveniordm.faults import InvenioFault
from sandbox.inveniordm.records import id_of, made
from sandbox.inveniordm.repository import FIELD
from sandbox.practised import OnServer

PER_PAGE = 4
BY_HAND = "by hand"
MIDDLE, LAST, LISTING = "#middle", "#last", "#(first|middle|last)"
PUBLISH = "/actions/publish$"
WORDS = {"public": "public", "private": "restricted", "internal": "restricted"}
"""An InvenioRDM has two levels; what is for members of the institution alone is restricted there."""


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - an InvenioRDM needs no files
    """One practice InvenioRDM until the block ends."""
    with practice_inveniordm() as server:
        yield Practised(server)


class Practised(OnServer[PracticeInvenioRDM]):
    """A running one."""

    levels = ("public", "private")

    def __init__(self, server: PracticeInvenioRDM) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url, "per_page": PER_PAGE, "field": FIELD}
        self.secrets: Mapping[str, str] = {"token": server.token}

    def at(self, moment: datetime) -> None:
        """The clock by which records are stamped, and that is told in every answer."""
        self.server.clock = lambda: moment

    def output(
        self,
        number: int,
        *,
        title: str,
        doi: str,
        level: str,
        authors: Mapping[int, str],  # noqa: ARG002 - a record knows no people
        dated: bool = True,
    ) -> None:
        """A record with that title, DOI and level; one that was deleted is restored. A word that is no level stands
        as it is told, and none is not told at all."""
        new = made(number, doi=doi, title=title, moment=self.server.now(), record=WORDS.get(level, level))
        with self.server.lock:
            if (known := self.server.records.get(new.id)) is None:
                self.server.add(new)
                return
            told = {"metadata": new.metadata, "access": new.access, "deleted": False}
            if any(getattr(known, name) != value for name, value in told.items()):
                self.server.change(new.id, dated=dated, **told)

    def remove(self, number: int) -> None:
        """An administrator deletes a record."""
        self.server.remove(id_of(number))

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        if name == "shuffled":
            self.server.backwards = True
        else:
            self.server.faults += _faults(name)

    def mend(self) -> None:
        """Everything works again."""
        self.server.backwards = False
        self.server.faults.clear()

    def held(self, number: int) -> tuple[str, ...]:
        """What the published record holds."""
        return self.server.texts(id_of(number), FIELD)

    def edit(self, number: int, *texts: str) -> None:
        """Somebody publishes the record with other texts in our field."""
        self.server.edit(id_of(number), FIELD, *texts)


def _faults(name: str) -> list[InvenioFault]:
    everywhere = [InvenioFault("status", address=MIDDLE), InvenioFault("status", method="POST", address="/draft$")]
    match name:
        case "truncated" | "cut short":
            return [InvenioFault(name, address=MIDDLE, times=None)]
        case "last page empty":
            return [InvenioFault("no rows", address=LAST, times=None)]
        case "page again":
            return [InvenioFault("page again", address=MIDDLE, times=None)]
        case "empty list":
            return [InvenioFault("empty", address=LISTING, times=None)]
        case "repeated":
            return [InvenioFault("twice", address=LISTING, times=None)]
        case "server error":
            return [replace(fault, times=None) for fault in everywhere]
        case "server error once":
            return everywhere[:1]
        case "too many requests":
            return [replace(fault, status=429, retry_after="7") for fault in everywhere]
        case "login ended":
            return [InvenioFault("anybody", address=MIDDLE), InvenioFault("anybody", method="PUT")]
        case "forgets":
            return [InvenioFault("forget", method="POST", address=PUBLISH, times=None)]
        case "answer lost":
            return [InvenioFault("hang up after", method="POST", address=PUBLISH)]
        case "edited meanwhile":
            return [InvenioFault("change", method="POST", act=_by_hand)]
    raise KeyError(name)


def _by_hand(server: PracticeInvenioRDM) -> None:
    server.edit(id_of(1), FIELD, *server.texts(id_of(1), FIELD), BY_HAND)
