"""The practice receiver of badges as the conformance suite drives it.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.server import Asked
from sandbox.webhook import PracticeWebhook, WebhookFault, practice_webhook

KEY = "practice-webhook-key"
NOT_READ = "a webhook is told, and not read"
READING = (
    "reads", "truncated", "cut short", "last page empty", "page again", "empty list", "shuffled", "repeated",
    "server error once",
)  # fmt: skip


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a receiver needs no files
    """One practice receiver until the block ends."""
    with practice_webhook(KEY) as server:
        yield Practised(server)


class Practised:
    """A running one."""

    def __init__(self, server: PracticeWebhook) -> None:
        self.server = server
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {"token": KEY}
        self.lacks: Mapping[str, str] = {
            **dict.fromkeys(READING, NOT_READ),
            "writes": "a webhook has no items",
            "login ended": "each notice is signed by itself",
            "forgets": "nobody can ask a webhook what it kept",
            "edited meanwhile": "a webhook has no fields",
        }

    def at(self, moment: datetime) -> None:
        """A signature of any time will do here, for that of the suite stands still."""

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
        """Every POST that is no ping."""
        return sum(b"badge.ping" not in each.body for each in self.server.requests)

    def showing(self) -> Mapping[str, int | None]:
        """What a page made of the notices would show."""
        told = {name: each["score"] for each in self.server.shows.values() for name in each["identifiers"]}
        return {name.removeprefix("doi:"): score for name, score in told.items() if name.startswith("doi:")}

    def ids(self) -> Sequence[str]:
        """Of all notices that were kept."""
        return [each["id"] for each in self.server.told]


def _fault(name: str) -> WebhookFault:
    match name:
        case "server error":
            return WebhookFault("status", status=500, times=None)
        case "too many requests":
            return WebhookFault("too many requests")
        case "answer lost":
            return WebhookFault("hang up after")
    raise KeyError(name)
