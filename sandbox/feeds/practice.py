"""A practice blog with a feed, as the conformance suite drives it: an article for each act, which names a DOI or, when
that was taken back, none. Since it stands on loopback, the house reads it only where `[abroad]` lets it: `homes`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.feeds import ATOM, Item, atom
from sandbox.practised import NoOutputs, OnServer
from sandbox.web import Page, PracticeWeb, WebFault, practice_web

HEARD = "it is heard, and has no listing of outputs"
CANNOT = {
    "reads": "it is listened to, and read whole",
    "writes": "a blog has no items of ours",
    "tells": "a blog is not told of badges",
    "notices": "a blog is not told of badges",
    "asks": "a blog is not asked about outputs",
    "dates": "a blog has no changes of outputs",
    "learns": "a feed tells nothing of outputs",
    "too many requests": "a feed that asks for patience is read by a later run, and the others meanwhile",
    "login": "a feed needs no credentials",
    "refused": "a feed takes no notices",
    "forgets": "nothing is written to a feed",
    "answer lost": "nothing is written to a feed",
    "edited meanwhile": "nothing is written to a feed",
    "login ended": "a feed needs no credentials",
    "last page empty": "a feed has one page",
    "page again": "a feed has one page",
    "empty list": HEARD,
    "shuffled": HEARD,
    "repeated": HEARD,
    "truncated": HEARD,
    "server error once": HEARD,
}


@contextmanager
def opened(folder: Path) -> Iterator["Practised"]:
    """A blog, and the list that names its feed."""
    with practice_web() as web:
        (folder / "feeds.csv").write_text(f"feed,source,name\n{web.url('/feed')},blog,The Example Blog\n")
        yield Practised(web, folder)


@dataclass(frozen=True, slots=True)
class _Act:
    doi: str
    at: datetime
    edits: int = 0


class Practised(NoOutputs, OnServer[PracticeWeb]):
    """A running one."""

    lacks: Mapping[str, str] = CANNOT

    def __init__(self, web: PracticeWeb, folder: Path) -> None:
        super().__init__(web)
        self.settings: Mapping[str, str | int | bool] = {"path": str((folder / "feeds.csv").resolve())}
        self.secrets: Mapping[str, str] = {}
        self.homes = (f"127.0.0.1:{web.port}",)
        self._acts: dict[int, _Act] = {}
        self._publish()

    def say(self, number: int, *, of: str, at: datetime) -> None:
        """An article speaks of an output; said again, it was edited."""
        before = self._acts.get(number)
        self._acts[number] = _Act(of, before.at if before else at, before.edits + 1 if before else 0)
        self._publish()

    def unsay(self, number: int) -> None:
        """The article is gone, and not in the feed any more."""
        del self._acts[number]
        self.server.put(f"/articles/{number}", Page(b"gone", status=410))
        self._publish()

    def fault(self, name: str) -> None:
        """One of the faults that the suite knows."""
        if name == "cut short":
            whole = self.server.page("", "/feed")
            self.server.put("/feed", replace(whole, body=whole.body[: len(whole.body) // 2]))
        elif name == "server error":
            self.server.faults.append(WebFault("status", status=500, times=None))
        else:
            raise KeyError(name)

    def mend(self) -> None:
        """Everything works again."""
        super().mend()
        self._publish()

    def _publish(self) -> None:
        items = [self._item(number, act) for number, act in sorted(self._acts.items(), reverse=True)]
        self.server.put("/feed", Page(atom(items), ATOM))
        for number, act in self._acts.items():
            link = f'<a href="https://doi.org/{act.doi}">a study</a>'
            html = f"<html><head><title>Post {number}</title></head><body><p>About {link}.</body></html>"
            self.server.put(f"/articles/{number}", Page(html.encode()))

    def _item(self, number: int, act: _Act) -> Item:
        address = self.server.url(f"/articles/{number}")
        item = Item(link=address, title=f"Post {number}", published=act.at, updated=act.at)
        return replace(item, updated=act.at + timedelta(seconds=act.edits))
