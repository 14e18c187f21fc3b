"""The practice Wikipedias as the conformance suite drives them. What this gives is described in
`sync.conformance.practice`: all of `Practice`, and who says what: act N is article N of the English Wikipedia, which
cites one output.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sandbox.practised import NoOutputs, OnServer
from sandbox.wikipedia import PracticeWikipedia, WikiFault, practice_wikipedia

LISTENED = "a stream has messages and no pages of outputs"
LACKS = {
    **dict.fromkeys(("reads", "last page empty", "page again", "empty list", "shuffled", "repeated"), LISTENED),
    "writes": "badges are not written into an encyclopedia",
    "tells": "an encyclopedia is not told of badges",
    "notices": "an encyclopedia is not told of badges",
    "asks": "it is listened to, and not asked",
    "login": "everybody may read it",
    "login ended": "everybody may read it",
    "refused": "an encyclopedia is not told of badges",
    "forgets": "nothing is written there",
    "answer lost": "nothing is written there",
    "edited meanwhile": "nothing is written there",
}


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - it needs no files
    """Running, until the block ends."""
    with practice_wikipedia() as server:
        yield Practised(server)


class Practised(NoOutputs, OnServer[PracticeWikipedia]):
    """A running one."""

    lacks: Mapping[str, str] = LACKS

    def __init__(self, server: PracticeWikipedia) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {}

    def at(self, moment: datetime) -> None:
        """Its clock stands at a moment."""
        self.server.stands_at = moment

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """An article cites what has this DOI, and nothing else, from a moment on."""
        text = f"Tides rise and fall.<ref>{{{{cite journal |title=On tides |doi={of}}}}}</ref>"
        with self.server.lock:
            self.server.wikis.edit(number, text, at=at)

    def unsay(self, number: int) -> None:
        """The citation is taken out of the article."""
        with self.server.lock:
            self.server.wikis.edit(number, "Tides rise and fall.", at=self.server.now)

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        self.server.faults.append(_FAULTS[name]())


_FAULTS = {
    "truncated": lambda: WikiFault("cut", address="/v2/stream", times=None),
    "cut short": lambda: WikiFault("cut short", address="api.php", times=None),
    "server error": lambda: WikiFault("status", status=500, times=None),
    "server error once": lambda: WikiFault("status", status=500),
    "too many requests": lambda: WikiFault("too many requests", retry_after="7"),
}
