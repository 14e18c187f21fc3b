"""The practice receiver of badges as the conformance suite drives it.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox.practised import Receiver, told_and_not_read
from sandbox.webhook import PracticeWebhook, WebhookFault, practice_webhook

KEY = "practice-webhook-key"


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a receiver needs no files
    """One practice receiver until the block ends."""
    with practice_webhook(KEY) as server:
        yield Practised(server)


class Practised(Receiver[PracticeWebhook]):
    """A running one."""

    def __init__(self, server: PracticeWebhook) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {"token": KEY}
        self.lacks = {**told_and_not_read("a webhook"), "login ended": "each notice is signed by itself"}

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_fault(name))

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
        case "refused":
            return WebhookFault("status", status=403)
        case "too many requests":
            return WebhookFault("too many requests")
        case "answer lost":
            return WebhookFault("hang up after")
    raise KeyError(name)
