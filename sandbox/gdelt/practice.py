"""The practice GDELT as the conformance suite drives it. What this gives is described in `sync.conformance.practice`.

Acts are articles of one outlet, each in the file of the quarter in which GDELT saw it; one that was edited is seen
again. Of one that is gone it never tells: what is taken back here is the link.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sandbox.gdelt import QUARTER, GdeltFault, PracticeGdelt, Row, practice_gdelt, quarter
from sandbox.practised import NoOutputs, OnServer

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
    "dated acts": "what a page says of its time is not believed where it is later than when GDELT saw it",
}


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:  # noqa: ARG001 - a server needs no files
    """One mirror."""
    with practice_gdelt() as server:
        yield Practised(server)


class Practised(NoOutputs, OnServer[PracticeGdelt]):
    """The running mirror. Each act is in a file that nobody has read yet, a quarter of an hour behind the last one."""

    def __init__(self, server: PracticeGdelt) -> None:
        super().__init__(server)
        self.settings: Mapping[str, str | int | bool] = {"url": server.url}
        self.secrets: Mapping[str, str] = {}
        self.lacks: Mapping[str, str] = LACKS
        self._spoken = False

    def at(self, moment: datetime) -> None:
        """What is announced is of then, until somebody speaks. From then on the mirror falls behind: to read every
        quarter of the months that checks let pass would take hours."""
        if not self._spoken:
            self.server.newest = quarter(moment)

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """An article links to the DOI."""
        self._see(number, f"https://doi.org/{of}", at)

    def unsay(self, number: int) -> None:
        """It links to the DOI no more."""
        self._see(number, f"{OUTLET}/about", "")

    def _see(self, number: int, link: str, at: datetime | str) -> None:
        self._spoken = True
        self.server.newest += QUARTER
        url, title = f"{OUTLET}/story/{number}", f"Story {number}"
        self.server.put(Row(url=url, links=(OUTLET, link), title=title, published=at))

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
