"""The practice DSpace as the conformance suite drives it: each output is an item that carries its DOI.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.dspace import PracticeDSpace, practice_dspace
from sandbox.dspace.faults import DSpaceFault
from sandbox.dspace.items import made
from sandbox.server import Asked

FIELD = "local.attention.score"
BY_HAND = "by hand"
NOT_READ = "this version of the connector does not read a DSpace"
READING = (
    "reads", "truncated", "cut short", "last page empty", "page again", "empty list", "shuffled", "repeated",
    "server error once",
)  # fmt: skip


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a DSpace needs no files
    """One practice DSpace 9 until the block ends."""
    with practice_dspace([], "9") as server:
        yield Practised(server)


class Practised:
    """A running one."""

    def __init__(self, server: PracticeDSpace) -> None:
        self.server = server
        self.settings: Mapping[str, str | int | bool] = {
            "url": server.url,
            "username": server.username,
            "field": FIELD,
        }
        self.secrets: Mapping[str, str] = {"password": server.password}
        self.lacks: Mapping[str, str] = dict.fromkeys(READING, NOT_READ)

    def at(self, moment: datetime) -> None:
        """The clock of a DSpace is that of its logins, which go by real time."""

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """People are of no concern to an item."""

    def output(
        self,
        number: int,
        *,
        title: str,
        doi: str,
        level: str,  # noqa: ARG002 - everybody sees an item
        authors: Mapping[int, str],  # noqa: ARG002
        dated: bool = True,  # noqa: ARG002
    ) -> None:
        """An item with that title and DOI; one that is there stays as it is."""
        item = made(number, dc_identifier_doi=doi, dc_title=title)
        with self.server.lock:
            self.server.items.setdefault(item.uuid, item)

    def remove(self, number: int) -> None:
        """An item is deleted."""
        self.server.remove(_uuid(number))

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_fault(name))

    def mend(self) -> None:
        """Everything works again."""
        self.server.faults.clear()

    @property
    def requests(self) -> Sequence[Asked]:
        """All of them."""
        return self.server.requests

    def changes(self) -> int:
        """Every PATCH."""
        return sum(each.method == "PATCH" for each in self.server.requests)

    def held(self, number: int) -> tuple[str, ...]:
        """What the item holds."""
        return self.server.texts(_uuid(number), FIELD)

    def edit(self, number: int, *texts: str) -> None:
        """By hand, in the user interface."""
        self.server.edit(_uuid(number), FIELD, *texts)


def _fault(name: str) -> DSpaceFault:
    match name:
        case "server error":
            return DSpaceFault("status", status=500, method="PATCH", times=None)
        case "too many requests":
            return DSpaceFault("status", status=429, retry_after="7", method="PATCH")
        case "login ended":
            return DSpaceFault("change", method="PATCH", act=lambda server: server.expire_tokens())
        case "forgets":
            return DSpaceFault("forget", method="PATCH", times=None)
        case "answer lost":
            return DSpaceFault("hang up after", method="PATCH")
        case "edited meanwhile":
            return DSpaceFault("change", method="PATCH", act=_by_hand)
    raise KeyError(name)


def _by_hand(server: PracticeDSpace) -> None:
    server.edit(_uuid(1), FIELD, *server.texts(_uuid(1), FIELD), BY_HAND)


def _uuid(number: int) -> str:
    return made(number).uuid
