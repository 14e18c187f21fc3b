"""The practice Jetstream as the conformance suite drives it. What each member does is described in
`sync.conformance.practice`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.bluesky import BlueskyFault, PracticeBluesky, practice_bluesky
from sandbox.practised import NoOutputs
from sandbox.server import Asked

WHOLE = "it is a stream, and has no pages"
CANNOT = {
    **dict.fromkeys(("last page empty", "page again", "empty list"), WHOLE),
    "shuffled": "what is said is told in the order in which it was said",
    "login ended": "anybody may listen",
    "login": "anybody may listen",
    "reads": "it tells of no outputs",
    **dict.fromkeys(("forgets", "answer lost", "edited meanwhile"), "nothing is written to it"),
}


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a stream needs no files
    """One practice Jetstream until the block ends."""
    with practice_bluesky() as server:
        yield Practised(server)


class Practised(NoOutputs):
    """A running one."""

    def __init__(self, server: PracticeBluesky) -> None:
        self.server = server
        server.lookback = timedelta(days=1000)  # one's own Jetstream looks back as far as one wants
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {}
        self.lacks: Mapping[str, str] = CANNOT
        self._said: set[int] = set()

    def at(self, moment: datetime) -> None:
        """Its clock stands at a moment."""
        self.server.stands = moment

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """Somebody posts a link to a DOI, as others do: shortened in the text, whole where it leads. Said again it is
        edited."""
        operation = "update" if number in self._said else "create"
        self._said.add(number)
        link = f"https://doi.org/{of}"
        text = f"Read this: {link[8:24]}..."
        self.server.post(
            did(number), rkey(number), text, at=at, seen=max(at, self._just_now), links=[link], operation=operation
        )

    def unsay(self, number: int) -> None:
        """They delete it."""
        self.server.delete(did(number), rkey(number), at=self._just_now)

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_FAULTS[name]())

    def mend(self) -> None:
        """Everything works again."""
        self.server.faults.clear()

    @property
    def requests(self) -> Sequence[Asked]:
        """Every connection that was asked for."""
        return self.server.requests

    def changes(self) -> int:
        """Nothing is ever changed."""
        return 0

    @property
    def _just_now(self) -> datetime:
        """Before a run that begins now."""
        return self.server.now - timedelta(seconds=2)


def did(number: int) -> str:
    """The account that says something."""
    return f"did:plc:practice{number:04}"


def rkey(number: int) -> str:
    """What its record is called."""
    return f"3practice{number:04}"


_FAULTS = {
    "truncated": lambda: BlueskyFault("mid frame", times=None),
    "cut short": lambda: BlueskyFault("half", times=None),
    "repeated": lambda: BlueskyFault("twice", times=None),
    "server error": lambda: BlueskyFault("status", status=500, times=None),
    "server error once": lambda: BlueskyFault("status", status=500),
    "too many requests": lambda: BlueskyFault("too many requests", retry_after="7"),
}
