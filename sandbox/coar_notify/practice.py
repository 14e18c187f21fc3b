"""The practice inbox as the conformance suite drives it.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.coar_notify import InboxFault, PracticeInbox, practice_inbox
from sandbox.server import Asked

KEY = "practice-inbox-token"
NOT_READ = "an inbox is told, and not read"
READING = (
    "reads", "truncated", "cut short", "last page empty", "page again", "empty list", "shuffled", "repeated",
    "server error once",
)  # fmt: skip


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - an inbox needs no files
    """One practice repository until the block ends."""
    with practice_inbox(KEY) as server:
        yield Practised(server)


class Practised:
    """A running one."""

    def __init__(self, server: PracticeInbox) -> None:
        self.server = server
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {"token": KEY}
        self.lacks: Mapping[str, str] = {
            **dict.fromkeys(READING, NOT_READ),
            "writes": "an inbox has no items",
            "login ended": "the token stays as it is",
            "forgets": "nobody can ask an inbox what it kept",
            "edited meanwhile": "an inbox has no fields",
        }

    def at(self, moment: datetime) -> None:
        """An inbox looks at no clock."""

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """Nobody is told of people."""

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """A receiver knows nothing but what it is told."""

    def remove(self, number: int) -> None:
        """As little of what is deleted."""

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
        """Every POST."""
        return sum(each.method == "POST" for each in self.server.requests)

    def showing(self) -> Mapping[str, int | None]:
        """The resources about which there is a page; an announcement tells of no score."""
        return {resource.removeprefix("https://doi.org/"): None for resource in self.server.announced}

    def ids(self) -> Sequence[str]:
        """Of all notices that were taken."""
        return [each["id"] for each in self.server.taken]


def _fault(name: str) -> InboxFault:
    match name:
        case "server error":
            return InboxFault("status", status=500, method="POST", times=None)
        case "too many requests":
            return InboxFault("too many requests", method="POST")
        case "answer lost":
            return InboxFault("hang up after", method="POST")
    raise KeyError(name)
