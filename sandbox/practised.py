"""What practice systems on a server have in common for the conformance suite. What `sync.conformance.practice` asks of
them beside that is told by each: what it holds, what it lacks, and how it fails."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from sandbox.server import Asked, PracticeServer

SomeServer = TypeVar("SomeServer", bound=PracticeServer[Any])


class OnServer(Generic[SomeServer]):
    """A running system, without a clock of its own and without people."""

    lacks: Mapping[str, str] = {}

    def __init__(self, server: SomeServer) -> None:
        self.server = server

    def at(self, moment: datetime) -> None:
        """Nothing here is stamped."""

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """People are of no concern here."""

    def mend(self) -> None:
        """Everything works again."""
        self.server.faults.clear()

    @property
    def requests(self) -> Sequence[Asked]:
        """All of them."""
        return self.server.requests

    def changes(self) -> int:
        """Whatever is no GET."""
        return sum(each.method != "GET" for each in self.server.requests)


class Receiver(OnServer[SomeServer]):
    """A place that is told of badges, and knows nothing else."""

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """A receiver knows nothing but what it is told."""

    def remove(self, number: int) -> None:
        """As little of what is deleted."""


def told_and_not_read(what: str) -> dict[str, str]:
    """What a receiver lacks, by the words for it: `a webhook`."""
    reading = ("reads", "truncated", "cut short", "last page empty", "page again", "empty list", "shuffled", "repeated")
    return {
        **dict.fromkeys((*reading, "server error once"), f"{what} is told, and not read"),
        "writes": f"{what} has no items",
        "forgets": f"nobody can ask {what} what it kept",
        "edited meanwhile": f"{what} has no fields",
    }
