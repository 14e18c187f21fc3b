"""The practice inbox as the conformance suite drives it.

`opened` is registered under `ringmark.practice`; what it gives is described in `sync.conformance.practice`.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox.coar_notify import InboxFault, PracticeInbox, practice_inbox
from sandbox.practised import Receiver, told_and_not_read

KEY = "practice-inbox-token"


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - an inbox needs no files
    """One practice repository until the block ends."""
    with practice_inbox(KEY) as server:
        yield Practised(server)


class Practised(Receiver[PracticeInbox]):
    """A running one."""

    def __init__(self, server: PracticeInbox) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {"token": KEY}
        self.lacks = {**told_and_not_read("an inbox"), "login ended": "the token stays as it is"}

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_fault(name))

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
        case "refused":
            return InboxFault("status", status=403, method="POST")
        case "too many requests":
            return InboxFault("too many requests", method="POST")
        case "answer lost":
            return InboxFault("hang up after", method="POST")
    raise KeyError(name)
