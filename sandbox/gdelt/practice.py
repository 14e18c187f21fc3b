"""The practice GDELT as the conformance suite drives it. What this gives is described in `sync.conformance.practice`.

Acts are articles of one outlet. GDELT tells of each once, in the file of the quarter in which it saw it; one that was
edited it may see again, and of one that is gone it never tells.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sandbox.gdelt import QUARTER, GdeltFault, PracticeGdelt, Row, practice_gdelt, quarter
from sandbox.practised import OnServer

OUTLET = "https://courier.example"
ENGLISH = r"[0-9]\.gkg\.csv\.zip"
NOTHING = "it is read for who speaks of outputs, and has none"
FILES = "there are files, and no pages of a listing"
LACKS = {
    **dict.fromkeys(("reads", "last page empty", "page again"), NOTHING),
    **dict.fromkeys(("writes", "forgets", "answer lost", "edited meanwhile"), "it takes no badges"),
    **dict.fromkeys(("tells", "notices", "refused"), "it is told of nothing"),
    "asks": "it is read whole, and asked about nothing",
    "dates": "it has no listing",
    **dict.fromkeys(("login", "login ended"), "its files are for everybody"),
    "unsays": "it tells of no article that is gone; the article itself is looked at again",
}


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a server needs no files
    """One mirror."""
    with practice_gdelt() as server:
        yield Practised(server)


class Practised(OnServer[PracticeGdelt]):
    """The running mirror. Each act is in a file that nobody has read yet: time goes on by a quarter of an hour."""

    def __init__(self, server: PracticeGdelt) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {}
        self.lacks: Mapping[str, str] = LACKS

    def at(self, moment: datetime) -> None:
        """What is announced is of then, but never of before what was announced already."""
        self.server.newest = max(self.server.newest, quarter(moment))

    def output(
        self, number: int, *, title: str, doi: str, level: str, authors: Mapping[int, str], dated: bool = True
    ) -> None:
        """It knows no outputs."""

    def remove(self, number: int) -> None:
        """As little of what is deleted."""

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """An article links to the DOI."""
        self.server.newest += QUARTER
        url = f"{OUTLET}/story/{number}"
        self.server.put(Row(url=url, links=(OUTLET, f"https://doi.org/{of}"), title=f"Story {number}", published=at))

    def unsay(self, number: int) -> None:  # noqa: ARG002 - of none it is told that it is gone
        """The article is gone, which GDELT does not tell: there is only a file without it."""
        self.server.newest += QUARTER

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows, at the files of English articles."""
        if name in _BENT:
            self.server.bent.add(_BENT[name])
            return
        self.server.faults.append(replace(_FAULTS[name], address=ENGLISH))

    def mend(self) -> None:
        """Everything works again."""
        super().mend()
        self.server.bent.clear()


_BENT = {"empty list": "no rows", "shuffled": "shuffled", "repeated": "twice"}
_FAULTS = {
    "truncated": GdeltFault("truncated", times=None),
    "cut short": GdeltFault("cut short", times=None),
    "server error": GdeltFault("status", times=None),
    "server error once": GdeltFault("status"),
    "too many requests": GdeltFault("too many requests", retry_after="7"),
}
