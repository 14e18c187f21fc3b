"""What practice systems on a server have in common for the conformance suite. What `sync.conformance.practice` asks of
them beside that is told by each: what it holds, what it lacks, and how it fails."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from sandbox.asked import AskedServer, ServiceFault
from sandbox.server import Asked, PracticeServer

SomeServer = TypeVar("SomeServer", bound=PracticeServer[Any])
SomeAsked = TypeVar("SomeAsked", bound=AskedServer)

NO_LISTING = (
    "last page empty", "page again", "empty list", "shuffled", "repeated", "login ended", "truncated", "forgets",
    "answer lost", "edited meanwhile", "server error once",
)  # fmt: skip


class NoOutputs:
    """What knows nothing of outputs and people: a receiver of badges, or a source where somebody speaks of outputs."""

    def person(self, number: int, *, name: str, level: str, current: bool) -> None:
        """People are of no concern here."""

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """Nor are outputs."""

    def remove(self, number: int) -> None:
        """Nor is what is deleted."""


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


class Receiver(NoOutputs, OnServer[SomeServer]):
    """A place that is told of badges, and knows nothing else."""


class AskedService(OnServer[SomeAsked]):
    """A service that is asked about outputs by DOI, which it is told of by `output`."""

    def __init__(self, server: SomeAsked) -> None:
        super().__init__(server)
        self.lacks = dict.fromkeys(NO_LISTING, "it is asked about one thing after the other, and has no listing")
        self.dois: dict[int, str] = {}

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_FAULTS[name]())

    def mend(self) -> None:
        """Everything works again."""
        super().mend()
        self.server.refused.clear()

    def changes(self) -> int:
        """Nothing is ever changed: a POST only asks, or logs in."""
        return 0

    @property
    def asked(self) -> Sequence[tuple[str, ...]]:
        """Whom or what each request was about."""
        return self.server.subjects

    def subject(self, number: int) -> str:
        """What an output is asked about by."""
        return self.dois[number]

    def refuse(self, number: int) -> None:
        """A request that is about an output is not answered, until mended."""
        self.server.refused.add(self.subject(number))


def told_and_not_read(what: str) -> dict[str, str]:
    """What a receiver lacks, by the words for it: `a webhook`."""
    reading = ("reads", "truncated", "cut short", "last page empty", "page again", "empty list", "shuffled", "repeated")
    return {
        **dict.fromkeys((*reading, "server error once"), f"{what} is told, and not read"),
        "writes": f"{what} has no items",
        "forgets": f"nobody can ask {what} what it kept",
        "edited meanwhile": f"{what} has no fields",
    }


_FAULTS: Mapping[str, Callable[[], ServiceFault]] = {
    "server error": lambda: ServiceFault("status", status=500, times=None),
    "too many requests": lambda: ServiceFault("too many requests", retry_after="7"),
    "cut short": lambda: ServiceFault("cut short", times=None),
}
